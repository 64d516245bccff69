package asl

import (
	"fmt"

	"statehouse/engine/arn"
)

// state reads one state by the rules of its type.
func (r *reader) state(p place, in Path, m *member) *State {
	n := m.val
	s := &State{
		Name: m.key, Pos: r.lines.position(m.start), Pointer: p.pointer,
		Language: r.stateLanguage(n),
	}
	downgraded := r.language == JSONata && s.Language == JSONPath
	if downgraded {
		r.fail(p, n.get("QueryLanguage").span(), "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
	}
	defer r.spelledLanguage(p, n)
	t := n.get("Type")
	if t == nil {
		r.required(p, n, "Type")
		return s
	}
	s.Type = Type(r.oneWord(p.key("Type"), t, typeNames...))
	rules, ok := kinds[s.Type]
	if !ok {
		return s
	}
	s.path = in + Path("/States/"+escape(s.Name))
	for i := range n.members {
		f := &n.members[i]
		switch field, known := rules.fields[f.key]; {
		case !known:
			r.unsupported(p, f)
		case !field.in.has(s.Language):
			if !downgraded { // AWS says no more about a state that must not be there
				r.wrongLanguage(p, f, s.Language)
			}
		default:
			at := p.key(f.key)
			at.sees = s.sees(f.key)
			field.read(r, at, f.val, s)
		}
	}
	r.required(p, n, rules.required...)
	for _, names := range rules.oneOf {
		r.oneOf(p, n, rules.existing(names, s.Language)...)
	}
	for _, names := range rules.onlyOne {
		r.atMostOne(p, n, rules.existing(names, s.Language)...)
	}
	if rules.whole != nil {
		rules.whole(r, p, n, s)
	}
	return s
}

// existing leaves out the fields that a query language does not have.
func (k kindRules) existing(names []string, q QueryLanguage) []string {
	var out []string
	for _, name := range names {
		if k.fields[name].in.has(q) {
			out = append(out, name)
		}
	}
	return out
}

// stateLanguage decides the query language of a state: its own, else that of the machine, also
// inside of a Map or Parallel in another language. Anything but JSONPath counts as JSONata.
func (r *reader) stateLanguage(n *node) QueryLanguage {
	switch q := n.get("QueryLanguage"); {
	case q == nil:
		return r.language
	case q.kind == str && q.text == "JSONPath":
		return JSONPath
	default:
		return JSONata
	}
}

// spelledLanguage judges how the query language of a state or of the machine is written.
func (r *reader) spelledLanguage(p place, n *node) {
	if q := n.get("QueryLanguage"); q != nil {
		r.oneWord(p.key("QueryLanguage"), q, "JSONPath", "JSONata")
	}
}

// wrongLanguage reports a field that only the other query language has, at the object that holds it.
func (r *reader) wrongLanguage(p place, m *member, q QueryLanguage) {
	other := JSONata
	if q == JSONata {
		other = JSONPath
	}
	r.misplaced(p, m, "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage", q, m.key, other).aside = true
}

func readEnd(r *reader, p place, n *node, s *State) {
	if s.End = r.boolean(p, n); n.kind == boolean && !s.End {
		r.fail(p, n.span(), "The field 'End' must be true when it is there")
	}
}

// Fields that belong to one type.
var (
	passFields = fields{
		"Result": {inJSONPath, func(r *reader, p place, n *node, s *State) {
			s.Result = n.json(r.text)
			r.staticResult(p, n)
		}},
	}
	taskFields = fields{
		"Resource":    {inBoth, readResource},
		"Credentials": {inBoth, readCredentials},
		"TimeoutSeconds": {inBoth, func(r *reader, p place, n *node, s *State) {
			s.TimeoutSeconds = r.number(p, n, s.Language, 1, maxSeconds)
		}},
		"TimeoutSecondsPath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.TimeoutSeconds = r.numberPath(p, n) }},
		"HeartbeatSeconds": {inBoth, func(r *reader, p place, n *node, s *State) {
			s.HeartbeatSeconds = r.number(p, n, s.Language, 1, maxSeconds)
		}},
		"HeartbeatSecondsPath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.HeartbeatSeconds = r.numberPath(p, n) }},
	}
	waitFields = fields{
		"Seconds":       {inBoth, func(r *reader, p place, n *node, s *State) { s.Seconds = r.number(p, n, s.Language, 0, maxSeconds) }},
		"SecondsPath":   {inJSONPath, func(r *reader, p place, n *node, s *State) { s.Seconds = r.numberPath(p, n) }},
		"Timestamp":     {inBoth, func(r *reader, p place, n *node, s *State) { s.Timestamp = r.timestamp(p, n, s.Language) }},
		"TimestampPath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.Timestamp = r.textPath(p, n, false) }},
	}
	failFields = fields{
		"Error":     {inBoth, func(r *reader, p place, n *node, s *State) { s.Error = r.message(p, n, s.Language) }},
		"ErrorPath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.Error = r.textPath(p, n, true) }},
		"Cause":     {inBoth, func(r *reader, p place, n *node, s *State) { s.Cause = r.message(p, n, s.Language) }},
		"CausePath": {inJSONPath, func(r *reader, p place, n *node, s *State) { s.Cause = r.textPath(p, n, true) }},
	}
	parallelFields = fields{
		"Branches": {inBoth, readBranches},
	}
)

// taskAsAWhole judges fields of a Task against each other.
func taskAsAWhole(r *reader, p place, n *node, s *State) {
	heartbeatBelowTimeout(r, p, n, s)
	if c := n.get("Credentials"); c != nil && arn.KindOf(s.Resource) == arn.Activity {
		r.fail(p.key("Credentials"), c.span(), "The field 'Credentials' is not supported for activities")
	}
}

// heartbeatBelowTimeout: a heartbeat that may come later than the timeout watches nothing.
func heartbeatBelowTimeout(r *reader, p place, n *node, s *State) {
	h, t := s.HeartbeatSeconds, s.TimeoutSeconds
	if h == nil || t == nil || n.get("HeartbeatSeconds") == nil || n.get("TimeoutSeconds") == nil {
		return
	}
	beat, ok1 := n.get("HeartbeatSeconds").integer()
	limit, ok2 := n.get("TimeoutSeconds").integer()
	if ok1 && ok2 && beat >= limit {
		r.fail(p.key("HeartbeatSeconds"), n.get("HeartbeatSeconds").span(), "The field 'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'")
	}
}

func readBranches(r *reader, p place, n *node, s *State) {
	if !r.expect(p, n, array) {
		return
	}
	if len(n.items) == 0 {
		r.fail(p, n.span(), "Value cannot be empty")
		return
	}
	for i, item := range n.items {
		s.Branches = append(s.Branches, r.inner(p.index(i), item, s.path+Path(fmt.Sprintf("/Branches/%d", i)), false))
	}
}

func readCredentials(r *reader, p place, n *node, s *State) {
	if !r.expect(p, n, object) {
		return
	}
	if s.Language == JSONata {
		s.Credentials = r.queries(p, n)
	} else {
		s.Credentials = r.object(p, n)
	}
	role := n.get("RoleArn")
	if s.Language == JSONPath && role == nil {
		role = n.get("RoleArn.$")
	}
	if role == nil {
		r.fail(p, n.span(), "The field 'RoleArn' is required but was missing")
	}
}
