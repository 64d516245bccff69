package exchange

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// noValue is what AWS::NoValue stands for: the property is not there.
var noValue = &node{kind: null}

// eval puts in what the functions of CloudFormation stand for. What only AWS knows becomes
// a hole.
func (t *template) eval(n *node) *node {
	t.r.spend(n.at, perValue)
	if t.depth++; t.depth > maxDepth {
		panic(fail(n.at, "values refer to each other more than %d levels deep", maxDepth))
	}
	defer func() { t.depth-- }()
	switch n.kind {
	case array:
		out := &node{kind: array, at: n.at}
		for _, item := range n.items {
			if v := t.eval(item); v != noValue {
				out.items = append(out.items, v)
			}
		}
		return out
	case object:
		if len(n.members) == 1 {
			if f, ok := t.function(n.members[0].key); ok {
				return f(n.at, n.members[0].val)
			}
		}
		out := &node{kind: object, at: n.at}
		for _, m := range n.members {
			if v := t.eval(m.val); v != noValue {
				out.members = append(out.members, member{m.key, v, m.at})
			}
		}
		return out
	case null, boolean, number, str:
	}
	return n
}

func (t *template) function(key string) (func(Place, *node) *node, bool) {
	switch key {
	case "Ref":
		return t.ref, true
	case "Fn::GetAtt":
		return t.getAtt, true
	case "Fn::Sub":
		return t.sub, true
	case "Fn::Join":
		return t.join, true
	case "Fn::Select":
		return t.choose, true
	case "Fn::Split":
		return t.split, true
	case "Fn::If":
		return t.either, true
	case "Fn::FindInMap":
		return t.lookUp, true
	case "Fn::Base64":
		return t.base64, true
	case "Fn::ToJsonString":
		return func(at Place, n *node) *node { return textNode(at, strings.TrimSpace(printed(t.eval(n)))) }, true
	case "Fn::Length":
		return t.length, true
	case "Fn::GetAZs":
		return func(at Place, _ *node) *node {
			return &node{kind: array, at: at, items: []*node{textNode(at, t.r.known.Names.Region+"a"), textNode(at, t.r.known.Names.Region+"b")}}
		}, true
	case "Fn::ImportValue":
		return func(at Place, n *node) *node {
			name := t.eval(n).guess()
			if v := t.imported(at, name); v != nil {
				return v
			}
			return t.open(at, "the export "+name, name)
		}, true
	case "Fn::Transform":
		return t.transform, true
	}
	if name, ok := strings.CutPrefix(key, "Fn::"); ok {
		return func(at Place, n *node) *node {
			t.r.note(at, "the function %s is not understood: its value is a placeholder", key)
			return t.open(at, key, name+strconv.Itoa(at.Line))
		}, true
	}
	return nil, false
}

// open is a value that nobody here knows.
func (t *template) open(at Place, about, name string) *node {
	return holeNode(at, t.hole("open:"+about+"/"+name, name, func(h *hole) { h.kind, h.about = Text, about }))
}

func (t *template) ref(at Place, n *node) *node {
	name, _ := n.plain()
	return t.reference(at, name, "Ref")
}

// reference is a pseudo parameter, a parameter or a resource.
func (t *template) reference(at Place, name, attribute string) *node {
	switch name {
	case "AWS::NoValue":
		return noValue
	case "AWS::StackName":
		return textNode(at, or(NameOf(baseName(t.file)), "stack"))
	case "AWS::NotificationARNs":
		return &node{kind: array, at: at}
	}
	if h := t.r.pseudo(name); h != nil {
		return textNode(at, h.value)
	}
	if p := t.root.get("Parameters").get(name); p != nil && attribute == "Ref" {
		return t.parameter(at, name, p)
	}
	return t.resource(at, name, attribute)
}

func (t *template) getAtt(at Place, n *node) *node {
	if s, ok := n.plain(); ok {
		id, attribute, _ := strings.Cut(s, ".")
		return t.resource(at, id, attribute)
	}
	if n.is(array) && len(n.items) >= 2 {
		id, _ := n.items[0].plain()
		return t.resource(at, id, t.eval(n.items[1]).guess())
	}
	return t.open(at, "Fn::GetAtt", "GetAtt"+strconv.Itoa(at.Line))
}

// isReference tells whether ${name} is for Fn::Sub and DefinitionSubstitutions.
func isReference(name string) bool { return !strings.ContainsRune(name, '{') }

// sub puts values into a text: ${Name}, ${Name.Attribute}; ${!Name} stays as ${Name}.
func (t *template) sub(at Place, n *node) *node {
	var own *node
	form := n
	if n.is(array) && len(n.items) == 2 {
		form, own = n.items[0], n.items[1]
	}
	text, ok := form.plain()
	if !ok {
		t.r.note(at, "Fn::Sub needs a text")
		return t.open(at, "Fn::Sub", "Sub"+strconv.Itoa(at.Line))
	}
	out := &node{kind: str, at: at}
	from := 0
	for _, p := range spotsOf(isReference, text) {
		out.text = append(out.text, piece{text: text[from:p.start]})
		from = p.end
		name := strings.TrimSpace(p.name)
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			out.text = append(out.text, piece{text: reference(literal)})
			continue
		}
		var v *node
		if o := own.get(name); o != nil {
			v = t.eval(o)
		} else {
			id, attribute, found := strings.Cut(name, ".")
			if !found {
				attribute = "Ref"
			}
			v = t.reference(at, id, attribute)
		}
		out.text = append(out.text, t.inText(at, v)...)
	}
	out.text = append(out.text, piece{text: text[from:]})
	t.r.spend(at, size(out.text))
	return out
}

// inText are the parts of a value that becomes a part of a text.
func (t *template) inText(at Place, v *node) []piece {
	if parts, ok := v.pieces(); ok {
		return parts
	}
	t.r.note(at, "a list or an object stands where a text is needed")
	return []piece{{text: ""}}
}

func (t *template) join(at Place, n *node) *node {
	if n.is(array) && len(n.items) == 2 {
		between, ok := n.items[0].plain()
		list := t.eval(n.items[1])
		if ok && list.is(array) {
			out := &node{kind: str, at: at}
			for i, item := range list.items {
				if i > 0 && between != "" {
					out.text = append(out.text, piece{text: between})
				}
				out.text = append(out.text, t.inText(item.at, item)...)
			}
			t.r.spend(at, size(out.text))
			return out
		}
	}
	return t.open(at, "Fn::Join", "Join"+strconv.Itoa(at.Line))
}

func (t *template) choose(at Place, n *node) *node {
	if n.is(array) && len(n.items) == 2 {
		index, _ := t.eval(n.items[0]).given()
		list := t.eval(n.items[1])
		if i, err := strconv.Atoi(index); err == nil && list.is(array) && i >= 0 && i < len(list.items) {
			return list.items[i]
		}
		if h := list.bare(); h != nil {
			return t.open(at, "item "+index+" of "+h.about, h.name+"."+index)
		}
	}
	return t.open(at, "Fn::Select", "Select"+strconv.Itoa(at.Line))
}

func (t *template) split(at Place, n *node) *node {
	if n.is(array) && len(n.items) == 2 {
		by, _ := n.items[0].plain()
		v := t.eval(n.items[1])
		if text, ok := v.given(); ok && by != "" {
			t.r.spend(at, len(text))
			out := &node{kind: array, at: at}
			for part := range strings.SplitSeq(text, by) {
				out.items = append(out.items, textNode(at, part))
			}
			return out
		}
		return t.open(at, "the parts of "+v.guess(), v.guess()+".parts")
	}
	return t.open(at, "Fn::Split", "Split"+strconv.Itoa(at.Line))
}

func (t *template) lookUp(at Place, n *node) *node {
	if n.is(array) && len(n.items) >= 3 {
		at3 := [3]string{}
		for i := range at3 {
			at3[i], _ = t.eval(n.items[i]).given()
		}
		if v := t.root.get("Mappings").get(at3[0]).get(at3[1]).get(at3[2]); v != nil {
			return t.eval(v)
		}
		if len(n.items) > 3 {
			if v := n.items[3].get("DefaultValue"); v != nil {
				return t.eval(v)
			}
		}
		t.r.note(at, "the mapping %s has no value for %s, %s: it is a placeholder", at3[0], at3[1], at3[2])
		return t.open(at, "the mapping "+strings.Join(at3[:], ", "), at3[0]+"."+at3[2])
	}
	return t.open(at, "Fn::FindInMap", "FindInMap"+strconv.Itoa(at.Line))
}

func (t *template) base64(at Place, n *node) *node {
	v := t.eval(n)
	if text, ok := v.given(); ok {
		t.r.spend(at, len(text))
		return textNode(at, base64.StdEncoding.EncodeToString([]byte(text)))
	}
	return t.open(at, "Fn::Base64", "Base64"+strconv.Itoa(at.Line))
}

func (t *template) length(at Place, n *node) *node {
	if v := t.eval(n); v.is(array) {
		return &node{kind: number, literal: strconv.Itoa(len(v.items)), at: at}
	}
	return t.open(at, "Fn::Length", "Length"+strconv.Itoa(at.Line))
}
