package mock

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// Parse reads a configuration. The error is Mistakes, or says where the text is no JSON.
func Parse(text string) (*Config, error) {
	v, err := value.Parse(text)
	if err != nil {
		return nil, err
	}
	return Read(v)
}

// Read takes a configuration from a value. The error is Mistakes.
func Read(v value.Value) (*Config, error) {
	r := reader{}
	c := &Config{machines: map[string]map[string]Case{}}
	responses := map[string]Response{}
	for _, m := range r.object("the file", v, "StateMachines", "MockedResponses") {
		if m.Key == "MockedResponses" {
			for _, named := range r.object(m.Key, m.Value) {
				responses[named.Key] = r.response(m.Key+"."+named.Key, named.Key, named.Value)
			}
		}
	}
	for _, machine := range r.object("StateMachines", orEmpty(v.Get("StateMachines"))) {
		at := "StateMachines." + machine.Key
		cases := map[string]Case{}
		for _, m := range r.object(at, machine.Value, "TestCases") {
			for _, named := range r.object(at+".TestCases", m.Value) {
				cases[named.Key] = r.testCase(at+".TestCases."+named.Key, named, responses)
			}
		}
		c.machines[machine.Key] = cases
	}
	if len(r.mistakes) > 0 {
		return nil, r.mistakes
	}
	return c, nil
}

// ReadCase takes a test case from a value that holds the answers themselves, by state: an
// object as in MockedResponses. Places in the error's Mistakes begin with at.
func ReadCase(at string, v value.Value) (Case, error) {
	r := reader{}
	c := Case{}
	for _, m := range r.object(at, v) {
		c[m.Key] = r.response(at+"."+m.Key, m.Key, m.Value)
	}
	if len(r.mistakes) > 0 {
		return nil, r.mistakes
	}
	return c, nil
}

// reader collects mistakes on the way.
type reader struct{ mistakes Mistakes }

func (r *reader) wrong(format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Sprintf(format, args...))
}

// object are the members of an object. With names, others are mistakes.
func (r *reader) object(at string, v value.Value, names ...string) []value.Member {
	if v.Kind() != value.KindObject {
		r.wrong("%s: must be an object, not %s", at, v.Kind())
		return nil
	}
	if len(names) == 0 {
		return v.Members()
	}
	var known []value.Member
	for _, m := range v.Members() {
		switch {
		case slices.Contains(names, m.Key):
			known = append(known, m)
		case m.Key != "Comment" && m.Key != "$schema":
			r.wrong("%s: %s is not known here; known are %s", at, m.Key, strings.Join(names, ", "))
		}
	}
	return known
}

// testCase reads which response each state gives.
func (r *reader) testCase(at string, m value.Member, responses map[string]Response) Case {
	c := Case{}
	if m.Key == "" || strings.ContainsAny(m.Key, "#:") {
		r.wrong("%s: the name of a test case must not be empty and has no '#' and ':'", at)
	}
	for _, state := range r.object(at, m.Value) {
		name := state.Value.Text()
		response, ok := responses[name]
		switch {
		case state.Value.Kind() != value.KindString:
			r.wrong("%s.%s: must be the name of a mocked response", at, state.Key)
		case !ok:
			r.wrong("%s.%s: there is no mocked response '%s' in MockedResponses", at, state.Key, name)
		default:
			c[state.Key] = response
		}
	}
	return c
}

// response reads the answers of one mocked response.
func (r *reader) response(at, name string, v value.Value) Response {
	list := Response{Name: name}
	members := r.object(at, v)
	for _, m := range members {
		from, to, ok := calls(m.Key)
		if !ok {
			r.wrong(`%s: '%s' must count calls from 0, like "0" or "1-3"`, at, m.Key)
			continue
		}
		list.spans = append(list.spans, span{from, to, r.answer(at+"."+m.Key, m.Value)})
	}
	if len(list.spans) < len(members) || v.Kind() != value.KindObject {
		return list // said already
	}
	slices.SortFunc(list.spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	next := 0
	for _, s := range list.spans {
		switch {
		case s.from > next:
			r.wrong("%s: there is no answer for call %d", at, next)
		case s.from < next:
			r.wrong("%s: there are two answers for call %d", at, s.from)
		}
		next = max(next, s.to+1)
	}
	if next == 0 {
		r.wrong("%s: there is no answer for call 0", at)
	}
	return list
}

// calls reads "0" and "1-3".
func calls(key string) (from, to int, ok bool) {
	first, last, isRange := strings.Cut(key, "-")
	if !isRange {
		last = first
	}
	from, ok = number(first)
	if !ok {
		return 0, 0, false
	}
	to, ok = number(last)
	return from, to, ok && from <= to
}

func number(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == text
}

// answer reads Return, Throw or Never, and Submitted.
func (r *reader) answer(at string, v value.Value) Answer {
	var a Answer
	kinds := 0
	for _, m := range r.object(at, v, "Return", "Throw", "Never", "Submitted") {
		switch m.Key {
		case "Submitted":
			a.Submitted = m.Value
			continue
		case "Return":
			a.Return = m.Value
		case "Throw":
			a.Throw = r.throw(at+".Throw", m.Value)
		case "Never":
			if a.Never = m.Value.AsBool(); !a.Never {
				r.wrong("%s.Never: must be true", at)
			}
		}
		kinds++
	}
	if kinds != 1 && v.Kind() == value.KindObject {
		r.wrong("%s: must have exactly one of Return, Throw and Never", at)
	}
	return a
}

func (r *reader) throw(at string, v value.Value) *Throw {
	var t Throw
	for _, m := range r.object(at, v, "Error", "Cause") {
		if m.Value.Kind() != value.KindString {
			r.wrong("%s.%s: must be a string, not %s", at, m.Key, m.Value.Kind())
		}
		if m.Key == "Error" {
			t.Error = m.Value.Text()
		} else {
			t.Cause = m.Value.Text()
		}
	}
	if t.Error == "" && v.Kind() == value.KindObject {
		r.wrong("%s: must have an Error", at)
	}
	return &t
}

// orEmpty lets a part of the file be missing.
func orEmpty(v value.Value) value.Value {
	if v.IsAbsent() {
		return value.Object()
	}
	return v
}
