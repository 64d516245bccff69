package asl

import (
	"errors"
	"strings"
	"time"

	"statehouse/engine/intrinsic"
	"statehouse/engine/jsonpath"
	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// rootSelector is the path "$", the default of every path field.
var rootSelector = func() *Selector {
	p, err := jsonpath.Parse("$")
	if err != nil {
		panic(err)
	}
	return &Selector{Path: p, Text: "$"}
}()

// selector reads a path.
func (r *reader) selector(p place, n *node) *Selector {
	if !r.expect(p, n, str) {
		return nil
	}
	s := &Selector{Text: n.text}
	path, err := jsonpath.Parse(n.text)
	if err != nil {
		if !r.open(n.text) {
			r.fail(p, n.span(), "Value must be a valid JSONPath.").Hint = why(err)
			return nil
		}
		path = rootSelector.Path // until the value is filled in
	}
	s.Path = path
	r.reads(p, n.span(), path)
	return s
}

// nullable reads a path that may be null: then nothing passes.
func (r *reader) nullable(p place, n *node) *Selector {
	if n.kind == null {
		return &Selector{Null: true}
	}
	return r.selector(p, n)
}

// reference reads a path that leads to one place only. The context object can be read through it
// only where context says so.
func (r *reader) reference(p place, n *node, context bool) *Selector {
	if !r.expect(p, n, str) {
		return nil
	}
	s := &Selector{Text: n.text}
	path, err := jsonpath.ParseReference(n.text)
	switch {
	case err == nil && path.Root() == jsonpath.Context && !context:
		err = errors.New("it must not begin with '$$': the context object cannot be read here")
	case err != nil && r.open(n.text):
		path, err = rootSelector.Path, nil // until the value is filled in
	}
	if err != nil {
		words := "Value is not a Reference Path"
		if !strings.HasPrefix(n.text, "$") {
			words += ": Reference path didn't start with '$'"
		}
		r.fail(p, n.span(), "%s", words).Hint = why(err)
		return nil
	}
	s.Path = path
	r.reads(p, n.span(), path)
	return s
}

// resultPath reads where a result goes: a reference path into the input, or null.
func (r *reader) resultPath(p place, n *node) *Selector {
	if n.kind == null {
		return &Selector{Null: true}
	}
	s := r.reference(p, n, false)
	if s != nil && s.Path.Root() == jsonpath.Variable {
		r.fail(p, n.span(), "Value is not a Reference Path").Hint = "it must begin with '$.', not with a variable: variables are set by Assign"
		return nil
	}
	return s
}

// why is the reason of a fault in one line.
func why(err error) string { return strings.ReplaceAll(err.Error(), "\n", " ") }

// numberPath reads the Path form of a number.
func (r *reader) numberPath(p place, n *node) *Number {
	s := r.reference(p, n, true)
	if s == nil {
		return nil
	}
	return &Number{Field: last(p), Path: s.Path}
}

// textPath reads the Path form of a text; where calls are allowed, it may be an intrinsic
// function that gives a string.
func (r *reader) textPath(p place, n *node, calls bool) *Text {
	if !r.expect(p, n, str) {
		return nil
	}
	t := &Text{Field: last(p)}
	e, err := payload.ParseExpr(n.text)
	switch name, isCall := callName(n.text); {
	case err == nil && isCall && !calls:
		err = errors.New("an intrinsic function is not allowed here")
	case err == nil && isCall && !givesText[name]:
		err = errors.New(name + " does not give a string")
	}
	if err != nil && r.unreadable(n.text, JSONPath) {
		t.Literal = n.text // until the value is filled in
		return t
	}
	if err != nil {
		what := "JSONPath"
		if calls {
			what = "JSONPath or a valid intrinsic function call that returns a string"
		}
		r.fail(p, n.span(), "The value for the field '%s' must be a valid %s", last(p), what).Hint = why(err)
		return nil
	}
	t.Path = e
	r.reads(p, n.span(), e.Paths()...)
	return t
}

// callName is the name of the function that an intrinsic call begins with.
func callName(text string) (string, bool) {
	name, _, ok := strings.Cut(text, "(")
	return strings.TrimSpace(name), ok && strings.HasPrefix(text, "States.")
}

// givesText holds the intrinsic functions whose answer is, or may be, a string.
var givesText = map[string]bool{
	"States.ArrayGetItem": true, "States.Base64Decode": true, "States.Base64Encode": true, "States.Format": true,
	"States.Hash": true, "States.JsonToString": true, "States.UUID": true,
}

// template reads a payload template.
func (r *reader) template(p place, n *node) *payload.Template {
	faults := len(r.out)
	r.templateKeys(p, p, n)
	for _, d := range r.out[faults:] {
		if d.Severity == Error {
			return nil
		}
	}
	t, err := payload.Compile(r.settled(n, JSONPath))
	if err != nil {
		r.fail(p, n.span(), "The value for the field '%s' is not a valid payload template", last(p)).Hint = why(err)
		return nil
	}
	return t
}

// object reads a payload template that must be an object.
func (r *reader) object(p place, n *node) *payload.Template {
	if !r.expect(p, n, object) {
		return nil
	}
	return r.template(p, n)
}

// templateKeys judges every key of a template; AWS locates faults at the field that holds it.
func (r *reader) templateKeys(field, p place, n *node) {
	for i := range n.members {
		m := &n.members[i]
		at := p.key(m.key)
		plain, dynamic := strings.CutSuffix(m.key, ".$")
		switch {
		case !dynamic:
			r.maybePath(at, m)
			r.templateKeys(field, at, m.val)
			continue
		case n.get(plain) != nil:
			r.fail(field, m.span(), "The field '%s' stands beside '%s': only one of them is allowed", m.key, plain)
		case m.val.kind != str:
			r.fail(field, m.val.span(), "The value for the field '%s' must be a String that contains a valid JSONPath or a valid intrinsic function call", m.key)
		default:
			e, err := payload.ParseExpr(m.val.text)
			switch {
			case err == nil:
				r.reads(at, m.val.span(), e.Paths()...)
			case !r.unreadable(m.val.text, JSONPath):
				d := r.fail(field, m.val.span(), "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call", m.key)
				d.Hint = why(err)
				d.aside = !aboutFunction(err)
			}
		}
	}
	for i, item := range n.items {
		r.templateKeys(field, p.index(i), item)
	}
}

// aboutFunction tells whether a call is at fault as a whole, by its name or its arguments: then the
// message names the function, which AWS's words do not.
func aboutFunction(err error) bool {
	var syntax *intrinsic.SyntaxError
	return errors.As(err, &syntax) && strings.Contains(syntax.Msg, "States.")
}

// number reads a number between two bounds, in JSONata also an expression for one.
func (r *reader) number(p place, n *node, q QueryLanguage, least, most int64) *Number {
	out := &Number{Field: last(p), Literal: n.json(r.text)}
	if q == JSONata && n.kind == str && looksLikeExpression(n.text) {
		out.Query = r.expression(p, n)
		out.Literal = value.Value{}
		return out
	}
	r.integer(p, n, least, most)
	return out
}

// written reads a text that may be an expression in JSONata; plain says that it is none.
func (r *reader) written(p place, n *node, q QueryLanguage) (t *Text, plain bool) {
	if !r.expect(p, n, str) {
		return nil, false
	}
	t = &Text{Field: last(p)}
	if q == JSONata && looksLikeExpression(n.text) {
		t.Query = r.expression(p, n)
		return t, false
	}
	t.Literal = n.text
	return t, true
}

// message reads the text of Error or Cause.
func (r *reader) message(p place, n *node, q QueryLanguage) *Text {
	t, plain := r.written(p, n, q)
	if plain {
		r.maybePathField(p, n)
	}
	return t
}

// timestamp reads a point in time, in JSONata also an expression for one.
func (r *reader) timestamp(p place, n *node, q QueryLanguage) *Text {
	t, plain := r.written(p, n, q)
	if plain && !isTimestamp(n.text) && !r.open(n.text) {
		r.fail(p, n.span(), "String does not match RFC3339 timestamp")
	}
	return t
}

// isTimestamp tells whether a text is a point in time as RFC 3339 writes it, with capital T and Z.
func isTimestamp(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil && !strings.ContainsAny(s, "tz,")
}
