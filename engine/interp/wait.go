package interp

import (
	"strconv"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/value"
)

// longestWait is as long as a Wait may take, in seconds.
const longestWait = 99_999_999

// wait sets a timer, or goes on at once when the time has come already.
func (st *step) wait(sc *Scope, s *asl.State) {
	due, f := st.language(sc, s).until()
	if f == nil && due.Sub(st.at) > longestWait*time.Second {
		f = runtime(sc, "Wait state delay is too long.")
	}
	if f != nil {
		st.fail(sc, s, f)
		return
	}
	if !due.After(st.at) {
		st.waited(sc, s)
		return
	}
	sc.Phase = Awaiting
	st.command(SetTimer{Token: st.token(sc), At: due, Why: WhyWait})
	st.touch(sc)
}

// waited leaves a Wait whose time has come.
func (st *step) waited(sc *Scope, s *asl.State) {
	v, f := st.language(sc, s).input()
	if f != nil {
		st.fail(sc, s, f)
		return
	}
	st.exit(sc, s, v)
}

// after is the end of a Wait of Seconds or SecondsPath. The sentences are AWS's.
func (e *env) after(n *asl.Number) (time.Time, *failure) {
	v := n.Literal
	if n.Path != nil {
		var err error
		if v, err = e.find(n.Path); err != nil {
			return time.Time{}, runtime(e.sc, "The %s parameter does not reference an input value: %s", n.Field, n.Path)
		}
	}
	i, ok := wholeNumber(v)
	switch {
	case !ok && n.Path != nil:
		return time.Time{}, runtime(e.sc, "The %s parameter cannot be parsed as a long value: %s == %s", n.Field, n.Path, shown(v))
	case !ok:
		return time.Time{}, runtime(e.sc, "The %s parameter cannot be parsed as a long value: %s", n.Field, shown(v))
	case i < 0 && n.Path != nil:
		return time.Time{}, runtime(e.sc, "The %s parameter references a negative value: %s == %d", n.Field, n.Path, i)
	case i < 0:
		return time.Time{}, runtime(e.sc, "The %s parameter is negative: %d", n.Field, i)
	}
	return e.st.at.Add(seconds(i)), nil
}

// wholeNumber reads an integer, also from a string of digits. 1.0 is none.
func wholeNumber(v value.Value) (int64, bool) {
	text := v.Literal()
	if v.Kind() == value.KindString {
		text = v.Text()
	}
	i, err := strconv.ParseInt(text, 10, 64)
	return i, err == nil
}

// moment is the end of a Wait of Timestamp or TimestampPath.
func (e *env) moment(t *asl.Text) (time.Time, *failure) {
	if t.Path == nil {
		at, ok := parseTime(t.Literal)
		if !ok {
			return time.Time{}, runtime(e.sc, "The %s parameter is not a valid ISO-8601 extended offset date-time format string: %s", t.Field, t.Literal)
		}
		return at, nil
	}
	v, err := t.Path.Eval(e)
	if err != nil {
		return time.Time{}, runtime(e.sc, "The %s parameter does not reference an input value: %s", t.Field, t.Path)
	}
	at, ok := parseTime(v.Text())
	if !ok {
		return time.Time{}, runtime(e.sc, "The %s parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", t.Field, t.Path, shown(v))
	}
	return at, nil
}

// parseTime reads an ISO-8601 date-time with offset. AWS wants a capital T, and Z or an
// offset with a colon; seconds may be missing.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// shown is a value as AWS's sentences quote it: strings without quotes.
func shown(v value.Value) string {
	if v.Kind() == value.KindString {
		return v.Text()
	}
	return v.JSON()
}
