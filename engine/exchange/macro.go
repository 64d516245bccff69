package exchange

import (
	"strconv"
	"strings"
)

// expanded is a template with what macros of AWS make of it that the files tell: AWS::Include
// puts a file in, Fn::ForEach repeats a part for each of a list.
func (t *template) expanded(n *node, depth int) *node {
	t.r.spend(n.at, 1)
	if depth > maxDepth {
		panic(fail(n.at, "nested deeper than %d levels", maxDepth))
	}
	switch n.kind {
	case array:
		if !macros(n) {
			return n
		}
		out := &node{kind: array, at: n.at}
		for _, item := range n.items {
			out.items = append(out.items, t.expanded(item, depth+1))
		}
		return out
	case object:
		if !macros(n) {
			return n
		}
		out := &node{kind: object, at: n.at}
		for _, m := range n.members {
			switch {
			case m.key == "Fn::Transform":
				out.members = append(out.members, t.included(m, depth)...)
			case strings.HasPrefix(m.key, "Fn::ForEach::"):
				out.members = append(out.members, t.forEach(m, depth)...)
			case m.key == "Definition" && isInclude(m.val): // which is read as a file of its own
				out.members = append(out.members, m)
			default:
				out.members = append(out.members, member{m.key, t.expanded(m.val, depth+1), m.at})
			}
		}
		return out
	case null, boolean, number, str:
	}
	return n
}

// macros tells whether there is a macro somewhere in a value.
func macros(n *node) bool {
	for _, item := range n.items {
		if macros(item) {
			return true
		}
	}
	for _, m := range n.members {
		if m.key == "Fn::Transform" || strings.HasPrefix(m.key, "Fn::ForEach::") || macros(m.val) {
			return true
		}
	}
	return false
}

// included is what AWS::Include puts in place of itself; other macros stay.
func (t *template) included(m member, depth int) []member {
	name, _ := m.val.get("Name").plain()
	if name != "AWS::Include" {
		t.r.note(m.at, "the macro %s runs in AWS only: what it would change is as it stands here", or(name, "of Fn::Transform"))
		return nil
	}
	f, _, ok := t.beside(m.at, m.val.get("Parameters").get("Location"))
	if !ok {
		t.r.note(m.at, "the file that AWS::Include names was not given: what it has is missing")
		return nil
	}
	t.r.spend(m.at, len(f.Data)+perValue)
	root, err := t.r.tree(f.Name)
	if err != nil {
		panic(err)
	}
	if !root.is(object) {
		t.r.note(m.at, "%s has no mapping to be included", f.Name)
		return nil
	}
	return t.expanded(root, depth+10).members // a file that includes itself ends soon
}

// forEach repeats a part of a template: [Name, list, part], where the part has ${Name} in its
// keys and texts.
func (t *template) forEach(m member, depth int) []member {
	if !m.val.is(array) || len(m.val.items) != 3 {
		t.r.note(m.at, "%s needs a name, a list and what is repeated", m.key)
		return nil
	}
	name, _ := m.val.items[0].plain()
	list := t.eval(m.val.items[1])
	if !list.is(array) || name == "" {
		t.r.note(m.at, "the list of %s is not known here: what it repeats is left out", m.key)
		return nil
	}
	var out []member
	for _, item := range list.items {
		text, ok := item.given()
		if !ok {
			t.r.note(item.at, "a value of %s is not known here: it is left out", m.key)
			continue
		}
		letters := strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
				return c
			}
			return -1
		}, text)
		put := strings.NewReplacer("${"+name+"}", text, "&{"+name+"}", letters)
		one := t.repeated(m.val.items[2], name, text, put)
		out = append(out, t.expanded(one, depth+1).members...)
	}
	return out
}

// repeated is a part of a template with a value in place of a name.
func (t *template) repeated(n *node, name, text string, put *strings.Replacer) *node {
	t.r.spend(n.at, 5*perValue)
	out := &node{kind: n.kind, literal: n.literal, at: n.at}
	if s, ok := n.plain(); ok && n.is(str) {
		return textNode(n.at, put.Replace(s))
	}
	for _, item := range n.items {
		out.items = append(out.items, t.repeated(item, name, text, put))
	}
	for _, m := range n.members {
		if ref, ok := m.val.plain(); ok && m.key == "Ref" && ref == name {
			return textNode(n.at, text)
		}
		out.members = append(out.members, member{put.Replace(m.key), t.repeated(m.val, name, text, put), m.at})
	}
	return out
}

// transform is Fn::Transform in a value: what a file has.
func (t *template) transform(at Place, n *node) *node {
	if list := t.included(member{"Fn::Transform", n, at}, 0); list != nil {
		return t.eval(&node{kind: object, members: list, at: at})
	}
	return t.open(at, "Fn::Transform", "Transform"+strconv.Itoa(at.Line))
}
