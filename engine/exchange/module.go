package exchange

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// module is the Terraform of one folder: its files belong together.
type module struct {
	r         *reader
	folder    string
	files     []string // of native syntax
	trees     []*node  // of JSON syntax
	variables map[string]*block
	locals    map[string]source
	outputs   map[string]*block
	children  map[string]*module // modules that were given, too, by their names here
	resources map[string]*block  // by address: aws_lambda_function.x, data.aws_region.current
	order     []string           // of resources
	given     map[string]*node   // values of variables, from .tfvars
	inputs    map[string]input   // values of variables, from the module that calls this one
	calls     []*block
	called    bool // by another module

	holes map[string]*hole
	named map[string]*hole
	known map[string]*node // locals that were followed
	asked map[string]bool  // that are being followed
	depth int
}

// input is a value of a variable, as the calling module writes it.
type input struct {
	from   *module
	source source
}

// isModule tells whether a JSON file is Terraform in JSON syntax.
func isModule(root *node) bool {
	resource := root.get("resource")
	if !resource.is(object) {
		return root.get("variable").is(object) || root.get("locals").is(object) || root.get("terraform").is(object)
	}
	return slices.ContainsFunc(resource.members, func(m member) bool { return strings.Contains(m.key, "_") && m.val.is(object) })
}

// module adds a file to the module of its folder; folders lists those there are.
func (r *reader) module(modules map[string]*module, folders []string, name string, root *node) []string {
	folder := path.Dir(name)
	m := modules[folder]
	if m == nil {
		m = &module{
			r: r, folder: folder, variables: map[string]*block{}, outputs: map[string]*block{}, children: map[string]*module{}, locals: map[string]source{}, resources: map[string]*block{}, given: map[string]*node{}, inputs: map[string]input{},
			holes: map[string]*hole{}, named: r.open, known: map[string]*node{}, asked: map[string]bool{},
		}
		modules[folder] = m
		folders = append(folders, folder)
	}
	if root != nil {
		m.trees = append(m.trees, root)
	} else {
		m.files = append(m.files, name)
	}
	return folders
}

// load reads the files of a module.
func (r *reader) load(m *module) error {
	for _, name := range m.files {
		blocks, err := parseHCL(name, r.files[name])
		if err != nil {
			return err
		}
		for _, b := range blocks {
			m.take(b)
		}
	}
	for _, root := range m.trees {
		m.takeJSON(root)
	}
	return m.readGiven()
}

// callEachOther joins modules that call each other by the paths of their folders.
func (r *reader) callEachOther(modules map[string]*module, folders []string) {
	for _, folder := range folders {
		m := modules[folder]
		for _, b := range m.calls {
			from, _ := m.value(b.attr("source")).given()
			child := modules[path.Join(folder, from)]
			if child == nil || child == m || !strings.HasPrefix(from, ".") {
				r.note(b.at, "the module %s is not looked into: give its folder, too", b.labels[0])
				continue
			}
			if child.called {
				r.note(b.at, "the module in %s is called more than once: the values of its last call count", child.folder)
			}
			m.children[b.labels[0]], child.called = child, true
			for name := range child.variables {
				if s := b.attr(name); !s.missing() {
					child.inputs[name] = input{m, s}
				}
			}
		}
	}
}

// output is module.name.output; nil when the module was not given, or has none of it.
func (m *module) output(name, output string) *node {
	child := m.children[name]
	if child == nil || child.outputs[output] == nil {
		return nil
	}
	if m.depth++; m.depth > maxDepth {
		panic(fail(child.outputs[output].at, "values refer to each other more than %d levels deep", maxDepth))
	}
	defer func() { m.depth-- }()
	return child.value(child.outputs[output].attr("value"))
}

// terraform takes the state machines and activities of a module in.
func (r *reader) terraform(m *module) error {
	found := false
	for _, address := range m.order {
		switch b := m.resources[address]; b.labels[0] {
		case "aws_sfn_state_machine":
			m.machine(address, b)
			found = true
		case "aws_sfn_activity":
			r.out.Activities = append(r.out.Activities, Activity{ID: address, Name: m.nameOf(b), Tags: m.tags(b.attr("tags"))})
			found = true
		}
	}
	if !found {
		r.note(Place{File: m.folder}, "the Terraform in this folder has no state machine")
	}
	return nil
}

// take sorts one block in.
func (m *module) take(b *block) {
	switch {
	case b.kind == "variable" && len(b.labels) == 1:
		m.variables[b.labels[0]] = b
	case b.kind == "locals" && b.body != nil:
		for name, a := range b.body.Attributes {
			m.locals[name] = source{expr: a.Expr, at: placeOf(a.SrcRange)}
		}
	case b.kind == "resource" && len(b.labels) == 2:
		address := strings.Join(b.labels, ".")
		m.resources[address] = b
		m.order = append(m.order, address)
	case b.kind == "data" && len(b.labels) == 2:
		m.resources["data."+strings.Join(b.labels, ".")] = b
	case b.kind == "module" && len(b.labels) == 1:
		m.calls = append(m.calls, b)
	case b.kind == "output" && len(b.labels) == 1:
		m.outputs[b.labels[0]] = b
	}
}

// takeJSON sorts a file of JSON syntax in.
func (m *module) takeJSON(root *node) {
	for _, top := range root.members {
		for _, one := range objects(top.val) {
			for _, first := range one.members {
				switch top.key {
				case "locals":
					m.locals[first.key] = source{json: first.val, at: first.at}
				case "variable", "module", "output":
					m.take(&block{kind: top.key, labels: []string{first.key}, at: first.at, json: first.val})
				case "resource", "data":
					for _, inner := range objects(first.val) {
						for _, second := range inner.members {
							m.take(&block{kind: top.key, labels: []string{first.key, second.key}, at: second.at, json: second.val})
						}
					}
				}
			}
		}
	}
}

// objects are the objects of a value that may be one or a list of them.
func objects(n *node) []*node {
	if n.is(array) {
		return n.items
	}
	return []*node{n}
}

// readGiven reads terraform.tfvars and what is loaded like it.
func (m *module) readGiven() error {
	for _, name := range m.r.order {
		base := path.Base(name)
		if path.Dir(name) != m.folder {
			continue
		}
		switch {
		case base == "terraform.tfvars", strings.HasSuffix(base, ".auto.tfvars"):
			body, err := parseHCLBody(name, m.r.files[name])
			if err != nil {
				return err
			}
			for key, a := range body.Attributes {
				m.given[key] = m.eval(a.Expr, nil)
			}
		case base == "terraform.tfvars.json", strings.HasSuffix(base, ".auto.tfvars.json"):
			root, err := readJSON(name, m.r.files[name])
			if err != nil {
				return err
			}
			for _, v := range root.members {
				m.given[v.key] = v.val
			}
		}
	}
	return nil
}

// hole is the hole for a thing of the module.
func (m *module) hole(key, name string, set func(*hole)) *hole {
	return holeIn(m.holes, m.named, key, name, set)
}

// open is a value that nobody here knows, by the words of the file.
func (m *module) open(at Place, words string) *node {
	return holeNode(at, m.hole("open:"+words, words, func(h *hole) { h.kind, h.about = Text, words }))
}

// value follows an expression.
func (m *module) value(s source) *node {
	switch {
	case s.expr != nil:
		return m.eval(s.expr, nil)
	case s.json != nil:
		return m.jsonValue(s.json)
	}
	return &node{kind: null}
}

// jsonValue follows a value of JSON syntax, where texts are templates.
func (m *module) jsonValue(n *node) *node {
	m.r.spend(n.at, perValue)
	switch n.kind {
	case str:
		text, _ := n.plain()
		if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
			return n
		}
		e, err := parseTemplate(n.at, []byte(text))
		if err != nil {
			panic(err)
		}
		return m.eval(e, nil)
	case array:
		out := &node{kind: array, at: n.at}
		for _, item := range n.items {
			out.items = append(out.items, m.jsonValue(item))
		}
		return out
	case object:
		out := &node{kind: object, at: n.at}
		for _, f := range n.members {
			out.members = append(out.members, member{f.key, m.jsonValue(f.val), f.at})
		}
		return out
	case null, boolean, number:
	}
	return n
}

// variable is var.name: what .tfvars say, or its default, which may be replaced.
func (m *module) variable(at Place, name string) *node {
	b := m.variables[name]
	if b == nil {
		m.r.note(at, "there is no variable %s", name)
		return m.open(at, "var."+name)
	}
	if in, ok := m.inputs[name]; ok {
		return in.from.value(in.source)
	}
	def := m.given[name]
	if s := b.attr("default"); def == nil && !s.missing() {
		def = m.value(s)
	}
	if v, ok := m.r.known.Values[name]; ok {
		def = textNode(at, v)
	}
	if def.is(object) || def.is(array) {
		return def
	}
	return holeNode(at, m.hole("var."+name, name, func(h *hole) {
		h.kind = Text
		switch kind := m.typeOf(b); {
		case kind == "number", kind == "bool", kind == "" && (def.is(number) || def.is(boolean)):
			h.kind = Number
		}
		if s := b.attr("description"); !s.missing() {
			h.about, _ = m.value(s).plain()
		}
		h.about = or(h.about, "variable "+name)
		if v, ok := def.given(); ok {
			h.known, h.value = true, v
		}
	}))
}

// typeOf is the type of a variable when it is one word.
func (m *module) typeOf(b *block) string {
	s := b.attr("type")
	if s.json != nil {
		word, _ := s.json.plain()
		return word
	}
	if t, ok := s.expr.(*hclsyntax.ScopeTraversalExpr); ok {
		return t.Traversal.RootName()
	}
	return ""
}

// local is local.name.
func (m *module) local(at Place, name string) *node {
	if v := m.known[name]; v != nil {
		return v
	}
	s, ok := m.locals[name]
	if !ok {
		m.r.note(at, "there is no local %s", name)
		return m.open(at, "local."+name)
	}
	if m.asked[name] {
		panic(fail(s.at, "local.%s refers to itself", name))
	}
	m.asked[name] = true
	v := m.value(s)
	m.known[name] = v
	return v
}
