package convert

import (
	"regexp"
	"strconv"
	"strings"

	"statehouse/engine/jsonpath"
)

// expr is a JSONata expression. Atom says that a step or a comparison may follow without
// brackets. Needs must hold for it to mean what the JSONPath meant: they are asserted.
type expr struct {
	text  string
	atom  bool
	needs []need
}

// need is a condition, and what is wrong when it does not hold.
type need struct{ condition, otherwise string }

// unit is the expression where only an atom may stand.
func (e expr) unit() string {
	if e.atom {
		return e.text
	}
	return "(" + e.text + ")"
}

// asserted is the whole expression, its needs first.
func (e expr) asserted() expr {
	if len(e.needs) == 0 {
		return e
	}
	var b strings.Builder
	seen := map[string]bool{}
	for _, n := range e.needs {
		if !seen[n.condition] {
			b.WriteString("$assert(" + n.condition + ", " + quote(n.otherwise) + "); ")
		}
		seen[n.condition] = true
	}
	return expr{text: "(" + b.String() + e.text + ")", atom: true}
}

// query is the expression as a field of the definition.
func (e expr) query() string { return quote("{% " + e.asserted().text + " %}") }

// join makes an expression of a text that contains others.
func join(text string, atom bool, parts ...expr) expr {
	out := expr{text: text, atom: atom}
	for _, p := range parts {
		out.needs = append(out.needs, p.needs...)
	}
	return out
}

// source is what "$" is at a place: an expression, or a template that is filled at another.
type source struct {
	base     expr
	template *node
	at       *place
}

// place is where a path or template of a definition stands, with the "$" it sees.
type place struct {
	*converter
	pointer string
	input   source
	fixed   bool // there are no expressions: a key that ends in ".$" is a key
}

var (
	raw         = source{base: expr{text: "$states.input", atom: true}}
	result      = source{base: expr{text: "$states.result", atom: true}}
	errorOutput = source{base: expr{text: "$states.errorOutput", atom: true}}
	nothing     = source{base: expr{text: "{}", atom: true}}
)

// in is the place with another pointer below.
func (p *place) in(step string) *place {
	q := *p
	q.pointer += "/" + step
	return &q
}

// seeing is the place with another "$".
func (p *place) seeing(s source) *place {
	q := *p
	q.input = s
	return &q
}

// path converts a path. The expression is undefined where the path leads nowhere.
func (p *place) path(path *jsonpath.Path) expr {
	steps := path.Steps()
	switch path.Root() {
	case jsonpath.Context:
		return p.follow(expr{text: "$states.context", atom: true}, steps, path)
	case jsonpath.Variable:
		return p.follow(expr{text: "$" + path.Variable(), atom: true}, steps, path)
	default:
		return p.enter(p.input, steps, path)
	}
}

// enter follows steps from a source, through its template if it is one.
func (p *place) enter(s source, steps []jsonpath.Step, path *jsonpath.Path) expr {
	if s.template == nil {
		return p.follow(s.base, steps, path)
	}
	n := s.template
	for i, step := range steps {
		var next *node
		switch {
		case step.Kind == jsonpath.NameStep && !s.at.fixed && n.get(step.Name+".$") != nil:
			return p.follow(s.at.leaf(n.get(step.Name+".$")).asserted(), steps[i+1:], path)
		case step.Kind == jsonpath.NameStep:
			next = n.get(step.Name)
		case step.Kind == jsonpath.IndexStep && step.Index >= 0 && step.Index < len(n.items):
			next = n.items[step.Index]
		default:
			return p.follow(s.at.expression(n), steps[i:], path)
		}
		if next == nil {
			return p.keep("the path %s leads nowhere", path)
		}
		n = next
	}
	return s.at.expression(n)
}

// follow appends steps to an expression.
func (p *place) follow(e expr, steps []jsonpath.Step, path *jsonpath.Path) expr {
	every := false
	var b strings.Builder
	b.WriteString(e.unit())
	for i, s := range steps {
		switch {
		case s.Kind == jsonpath.NameStep:
			b.WriteString("." + name(s.Name))
		case s.Kind == jsonpath.IndexStep && !gathers(steps, i-1):
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
		case s.Kind == jsonpath.SliceStep && !every && within(s) != "":
			every = true
			items := b.String()
			b.Reset()
			b.WriteString("$filter(" + items + ", function($item, $i) { " + within(s) + " })")
		case s.Kind == jsonpath.EveryStep:
			every = true
		default:
			return p.keep("JSONata has no counterpart for %s in the path %s", s.Text, path)
		}
	}
	out := expr{text: b.String(), atom: true, needs: e.needs}
	if len(steps) == 0 {
		out = e
	}
	if every {
		p.note("JSONPath finds nothing at %s in what is no array, or the values of an object, and keeps arrays inside arrays; JSONata takes it as one item, and flattens", path)
		out.text = "[" + out.text + "]"
	}
	return out
}

// gathers tells whether step i leads to several places.
func gathers(steps []jsonpath.Step, i int) bool {
	return i >= 0 && (steps[i].Kind == jsonpath.EveryStep || steps[i].Kind == jsonpath.SliceStep)
}

// within is the condition on $i of a slice; empty when it counts from the end.
func within(s jsonpath.Step) string {
	var parts []string
	if s.From != nil {
		if *s.From < 0 {
			return ""
		}
		parts = append(parts, "$i >= "+strconv.Itoa(*s.From))
	}
	if s.To != nil {
		if *s.To < 0 {
			return ""
		}
		parts = append(parts, "$i < "+strconv.Itoa(*s.To))
	}
	return strings.Join(parts, " and ")
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	words      = map[string]bool{"and": true, "or": true, "in": true, "true": true, "false": true, "null": true, "function": true}
)

// name is a property's name as a step. A backtick cannot stand between backticks; JSONata
// knows no escape for it, but takes a string in its place.
func name(s string) string {
	switch {
	case identifier.MatchString(s) && !words[s]:
		return s
	case s == "" || strings.Contains(s, "`"):
		return quote(s)
	}
	return "`" + s + "`"
}

// always are the members of the context object that are never missing.
var always = map[string]bool{
	"$.Execution": true, "$.Execution.Id": true, "$.Execution.Input": true, "$.Execution.Name": true, "$.Execution.RoleArn": true,
	"$.Execution.StartTime": true, "$.State": true, "$.State.Name": true, "$.State.EnteredTime": true, "$.State.RetryCount": true,
	"$.StateMachine": true, "$.StateMachine.Id": true, "$.StateMachine.Name": true,
}

// scalar tells whether a path leads to a string or a number for sure.
func scalar(path *jsonpath.Path) bool {
	at := strings.TrimPrefix(path.String(), "$")
	return path.Root() == jsonpath.Context && always[at] && strings.Count(at, ".") == 2 && at != "$.Execution.Input"
}

// present is a path inside a larger expression, where nothing would tell that it is missing.
func (p *place) present(path *jsonpath.Path) expr {
	e := p.path(path)
	known := path.Root() == jsonpath.Context && always[strings.TrimPrefix(path.String(), "$")]
	if !known && path.Definite() && (len(path.Steps()) > 0 || path.Root() == jsonpath.Variable) {
		e.needs = append(e.needs, need{"$exists(" + e.text + ")", "The path " + path.String() + " leads nowhere"})
	}
	return e
}
