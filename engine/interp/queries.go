package interp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/jsonata"
	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// queryLanguage shapes data with JSONata: Arguments → (work) → Assign and Output, both
// from the values that the state was entered with.
type queryLanguage struct{ env }

func (l *queryLanguage) input() (value.Value, *failure) {
	in := l.sc.input(l.st)
	if l.s.Arguments == nil {
		return in, nil
	}
	return l.fill(l.s.Arguments)
}

func (l *queryLanguage) output(result value.Value) (leaving, *failure) {
	e := l.env
	if l.s.Type.Works() {
		e.result = result
	}
	return e.shaped(leaving{output: result, next: l.s.Next}, l.s.Assign, l.s.Output)
}

func (l *queryLanguage) caught(c *asl.Catcher, err value.Value) (leaving, *failure) {
	e := l.env
	e.problem = err
	return e.shaped(leaving{output: err}, c.Assign, c.Output)
}

// shaped evaluates Assign and Output, which see the same values.
func (e *env) shaped(out leaving, assign, output *payload.Template) (leaving, *failure) {
	var f *failure
	if assign != nil {
		if out.assign, f = e.fill(assign); f != nil {
			return out, f
		}
	}
	if output != nil {
		out.output, f = e.fill(output)
	}
	return out, f
}

func (l *queryLanguage) choose() (leaving, *failure) {
	out := leaving{output: l.sc.input(l.st), next: l.s.Default}
	// The Assign of the state counts only when Default is taken, its Output also for rules that
	// have none.
	assign, output := l.s.Assign, l.s.Output
	for i := range l.s.Choices {
		r := &l.s.Choices[i]
		v, f := l.fill(r.Condition)
		if f == nil && v.Kind() != value.KindBool {
			f = l.unexpected(fmt.Sprintf("Choices[%d]/Condition", i), r.Condition, "boolean", v)
		}
		if f != nil {
			return out, f
		}
		if v.AsBool() {
			assign, out.next = r.Assign, r.Next
			if r.Output != nil {
				output = r.Output
			}
			break
		}
	}
	if out.next == "" {
		return out, stateFailed(l.sc, errNoChoice, "Failed to transition out of the state. The state does not point to a next state.")
	}
	return l.shaped(out, assign, output)
}

func (l *queryLanguage) until() (time.Time, *failure) {
	if l.s.Seconds != nil {
		n, f := l.number(l.s.Seconds)
		return l.st.at.Add(seconds(n)), f
	}
	t := l.s.Timestamp
	text, f := l.textOf(t)
	if f != nil {
		return time.Time{}, f
	}
	at, ok := parseTime(text)
	if !ok {
		return time.Time{}, evaluation(t.Field, l.sc, "The %s field cannot be parsed as an ISO-8601 extended offset date-time format string: %s", t.Field, text)
	}
	return at, nil
}

func (l *queryLanguage) cause() (*failure, *failure) {
	out := &failure{}
	for _, part := range []struct {
		from *asl.Text
		to   **string
	}{{l.s.Error, &out.Error}, {l.s.Cause, &out.Cause}} {
		if part.from == nil {
			continue
		}
		text, f := l.textOf(part.from)
		if f != nil {
			return nil, f
		}
		*part.to = &text
	}
	return out, nil
}

func (l *queryLanguage) limits() (timeout, heartbeat *int64, f *failure) {
	for _, part := range []struct {
		from *asl.Number
		to   **int64
	}{{l.s.TimeoutSeconds, &timeout}, {l.s.HeartbeatSeconds, &heartbeat}} {
		if part.from == nil {
			continue
		}
		n, f := l.number(part.from)
		if f == nil && n <= 0 {
			f = evaluation(part.from.Field, l.sc, "The %s parameter must be a positive integer but was: %d", part.from.Field, n)
		}
		if f != nil {
			return nil, nil, f
		}
		*part.to = &n
	}
	return timeout, heartbeat, nil
}

func (l *queryLanguage) credentials() (value.Value, *failure) {
	if l.s.Credentials == nil {
		return value.Value{}, nil
	}
	return l.fill(l.s.Credentials)
}

func (l *queryLanguage) items() (value.Value, *failure) {
	if l.s.Items == nil {
		items := l.sc.input(l.st)
		if items.Kind() != value.KindArray {
			return items, evaluation("", l.sc, "Map state input must be an array but was: %s", items.JSON())
		}
		return items, nil
	}
	items, f := l.fill(l.s.Items)
	if f != nil || items.Kind() == value.KindArray || items.Kind() == value.KindObject && l.s.Items.Single() == nil {
		return items, f
	}
	return items, l.unexpected("Items", l.s.Items, "array", items)
}

func (l *queryLanguage) concurrency() (int64, *failure) {
	if l.s.MaxConcurrency == nil {
		return 0, nil
	}
	return l.number(l.s.MaxConcurrency)
}

func (l *queryLanguage) item(it mapItem) (value.Value, *failure) {
	if l.s.ItemSelector == nil {
		return it.input(), nil
	}
	e := l.env
	e.item, e.ctx = &it, nil
	return e.fill(l.s.ItemSelector)
}

func (l *queryLanguage) filled(field string, v value.Value) (value.Value, *failure) {
	t, err := payload.CompileQuery(v, field)
	if err != nil {
		return value.Value{}, runtime(l.sc, "%s", err.Error()) // validation has compiled it before
	}
	return l.fill(t)
}

func (l *queryLanguage) figure(n *asl.Number) (value.Value, *failure) {
	if n == nil {
		return value.Value{}, nil
	}
	return l.literal(n.Literal, n.Query, value.KindNumber)
}

// number is a field that holds an integer, not negative; expressions are rounded down.
func (e *env) number(n *asl.Number) (int64, *failure) {
	v, f := e.literal(n.Literal, n.Query, value.KindNumber)
	if f != nil {
		return 0, f
	}
	i, ok := floor(v)
	if !ok || i < 0 {
		return 0, evaluation(n.Field, e.sc, "The %s field refers to value \"%s\" which cannot be parsed as a non-negative integer", n.Field, v.JSON())
	}
	return i, nil
}

// textOf is a field that holds a string.
func (e *env) textOf(t *asl.Text) (string, *failure) {
	v, f := e.literal(value.String(t.Literal), t.Query, value.KindString)
	return v.Text(), f
}

// literal is a plain value, or what the expression in its place gives.
func (e *env) literal(plain value.Value, q *payload.Query, want value.Kind) (value.Value, *failure) {
	if q == nil {
		return plain, nil
	}
	v, err := e.Query(q)
	if err != nil {
		return v, e.failure(err, "")
	}
	if v.Kind() != want {
		return v, wrongType(e.sc, q, want.String(), v)
	}
	return v, nil
}

// unexpected is the failure of a field that gave another type: as one expression or, when a
// placeholder was never filled in, as it is written.
func (e *env) unexpected(field string, t *payload.Template, want string, got value.Value) *failure {
	if q := t.Single(); q != nil {
		return wrongType(e.sc, q, want, got)
	}
	return evaluation(field, e.sc, "The field '%s' has an unexpected type. Expected '%s', but was '%s' for value: %s", field, want, got.Kind(), got.JSON())
}

func wrongType(sc *Scope, q *payload.Query, want string, got value.Value) *failure {
	return evaluation(q.Field, sc, "The JSONata expression '%s' specified for the field '%s' returned an unexpected result type. Expected '%s', but was '%s' for value: %s",
		q, q.Field, want, got.Kind(), got.JSON())
}

// evaluation is a States.QueryEvaluationError; the event that reports it names the field.
func evaluation(field string, sc *Scope, format string, args ...any) *failure {
	f := stateFailed(sc, errQueryEvaluation, format, args...)
	f.Evaluated, f.Location = true, field
	return f
}

// evaluationError carries a failure through a template.
type evaluationError struct{ failure *failure }

func (e evaluationError) Error() string { return *e.failure.Cause }

// floor reads an integer; a number with a fraction is rounded down.
func floor(v value.Value) (int64, bool) {
	if i, ok := v.AsInt(); ok {
		return i, true
	}
	f := math.Floor(v.AsFloat())
	if v.Kind() != value.KindNumber || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// Query answers a JSONata expression from what the state was entered with. When the step's context
// ends meanwhile, the whole step is cut off: it would record as the state's failure what was none.
func (e *env) Query(q *payload.Query) (value.Value, error) {
	v, err := q.Expr.Eval(e.st.ctx, jsonata.Input{
		Bindings: e.bindings(q.Expr), Now: e.st.at, Random: e.Random, UUID: e.UUID, Work: &e.st.work,
	})
	says := ""
	problem, _ := errors.AsType[*jsonata.Error](err)
	if problem != nil && problem.Budget == jsonata.ContextEnded {
		e.st.cut = context.Cause(e.st.ctx)
	}
	switch {
	case errors.Is(err, jsonata.ErrUnsupportedResult):
		says = "returned an unsupported result type."
	case problem != nil && problem.Budget != "": // AWS leaves the code out
		says = "threw an error during evaluation: " + problem.Message
	case err != nil:
		says = "threw an error during evaluation. " + err.Error()
	case v.IsAbsent():
		says = "returned nothing (undefined)."
	default:
		return v, nil
	}
	return v, evaluationError{evaluation(q.Field, e.sc, "The JSONata expression '%s' specified for the field '%s' %s", q, q.Field, says)}
}

// bindings are the variables that an expression mentions, and $states with what it reads.
func (e *env) bindings(x *jsonata.Expr) map[string]value.Value {
	out := make(map[string]value.Value)
	for _, name := range x.Variables() {
		if name == "states" {
			out[name] = e.states(x)
		} else if v, ok := e.st.variable(e.sc, name); ok {
			out[name] = v
		}
	}
	return out
}

// states is $states. What is costly to make is only there when the expression reads it.
func (e *env) states(x *jsonata.Expr) value.Value {
	m := []value.Member{member("input", e.sc.input(e.st))}
	if !e.result.IsAbsent() {
		m = append(m, member("result", e.result))
	}
	if !e.problem.IsAbsent() {
		m = append(m, member("errorOutput", e.problem))
	}
	if paths := x.StatesPaths(); slices.Contains(paths, "context") || slices.Contains(paths, "") {
		m = append(m, member("context", e.context()))
	}
	return value.Object(m...)
}
