package exchange

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"statehouse/engine/value"
)

// anonymous is the item of a splat expression in its scope.
const anonymous = "*"

// entry is one key and value of a collection that is gone through.
type entry struct{ key, val *node }

// entries are those of an object or a list.
func entries(v *node) []entry {
	var list []entry
	for i, item := range v.items {
		list = append(list, entry{&node{kind: number, literal: strconv.Itoa(i), at: item.at}, item})
	}
	for _, f := range v.members {
		list = append(list, entry{textNode(f.at, f.key), f.val})
	}
	return list
}

// each is a for expression.
func (m *module) each(at Place, e *hclsyntax.ForExpr, outer *scope) *node {
	from := m.eval(e.CollExpr, outer)
	if from.thing != nil || !from.is(array) && !from.is(object) {
		return m.open(at, "for_"+strconv.Itoa(at.Line))
	}
	out := &node{kind: array, at: at}
	if e.KeyExpr != nil {
		out.kind = object
	}
	places := map[string]int{}
	list := entries(from)
	if e.KeyExpr == nil {
		list = inOrder(list)
	}
	for _, one := range list {
		s := &scope{names: map[string]*node{e.ValVar: one.val}, outer: outer}
		if e.KeyVar != "" {
			s.names[e.KeyVar] = one.key
		}
		if e.CondExpr != nil && !m.truth(at, m.eval(e.CondExpr, s)) {
			continue
		}
		v := m.eval(e.ValExpr, s)
		if e.KeyExpr == nil {
			out.items = append(out.items, v)
			continue
		}
		key, ok := m.eval(e.KeyExpr, s).given()
		if !ok {
			return m.open(at, "for_"+strconv.Itoa(at.Line))
		}
		i, twice := places[key]
		switch {
		case e.Group && twice:
			out.members[i].val.items = append(out.members[i].val.items, v)
			continue
		case e.Group:
			v = &node{kind: array, items: []*node{v}, at: v.at}
		case twice:
			out.members[i].val = v
			continue
		}
		places[key] = len(out.members)
		out.members = append(out.members, member{key, v, v.at})
	}
	return out
}

// inOrder are entries as Terraform goes through them: those of an object by their keys. Where
// an object makes an object, the order of the file is kept instead.
func inOrder(list []entry) []entry {
	if len(list) > 0 && list[0].key.is(str) {
		slices.SortStableFunc(list, func(a, b entry) int { return strings.Compare(a.key.guess(), b.key.guess()) })
	}
	return list
}

// splat is list[*].attribute.
func (m *module) splat(at Place, e *hclsyntax.SplatExpr, outer *scope) *node {
	from := m.eval(e.Source, outer)
	if !from.is(array) {
		from = &node{kind: array, items: []*node{from}, at: at}
	}
	out := &node{kind: array, at: at}
	for _, item := range from.items {
		out.items = append(out.items, m.eval(e.Each, &scope{names: map[string]*node{anonymous: item}, outer: outer}))
	}
	return out
}

func (m *module) binary(at Place, e *hclsyntax.BinaryOpExpr, s *scope) *node {
	left, right := m.eval(e.LHS, s), m.eval(e.RHS, s)
	a, okA := left.given()
	b, okB := right.given()
	decides := strconv.FormatBool(e.Op == hclsyntax.OpLogicalOr) // what decides && and || by itself
	truth := func(v bool) *node { return &node{kind: boolean, literal: strconv.FormatBool(v), at: at} }
	switch {
	case left.is(null) || right.is(null):
		if e.Op == hclsyntax.OpEqual || e.Op == hclsyntax.OpNotEqual {
			return truth((left.kind == right.kind) == (e.Op == hclsyntax.OpEqual))
		}
		okA = false
	case (e.Op == hclsyntax.OpLogicalAnd || e.Op == hclsyntax.OpLogicalOr) && (okA && a == decides || okB && b == decides):
		return truth(decides == "true")
	case !okA || !okB:
	case e.Op == hclsyntax.OpEqual:
		return truth(a == b)
	case e.Op == hclsyntax.OpNotEqual:
		return truth(a != b)
	case e.Op == hclsyntax.OpLogicalAnd:
		return truth(a == "true" && b == "true")
	case e.Op == hclsyntax.OpLogicalOr:
		return truth(a == "true" || b == "true")
	}
	if okA && okB {
		if v := arithmetic(e.Op, a, b); v != "" {
			if v == "true" || v == "false" {
				return truth(v == "true")
			}
			return &node{kind: number, literal: v, at: at}
		}
	}
	return m.open(at, "expression_"+strconv.Itoa(at.Line))
}

// arithmetic calculates with numbers as double precision does, exact enough for what stands
// in templates; empty when it cannot.
func arithmetic(op *hclsyntax.Operation, a, b string) string {
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	if errA != nil || errB != nil {
		return ""
	}
	switch op {
	case hclsyntax.OpAdd:
		x += y
	case hclsyntax.OpSubtract:
		x -= y
	case hclsyntax.OpMultiply:
		x *= y
	case hclsyntax.OpDivide:
		x /= y
	case hclsyntax.OpModulo:
		if y == 0 || x > 1<<53 || x < -1<<53 || y > 1<<53 || y < -1<<53 {
			return ""
		}
		r := new(big.Int).Rem(big.NewInt(int64(x)), big.NewInt(max(1, int64(y))))
		return r.String()
	case hclsyntax.OpGreaterThan:
		return strconv.FormatBool(x > y)
	case hclsyntax.OpGreaterThanOrEqual:
		return strconv.FormatBool(x >= y)
	case hclsyntax.OpLessThan:
		return strconv.FormatBool(x < y)
	case hclsyntax.OpLessThanOrEqual:
		return strconv.FormatBool(x <= y)
	default:
		return ""
	}
	return value.Float(x).Literal()
}

func (m *module) unary(at Place, e *hclsyntax.UnaryOpExpr, s *scope) *node {
	v, ok := m.eval(e.Val, s).given()
	if ok && e.Op == hclsyntax.OpLogicalNot {
		return &node{kind: boolean, literal: strconv.FormatBool(v != "true"), at: at}
	}
	if ok && value.Scalar("-"+v).Kind() == value.KindNumber {
		return &node{kind: number, literal: "-" + v, at: at}
	}
	return m.open(at, "expression_"+strconv.Itoa(at.Line))
}
