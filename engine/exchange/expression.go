package exchange

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"statehouse/engine/value"
)

// scope has the names that a for expression or a template adds.
type scope struct {
	names map[string]*node
	outer *scope
}

func (s *scope) get(name string) *node {
	for ; s != nil; s = s.outer {
		if v := s.names[name]; v != nil {
			return v
		}
	}
	return nil
}

// eval follows an expression of Terraform as far as the files tell. It walks the syntax
// itself, because the library's own values forget the order of keys and the digits of numbers.
func (m *module) eval(e hclsyntax.Expression, s *scope) *node {
	at := placeOf(e.Range())
	m.r.spend(at, perValue)
	m.deeper(at)
	defer m.shallower()
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return m.literal(at, e)
	case *hclsyntax.TemplateExpr:
		return m.text(at, e.Parts, s)
	case *hclsyntax.TemplateWrapExpr:
		return m.eval(e.Wrapped, s)
	case *hclsyntax.TemplateJoinExpr:
		out := &node{kind: str, at: at}
		for _, item := range m.eval(e.Tuple, s).items {
			parts, _ := item.pieces()
			out.text = append(out.text, parts...)
		}
		m.r.spend(at, size(out.text))
		return out
	case *hclsyntax.ParenthesesExpr:
		return m.eval(e.Expression, s)
	case *hclsyntax.ObjectConsExpr:
		return m.object(at, e, s)
	case *hclsyntax.ObjectConsKeyExpr:
		if word := hcl.ExprAsKeyword(e.Wrapped); word != "" && !e.ForceNonLiteral {
			return textNode(at, word)
		}
		return m.eval(e.Wrapped, s)
	case *hclsyntax.TupleConsExpr:
		out := &node{kind: array, at: at}
		for _, item := range e.Exprs {
			out.items = append(out.items, m.eval(item, s))
		}
		return out
	case *hclsyntax.ScopeTraversalExpr:
		return m.traverse(at, e.Traversal, s)
	case *hclsyntax.RelativeTraversalExpr:
		return m.steps(at, m.eval(e.Source, s), e.Traversal)
	case *hclsyntax.IndexExpr:
		key, _ := m.eval(e.Key, s).given()
		return m.item(at, m.eval(e.Collection, s), key)
	case *hclsyntax.FunctionCallExpr:
		return m.call(at, e, s)
	case *hclsyntax.ConditionalExpr:
		if m.truth(at, m.eval(e.Condition, s)) {
			return m.eval(e.TrueResult, s)
		}
		return m.eval(e.FalseResult, s)
	case *hclsyntax.ForExpr:
		return m.each(at, e, s)
	case *hclsyntax.SplatExpr:
		return m.splat(at, e, s)
	case *hclsyntax.AnonSymbolExpr:
		if v := s.get(anonymous); v != nil {
			return v
		}
	case *hclsyntax.BinaryOpExpr:
		return m.binary(at, e, s)
	case *hclsyntax.UnaryOpExpr:
		return m.unary(at, e, s)
	}
	return m.open(at, "expression_"+strconv.Itoa(at.Line))
}

// literal keeps the digits of a number as they stand in the file.
func (m *module) literal(at Place, e *hclsyntax.LiteralValueExpr) *node {
	v := e.Val
	switch {
	case v.IsNull():
		return &node{kind: null, at: at}
	case v.Type() == cty.Bool:
		return &node{kind: boolean, literal: strconv.FormatBool(v.True()), at: at}
	case v.Type() == cty.String:
		return textNode(at, v.AsString())
	case v.Type() == cty.Number:
		r := e.SrcRange
		if data := m.r.files[r.Filename]; r.Start.Byte >= 0 && r.Start.Byte < r.End.Byte && r.End.Byte <= len(data) {
			digits := string(data[r.Start.Byte:r.End.Byte])
			if read, err := cty.ParseNumberVal(digits); err == nil && read.RawEquals(v) && value.Scalar(digits).Kind() == value.KindNumber {
				return &node{kind: number, literal: digits, at: at}
			}
		}
		f := v.AsBigFloat()
		if f.IsInt() && f.MantExp(nil) < 4096 {
			return &node{kind: number, literal: f.Text('f', 0), at: at}
		}
		if l := value.Scalar(f.Text('g', -1)); l.Kind() == value.KindNumber {
			return &node{kind: number, literal: l.Literal(), at: at}
		}
	}
	return m.open(at, "value_"+strconv.Itoa(at.Line))
}

// text joins the parts of a template.
func (m *module) text(at Place, parts []hclsyntax.Expression, s *scope) *node {
	out := &node{kind: str, at: at}
	for _, p := range parts {
		v := m.eval(p, s)
		if v.is(null) {
			continue
		}
		pieces, ok := v.pieces()
		if !ok {
			m.r.note(v.at, "a list or an object stands where a text is needed")
		}
		out.text = append(out.text, pieces...)
	}
	m.r.spend(at, size(out.text))
	return out
}

func (m *module) object(at Place, e *hclsyntax.ObjectConsExpr, s *scope) *node {
	out := &node{kind: object, at: at}
	places := map[string]int{}
	for _, item := range e.Items {
		keyNode := m.eval(item.KeyExpr, s)
		key, ok := keyNode.given()
		if !ok {
			key = joined(keyNode.text)
		}
		v := m.eval(item.ValueExpr, s)
		if i, twice := places[key]; twice {
			out.members[i].val = v
			continue
		}
		places[key] = len(out.members)
		out.members = append(out.members, member{key, v, keyNode.at})
	}
	return out
}

// words are a traversal as it is written: aws_lambda_function.x[0].arn.
func words(t hcl.Traversal) string {
	var b strings.Builder
	for i, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(step.Name)
		case hcl.TraverseAttr:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step.Name)
		case hcl.TraverseIndex:
			b.WriteString("." + keyOf(step.Key))
		}
	}
	return b.String()
}

func keyOf(v cty.Value) string {
	switch {
	case v.IsNull() || !v.IsKnown():
	case v.Type() == cty.String:
		return v.AsString()
	case v.Type() == cty.Number:
		if f := v.AsBigFloat(); f.MantExp(nil) < 64 {
			return f.Text('f', 0)
		}
	}
	return ""
}

// traverse follows a reference.
func (m *module) traverse(at Place, t hcl.Traversal, s *scope) *node {
	if v := s.get(t.RootName()); v != nil {
		return m.steps(at, v, t[1:])
	}
	name := func(i int) string {
		if i < len(t) {
			if a, ok := t[i].(hcl.TraverseAttr); ok {
				return a.Name
			}
		}
		return ""
	}
	switch t.RootName() {
	case "var":
		return m.steps(at, m.variable(at, name(1)), t[min(2, len(t)):])
	case "local":
		return m.steps(at, m.local(at, name(1)), t[min(2, len(t)):])
	case "path":
		if name(1) == "module" {
			return textNode(at, m.way())
		}
		return textNode(at, ".")
	case "terraform":
		return textNode(at, "default")
	case "module":
		if v := m.children[name(1)]; v != nil {
			return m.steps(at, v, t[min(2, len(t)):])
		}
		return m.open(at, words(t))
	case "each", "count", "self":
		return m.open(at, words(t))
	case "data":
		return m.steps(at, m.refer(at, "data."+name(1)+"."+name(2)), t[min(3, len(t)):])
	}
	return m.steps(at, m.refer(at, t.RootName()+"."+name(1)), t[min(2, len(t)):])
}

func (m *module) index(at Place, v *node, key string) *node {
	if v.thing != nil {
		return v.thing.attribute(at, key)
	}
	switch v.kind {
	case object:
		m.r.spend(at, len(v.members)/8) // looking for it
		if inner := v.get(key); inner != nil {
			return inner
		}
	case array:
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(v.items) {
			return v.items[i]
		}
	case str:
		if h := v.bare(); h != nil {
			return m.open(at, h.name+"."+key)
		}
	case null, boolean, number:
	}
	m.failed = true
	m.r.note(at, "there is no %s in this value", key)
	return m.open(at, "value."+key)
}

// truth is a condition; one that is not known is taken to hold.
func (m *module) truth(at Place, v *node) bool {
	text, ok := v.given()
	if !ok {
		m.r.note(at, "whether this condition holds is not known here: it is taken to hold")
		return true
	}
	return text == "true"
}

// nameOf is how a resource is called here: as it says, or after its label.
func (m *module) nameOf(b *block) string {
	s, _ := serviceOf(b.labels[0])
	for _, key := range []string{or(s.tfName, "name"), "name_prefix"} {
		if v := b.attr(key); !v.missing() {
			n := m.value(v)
			if name, ok := n.given(); ok {
				return strings.TrimSuffix(name, "-")
			}
			if strings.HasPrefix(b.labels[0], "aws_sfn_") {
				name := or(NameOf(n.guess()), b.labels[1])
				m.r.note(v.at, "the name of %s depends on what is not known here: it is called %s", b.labels[1], name)
				return name
			}
		}
	}
	return b.labels[1]
}
