package jsonpath

import (
	"errors"
	"fmt"

	"statehouse/engine/value"
)

// maxVisits bounds what one path may look at: $..*..* multiplies.
const maxVisits = 1_000_000

var errTooMuch = errors.New("the path looks at too many places")

// missing is the reason why a path leads nowhere; other errors are refusals.
type missing string

func (m missing) Error() string { return string(m) }

// Find reads the path from the document of its root. A definite path that leads nowhere is a
// *MissingError; an indefinite one gives an array, empty when there is nothing.
func (p *Path) Find(doc value.Value) (value.Value, error) {
	if v, ok := straight(p.tokens, doc); ok {
		return v, nil
	}
	e := evaluation{root: doc}
	v, err := e.read(p.tokens, p.definite, doc)
	if err == nil {
		return v, nil
	}
	if _, nowhere := err.(missing); nowhere && !p.definite { //nolint:errorlint // never wrapped
		return value.Array(), nil
	}
	return value.Value{}, &MissingError{Path: p.text, Reason: err.Error()}
}

// straight follows names and single indexes, which nearly every path consists of.
func straight(tokens []token, v value.Value) (value.Value, bool) {
	for i := range tokens {
		t := &tokens[i]
		switch {
		case t.kind == property && len(t.names) == 1:
			v = v.Get(t.names[0])
		case t.kind == index && len(t.indexes) == 1:
			v = at(v, t.indexes[0])
		default:
			return value.Value{}, false
		}
	}
	return v, !v.IsAbsent()
}

// at is an item counted from the front, or with a negative index from the back.
func at(v value.Value, i int) value.Value {
	if i < 0 {
		i += v.Len()
	}
	return v.At(i)
}

// evaluation is one reading of one path, filters included.
type evaluation struct {
	root   value.Value
	strict bool // a missing property is an error everywhere: [?(@.a.b)]
	visits int
}

// read gives the value of a definite path, or the array of all matches.
func (e *evaluation) read(tokens []token, definite bool, from value.Value) (value.Value, error) {
	w := walk{evaluation: e, tokens: tokens}
	if err := w.step(0, from, true); err != nil {
		return value.Value{}, err
	}
	if !definite {
		return value.Array(w.found...), nil
	}
	if len(w.found) == 0 || from.IsAbsent() {
		return value.Value{}, missing("No results for path: " + canonical("$", tokens))
	}
	return w.found[len(w.found)-1], nil
}

// walk gathers what tokens find.
type walk struct {
	*evaluation
	tokens []token
	found  []value.Value
}

// step applies token i to v. Sure says that the tokens before it lead to one place: only then
// is a dead end an error.
func (w *walk) step(i int, v value.Value, sure bool) error {
	if w.visits++; w.visits > maxVisits {
		return errTooMuch
	}
	if i == len(w.tokens) {
		w.found = append(w.found, v)
		return nil
	}
	t := &w.tokens[i]
	next := sure && t.definite(i == len(w.tokens)-1)
	switch t.kind {
	case property:
		return w.property(t, i, v, sure)
	case index:
		if err := w.wantArray(t, i, v, sure); err != nil || v.Kind() != value.KindArray {
			return err
		}
		for _, n := range t.indexes {
			if err := w.item(i, v, n, next); err != nil {
				return err
			}
		}
		return nil
	case slice:
		if err := w.wantArray(t, i, v, sure); err != nil || v.Kind() != value.KindArray {
			return err
		}
		from, to := bounds(t, v.Len())
		for n := from; n < to; n++ {
			if err := w.item(i, v, n, false); err != nil {
				return err
			}
		}
		return nil
	case wildcard:
		return w.children(v, func(child value.Value) error { return w.lenient(w.step(i+1, child, false)) })
	case scan:
		return w.scan(i, v)
	case filtered:
		return w.filter(t, i, v, sure)
	case function:
		result, err := w.call(t.call, v)
		if err != nil {
			return err
		}
		return w.step(i+1, result, next)
	}
	panic("unreachable: token")
}

// lenient forgives a dead end beyond a wildcard, unless every property is wanted.
func (w *walk) lenient(err error) error {
	if _, nowhere := err.(missing); nowhere && !w.strict { //nolint:errorlint // never wrapped
		return nil
	}
	return err
}

func (w *walk) children(v value.Value, do func(value.Value) error) error {
	for _, item := range v.Items() {
		if err := do(item); err != nil {
			return err
		}
	}
	for _, m := range v.Members() {
		if err := do(m.Value); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) property(t *token, i int, v value.Value, sure bool) error {
	last := i == len(w.tokens)-1
	if v.Kind() != value.KindObject {
		if !sure {
			return nil
		}
		return missing(fmt.Sprintf("Expected to find an object with property %s in path %s but found '%s'. "+
			"This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'.",
			t, canonical("$", w.tokens[:i]), javaClass(v)))
	}
	if len(t.names) > 1 && last {
		return w.merge(t, v)
	}
	for _, name := range t.names {
		child := v.Get(name)
		switch {
		case !child.IsAbsent():
			if err := w.step(i+1, child, sure && len(t.names) == 1); err != nil {
				return err
			}
		case last && w.strict:
			return missing("No results for path: " + canonical("$", w.tokens))
		case !last && (w.strict || sure && len(t.names) == 1):
			return missing("Missing property in path " + canonical("$", w.tokens[:i]) + "['" + name + "']")
		}
	}
	return nil
}

// merge is ['a','b'] at the end of a path: an object of those that exist.
func (w *walk) merge(t *token, v value.Value) error {
	var members []value.Member
	for _, name := range t.names {
		child := v.Get(name)
		if child.IsAbsent() && w.strict {
			return missing("Missing property in path " + t.String())
		}
		members = append(members, value.Member{Key: name, Value: child})
	}
	w.found = append(w.found, value.Object(members...))
	return nil
}

func (w *walk) wantArray(t *token, i int, v value.Value, sure bool) error {
	switch {
	case !sure || v.Kind() == value.KindArray:
		return nil
	case v.IsNull():
		return missing("The path " + canonical("$", w.tokens[:i]) + " is null")
	}
	return missing("Filter: " + t.String() + " can only be applied to arrays. Current context is: " + value.Plain(v))
}

func (w *walk) item(i int, v value.Value, n int, sure bool) error {
	item := at(v, n)
	if item.IsAbsent() {
		return nil
	}
	return w.step(i+1, item, sure)
}

// bounds is a slice over length items. Two bounds are taken as they are, one by one, so that
// [-100:2] walks an array of ten from -10 to 1 and meets two items twice, as on Jayway.
func bounds(t *token, length int) (from, to int) {
	switch {
	case t.to == nil:
		from = *t.from
		if from < 0 {
			from += length
		}
		return max(0, from), length
	case t.from == nil:
		to = *t.to
		if to < 0 {
			to += length
		}
		return 0, min(length, to)
	}
	return max(-length, *t.from), min(length, *t.to)
}

// scan looks at v and at everything below it, parents first.
func (w *walk) scan(i int, v value.Value) error {
	if v.Kind() != value.KindArray && v.Kind() != value.KindObject {
		return nil
	}
	if w.visits++; w.visits > maxVisits {
		return errTooMuch
	}
	if w.scannable(&w.tokens[i+1], i+1, v) {
		if err := w.lenient(w.step(i+1, v, false)); err != nil {
			return err
		}
	}
	return w.children(v, func(child value.Value) error { return w.scan(i, child) })
}

// scannable reports whether a scan stops at v to apply the token behind it.
func (w *walk) scannable(t *token, i int, v value.Value) bool {
	switch t.kind {
	case property:
		if v.Kind() != value.KindObject || !t.definite(i == len(w.tokens)-1) {
			return v.Kind() == value.KindObject
		}
		for _, name := range t.names {
			if v.Get(name).IsAbsent() {
				return false
			}
		}
		return true
	case index, slice:
		return v.Kind() == value.KindArray
	case filtered:
		return w.accepts(t.filter, v)
	case wildcard:
		return true
	case scan, function:
		return false
	}
	panic("unreachable: token")
}

func (w *walk) filter(t *token, i int, v value.Value, sure bool) error {
	switch v.Kind() {
	case value.KindObject:
		if w.accepts(t.filter, v) {
			return w.step(i+1, v, false)
		}
	case value.KindArray:
		for _, item := range v.Items() {
			if !w.accepts(t.filter, item) {
				continue
			}
			if err := w.step(i+1, item, false); err != nil {
				return err
			}
		}
	default:
		if sure {
			return missing("Filter: " + t.String() + " can not be applied to primitives. Current context is: " + value.Plain(v))
		}
	}
	return nil
}

// javaClass names the class that Jayway's messages would show.
func javaClass(v value.Value) string {
	switch v.Kind() {
	case value.KindAbsent, value.KindNull:
		return "null"
	case value.KindBool:
		return "java.lang.Boolean"
	case value.KindNumber:
		i, whole := v.AsInt()
		switch {
		case !whole:
			return "java.lang.Double"
		case i != int64(int32(i)):
			return "java.lang.Long"
		}
		return "java.lang.Integer"
	case value.KindString:
		return "java.lang.String"
	case value.KindArray:
		return "net.minidev.json.JSONArray"
	case value.KindObject:
		return "java.util.LinkedHashMap"
	}
	panic("unreachable: kind")
}
