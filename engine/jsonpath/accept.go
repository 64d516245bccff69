package jsonpath

import (
	"strings"
	"unicode/utf8"

	"statehouse/engine/value"
)

// accepts reports whether the filter lets item pass.
func (e *evaluation) accepts(f *filter, item value.Value) bool {
	switch f.kind {
	case or:
		for _, part := range f.parts {
			if e.accepts(part, item) {
				return true
			}
		}
		return false
	case and:
		for _, part := range f.parts {
			if !e.accepts(part, item) {
				return false
			}
		}
		return true
	case not:
		return !e.accepts(f.parts[0], item)
	case exists:
		return e.exists(f.left.path, item)
	case compare:
		left := e.operand(&f.left, item)
		if f.pattern != nil {
			return matches(f, left)
		}
		return related(f.relation, left, e.operand(&f.right, item))
	}
	panic("unreachable: filter")
}

func (e *evaluation) from(p *subpath, item value.Value) value.Value {
	if p.local {
		return item
	}
	return e.root
}

func (e *evaluation) exists(p *subpath, item value.Value) bool {
	inner := evaluation{root: e.root, strict: true, visits: e.visits}
	_, err := inner.read(p.tokens, p.definite, e.from(p, item))
	e.visits = inner.visits
	return err == nil
}

// operand is the value of one side, Absent when its path leads nowhere.
func (e *evaluation) operand(o *operand, item value.Value) value.Value {
	if o.path == nil {
		return o.literal
	}
	from := e.from(o.path, item)
	if v, ok := straight(o.path.tokens, from); ok {
		return v
	}
	inner := evaluation{root: e.root, visits: e.visits}
	v, err := inner.read(o.path.tokens, o.path.definite, from)
	e.visits = inner.visits
	if err != nil {
		return value.Value{}
	}
	return v
}

func matches(f *filter, v value.Value) bool {
	switch v.Kind() {
	case value.KindString, value.KindNumber, value.KindBool:
		return f.pattern.MatchString(value.Plain(v))
	default:
		return false
	}
}

func related(relation string, l, r value.Value) bool {
	switch relation {
	case "==":
		return same(l, r)
	case "!=":
		return !same(l, r)
	case "===":
		return l.Kind() == r.Kind() && same(l, r)
	case "!==":
		return l.Kind() != r.Kind() || !same(l, r)
	case "<":
		c, ok := order(l, r)
		return ok && c < 0
	case "<=":
		c, ok := order(l, r)
		return ok && c <= 0
	case ">":
		c, ok := order(l, r)
		return ok && c > 0
	case ">=":
		c, ok := order(l, r)
		return ok && c >= 0
	}
	return listRelated(relation, l, r)
}

// listRelated holds the relations that are written as words.
func listRelated(relation string, l, r value.Value) bool {
	switch relation {
	case "in":
		return contains(r, l)
	case "nin":
		return !contains(r, l)
	case "subsetof":
		return lists(l, r) && all(l, r)
	case "all":
		return lists(l, r) && all(r, l)
	case "anyof":
		return lists(l, r) && some(l, r)
	case "noneof":
		return lists(l, r) && !some(l, r)
	case "contains":
		if l.Kind() == value.KindString && r.Kind() == value.KindString {
			return strings.Contains(l.Text(), r.Text())
		}
		return contains(l, r)
	case "size":
		n, ok := r.AsInt()
		return ok && int64(size(l)) == n
	case "empty":
		n := size(l)
		return r.Kind() == value.KindBool && n >= 0 && (n == 0) == r.AsBool()
	}
	panic("unreachable: relation " + relation)
}

func lists(l, r value.Value) bool {
	return l.Kind() == value.KindArray && r.Kind() == value.KindArray
}

func contains(list, v value.Value) bool {
	for _, item := range list.Items() {
		if same(v, item) {
			return true
		}
	}
	return false
}

func all(of, in value.Value) bool {
	for _, item := range of.Items() {
		if !contains(in, item) {
			return false
		}
	}
	return true
}

func some(of, in value.Value) bool {
	for _, item := range of.Items() {
		if contains(in, item) {
			return true
		}
	}
	return false
}

// size counts characters, items or members; -1 for everything that has no size.
func size(v value.Value) int {
	switch v.Kind() {
	case value.KindString:
		return utf8.RuneCountInString(v.Text())
	case value.KindArray, value.KindObject:
		return v.Len()
	default:
		return -1
	}
}

// same is Jayway's ==: the left side decides whether numbers or strings are compared, so 1
// equals "1" and "1.0" while "1.0" differs from 1. What is absent equals nothing.
func same(l, r value.Value) bool {
	switch {
	case l.Kind() == value.KindAbsent:
		return false
	case l.Kind() == value.KindNumber && r.Kind() == value.KindString:
		n := value.Number(r.Text())
		return !n.IsAbsent() && value.Equal(l, n)
	case l.Kind() == value.KindString && r.Kind() == value.KindNumber:
		return l.Text() == r.Literal()
	}
	return value.Equal(l, r)
}

// order compares two numbers or two strings; other pairs have no order.
func order(l, r value.Value) (int, bool) {
	switch {
	case l.Kind() == value.KindNumber && r.Kind() == value.KindNumber:
		return value.Compare(l, r), true
	case l.Kind() == value.KindString && r.Kind() == value.KindString:
		return strings.Compare(l.Text(), r.Text()), true
	}
	return 0, false
}
