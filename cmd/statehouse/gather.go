package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/exchange"
)

// maxGathered is how many bytes of one file are read; package exchange has its own limits.
const maxGathered = 32 << 20

// gathered are the files of a command line. Each stands below a root that nothing leads out
// of: the working folder, or the file's own when it lies elsewhere.
type gathered struct {
	roots map[string]*os.Root // by what the names of its files begin with
	names map[string]string   // of folders, which those beginnings are
	files []exchange.File
	has   map[string]bool
}

// gather reads files and folders; - is standard input.
func gather(args []string) (*gathered, error) {
	g := &gathered{roots: map[string]*os.Root{}, names: map[string]string{}, has: map[string]bool{}}
	for _, arg := range args {
		if err := g.add(arg); err != nil {
			return g, errors.Join(err, g.Close())
		}
	}
	return g, nil
}

// Close closes the roots.
func (g *gathered) Close() error {
	var err error
	for _, root := range g.roots {
		err = errors.Join(err, root.Close())
	}
	return err
}

func (g *gathered) add(arg string) error {
	if arg == "-" {
		data, err := io.ReadAll(io.LimitReader(os.Stdin, maxGathered))
		g.take("stdin", data)
		return err
	}
	info, err := os.Stat(arg)
	if err != nil {
		return err
	}
	folder, base := filepath.Dir(arg), filepath.Base(arg)
	if info.IsDir() {
		folder, base = arg, "."
	}
	prefix, root, err := g.root(folder)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return g.read(root, prefix, path.Join(prefix.below, base))
	}
	if _, err := fs.Stat(root.FS(), path.Clean(prefix.below)); err != nil {
		return err
	}
	for _, name := range meant(root, prefix.below+"/") {
		if err := g.read(root, prefix, name); err != nil {
			return err
		}
	}
	return nil
}

// standing is where a folder is: the name of its root, and the way from there.
type standing struct{ root, below string }

// root is the root that a folder stands below.
func (g *gathered) root(folder string) (standing, *os.Root, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return standing{}, nil, err
	}
	working, err := os.Getwd()
	if err != nil {
		return standing{}, nil, err
	}
	s := standing{below: "."}
	if below, err := filepath.Rel(working, folder); err == nil && filepath.IsLocal(below) {
		folder, s.below = working, filepath.ToSlash(below)
	} else {
		s.root = g.called(folder)
	}
	if root := g.roots[s.root]; root != nil {
		return s, root, nil
	}
	root, err := os.OpenRoot(folder)
	if err == nil {
		g.roots[s.root] = root
	}
	return s, root, err
}

// called is what the names of a folder's files begin with: its own last name.
func (g *gathered) called(folder string) string {
	if name, ok := g.names[folder]; ok {
		return name
	}
	name := strings.Trim(filepath.Base(folder), `/\.:`)
	for i := 2; name == "" || g.roots[name] != nil; i++ {
		name = "folder" + strconv.Itoa(i)
	}
	g.names[folder] = name
	return name
}

// inFolder are the files of a folder that may have to do with state machines; of what CDK put
// out also those of its stages.
func inFolder(root *os.Root, folder string) []string {
	list, err := fs.ReadDir(root.FS(), folder)
	if err != nil {
		return nil
	}
	var names, out []string
	for _, entry := range list {
		switch {
		case entry.Type().IsRegular():
			names = append(names, entry.Name())
		case entry.IsDir() && strings.HasPrefix(entry.Name(), "assembly-"):
			out = append(out, inFolder(root, path.Join(folder, entry.Name()))...)
		}
	}
	for _, name := range worthReading(names) {
		out = append(out, path.Join(folder, name))
	}
	return out
}

// worthReading are the files of a folder that may have to do with state machines: of what CDK
// put out its templates, of Terraform its module, otherwise definitions and templates.
func worthReading(names []string) []string {
	for _, kind := range [][]string{
		{".template.json"},
		{".tf", ".tf.json", ".tfvars", ".tfvars.json"},
		{".json", ".yaml", ".yml", ".template", ".zip"},
	} {
		var out []string
		for _, name := range names {
			for _, end := range kind {
				if strings.HasSuffix(name, end) {
					out = append(out, name)
					break
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// read takes one file in; name is its way from the root.
func (g *gathered) read(root *os.Root, s standing, name string) error {
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxGathered+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxGathered {
		return fmt.Errorf("%s has more than %s bytes", name, strconv.Itoa(maxGathered))
	}
	g.take(path.Join(s.root, name), data)
	return nil
}

func (g *gathered) take(name string, data []byte) {
	if !g.has[name] {
		g.has[name] = true
		g.files = append(g.files, exchange.File{Name: name, Data: data})
	}
}

// fetch reads files that others mention; it tells whether there were any.
func (g *gathered) fetch(wanted []string) bool {
	before := len(g.files)
	for _, name := range wanted {
		for _, prefix := range slices.Backward(slices.Sorted(maps.Keys(g.roots))) { // the empty one last
			root := g.roots[prefix]
			below, ok := strings.CutPrefix(name, prefix)
			if !ok || g.has[name] {
				continue
			}
			s := standing{root: prefix}
			found := 0
			for _, one := range meant(root, strings.TrimPrefix(below, "/")) {
				if g.read(root, s, one) == nil {
					found++
				}
			}
			if found > 0 {
				break
			}
		}
	}
	return len(g.files) > before
}

// maxWalked is how many files and folders are looked at for one pattern.
const maxWalked = 10_000

// meant are the files below a root that a name stands for: itself, those of a folder that may
// have to do with state machines, or those that fit a pattern.
func meant(root *os.Root, name string) []string {
	folder := path.Clean(name)
	switch {
	case strings.HasSuffix(name, "/"):
		return inFolder(root, folder)
	case !strings.ContainsAny(name, "*?[{"):
		return []string{name}
	}
	for strings.ContainsAny(folder, "*?[{") {
		folder = path.Dir(folder)
	}
	var names []string
	walked := 0
	_ = fs.WalkDir(root.FS(), folder, func(at string, entry fs.DirEntry, err error) error { // what cannot be read is not there
		if walked++; err != nil || walked > maxWalked {
			return fs.SkipAll
		}
		if entry.Type().IsRegular() && exchange.Fits(path.Clean(name), at) {
			names = append(names, at)
		}
		return nil
	})
	return names
}

// find reads what is in the files and in those that they mention.
func (g *gathered) find(known exchange.Known) (exchange.Import, error) {
	for {
		found, err := exchange.Read(g.files, known)
		if err != nil || !g.fetch(found.Wanted) {
			return found, err
		}
	}
}
