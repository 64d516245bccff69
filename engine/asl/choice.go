package asl

import (
	"strings"

	"statehouse/engine/jsonpath"
	"statehouse/engine/payload"
)

var choiceFields = fields{
	"Choices": {inBoth, readChoices},
	"Default": {inBoth, func(r *reader, p place, n *node, s *State) { s.Default = r.string(p, n) }},
}

// operand is what a comparator compares with.
type operand uint8

const (
	ofString operand = iota
	ofNumber
	ofBoolean
	ofTimestamp
	ofCheck // true or false: whether the check should hold
)

// comparators are all comparators without the Path forms, and whether they have one.
var comparators = map[string]struct {
	with operand
	path bool
}{
	"StringEquals": {ofString, true}, "StringLessThan": {ofString, true}, "StringGreaterThan": {ofString, true},
	"StringLessThanEquals": {ofString, true}, "StringGreaterThanEquals": {ofString, true}, "StringMatches": {ofString, false},
	"NumericEquals": {ofNumber, true}, "NumericLessThan": {ofNumber, true}, "NumericGreaterThan": {ofNumber, true},
	"NumericLessThanEquals": {ofNumber, true}, "NumericGreaterThanEquals": {ofNumber, true},
	"BooleanEquals":   {ofBoolean, true},
	"TimestampEquals": {ofTimestamp, true}, "TimestampLessThan": {ofTimestamp, true}, "TimestampGreaterThan": {ofTimestamp, true},
	"TimestampLessThanEquals": {ofTimestamp, true}, "TimestampGreaterThanEquals": {ofTimestamp, true},
	"IsNull": {ofCheck, false}, "IsPresent": {ofCheck, false}, "IsNumeric": {ofCheck, false}, "IsString": {ofCheck, false},
	"IsBoolean": {ofCheck, false}, "IsTimestamp": {ofCheck, false},
}

// isComparator tells whether a key is a comparator, and splits off Path.
func isComparator(key string) (name string, path, ok bool) {
	if _, ok := comparators[key]; ok {
		return key, false, true
	}
	name, path = strings.CutSuffix(key, "Path")
	return name, true, path && comparators[name].path
}

func readChoices(r *reader, p place, n *node, s *State) {
	if !r.expect(p, n, array) {
		return
	}
	if len(n.items) == 0 {
		r.fail(p, n.span(), "Value cannot be empty")
	}
	for i, item := range n.items {
		at := p.index(i)
		if r.expect(at, item, object) {
			s.Choices = append(s.Choices, r.rule(at, item, s.Language))
		}
	}
}

// rule reads one rule of a Choice.
func (r *reader) rule(p place, n *node, q QueryLanguage) Rule {
	var out Rule
	for i := range n.members {
		f := &n.members[i]
		at := p.key(f.key)
		switch {
		case f.key == "Next":
			out.Next = r.string(at, f.val)
		case f.key == "Comment":
			out.Comment = r.string(at, f.val)
		case f.key == "Assign":
			out.Assign = r.assign(at, f.val, q)
		case q == JSONPath && isTestField(f.key): // read below
		case q == JSONata && f.key == "Condition":
			out.Condition = r.condition(at, f.val)
		case q == JSONata && f.key == "Output":
			out.Output = r.queries(at, f.val)
		case q == JSONata && isTestField(f.key), q == JSONPath && (f.key == "Condition" || f.key == "Output"):
			r.wrongLanguage(p, f, q)
		default:
			r.unsupported(p, f)
		}
	}
	if q == JSONata {
		r.required(p, n, "Condition", "Next")
		return out
	}
	r.required(p, n, "Next")
	out.Test = r.test(p, n)
	return out
}

// condition reads a JSONata condition, which may also be plain true or false.
func (r *reader) condition(p place, n *node) *payload.Template {
	if n.kind != boolean && r.expect(p, n, str) && !r.open(n.text) && !payload.IsQuery(n.text) {
		r.expression(p, n) // says what is wrong
	}
	return r.queries(p, n)
}

// isTestField tells whether a key belongs to the test of a JSONPath rule.
func isTestField(key string) bool {
	switch key {
	case "And", "Or", "Not", "Variable":
		return true
	}
	_, _, ok := isComparator(key)
	return ok
}

// test reads a comparison or a combination of tests. Exactly one of them stands in an object.
func (r *reader) test(p place, n *node) Test {
	var out Test
	selectors, comparing := 0, []string{}
	for i := range n.members {
		f := &n.members[i]
		at := p.key(f.key)
		name, path, comparator := isComparator(f.key)
		switch {
		case f.key == "Variable":
			selectors++
			out.Variable = r.choiceVariable(at, f.val)
		case f.key == "And" || f.key == "Or":
			selectors++
			out.Op, out.Tests = map[string]Op{"And": And, "Or": Or}[f.key], r.tests(at, f.val)
		case f.key == "Not":
			selectors++
			out.Op = Not
			if r.expect(at, f.val, object) {
				out.Tests = []Test{r.nested(at, f.val)}
			}
		case !comparator:
			continue
		case path:
			comparing = append(comparing, f.key)
			out.Comparator, out.ValuePath = name, r.choiceVariable(at, f.val)
		default:
			comparing = append(comparing, f.key)
			out.Comparator, out.Value = name, f.val.json(r.text)
			r.operand(at, f.val, comparators[name].with)
		}
	}
	switch {
	case n.get("Condition") != nil: // of the other query language: that is said already
	case selectors != 1:
		r.fail(p, head(n), "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]")
	case out.Variable != nil && len(comparing) > 1:
		r.fail(p, head(n), "There should only be one of the following fields: [%s]", strings.Join(comparing, ", "))
	case n.get("Variable") != nil && len(comparing) == 0:
		r.fail(p, head(n), "This object should have only one of the following fields: [StringEquals, NumericEquals, BooleanEquals, TimestampEquals, IsPresent, …]")
	case n.get("Variable") == nil && len(comparing) > 0:
		r.unsupported(p, n.member(comparing[0]))
	}
	return out
}

// choiceVariable reads what a comparison looks at.
func (r *reader) choiceVariable(p place, n *node) *jsonpath.Path {
	if s := r.reference(p, n, true); s != nil {
		return s.Path
	}
	return nil
}

// tests reads the list of an And or Or.
func (r *reader) tests(p place, n *node) []Test {
	if !r.expect(p, n, array) {
		return nil
	}
	if len(n.items) == 0 {
		r.fail(p, n.span(), "Value cannot be empty")
	}
	var out []Test
	for i, item := range n.items {
		if r.expect(p.index(i), item, object) {
			out = append(out, r.nested(p.index(i), item))
		}
	}
	return out
}

// nested reads a test inside And, Or and Not, where no transition may stand.
func (r *reader) nested(p place, n *node) Test {
	for i := range n.members {
		f := &n.members[i]
		switch {
		case f.key == "Comment":
			r.string(p.key(f.key), f.val)
		case !isTestField(f.key):
			r.unsupported(p, f)
		}
	}
	return r.test(p, n)
}

// operand judges the literal that a comparator compares with.
func (r *reader) operand(p place, n *node, with operand) {
	if r.openNode(n) {
		return
	}
	switch with {
	case ofString:
		if r.expect(p, n, str) {
			r.maybePathField(p, n)
		}
	case ofNumber:
		r.expect(p, n, number)
	case ofBoolean, ofCheck:
		r.expect(p, n, boolean)
	case ofTimestamp:
		if r.expect(p, n, str) && !isTimestamp(n.text) {
			r.fail(p, n.span(), "String does not match RFC3339 timestamp")
		}
	}
}
