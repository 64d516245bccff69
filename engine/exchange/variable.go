package exchange

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// variable is var.name: what the call or .tfvars say, or its default. The variables of a root
// may be given other values; a module that is called has what its call says.
func (m *module) variable(at Place, name string) *node {
	b := m.variables[name]
	if b == nil {
		m.r.note(at, "there is no variable %s", name)
		return m.open(at, "var."+name)
	}
	kind := b.attr("type")
	if in, ok := m.inputs[name]; ok {
		if v := in.from.value(in.source); !v.is(null) {
			return m.typed(kind.expr, v)
		}
	}
	var def *node
	if s := b.attr("default"); !s.missing() {
		def = m.value(s)
	}
	if s, ok := m.given[name]; ok && m.caller == nil {
		def = m.value(s)
	}
	if v, ok := m.r.known.Values[name]; ok {
		def = m.set(at, v, kind, def)
	}
	if def.is(object) || def.is(array) || def.is(null) || def != nil && m.caller != nil {
		return m.typed(kind.expr, def)
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

// set is a value that was given as a text. What shall be a list or an object is JSON in it, or
// YAML.
func (m *module) set(at Place, text string, kind source, def *node) *node {
	_, composed := kind.expr.(*hclsyntax.FunctionCallExpr)
	if composed || def.is(object) || def.is(array) {
		if v, err := readYAML("the value of a variable", []byte(text)); err == nil && (v.is(object) || v.is(array)) {
			return v
		}
	}
	return textNode(at, text)
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

// typed completes a value by its type: optional attributes of objects have their defaults.
func (m *module) typed(kind hclsyntax.Expression, v *node) *node {
	call, ok := kind.(*hclsyntax.FunctionCallExpr)
	if !ok || v == nil || len(call.Args) == 0 || v.thing != nil {
		return v
	}
	m.r.spend(v.at, perValue)
	switch call.Name {
	case "optional":
		return m.typed(call.Args[0], v)
	case "list", "set", "map":
		out := &node{kind: v.kind, text: v.text, literal: v.literal, at: v.at}
		for _, item := range v.items {
			out.items = append(out.items, m.typed(call.Args[0], item))
		}
		for _, f := range v.members {
			out.members = append(out.members, member{f.key, m.typed(call.Args[0], f.val), f.at})
		}
		return out
	case "object":
		form, ok := call.Args[0].(*hclsyntax.ObjectConsExpr)
		if ok && v.is(object) {
			return m.completed(form, v)
		}
	}
	return v
}

// completed is an object with what its type says is optional.
func (m *module) completed(form *hclsyntax.ObjectConsExpr, v *node) *node {
	out := &node{kind: object, at: v.at}
	kinds := map[string]hclsyntax.Expression{}
	var names []string
	for _, item := range form.Items {
		if name, ok := m.eval(item.KeyExpr, nil).plain(); ok {
			kinds[name] = item.ValueExpr
			names = append(names, name)
		}
	}
	has := map[string]bool{}
	for _, f := range v.members {
		has[f.key] = !f.val.is(null)
		if has[f.key] {
			out.members = append(out.members, member{f.key, m.typed(kinds[f.key], f.val), f.at})
		}
	}
	for _, name := range names {
		if has[name] {
			continue
		}
		missing := &node{kind: null, at: v.at}
		if call, ok := kinds[name].(*hclsyntax.FunctionCallExpr); ok && call.Name == "optional" && len(call.Args) == 2 {
			missing = m.typed(call.Args[0], m.eval(call.Args[1], nil))
		}
		out.members = append(out.members, member{name, missing, v.at})
	}
	return out
}
