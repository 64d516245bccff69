// Package payload fills templates: JSON with holes in it. In JSONPath a key that ends in ".$"
// names a path or an intrinsic call and stands for its answer; in JSONata a string between
// {% and %} does.
package payload

import (
	"errors"
	"strconv"
	"strings"

	"statehouse/engine/intrinsic"
	"statehouse/engine/value"
)

// Error is a template that cannot be compiled. Pointer is the JSON pointer, within the
// template, of the object that holds Field: AWS names that place. Msg is a whole sentence in
// AWS's words; Reason, when there is one, says more.
type Error struct {
	Pointer, Field, Msg string
	Reason              error
}

func (e *Error) Error() string {
	s := e.Msg
	if e.Pointer != "" {
		s += " at " + e.Pointer
	}
	if e.Reason != nil {
		s += ": " + e.Reason.Error()
	}
	return s
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Reason }

// Template is a compiled template. It is immutable.
type Template struct {
	root    part
	queries []*Query
}

// part is a piece of a template: a fixed value, an expression, or a container of parts.
type part struct {
	kind    partKind
	fixed   value.Value
	expr    *Expr
	query   *Query
	field   string
	keys    []string
	members []part
}

type partKind uint8

const (
	fixed partKind = iota
	expression
	query
	object
	array
)

// Compile reads a template. Errors are *Error.
func Compile(v value.Value) (*Template, error) {
	t := &Template{}
	root, err := t.compile(v, "")
	if err != nil {
		return nil, err
	}
	t.root = root
	return t, nil
}

func (t *Template) compile(v value.Value, pointer string) (part, error) {
	switch v.Kind() {
	case value.KindObject:
		return t.compileObject(v, pointer)
	case value.KindArray:
		p := part{kind: array}
		dynamic := false
		for i, item := range v.Items() {
			m, err := t.compile(item, pointer+"/"+strconv.Itoa(i))
			if err != nil {
				return part{}, err
			}
			dynamic = dynamic || m.kind != fixed
			p.members = append(p.members, m)
		}
		if dynamic {
			return p, nil
		}
	default:
	}
	return part{fixed: v}, nil
}

func (t *Template) compileObject(v value.Value, pointer string) (part, error) {
	p := part{kind: object}
	dynamic := false
	for _, m := range v.Members() {
		key, isExpr := strings.CutSuffix(m.Key, ".$")
		var inner part
		var err error
		if isExpr {
			if !v.Get(key).IsAbsent() {
				return part{}, &Error{Pointer: pointer, Field: m.Key, Msg: "The fields '" + key + "' and '" + m.Key + "' name the same key"}
			}
			inner, err = t.compileExpr(m, pointer)
		} else {
			inner, err = t.compile(m.Value, pointer+"/"+escape(key))
		}
		if err != nil {
			return part{}, err
		}
		dynamic = dynamic || inner.kind != fixed
		p.keys = append(p.keys, key)
		p.members = append(p.members, inner)
	}
	if !dynamic {
		return part{fixed: v}, nil
	}
	return p, nil
}

func (t *Template) compileExpr(m value.Member, pointer string) (part, error) {
	if m.Value.Kind() != value.KindString {
		return part{}, &Error{Pointer: pointer, Field: m.Key, Msg: "The value for the field '" + m.Key +
			"' must be a STRING that contains a JSON path but was an " + strings.ToUpper(m.Value.Kind().String())}
	}
	expr, err := ParseExpr(m.Value.Text())
	if err != nil {
		return part{}, &Error{Pointer: pointer, Field: m.Key, Msg: "The value for the field '" + m.Key +
			"' must be a valid JSONPath or a valid intrinsic function call", Reason: err}
	}
	return part{kind: expression, expr: expr, field: m.Key}, nil
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escape(key string) string { return pointerEscapes.Replace(key) }

// Eval fills the template. Errors are those of Expr.Eval and of Env.Query; a
// *intrinsic.PathMissing carries the field that asked.
func (t *Template) Eval(env Env) (value.Value, error) { return t.root.eval(env) }

func (p *part) eval(env Env) (value.Value, error) {
	switch p.kind {
	case fixed:
		return p.fixed, nil
	case expression:
		v, err := p.expr.Eval(env)
		if missing, ok := errors.AsType[*intrinsic.PathMissing](err); ok {
			return value.Value{}, &intrinsic.PathMissing{Path: missing.Path, Field: p.field, Call: missing.Call}
		}
		return v, err
	case query:
		return env.Query(p.query)
	case array:
		items := make([]value.Value, len(p.members))
		for i := range p.members {
			v, err := p.members[i].eval(env)
			if err != nil {
				return value.Value{}, err
			}
			items[i] = v
		}
		return value.Array(items...), nil
	case object:
		members := make([]value.Member, len(p.members))
		for i := range p.members {
			v, err := p.members[i].eval(env)
			if err != nil {
				return value.Value{}, err
			}
			members[i] = value.Member{Key: p.keys[i], Value: v}
		}
		return value.Object(members...), nil
	}
	panic("unreachable: part")
}
