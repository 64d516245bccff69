package asl

import "fmt"

// state reads one state by the rules of its type.
func (r *reader) state(p place, in Path, m *member) *State {
	n := m.val
	s := &State{
		Name: m.key, Pos: r.lines.position(m.start), Pointer: p.pointer,
		Language: r.stateLanguage(p, n),
	}
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
			r.wrongLanguage(p, f, s.Language)
		default:
			field.read(r, p.key(f.key), f.val, s)
		}
	}
	r.required(p, n, rules.required...)
	for _, names := range rules.oneOf {
		r.oneOf(p, n, rules.existing(names, s.Language)...)
	}
	for _, names := range rules.onlyOne {
		r.atMostOne(p, n, names...)
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

// stateLanguage decides the query language of a state. A state of its own language inside a
// Map or Parallel of another one is judged against the machine, as AWS does.
func (r *reader) stateLanguage(p place, n *node) QueryLanguage {
	q := n.get("QueryLanguage")
	if q == nil {
		return r.language
	}
	language := r.queryLanguage(p.key("QueryLanguage"), q)
	if r.language == JSONata && language == JSONPath {
		r.fail(p, q.span(), "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
	}
	return language
}

func (r *reader) wrongLanguage(p place, m *member, q QueryLanguage) {
	other := JSONata
	if q == JSONata {
		other = JSONPath
	}
	p.field = m.key
	r.fail(p, m.span(), "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage", q, m.key, other)
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
