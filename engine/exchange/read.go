package exchange

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// What Read takes at most.
const (
	maxFiles = 1000
	maxFile  = 4 << 20  // bytes of one file
	maxTotal = 32 << 20 // bytes of all files, archives unpacked
	maxWork  = 8 << 20  // letters produced while references are followed
	perValue = 20       // what a value counts as, in letters
)

// reader is one Read.
type reader struct {
	known  Known
	files  map[string][]byte
	order  []string // of the files
	taken  map[string]bool
	wanted map[string]bool
	left   int // of maxWork
	out    Import
	ids    map[string]bool
	names  map[string]bool
	open   map[string]*hole // of all modules of Terraform, by name
	grown  int              // how many modules of Terraform there are
	depth  int              // of their values
	done   map[string]bool  // templates that were read, by their files
}

// Read finds the state machines in files, whatever their format, and says what it could not
// take over. It looks at what the files hold and not at their names; nothing but the files
// given is read. Errors are *Error.
func Read(files []File, known Known) (found Import, err error) {
	r := &reader{
		known: known, files: map[string][]byte{}, taken: map[string]bool{}, wanted: map[string]bool{},
		left: maxWork, ids: map[string]bool{}, names: map[string]bool{}, open: map[string]*hole{}, done: map[string]bool{},
	}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error: // from spend, deep inside of an evaluation
			err = e
		default:
			panic(e)
		}
	}()
	if err := r.collect(files); err != nil {
		return Import{}, err
	}
	if err := r.read(); err != nil {
		return Import{}, err
	}
	for name := range r.wanted {
		r.out.Wanted = append(r.out.Wanted, name)
	}
	slices.Sort(r.out.Wanted)
	if len(r.out.Machines) == 0 && len(r.out.Wanted) == 0 {
		return Import{}, r.nothing()
	}
	return r.out, nil
}

// nothing says that there is no state machine, and what there was.
func (r *reader) nothing() error {
	if len(r.out.Notes) > 0 {
		var notes []string
		for _, n := range r.out.Notes[:min(len(r.out.Notes), 5)] {
			notes = append(notes, n.String())
		}
		return &Error{Message: "no state machine was found\n" + strings.Join(notes, "\n")}
	}
	return &Error{Message: "no state machine was found in " + strings.Join(r.order[:min(len(r.order), 5)], ", ")}
}

// spend counts work down. Files of a few kilobytes can ask for years of it.
func (r *reader) spend(at Place, n int) {
	if r.left -= n; r.left < 0 {
		panic(fail(at, "following the references in this file makes more than %d letters or %d values", maxWork, maxWork/perValue))
	}
}

// maxNotes is how many notes are kept.
const maxNotes = 200

func (r *reader) note(at Place, format string, args ...any) {
	n := Note{Place: at, Message: fmt.Sprintf(format, args...)}
	if len(r.out.Notes) < maxNotes && !slices.Contains(r.out.Notes, n) {
		r.out.Notes = append(r.out.Notes, n)
	}
}

// collect takes the files in, archives unpacked.
func (r *reader) collect(files []File) error {
	total := 0
	for _, f := range files {
		name, ok := clean(f.Name)
		if !ok {
			return &Error{Message: fmt.Sprintf("the file name %q leads outside of the folder", f.Name)}
		}
		inside := []File{{name, f.Data}}
		if bytes.HasPrefix(f.Data, []byte("PK\x03\x04")) {
			var err error
			if inside, err = unpack(name, f.Data); err != nil {
				return err
			}
		}
		for _, i := range inside {
			if len(i.Data) > maxFile {
				return fail(Place{File: i.Name}, "the file has %d bytes; at most %d are read", len(i.Data), maxFile)
			}
			if total += len(i.Data); total > maxTotal {
				return &Error{Message: fmt.Sprintf("the files have more than %d bytes together", maxTotal)}
			}
			if _, twice := r.files[i.Name]; !twice {
				r.order = append(r.order, i.Name)
			}
			r.files[i.Name] = bytes.TrimPrefix(i.Data, []byte("\ufeff"))
		}
		if len(r.files) > maxFiles {
			return &Error{Message: fmt.Sprintf("more than %d files", maxFiles)}
		}
	}
	return nil
}

// clean is a name of a file inside the folder; false when it leads out of it.
func clean(name string) (string, bool) {
	name = strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "file://")
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || strings.ContainsRune(name, 0) {
		return "", false
	}
	name = path.Clean(name)
	return name, name != ".." && !strings.HasPrefix(name, "../") && name != "."
}

// inside is a name seen from a folder; "" when it leads out.
func inside(folder, name string) string {
	full, _ := clean(path.Join(folder, name))
	return full
}

// asset is how CDK names what goes into its bucket.
var asset = regexp.MustCompile(`(^|/)[0-9a-f]{64}\.[a-z]+$`)

// beside finds the file that another one names. Where uploads lose their folders, a file with
// the same base name is taken, when there is one only.
func (r *reader) beside(at Place, name string) (File, bool) {
	return r.near(at, path.Dir(at.File), name)
}

// near finds the file that another one names, seen from a folder.
func (r *reader) near(at Place, folder, name string) (File, bool) {
	full, ok := clean(path.Join(folder, name))
	if path.IsAbs(name) || !ok {
		r.note(at, "'%s' leads outside of the folder and is not read", name)
		return File{}, false
	}
	if data, ok := r.files[full]; ok {
		r.taken[full] = true
		return File{full, data}, true
	}
	var same []string
	for _, f := range r.order {
		if path.Base(f) == path.Base(full) {
			same = append(same, f)
		}
	}
	if len(same) != 1 {
		r.wanted[full] = true
		if asset.MatchString(full) { // CDK keeps it under another name than the bucket has it
			f, ok := r.near(at, folder, path.Join(path.Dir(name), "asset."+path.Base(name)))
			if ok {
				delete(r.wanted, full)
			}
			return f, ok
		}
		return File{}, false
	}
	r.taken[same[0]] = true
	return File{same[0], r.files[same[0]]}, true
}

// terraformBlock is how a block of Terraform begins.
var terraformBlock = regexp.MustCompile(`^(resource|data|variable|output|module|provider)\s+"[^"\n]+"[^{}\n]*\{|^(locals|terraform)\s*\{`)

// isTerraform tells whether a file is in Terraform's native syntax: by its name, or by a line
// that begins a block.
func isTerraform(name string, data []byte) bool {
	if strings.HasSuffix(name, ".tf") || isObject(data) {
		return strings.HasSuffix(name, ".tf")
	}
	for line := range bytes.Lines(data) {
		if line = bytes.TrimSpace(line); bytes.IndexByte(line, '{') > 0 && bytes.IndexByte([]byte("rdvomplt"), line[0]) >= 0 && terraformBlock.Match(line) {
			return true
		}
	}
	return false
}

// whole is a file of JSON or YAML.
type whole struct {
	name string
	root *node
	err  error
}

// read looks at every file: templates and modules first, because what they name is a part
// of them.
func (r *reader) read() error {
	folders := map[string]*folder{}
	var modules []*folder
	var rest []string
	for _, name := range r.order {
		if isTerraform(name, r.files[name]) {
			modules = r.addTerraform(folders, modules, name, nil)
		} else {
			rest = append(rest, name)
		}
	}
	var templates, others []whole
	for _, name := range rest {
		root, err := r.tree(name)
		switch {
		case err != nil: // may be a part of something, in a form of its own
			others = append(others, whole{name, nil, err})
		case root == nil:
		case isModule(root):
			modules = r.addTerraform(folders, modules, name, root)
		case isTemplate(root):
			templates = append(templates, whole{name, root, nil})
		default:
			others = append(others, whole{name, root, nil})
		}
	}
	r.templates(templates)
	for _, f := range modules {
		if err := r.load(f); err != nil {
			return err
		}
	}
	for _, m := range r.modules(folders, modules) {
		if !r.terraform(m) {
			r.note(Place{File: m.path}, "the Terraform in this folder has no state machine")
		}
	}
	for _, o := range others {
		switch {
		case r.taken[o.name]:
			continue
		case o.err != nil:
			return o.err
		}
		if err := r.other(o.name, o.root); err != nil {
			return err
		}
	}
	return nil
}

func isObject(data []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) }

// tree reads JSON or YAML. A definition with placeholders outside of quotes is not JSON yet;
// it is read as if they were strings. nil is a file of something else.
func (r *reader) tree(name string) (*node, error) {
	data := r.files[name]
	switch ext := path.Ext(name); {
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		r.note(Place{File: name}, "the file is not a text")
		return nil, nil
	case ext == ".tfvars":
		return nil, nil
	case isObject(data):
		if strings.Contains(string(data), "${") {
			data = []byte(sound(string(data)))
		}
		root, err := readJSON(name, data)
		if ext := path.Ext(name); err == nil || ext != ".yaml" && ext != ".yml" {
			return root, err
		}
	}
	root, err := readYAML(name, data)
	if err != nil && !slices.Contains([]string{".yaml", ".yml", ".template", ".asl"}, path.Ext(name)) {
		r.note(Place{File: name}, "neither JSON nor YAML nor Terraform: %v", err)
		return nil, nil
	}
	return root, err
}

// other reads what is no template: a definition, or an answer of AWS.
func (r *reader) other(name string, root *node) error {
	at := Place{File: name, Line: 1, Column: 1}
	switch {
	case root.is(object) && root.get("States") != nil && root.get("StartAt") != nil:
		text, err := r.definitionFile(File{name, r.files[name]})
		if err != nil {
			return err
		}
		f := YAML
		if isObject(r.files[name]) {
			f = JSON
		}
		r.add(Machine{ID: baseName(name), Type: "STANDARD", Format: f, Place: at}, text, r.pseudo)
	case root.get("definition").is(str) && root.get("name").is(str):
		return r.described(root)
	case root.get("format_version") != nil && (root.get("values") != nil || root.get("planned_values") != nil):
		return r.shown(root)
	case root.is(object) && strings.HasSuffix(name, ".tfvars.json"):
	default:
		r.note(at, "neither a definition nor a template")
	}
	return nil
}

// baseName is a file's name without folders and endings: order for flows/order.asl.json.
func baseName(name string) string {
	base := path.Base(name)
	for _, end := range []string{".json", ".yaml", ".yml", ".template", ".asl", ".tf"} {
		base = strings.TrimSuffix(base, end)
	}
	return or(base, "workflow")
}

// pseudo knows the pseudo parameters of CloudFormation.
func (r *reader) pseudo(name string) *hole {
	n := r.known.Names
	values := map[string]string{
		"AWS::Region": n.Region, "AWS::AccountId": n.Account, "AWS::Partition": partition(n),
		"AWS::URLSuffix": urlSuffix(partition(n)),
	}
	if v, ok := values[name]; ok {
		return &hole{name: name, kind: Text, about: "of this server", known: true, value: v}
	}
	return nil
}

func urlSuffix(partition string) string {
	if partition == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}
