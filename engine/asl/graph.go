package asl

// edge is one way from a state to another.
type edge struct {
	to    string
	place place
	at    span
}

// edges collects where a state leads, with the text that says so.
func edges(p place, n *node) []edge {
	var out []edge
	add := func(p place, n *node, key string) {
		if n.kind != object {
			return
		}
		if t := n.get(key); t != nil && t.kind == str {
			out = append(out, edge{to: t.text, place: p.key(key), at: t.span()})
		}
	}
	add(p, n, "Next")
	add(p, n, "Default")
	for _, list := range []string{"Choices", "Catch"} {
		l := n.get(list)
		if l == nil {
			continue
		}
		for i, item := range l.items {
			add(p.key(list).index(i), item, "Next")
		}
	}
	return out
}

// graph judges how the states of a block hang together: every target exists, there is an end,
// and every state is on a way from the start. AWS looks for unreachable states only in a
// workflow that has an end.
func (r *reader) graph(p place, n *node, b *Block) {
	if r.alone && p.pointer == "" {
		return // what comes before and after the state is not there
	}
	states := n.get("States")
	names := make(map[string]bool, len(states.members))
	for i := range states.members {
		names[states.members[i].key] = true
	}
	to := map[string][]string{}
	ends := false
	for i := range states.members {
		m := &states.members[i]
		if m.val.kind != object {
			continue
		}
		at := p.enter(m.key)
		for _, e := range edges(at, m.val) {
			to[m.key] = append(to[m.key], e.to)
			if !names[e.to] {
				r.report(Error, missingTarget, e.place, e.at, "Missing 'Next' target: "+e.to)
			}
		}
		ends = ends || isEnd(m.val)
	}
	start := n.get("StartAt")
	known := start != nil && start.kind == str && names[start.text]
	if start != nil && start.kind == str && !known {
		r.report(Error, missingTarget, p.key("StartAt"), start.span(), "Missing 'Next' target: "+start.text)
	}
	if !ends {
		r.noEnd(p, n)
		return
	}
	switch {
	case known:
		r.unreachable(p, states, reach(start.text, to))
	case start != nil && start.kind == str && !r.open(start.text): // AWS then finds no state reachable
		r.unreachable(p, states, nil)
	}
}

// isEnd tells whether a workflow can end in a state.
func isEnd(n *node) bool {
	if t := n.get("Type"); t != nil && (t.text == string(Succeed) || t.text == string(Fail)) {
		return true
	}
	end := n.get("End")
	return end != nil && end.text == "true"
}

func (r *reader) noEnd(p place, n *node) {
	d := r.report(Error, missingEnd, p, head(n), "Workflow has no terminal state")
	if p.pointer == "" { // AWS gives no location here
		d.Location, d.Pointer = "", ""
	}
}

// reach is the set of states on a way from the start.
func reach(start string, to map[string][]string) map[string]bool {
	seen := map[string]bool{start: true}
	for todo := []string{start}; len(todo) > 0; {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, next := range to[name] {
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return seen
}

func (r *reader) unreachable(p place, states *node, seen map[string]bool) {
	for i := range states.members {
		m := &states.members[i]
		if !seen[m.key] && !strayLanguage(p, m) {
			r.report(Error, missingTarget, p.enter(m.key), m.span(), "State \""+m.key+"\" is not reachable.")
		}
	}
}
