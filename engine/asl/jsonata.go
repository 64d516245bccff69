package asl

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/jsonata"
	"statehouse/engine/payload"
)

// looksLikeExpression also holds for a string that has only one of the delimiters. AWS takes a
// string with spaces around the delimiters as plain text.
func looksLikeExpression(s string) bool {
	return strings.HasPrefix(s, "{%") || strings.HasSuffix(s, "%}")
}

// sight is what a JSONata expression can see of $states besides input and context.
type sight struct{ result, errorOutput bool }

// sees tells what the expressions of a field can see.
func (s *State) sees(field string) sight {
	done := field == "Output" || field == "Assign"
	return sight{result: done && s.Type.Works()}
}

// expression reads a string that must be an expression, nil when it is none.
func (r *reader) expression(p place, n *node) *payload.Query {
	if !payload.IsQuery(n.text) {
		r.fail(p, n.span(), "JSONata string must start with {%% and end with %%}")
		return nil
	}
	q, err := payload.ParseQuery(n.text, p.within())
	if err != nil && r.open(n.text) {
		return nil
	}
	if err != nil {
		words := err.Error()
		if e, ok := errors.AsType[*jsonata.Error](err); ok {
			words = e.Message // AWS leaves out the code
		}
		r.report(Error, invalidJSONata, p, n.span(), words)
		return nil
	}
	r.seen(p, n.span(), q.Expr)
	return q
}

// seen judges what an expression reads: variables, and of $states what its field can see. There is
// no document around it that it could read.
func (r *reader) seen(p place, at span, e *jsonata.Expr) {
	for _, name := range e.ContextReads() {
		words := "Reference to '" + name + "' at the top level is not supported."
		if name == "$$" {
			words = "Reference to '$$' is not supported."
		}
		r.report(Error, unsupportedJSONata, p, at, words).Hint = "the input of the state is $states.input"
	}
	for _, member := range e.StatesPaths() {
		switch member {
		case "", "input", "context":
			continue
		case "result":
			if p.sees.result {
				continue
			}
		case "errorOutput":
			if p.sees.errorOutput {
				continue
			}
		}
		r.report(Error, unsupportedJSONata, p, at, "Field '$states."+member+"' does not exist.")
	}
	for _, name := range e.Variables() {
		if name != "states" {
			r.uses = append(r.uses, use{name, p, at, r.scope})
		}
	}
}

// queries reads a value in which strings may be expressions, nil when one of them is faulty.
func (r *reader) queries(p place, n *node) *payload.Template {
	t, err := payload.CompileQuery(r.settled(n, JSONata), p.within())
	if err != nil {
		if r.eachExpression(p, n, nil) { // which says what is wrong with each
			r.report(Error, invalidJSONata, p, n.span(), err.Error())
		}
		return nil
	}
	compiled := t.Queries()
	if !r.eachExpression(p, n, &compiled) {
		return nil
	}
	return t
}

// eachExpression judges every expression inside a value. What is compiled already comes in the
// order in which it stands.
func (r *reader) eachExpression(p place, n *node, compiled *[]*payload.Query) bool {
	ok := true
	switch {
	case n.kind != str, r.unreadable(n.text, JSONata):
	case compiled != nil && payload.IsQuery(n.text):
		q := (*compiled)[0]
		*compiled = (*compiled)[1:]
		r.seen(p, n.span(), q.Expr)
	case looksLikeExpression(n.text) && !r.open(n.text):
		ok = r.expression(p, n) != nil
	}
	for i := range n.members {
		ok = r.eachExpression(p.key(n.members[i].key), n.members[i].val, compiled) && ok
	}
	for i, item := range n.items {
		ok = r.eachExpression(p.index(i), item, compiled) && ok
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

// variable judges the name of a variable that is set. A whole variable is set, so a name with a
// dot in it is none.
func (r *reader) variable(p place, m *member, name string) {
	switch {
	case name == "states":
		r.report(Error, reservedVariable, p, m.span(), "Cannot assign to reserved variable '$states'.")
	case r.open(name):
	case utf8.RuneCountInString(name) > maxName:
		r.report(Error, invalidVariable, p, m.span(), "Invalid variable name '"+quote(name)+"': the variable name exceeds the 80-character limit.")
	case !isIdentifier(name):
		d := r.report(Error, invalidVariable, p, m.span(), "Invalid variable name '"+quote(name)+"': the variable name contains invalid characters.")
		d.Hint = "it must begin with a letter and go on with letters, digits and '_'"
	default:
		r.sets(p, m.span(), name)
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
