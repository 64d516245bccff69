package asl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/payload"
)

// looksLikeExpression also holds for a string that has only one of the delimiters. AWS takes a
// string with spaces around the delimiters as plain text.
func looksLikeExpression(s string) bool {
	return strings.HasPrefix(s, "{%") || strings.HasSuffix(s, "%}")
}

// expression reads a string that must be an expression, nil when it is none.
func (r *reader) expression(p place, n *node) *payload.Query {
	if !payload.IsQuery(n.text) {
		r.fail(p, n.span(), "The value for the field '%s' must be a JSONata expression between {%% and %%}", last(p))
		return nil
	}
	q, err := payload.ParseQuery(n.text, p.within())
	if err != nil {
		r.report(Error, invalidJSONata, p, n.span(), err.Error())
		return nil
	}
	return q
}

// queries reads a value in which strings may be expressions, nil when one of them is faulty.
func (r *reader) queries(p place, n *node) *payload.Template {
	if !r.eachExpression(p, n) {
		return nil
	}
	t, err := payload.CompileQuery(n.json(r.text), p.within())
	if err != nil { // every expression was read above
		r.report(Error, invalidJSONata, p, n.span(), err.Error())
	}
	return t
}

// eachExpression judges every expression inside a value.
func (r *reader) eachExpression(p place, n *node) bool {
	ok := true
	if n.kind == str && looksLikeExpression(n.text) && !isPlaceholder(n.text) {
		ok = r.expression(p, n) != nil
	}
	for i := range n.members {
		ok = r.eachExpression(p.key(n.members[i].key), n.members[i].val) && ok
	}
	for i, item := range n.items {
		ok = r.eachExpression(p.index(i), item) && ok
	}
	return ok
}

// assign reads the variables that a state sets.
func (r *reader) assign(p place, n *node, q QueryLanguage) *payload.Template {
	if !r.expect(p, n, object) {
		return nil
	}
	for i := range n.members {
		m := &n.members[i]
		name := m.key
		if q == JSONPath {
			name = strings.TrimSuffix(name, ".$")
		}
		r.variable(p.key(m.key), m, name)
	}
	if q == JSONata {
		return r.queries(p, n)
	}
	return r.template(p, n)
}

// variable judges the name of a variable.
func (r *reader) variable(p place, m *member, name string) {
	switch {
	case utf8.RuneCountInString(name) > maxName:
		r.fail(p, m.span(), "Variable name cannot be longer than 80 characters: %s", quote(name))
	case name == "states":
		r.fail(p, m.span(), "Variable name '%s' is reserved", name)
	case !isIdentifier(name) && !isPlaceholder(name):
		r.fail(p, m.span(), "Variable name '%s' is not a valid identifier: it must begin with a letter and go on with letters, digits and '_'", quote(name))
	}
}

func isIdentifier(name string) bool {
	for i, c := range name {
		switch {
		case unicode.IsLetter(c) || unicode.Is(unicode.Nl, c):
		case i > 0 && (c == '_' || unicode.IsDigit(c) || unicode.In(c, unicode.Mn, unicode.Mc, unicode.Pc)):
		default:
			return false
		}
	}
	return name != ""
}
