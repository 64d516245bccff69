package interp

import (
	"errors"
	"strings"
	"unicode/utf16"

	"statehouse/engine/asl"
	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

func (l *pathLanguage) choose() (leaving, *failure) {
	var out leaving
	in, f := l.taken()
	if f != nil {
		return out, f
	}
	e := l.at(in)
	// The Assign of the state counts only when Default is taken.
	assign := l.s.Assign
	out.next = l.s.Default
	for i := range l.s.Choices {
		r := &l.s.Choices[i]
		holds, f := e.holds(&r.Test)
		if f != nil {
			return out, f
		}
		if holds {
			assign, out.next = r.Assign, r.Next
			break
		}
	}
	if out.next == "" {
		return out, stateFailed(l.sc, errNoChoice, "Failed to transition out of the state. The state does not point to a next state.")
	}
	if assign != nil {
		if out.assign, f = e.fill(assign); f != nil {
			return out, f
		}
	}
	out.output, f = e.selected(l.s.OutputPath)
	return out, f
}

// holds decides a test.
func (e *env) holds(t *asl.Test) (bool, *failure) {
	switch t.Op {
	case asl.And, asl.Or:
		for i := range t.Tests {
			ok, f := e.holds(&t.Tests[i])
			if f != nil || ok == (t.Op == asl.Or) {
				return ok, f
			}
		}
		return t.Op == asl.And, nil
	case asl.Not:
		ok, f := e.holds(&t.Tests[0])
		return !ok, f
	case asl.Compare:
		return e.compare(t)
	}
	panic("unreachable: op of a test")
}

// compare decides a comparison. Values of another type are never equal, less or greater.
func (e *env) compare(t *asl.Test) (bool, *failure) {
	v, err := e.find(t.Variable)
	if t.Comparator == "IsPresent" {
		return (err == nil) == t.Value.AsBool(), nil
	}
	if err != nil {
		return false, e.badPath(t.Variable, err)
	}
	want := t.Value
	if t.ValuePath != nil {
		if want, err = e.find(t.ValuePath); err != nil {
			return false, e.badPath(t.ValuePath, err)
		}
	}
	if is, ok := strings.CutPrefix(t.Comparator, "Is"); ok {
		return hasType(v, is) == want.AsBool(), nil
	}
	if t.Comparator == "StringMatches" {
		return v.Kind() == value.KindString && matches(v.Text(), want.Text()), nil
	}
	return ordered(t.Comparator, v, want), nil
}

// badPath is the failure of a comparison whose path leads nowhere.
func (e *env) badPath(p *jsonpath.Path, err error) *failure {
	if errors.As(err, new(*jsonpath.MissingError)) {
		return runtime(e.sc, "Invalid path '%s': The choice state's condition path references an invalid value.", p)
	}
	return runtime(e.sc, "%s", err.Error())
}

// hasType decides IsNull, IsNumeric, IsString, IsBoolean and IsTimestamp.
func hasType(v value.Value, is string) bool {
	switch is {
	case "Null":
		return v.IsNull()
	case "Numeric":
		return v.Kind() == value.KindNumber
	case "String":
		return v.Kind() == value.KindString
	case "Boolean":
		return v.Kind() == value.KindBool
	case "Timestamp":
		_, ok := parseTime(v.Text())
		return ok
	default:
		return false
	}
}

// ordered decides the comparators that are a type and a relation: NumericLessThanEquals.
func ordered(comparator string, a, b value.Value) bool {
	comparator = strings.TrimSuffix(comparator, "Path")
	for _, typ := range [...]string{"String", "Numeric", "Timestamp", "Boolean"} {
		relation, ok := strings.CutPrefix(comparator, typ)
		if !ok {
			continue
		}
		order, comparable := difference(typ, a, b)
		return comparable && relates(relation, order)
	}
	return false
}

// difference is negative when a comes before b, and tells whether both are of the type.
func difference(typ string, a, b value.Value) (order int, comparable bool) {
	switch typ {
	case "String":
		if a.Kind() == value.KindString && b.Kind() == value.KindString {
			return compareStrings(a.Text(), b.Text()), true
		}
	case "Numeric":
		if a.Kind() == value.KindNumber && b.Kind() == value.KindNumber {
			return value.Compare(a, b), true
		}
	case "Timestamp":
		x, okX := parseTime(a.Text())
		y, okY := parseTime(b.Text())
		return x.Compare(y), okX && okY
	case "Boolean":
		if a.Kind() == value.KindBool && b.Kind() == value.KindBool {
			if a.AsBool() == b.AsBool() {
				return 0, true
			}
			return 1, true
		}
	}
	return 0, false
}

func relates(relation string, order int) bool {
	switch relation {
	case "Equals":
		return order == 0
	case "LessThan":
		return order < 0
	case "GreaterThan":
		return order > 0
	case "LessThanEquals":
		return order <= 0
	case "GreaterThanEquals":
		return order >= 0
	default:
		return false
	}
}

// compareStrings orders by UTF-16 code units, as Java does.
func compareStrings(a, b string) int {
	x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return len(x) - len(y)
}

// matches decides StringMatches: * stands for any characters, \* for a star, \\ for a
// backslash. It takes time linear in text × stars.
func matches(text, pattern string) bool {
	type glyph struct {
		b    byte
		star bool
	}
	var p []glyph
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern) && (pattern[i+1] == '*' || pattern[i+1] == '\\'):
			i++
			p = append(p, glyph{b: pattern[i]})
		case c == '*':
			p = append(p, glyph{star: true})
		default:
			p = append(p, glyph{b: c})
		}
	}
	i, j, star, mark := 0, 0, -1, 0
	for i < len(text) {
		switch {
		case j < len(p) && p[j].star:
			star, mark = j, i
			j++
		case j < len(p) && p[j].b == text[i]:
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(p) && p[j].star {
		j++
	}
	return j == len(p)
}
