package object

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// window is how many names of one folder a listing holds. A folder with more files is read
// again for each window of them, rather than remembered.
const window = 100_000

// List implements Store. Folders are walked in the order of the keys that they make.
func (f *Folder) List(ctx context.Context, bucket, prefix, after string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if _, err := f.place(bucket, "-"); err != nil {
			yield(Info{}, err)
			return
		}
		w := walk{folder: f, prefix: prefix, after: after, window: window, yield: yield}
		if err := w.dir(ctx, bucket, ""); err != nil && !errors.Is(err, errEnough) {
			yield(Info{}, failed("list", bucket, err))
		}
	}
}

var errEnough = errors.New("the listing is no longer wanted")

type walk struct {
	folder        *Folder
	prefix, after string
	window        int
	yield         func(Info, error) bool
}

// entry is a name in a folder. Entries are ordered by key, the part of the key that the name
// stands for; a folder's has its slash, as "a-b" comes before "a/b".
type entry struct {
	key, name string
	dir       bool
}

// dir lists the folder in which the keys begin with at.
func (w *walk) dir(ctx context.Context, name, at string) error {
	var last *string
	for {
		entries, more, err := w.read(ctx, name, last)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := w.entry(ctx, path.Join(name, e.name), at+e.key, e.dir); err != nil {
				return err
			}
			last = &e.key
		}
		if !more {
			return nil
		}
	}
}

func (w *walk) entry(ctx context.Context, name, key string, dir bool) error {
	if dir {
		wanted := strings.HasPrefix(key, w.prefix) || strings.HasPrefix(w.prefix, key)
		if over := w.after > key && !strings.HasPrefix(w.after, key); !wanted || over {
			return nil
		}
		return w.dir(ctx, name, key)
	}
	if key <= w.after || !strings.HasPrefix(key, w.prefix) {
		return nil
	}
	s, err := w.folder.root.Stat(name)
	if missing(err) || err == nil && !s.Mode().IsRegular() { // gone meanwhile, or no object
		return nil
	}
	if err != nil {
		return err
	}
	if !w.yield(describe(key, s), nil) {
		return errEnough
	}
	return nil
}

// read gives the first entries of a folder after last, which is nil before the first, in
// order, and whether there are more.
func (w *walk) read(ctx context.Context, name string, last *string) (entries []entry, more bool, err error) {
	d, err := w.folder.root.Open(name)
	if missing(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer d.Close() //nolint:errcheck // only read
	keep := func() {
		slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
		if len(entries) > w.window {
			entries, more = entries[:w.window], true
		}
	}
	for {
		if err := context.Cause(ctx); err != nil {
			return nil, false, err
		}
		part, err := d.ReadDir(1024)
		for _, e := range part {
			if e.Type()&^(fs.ModeDir|fs.ModeSymlink) != 0 || !utf8.ValidString(e.Name()) { // devices; no keys
				continue
			}
			key := unescape(e.Name())
			if e.IsDir() {
				key += "/"
			}
			if last == nil || key > *last {
				entries = append(entries, entry{key, e.Name(), e.IsDir()})
			}
		}
		if len(entries) > 2*w.window {
			keep()
		}
		if errors.Is(err, io.EOF) {
			keep()
			return entries, more, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
}
