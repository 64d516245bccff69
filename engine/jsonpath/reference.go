package jsonpath

import "strings"

// ParseReference reads a path that can also be written to: property names and single indexes,
// none of the operators @ , : ? * and ..
func ParseReference(text string) (*Path, error) {
	p, err := Parse(text)
	if err != nil {
		return nil, err
	}
	for i := range p.tokens {
		t := &p.tokens[i]
		plain := t.kind == property && len(t.names) == 1 || t.kind == index && len(t.indexes) == 1
		if !plain {
			return nil, &SyntaxError{Text: text, Msg: "a reference path may not use " + t.operator()}
		}
	}
	if i := strings.IndexAny(outsideQuotes(text), "@,:?*"); i >= 0 {
		return nil, &SyntaxError{Text: text, Offset: i, Msg: "a reference path may not use '" + text[i:i+1] + "'"}
	}
	return p, nil
}

// operator says in words what makes the token more than a reference.
func (t *token) operator() string {
	switch t.kind {
	case property, index:
		return "',' to name several places"
	case slice:
		return "':'"
	case wildcard:
		return "'*'"
	case scan:
		return "'..'"
	case filtered:
		return "a filter"
	case function:
		return "the function " + t.call.name + "()"
	}
	panic("unreachable: token")
}

// outsideQuotes blanks what stands in quotes, byte for byte.
func outsideQuotes(text string) string {
	b := []byte(text)
	var quote byte
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quote == 0:
			if c == '\'' || c == '"' {
				quote = c
			}
		case c == quote:
			quote = 0
		case c == '\\' && i+1 < len(b):
			b[i], b[i+1] = '_', '_'
			i++
		default:
			b[i] = '_'
		}
	}
	return string(b)
}
