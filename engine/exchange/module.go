package exchange

import (
	"path"
	"slices"
	"strings"
)

// folder is the Terraform of one folder: its files belong together.
type folder struct {
	path      string
	files     []string // of native syntax
	trees     []*node  // of JSON syntax
	variables map[string]*block
	locals    map[string]source
	outputs   map[string]*block
	resources map[string]*block // by address: aws_lambda_function.x, data.aws_region.current
	order     []string          // of resources
	given     map[string]source // values of variables, from .tfvars
	calls     []*block          // of modules
	called    bool              // by another folder's module
	made      bool              // into a module
}

// module is a folder with the values of its variables. A folder that nobody calls is one
// module; others are as many as calls make of them.
type module struct {
	*folder
	r        *reader
	root     *module          // that paths are relative to
	caller   *module          // nil of a root
	address  string           // as Terraform says it: module.flow["a"]. with its dot, "" of a root
	name     string           // the same for names of holes
	inputs   map[string]input // values of variables, as the call gives them
	children map[string]*node // what module.name is
	below    []*module        // in their order

	holes map[string]*hole
	named map[string]*hole
	known map[string]*node // locals that were followed
	asked map[string]bool  // that are being followed

	failed bool // an expression asked for what is not there
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

// addTerraform adds a file to its folder; list has those there are in their order.
func (r *reader) addTerraform(folders map[string]*folder, list []*folder, name string, root *node) []*folder {
	at := path.Dir(name)
	f := folders[at]
	if f == nil {
		f = &folder{
			path: at, variables: map[string]*block{}, locals: map[string]source{}, outputs: map[string]*block{},
			resources: map[string]*block{}, given: map[string]source{},
		}
		folders[at] = f
		list = append(list, f)
	}
	if root != nil {
		f.trees = append(f.trees, root)
	} else {
		f.files = append(f.files, name)
	}
	return list
}

// load reads the files of a folder.
func (r *reader) load(m *folder) error {
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
	return r.readGiven(m)
}

// take sorts one block in.
func (m *folder) take(b *block) {
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
func (m *folder) takeJSON(root *node) {
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
func (r *reader) readGiven(m *folder) error {
	for _, name := range r.order {
		base := path.Base(name)
		if path.Dir(name) != m.path {
			continue
		}
		switch {
		case base == "terraform.tfvars", strings.HasSuffix(base, ".auto.tfvars"):
			body, err := parseHCLBody(name, r.files[name])
			if err != nil {
				return err
			}
			for key, a := range body.Attributes {
				m.given[key] = source{expr: a.Expr, at: placeOf(a.SrcRange)}
			}
		case base == "terraform.tfvars.json", strings.HasSuffix(base, ".auto.tfvars.json"):
			root, err := readJSON(name, r.files[name])
			if err != nil {
				return err
			}
			for _, v := range root.members {
				m.given[v.key] = source{json: v.val, at: v.at}
			}
		case strings.HasSuffix(base, ".tfvars"), strings.HasSuffix(base, ".tfvars.json"):
			r.note(Place{File: name}, "Terraform does not load this file by itself, and so it is not read: call it terraform.tfvars, or set the variables")
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
		return m.eval(s.expr, s.scope)
	case s.json != nil:
		return m.jsonValue(s.json, s.scope)
	}
	return &node{kind: null}
}

// jsonValue follows a value of JSON syntax, where texts are templates.
func (m *module) jsonValue(n *node, s *scope) *node {
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
		return m.eval(e, s)
	case array:
		out := &node{kind: array, at: n.at}
		for _, item := range n.items {
			out.items = append(out.items, m.jsonValue(item, s))
		}
		return out
	case object:
		out := &node{kind: object, at: n.at}
		for _, f := range n.members {
			out.members = append(out.members, member{f.key, m.jsonValue(f.val, s), f.at})
		}
		return out
	case null, boolean, number:
	}
	return n
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
