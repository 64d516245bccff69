package payload

import (
	"strconv"
	"strings"

	"statehouse/engine/intrinsic"
	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

// Env is the surroundings in which templates are filled: what paths, calls and JSONata
// expressions see.
type Env interface {
	intrinsic.Env
	// Query answers a JSONata expression.
	Query(q *Query) (value.Value, error)
}

// Query is a JSONata expression in a field of a state.
type Query struct {
	Expr  *jsonata.Expr
	Field string // where it stands, as the causes of failures name it: "Output/result"
}

// String is the expression as it was written, without its delimiters.
func (q *Query) String() string { return q.Expr.Source() }

// IsQuery tells whether a string is a JSONata expression: {% … %}, and nothing around it.
func IsQuery(s string) bool {
	return len(s) >= 4 && strings.HasPrefix(s, "{%") && strings.HasSuffix(s, "%}")
}

// ParseQuery reads a string for which IsQuery holds. Errors are *jsonata.Error.
func ParseQuery(text, field string) (*Query, error) {
	e, err := jsonata.Compile(strings.TrimSpace(text[2 : len(text)-2]))
	if err != nil {
		return nil, err
	}
	return &Query{Expr: e, Field: field}, nil
}

// CompileQuery reads a value in which every string may be a JSONata expression. The field
// is the one that holds it: "Arguments". Errors are *Error with a *jsonata.Error in it.
func CompileQuery(v value.Value, field string) (*Template, error) {
	t := &Template{}
	root, err := t.compileQuery(v, field, "")
	if err != nil {
		return nil, err
	}
	t.root = root
	return t, nil
}

// Queries are all JSONata expressions of the template, in their order.
func (t *Template) Queries() []*Query { return t.queries }

// Single is the expression that the template consists of, nil when there is something around it.
func (t *Template) Single() *Query {
	if t.root.kind == query {
		return t.root.query
	}
	return nil
}

func (t *Template) compileQuery(v value.Value, field, pointer string) (part, error) {
	p := part{kind: array}
	dynamic := false
	add := func(v value.Value, step, key string) error {
		m, err := t.compileQuery(v, field+step, pointer+"/"+escape(key))
		dynamic = dynamic || m.kind != fixed
		p.members = append(p.members, m)
		return err
	}
	switch v.Kind() {
	case value.KindString:
		if !IsQuery(v.Text()) {
			break
		}
		q, err := ParseQuery(v.Text(), field)
		if err != nil {
			return part{}, &Error{Pointer: pointer, Field: field, Msg: "The value is not a JSONata expression", Reason: err}
		}
		t.queries = append(t.queries, q)
		return part{kind: query, query: q}, nil
	case value.KindObject:
		p.kind = object
		for _, m := range v.Members() {
			p.keys = append(p.keys, m.Key)
			if err := add(m.Value, "/"+m.Key, m.Key); err != nil {
				return part{}, err
			}
		}
	case value.KindArray:
		for i, item := range v.Items() {
			if err := add(item, "["+strconv.Itoa(i)+"]", strconv.Itoa(i)); err != nil {
				return part{}, err
			}
		}
	default:
	}
	if !dynamic {
		return part{fixed: v}, nil
	}
	return p, nil
}
