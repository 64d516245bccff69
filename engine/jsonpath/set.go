package jsonpath

import (
	"statehouse/engine/value"
)

// MatchError is a ResultPath that cannot be applied to an input: States.ResultPathMatchFailure.
type MatchError struct {
	Path  string
	Input value.Value
}

func (e *MatchError) Error() string {
	return "Unable to apply ReferencePath " + e.Path + " to input " + e.Input.JSON()
}

// Set puts val at a reference path in doc and gives the new document. It makes objects that
// are missing on the way, replaces items that exist, and fails on everything else.
func (p *Path) Set(doc, val value.Value) (value.Value, error) {
	out, ok := set(p.tokens, doc, val)
	if !ok {
		return value.Value{}, &MatchError{Path: p.text, Input: doc}
	}
	return out, nil
}

func set(tokens []token, doc, val value.Value) (value.Value, bool) {
	if len(tokens) == 0 {
		return val, true
	}
	t := &tokens[0]
	switch {
	case t.kind == property && len(t.names) == 1 && (doc.Kind() == value.KindObject || doc.IsAbsent()):
		inner, ok := set(tokens[1:], doc.Get(t.names[0]), val)
		return doc.With(t.names[0], inner), ok
	case t.kind == index && len(t.indexes) == 1 && doc.Kind() == value.KindArray:
		i := t.indexes[0]
		if i < 0 {
			i += doc.Len()
		}
		if i < 0 || i >= doc.Len() {
			return doc, false
		}
		items := append([]value.Value(nil), doc.Items()...)
		inner, ok := set(tokens[1:], items[i], val)
		items[i] = inner
		return value.Array(items...), ok
	}
	return doc, false
}
