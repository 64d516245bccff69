package exchange

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// call follows a function of Terraform. One that is not known here leaves its value open.
func (m *module) call(at Place, e *hclsyntax.FunctionCallExpr, s *scope) *node {
	if e.Name == "try" || e.Name == "can" {
		return m.try(at, e, s)
	}
	var args []*node
	for i, a := range e.Args {
		v := m.eval(a, s)
		if e.ExpandFinal && i == len(e.Args)-1 && v.is(array) {
			args = append(args, v.items...)
			continue
		}
		args = append(args, v)
	}
	m.r.spend(at, len(args))
	var v *node
	switch len(args) {
	case 0:
	case 1:
		v = m.call1(at, e.Name, args[0])
	case 2:
		v = m.call2(at, e.Name, args[0], args[1])
	}
	if v == nil {
		v = m.callMany(at, e.Name, args)
	}
	if v == nil {
		v = m.callList(at, e.Name, args)
	}
	if v == nil {
		v = m.callText(at, e.Name, args)
	}
	if v != nil {
		return v
	}
	if words, known := m.unknownFile(e.Name, args); known {
		return m.open(at, words)
	}
	m.r.note(at, "the function %s is not followed here: its value is a placeholder", e.Name)
	return m.open(at, e.Name+"_"+strconv.Itoa(at.Line))
}

func (m *module) unknownFile(function string, args []*node) (string, bool) {
	if (function == "file" || function == "templatefile") && len(args) > 0 {
		return "the file " + args[0].guess(), true
	}
	return "", false
}

// call1 knows the functions of one argument.
func (m *module) call1(at Place, name string, a *node) *node {
	switch name {
	case "jsonencode":
		text := printed(a)
		m.r.spend(at, len(text))
		return textNode(at, text)
	case "jsondecode", "yamldecode":
		return m.decode(at, a)
	case "file":
		if text, ok := m.file(at, a); ok {
			return textNode(at, text)
		}
	case "tostring", "tonumber", "tobool", "tolist", "tomap", "sensitive", "nonsensitive", "abspath":
		return a
	case "length":
		if a.is(array) || a.is(object) && a.thing == nil {
			return &node{kind: number, literal: strconv.Itoa(len(a.items) + len(a.members)), at: at}
		}
		if text, ok := a.given(); ok {
			return &node{kind: number, literal: strconv.Itoa(utf8.RuneCountInString(text)), at: at}
		}
	case "keys", "values":
		if a.is(object) && a.thing == nil {
			out := &node{kind: array, at: at}
			for _, e := range inOrder(entries(a)) {
				if name == "keys" {
					out.items = append(out.items, e.key)
				} else {
					out.items = append(out.items, e.val)
				}
			}
			return out
		}
	case "lower", "upper", "trimspace", "basename", "dirname", "chomp":
		if text, ok := a.given(); ok {
			return textNode(at, oneText(name, text))
		}
	}
	return nil
}

func oneText(name, text string) string {
	switch name {
	case "lower":
		return strings.ToLower(text)
	case "upper":
		return strings.ToUpper(text)
	case "basename":
		return text[strings.LastIndexByte(text, '/')+1:]
	case "dirname":
		return text[:max(strings.LastIndexByte(text, '/'), 0)]
	case "chomp":
		return strings.TrimRight(text, "\r\n")
	}
	return strings.TrimSpace(text)
}

// call2 knows the functions of two arguments.
func (m *module) call2(at Place, name string, a, b *node) *node {
	switch name {
	case "templatefile":
		return m.templateFile(at, a, b)
	case "split":
		by, okBy := a.given()
		text, ok := b.given()
		if ok && okBy {
			m.r.spend(at, len(text))
			out := &node{kind: array, at: at}
			for part := range strings.SplitSeq(text, by) {
				out.items = append(out.items, textNode(at, part))
			}
			return out
		}
	case "element":
		index, _ := b.given()
		if i, err := strconv.Atoi(index); err == nil && a.is(array) && len(a.items) > 0 && i >= 0 {
			return a.items[i%len(a.items)]
		}
	case "trimprefix", "trimsuffix":
		text, ok := a.given()
		end, okEnd := b.given()
		switch {
		case !ok || !okEnd:
		case name == "trimprefix":
			return textNode(at, strings.TrimPrefix(text, end))
		default:
			return textNode(at, strings.TrimSuffix(text, end))
		}
	}
	return nil
}

// callMany knows the functions of any number of arguments.
func (m *module) callMany(at Place, name string, args []*node) *node {
	switch name {
	case "join":
		return m.joinLists(at, args)
	case "format":
		return m.format(at, args)
	case "concat", "merge":
		out := &node{kind: array, at: at}
		places := map[string]int{}
		for _, a := range args {
			m.r.spend(at, len(a.items)+len(a.members))
			if a.is(array) {
				out.items = append(out.items, a.items...)
			}
			for _, f := range a.members {
				out.kind = object
				if i, twice := places[f.key]; twice {
					out.members[i].val = f.val
					continue
				}
				places[f.key] = len(out.members)
				out.members = append(out.members, f)
			}
		}
		return out
	case "lookup":
		if len(args) >= 2 {
			key, _ := args[1].given()
			if v := args[0].get(key); v != nil {
				return v
			}
			if len(args) == 3 {
				return args[2]
			}
		}
	case "coalesce":
		for _, a := range args {
			if text, ok := a.given(); !a.is(null) && (!ok || text != "") {
				return a
			}
		}
	case "replace":
		return m.replace(at, args)
	}
	return nil
}

func (m *module) joinLists(at Place, args []*node) *node {
	if len(args) < 2 {
		return nil
	}
	between, ok := args[0].pieces()
	if !ok {
		return nil
	}
	out := &node{kind: str, at: at}
	first := true
	for _, list := range args[1:] {
		if !list.is(array) {
			return nil
		}
		for _, item := range list.items {
			parts, ok := item.pieces()
			if !ok {
				return nil
			}
			if !first {
				out.text = append(out.text, between...)
				m.r.spend(at, size(between))
			}
			first = false
			out.text = append(out.text, parts...)
			m.r.spend(at, size(parts))
		}
	}
	return out
}

// format knows %s, %d, %v, %q and %%.
func (m *module) format(at Place, args []*node) *node {
	if len(args) == 0 {
		return nil
	}
	form, ok := args[0].given()
	if !ok {
		return nil
	}
	out := &node{kind: str, at: at}
	next := 1
	for {
		before, after, more := strings.Cut(form, "%")
		out.text = append(out.text, piece{text: before})
		if !more {
			m.r.spend(at, size(out.text))
			return out
		}
		if after == "" {
			return nil
		}
		verb := after[0]
		form = after[1:]
		if verb == '%' {
			out.text = append(out.text, piece{text: "%"})
			continue
		}
		if next >= len(args) || !strings.ContainsRune("sdvq", rune(verb)) {
			return nil
		}
		parts, ok := args[next].pieces()
		if !ok {
			return nil
		}
		if verb == 'q' {
			parts = []piece{{text: quoted(joined(parts))}}
		}
		next++
		out.text = append(out.text, parts...)
	}
}

// replace puts one text in for another, also where placeholders stand around.
func (m *module) replace(at Place, args []*node) *node {
	if len(args) != 3 {
		return nil
	}
	in, ok := args[0].pieces()
	what, okWhat := args[1].given()
	with, okWith := args[2].pieces()
	if !ok || !okWhat || !okWith || what == "" {
		return nil
	}
	if form, ok := strings.CutPrefix(what, "/"); ok && len(what) > 1 && strings.HasSuffix(form, "/") {
		return m.replaceForm(at, strings.TrimSuffix(form, "/"), args)
	}
	text, by := joined(in), joined(with)
	m.r.spend(at, len(text)+strings.Count(text, what)*len(by))
	return textNode(at, strings.ReplaceAll(text, what, by))
}

// decode reads JSON or YAML out of a text.
func (m *module) decode(at Place, a *node) *node {
	parts, ok := a.pieces()
	if !ok {
		return nil
	}
	text := joined(parts)
	m.r.spend(at, len(text))
	var n *node
	var err error
	if isObject([]byte(text)) {
		n, err = readJSON(at.File, []byte(sound(text)))
	} else {
		n, err = readYAML(at.File, []byte(text))
	}
	if err != nil {
		panic(fail(at, "the text is neither JSON nor YAML: %v", err))
	}
	return n
}

// file is the text of a file beside the module.
func (m *module) file(at Place, name *node) (string, bool) {
	path, ok := name.given()
	if !ok {
		return "", false
	}
	m.r.spend(at, len(m.r.order)) // looking for it
	f, ok := m.r.near(at, m.root.path, path)
	if !ok || !utf8.Valid(f.Data) {
		return "", false
	}
	m.r.spend(at, len(f.Data))
	return string(f.Data), true
}

// rendered is what a data source template_file makes of its template.
func (m *module) rendered(at Place, b *block) *node {
	vars, template := m.value(b.attr("vars")), b.attr("template")
	if own := b.sub("vars"); own != nil && own.body != nil { // as a block, which Terraform once took
		vars = &node{kind: object, at: own.at}
		for _, name := range slices.Sorted(maps.Keys(own.body.Attributes)) {
			vars.members = append(vars.members, member{name, m.value(own.attr(name)), own.at})
		}
	}
	form := template.expr
	if wrapped, ok := form.(*hclsyntax.TemplateWrapExpr); ok {
		form = wrapped.Wrapped
	}
	if call, ok := form.(*hclsyntax.FunctionCallExpr); ok && call.Name == "file" && len(call.Args) == 1 {
		return m.templateFile(at, m.eval(call.Args[0], b.scope), objectOf(vars))
	}
	text, ok := m.value(template).given()
	if !ok {
		return nil
	}
	return m.fill(at, template.at, []byte(text), objectOf(vars))
}

// templateFile fills the names of a file's template.
func (m *module) templateFile(at Place, name, names *node) *node {
	path, ok := name.given()
	if !ok || !names.is(object) {
		return nil
	}
	f, ok := m.r.near(at, m.root.path, path)
	if !ok {
		return nil
	}
	return m.fill(at, Place{File: f.Name, Line: 1, Column: 1}, f.Data, names)
}

// fill fills the names of a template.
func (m *module) fill(at, from Place, template []byte, names *node) *node {
	e, err := parseTemplate(from, template)
	if err != nil {
		panic(err)
	}
	s := &scope{names: map[string]*node{}}
	for _, v := range names.members {
		s.names[v.key] = v.val
	}
	out := m.eval(e, s)
	if out.is(str) {
		return out
	}
	if parts, ok := out.pieces(); ok {
		return &node{kind: str, text: parts, at: at}
	}
	return nil
}
