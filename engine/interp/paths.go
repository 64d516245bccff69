package interp

import (
	"strconv"
	"strings"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/jsonpath"
	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// pathLanguage shapes data with JSONPath: InputPath → Parameters → (work) →
// ResultSelector → Assign → ResultPath → OutputPath.
type pathLanguage struct{ env }

// taken is the raw input after InputPath.
func (l *pathLanguage) taken() (value.Value, *failure) {
	v, f := l.at(l.sc.input(l.st)).selected(l.s.InputPath)
	if f == nil {
		l.st.saw(AfterInputPath, v)
	}
	return v, f
}

func (l *pathLanguage) input() (value.Value, *failure) {
	v, f := l.taken()
	if f == nil && l.s.Parameters != nil {
		v, f = l.at(v).fill(l.s.Parameters)
	}
	if f == nil && l.placing() {
		l.st.saw(AfterParameters, v)
	}
	return v, f
}

func (l *pathLanguage) output(result value.Value) (leaving, *failure) {
	out := leaving{next: l.s.Next}
	var f *failure
	if l.s.ResultSelector != nil {
		if result, f = l.at(result).fill(l.s.ResultSelector); f != nil {
			return out, f
		}
	}
	if l.placing() {
		l.st.saw(AfterResultSelector, result)
	}
	if l.s.Assign != nil && l.s.Type != asl.Choice {
		if out.assign, f = l.at(result).fill(l.s.Assign); f != nil {
			return out, f
		}
	}
	if out.output, f = l.placed(l.s.ResultPath, result); f != nil {
		return out, f
	}
	if l.placing() {
		l.st.saw(AfterResultPath, out.output)
	}
	out.output, f = l.at(out.output).selected(l.s.OutputPath)
	return out, f
}

// placed puts a result where ResultPath says in the raw input.
func (l *pathLanguage) placed(s *asl.Selector, result value.Value) (value.Value, *failure) {
	switch {
	case !l.placing() || s == nil:
		return result, nil
	case s.Null:
		return l.sc.input(l.st), nil
	}
	raw := l.sc.input(l.st)
	v, err := s.Path.Set(raw, result)
	if err != nil {
		return value.Value{}, failed(errResultPath, "%s", err)
	}
	return v, nil
}

// placing reports whether the type of the state has a ResultPath.
func (l *pathLanguage) placing() bool {
	switch l.s.Type {
	case asl.Task, asl.Pass, asl.Parallel, asl.Map:
		return true
	default:
		return false
	}
}

func (l *pathLanguage) caught(c *asl.Catcher, err value.Value) (leaving, *failure) {
	var out leaving
	var f *failure
	if c.Assign != nil {
		if out.assign, f = l.at(err).fill(c.Assign); f != nil {
			return out, f
		}
	}
	out.output, f = l.placed(c.ResultPath, err)
	return out, f
}

func (l *pathLanguage) limits() (timeout, heartbeat *int64, f *failure) {
	in, f := l.taken()
	if f != nil {
		return nil, nil, f
	}
	if timeout, f = l.at(in).limit(l.s.TimeoutSeconds); f != nil {
		return nil, nil, f
	}
	heartbeat, f = l.at(in).limit(l.s.HeartbeatSeconds)
	return timeout, heartbeat, f
}

// limit is a positive number of seconds.
func (e *env) limit(n *asl.Number) (*int64, *failure) {
	if n == nil {
		return nil, nil
	}
	v := n.Literal
	if n.Path != nil {
		var f *failure
		if v, f = e.path(n.Path); f != nil {
			return nil, f
		}
	}
	i, ok := v.AsInt()
	if v.Kind() != value.KindNumber || !ok || i <= 0 {
		return nil, runtime(e.sc, "The %s parameter must be a positive integer but was: %s", n.Field, v.JSON())
	}
	return &i, nil
}

func (l *pathLanguage) credentials() (value.Value, *failure) {
	if l.s.Credentials == nil {
		return value.Value{}, nil
	}
	in, f := l.taken()
	if f != nil {
		return value.Value{}, f
	}
	return l.at(in).fill(l.s.Credentials)
}

func (l *pathLanguage) cause() (*failure, *failure) {
	e := l.at(l.sc.Raw)
	name, f := e.text(l.s.Error)
	if f != nil {
		return nil, f
	}
	cause, f := e.text(l.s.Cause)
	return &failure{Error: name, Cause: cause}, f
}

// text is the Error or Cause of a Fail, nil when it has none.
func (e *env) text(t *asl.Text) (*string, *failure) {
	if t == nil {
		return nil, nil
	}
	if t.Path == nil {
		return &t.Literal, nil
	}
	v, err := t.Path.Eval(e)
	if err != nil {
		return nil, e.failure(err, t.Field)
	}
	if v.Kind() != value.KindString {
		return nil, runtime(e.sc, "The %s parameter must reference a string but was: %s", t.Field, v.JSON())
	}
	return new(v.Text()), nil
}

func (l *pathLanguage) items() (value.Value, *failure) {
	in, f := l.taken()
	if f != nil {
		return value.Value{}, f
	}
	items, f := l.at(in).selected(l.s.ItemsPath)
	if f != nil {
		if l.s.ItemsPath.Path.Root() == jsonpath.Input {
			f = failed(errReferencePath, "Unable to apply step \"%s\" to input %s", missingStep(l.s.ItemsPath.Text, in), in.JSON())
		}
		return value.Value{}, f
	}
	if k := items.Kind(); k != value.KindArray && k != value.KindObject {
		return value.Value{}, runtime(l.sc, "Reference path \"%s\" must point to array.", l.s.ItemsPath.Text)
	}
	return items, nil
}

func (l *pathLanguage) concurrency() (int64, *failure) {
	in, f := l.taken()
	if f != nil {
		return 0, f
	}
	return l.at(in).count(l.s.MaxConcurrency)
}

// missingStep is the first name of a reference path that leads nowhere.
func missingStep(path string, doc value.Value) string {
	step := ""
	for _, step = range strings.FieldsFunc(strings.TrimPrefix(path, "$"), func(r rune) bool { return strings.ContainsRune(".[]'\"", r) }) {
		if i, err := strconv.Atoi(step); err == nil && doc.Kind() == value.KindArray {
			doc = doc.At(i)
		} else {
			doc = doc.Get(step)
		}
		if doc.IsAbsent() {
			break
		}
	}
	return step
}

// count is a number of things; AWS takes it from a string of digits, too.
func (e *env) count(n *asl.Number) (int64, *failure) {
	if n == nil {
		return 0, nil
	}
	v := n.Literal
	if n.Path != nil {
		var f *failure
		if v, f = e.path(n.Path); f != nil {
			return 0, f
		}
	}
	if v.Kind() == value.KindString {
		if parsed, err := value.Parse(v.Text()); err == nil {
			v = parsed
		}
	}
	i, ok := v.AsInt()
	if v.Kind() != value.KindNumber || !ok || i < 0 {
		return 0, runtime(e.sc, "The %s field refers to value \"%s\" which cannot be parsed as a non-negative integer", n.Field, v.JSON())
	}
	return i, nil
}

func (l *pathLanguage) item(it mapItem) (value.Value, *failure) {
	if l.s.ItemSelector == nil {
		return it.input(), nil
	}
	in, f := l.taken()
	if f != nil {
		return value.Value{}, f
	}
	e := l.at(in)
	e.item = &it
	return e.fill(l.s.ItemSelector)
}

func (l *pathLanguage) filled(_ string, v value.Value) (value.Value, *failure) {
	t, err := payload.Compile(v)
	if err != nil {
		return value.Value{}, runtime(l.sc, "%s", err.Error()) // validation has compiled it before
	}
	in, f := l.taken()
	if f != nil {
		return value.Value{}, f
	}
	return l.at(in).fill(t)
}

func (l *pathLanguage) figure(n *asl.Number) (value.Value, *failure) {
	switch {
	case n == nil:
		return value.Value{}, nil
	case n.Path == nil:
		return n.Literal, nil
	}
	in, f := l.taken()
	if f != nil {
		return value.Value{}, f
	}
	return l.at(in).path(n.Path)
}

func (l *pathLanguage) until() (time.Time, *failure) {
	in, f := l.taken()
	if f != nil {
		return time.Time{}, f
	}
	e := l.at(in)
	if l.s.Seconds != nil {
		return e.after(l.s.Seconds)
	}
	return e.moment(l.s.Timestamp)
}
