package asl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// A JSONata expression is a whole string between {% and %}. It is kept as text; only its
// outline is judged here: delimiters, brackets and strings.

// isExpression tells whether a whole string is an expression.
func isExpression(s string) bool {
	return len(s) >= 4 && strings.HasPrefix(s, "{%") && strings.HasSuffix(s, "%}")
}

// looksLikeExpression also holds for a string that has only one of the delimiters. AWS takes a
// string with spaces around the delimiters as plain text.
func looksLikeExpression(s string) bool {
	return strings.HasPrefix(s, "{%") || strings.HasSuffix(s, "%}")
}

// expression reads a string that must be an expression and gives what stands between the delimiters.
func (r *reader) expression(p place, n *node) string {
	if !isExpression(n.text) {
		r.fail(p, n.span(), "The value for the field '%s' must be a JSONata expression between {%% and %%}", last(p))
		return ""
	}
	inside := strings.TrimSpace(n.text[2 : len(n.text)-2])
	if msg := outline(inside); msg != "" {
		r.report(Error, invalidJSONata, p, n.span(), msg)
	}
	return inside
}

// expressions judges every expression inside a value and gives the value.
func (r *reader) expressions(p place, n *node) value.Value {
	r.eachExpression(p, n)
	return n.json(r.text)
}

func (r *reader) eachExpression(p place, n *node) {
	if n.kind == str && looksLikeExpression(n.text) && !isPlaceholder(n.text) {
		r.expression(p, n)
	}
	for i := range n.members {
		r.eachExpression(p.key(n.members[i].key), n.members[i].val)
	}
	for i, item := range n.items {
		r.eachExpression(p.index(i), item)
	}
}

// arguments reads a value with expressions in it: an object, or one expression for the whole.
func (r *reader) arguments(p place, n *node) *payload.Template {
	v := r.expressions(p, n)
	t, err := payload.Compile(v)
	if err != nil {
		r.fail(p, n.span(), "The value for the field '%s' is not a valid payload template", last(p)).Hint = why(err)
	}
	return t
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
		return r.arguments(p, n)
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

// closing names the bracket that closes another.
var closing = map[byte]byte{'(': ')', '[': ']', '{': '}'}

// outline judges strings and brackets of an expression; it gives the fault in JSONata's words.
func outline(e string) string {
	if e == "" {
		return "Unexpected end of expression"
	}
	var open []byte
	operand := true // a value may begin here, so that a slash begins a regular expression
	for i := 0; i < len(e); {
		c := e[i]
		switch {
		case c == '"' || c == '\'' || c == '`':
			n := quoted(e[i:], c)
			if n == 0 {
				return "String literal must be terminated by a matching quote"
			}
			i, operand = i+n, false
			continue
		case strings.HasPrefix(e[i:], "/*"):
			end := strings.Index(e[i+2:], "*/")
			if end < 0 {
				return "Comment has no closing tag"
			}
			i += end + 4
			continue
		case c == '/' && operand:
			n := regexpLength(e[i:])
			if n == 0 {
				return "No terminating / in regular expression"
			}
			i, operand = i+n, false
			continue
		case closing[c] != 0:
			open = append(open, closing[c])
			operand = true
		case c == ')' || c == ']' || c == '}':
			if len(open) == 0 {
				return "Syntax error: \"" + string(c) + "\""
			}
			if want := open[len(open)-1]; want != c {
				return "Expected \"" + string(want) + "\", got \"" + string(c) + "\""
			}
			open = open[:len(open)-1]
			operand = false
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		default:
			operand = !isNameByte(c)
		}
		i++
	}
	if len(open) > 0 {
		return "Expected \"" + string(open[len(open)-1]) + "\" before end of expression"
	}
	return ""
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// quoted is the length of a string literal with its quotes, 0 when it does not end.
func quoted(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote != '`':
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return 0
}

// regexpLength is the length of a regular expression with its slashes, 0 when it does not end.
func regexpLength(s string) int {
	depth := 0
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '/':
			if depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}
