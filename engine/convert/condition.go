package convert

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// condition converts the test of a rule. A comparison of values of other types is false; a
// path that leads nowhere fails, unless IsPresent has looked before: known holds what it found.
func (p *place) condition(t *asl.Test, known map[string]bool) expr {
	switch t.Op {
	case asl.And, asl.Or:
		return p.joined(t, known)
	case asl.Not:
		return expr{text: "$not(" + p.condition(&t.Tests[0], known).text + ")", atom: true}
	case asl.Compare:
	}
	return p.comparison(t, known)
}

func (p *place) joined(t *asl.Test, known map[string]bool) expr {
	inside := map[string]bool{}
	for path := range known {
		inside[path] = true
	}
	var parts []string
	for i := range t.Tests {
		one := &t.Tests[i]
		parts = append(parts, p.condition(one, inside).unit())
		// In an And the tests behind IsPresent true are only reached with it; in an Or those behind false.
		if one.Op == asl.Compare && one.Comparator == "IsPresent" && one.Value.AsBool() == (t.Op == asl.And) {
			inside[one.Variable.String()] = true
		}
	}
	word := " and "
	if t.Op == asl.Or {
		word = " or "
	}
	return expr{text: strings.Join(parts, word), atom: len(parts) == 1}
}

// comparison converts one comparison.
func (p *place) comparison(t *asl.Test, known map[string]bool) expr {
	if !t.Variable.Definite() {
		p.note("%s is always an array", t.Variable)
	}
	x := p.path(t.Variable)
	if t.Comparator == "IsPresent" {
		return yes(expr{text: "$exists(" + x.text + ")", atom: true, needs: x.needs}, t.Value.AsBool()).asserted()
	}
	x = p.looked(t.Variable, x, known)
	text := ""
	switch t.Comparator {
	case "IsNull":
		text = x.unit() + equal(t.Value.AsBool()) + "null"
	case "IsNumeric", "IsString", "IsBoolean":
		kind := map[string]string{"IsNumeric": "number", "IsString": "string", "IsBoolean": "boolean"}[t.Comparator]
		text = "$type(" + x.text + ")" + equal(t.Value.AsBool()) + quote(kind)
	case "IsTimestamp":
		return join(yes(expr{text: isTime(x)}, t.Value.AsBool()).text, !t.Value.AsBool(), x).asserted()
	case "StringMatches":
		text = typed(x, "string") + " and $contains(" + x.text + ", /" + glob(t.Value.Text()) + "/)"
	default:
		return p.ordered(t, x, known).asserted()
	}
	return join(text, false, x).asserted()
}

// looked adds the need that a path leads somewhere, unless that is known.
func (p *place) looked(path *jsonpath.Path, e expr, known map[string]bool) expr {
	if !known[path.String()] {
		e.needs = append(e.needs, p.present(path).needs...)
	}
	return e
}

func equal(is bool) string {
	if is {
		return " = "
	}
	return " != "
}

func yes(e expr, is bool) expr {
	if is {
		return e
	}
	return expr{text: "$not(" + e.text + ")", atom: true, needs: e.needs}
}

func typed(e expr, kind string) string { return "$type(" + e.text + ") = " + quote(kind) }

// ordered converts the comparators that are a type and a relation.
func (p *place) ordered(t *asl.Test, x expr, known map[string]bool) expr {
	kind, relation := split(strings.TrimSuffix(t.Comparator, "Path"))
	operator := map[string]string{"Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "<=", "GreaterThanEquals": ">="}[relation]
	if operator == "" {
		return p.keep("JSONata has no counterpart for %s", t.Comparator)
	}
	y := expr{text: t.Value.JSON(), atom: true}
	if t.ValuePath != nil {
		y = p.looked(t.ValuePath, p.path(t.ValuePath), known)
	}
	if kind == "Timestamp" {
		return p.times(t, x, y, operator)
	}
	jsonType := map[string]string{"String": "string", "Numeric": "number", "Boolean": "boolean"}[kind]
	text := x.unit() + " " + operator + " " + y.unit()
	switch {
	case t.ValuePath != nil && operator == "=":
		text = typed(x, jsonType) + " and " + text
	case t.ValuePath != nil:
		text = typed(x, jsonType) + " and " + typed(y, jsonType) + " and " + text
	case operator != "=":
		text = typed(x, jsonType) + " and " + text
	}
	if kind == "Numeric" && t.ValuePath == nil && value.Compare(value.Float(t.Value.AsFloat()), t.Value) != 0 {
		p.note("JSONata compares numbers as 64-bit floats, in which %s is another", t.Value)
	}
	return join(text, false, x, y)
}

func split(comparator string) (kind, relation string) {
	for _, kind := range []string{"String", "Numeric", "Timestamp", "Boolean"} {
		if relation, ok := strings.CutPrefix(comparator, kind); ok {
			return kind, relation
		}
	}
	return "", ""
}

// timestamp matches the times that Step Functions and $toMillis both read.
const timestamp = `/^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-][0-2]\d:[0-5]\d)$/`

func isTime(e expr) string {
	return typed(e, "string") + " and $contains(" + e.text + ", " + timestamp + ")"
}

// times compares moments, as the numbers of their milliseconds.
func (p *place) times(t *asl.Test, x, y expr, operator string) expr {
	text := isTime(x)
	var at string
	if t.ValuePath == nil {
		moment, err := time.Parse(time.RFC3339Nano, t.Value.Text())
		if err != nil || moment.Nanosecond()%1_000_000 != 0 {
			return p.keep("JSONata cannot compare with the time %s", t.Value)
		}
		at = strconv.FormatInt(moment.UnixMilli(), 10)
	} else {
		text += " and " + isTime(y)
		at = "$toMillis(" + y.text + ")"
	}
	return join(text+" and $toMillis("+x.text+") "+operator+" "+at, false, x, y)
}

var meta = regexp.MustCompile(`[\\^$.|?*+()\[\]{}/]`)

// glob is the pattern of StringMatches as a regular expression: * stands for anything, a
// backslash takes the star's or its own meaning away.
func glob(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		c := pattern[i : i+1]
		switch {
		case c == `\` && i+1 < len(pattern) && (pattern[i+1] == '*' || pattern[i+1] == '\\'):
			i++
			b.WriteString(`\` + pattern[i:i+1])
		case c == "*":
			b.WriteString(`[\s\S]*`)
		default:
			b.WriteString(meta.ReplaceAllString(c, `\$0`))
		}
	}
	return "^" + strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(b.String()) + "$"
}
