package asl

import (
	"slices"

	"statehouse/engine/jsonpath"
)

// scope is the variables of one block: what its states assign. Inner blocks read what outer ones
// assign, and do not assign it anew; the children of a Distributed Map are executions of their
// own and see nothing of it.
type scope struct {
	outer *scope
	names map[string]bool
	alone bool // of a Distributed Map
}

// use is one place that reads or assigns a variable.
type use struct {
	name  string
	place place
	at    span
	scope *scope
}

// inScope reads a block in a scope of its own.
func (r *reader) inScope(read func() *Block) *Block {
	outer := r.scope
	r.scope = &scope{outer: outer, names: map[string]bool{}}
	b := read()
	r.scope.alone = b.Mode == Distributed
	r.scope = outer
	return b
}

// reads notes the variables among the paths that a field reads.
func (r *reader) reads(p place, at span, paths ...*jsonpath.Path) {
	for _, path := range paths {
		if path.Root() == jsonpath.Variable {
			r.uses = append(r.uses, use{path.Variable(), p, at, r.scope})
		}
	}
}

// sets notes a variable that is assigned.
func (r *reader) sets(p place, at span, name string) {
	r.scope.names[name] = true
	r.assigned = append(r.assigned, use{name, p, at, r.scope})
}

// variables judges, once all blocks are read, where variables are assigned and read.
func (r *reader) variables() {
	for _, a := range r.assigned {
		if a.scope.visible().assigns(a.name) {
			r.report(Error, duplicateVariable, a.place, a.at, "The variable name '"+a.name+"' was already defined in a parent scope.")
		}
	}
	for _, u := range r.uses {
		if r.alone || u.scope.names[u.name] || u.scope.visible().assigns(u.name) {
			continue
		}
		r.report(Warning, undefinedVariable, u.place, u.at, "Variable '"+u.name+"' is possibly not defined.")
	}
}

// visible is the scope around this one, nil when nothing of it can be seen.
func (s *scope) visible() *scope {
	if s.alone {
		return nil
	}
	return s.outer
}

// assigns tells whether a scope or a visible one around it assigns a variable.
func (s *scope) assigns(name string) bool {
	for ; s != nil; s = s.visible() {
		if s.names[name] {
			return true
		}
	}
	return false
}

// references gathers what the states of a definition read: state → names of variables in order,
// each once. A state that reads none is not in it.
func references(uses []use) map[string][]string {
	out := map[string][]string{}
	for _, u := range uses {
		out[u.place.state] = append(out[u.place.state], u.name)
	}
	for state, names := range out {
		slices.Sort(names)
		out[state] = slices.Compact(names)
	}
	return out
}

// Modern tells whether a definition uses what the language gained in November 2024: JSONata or
// variables.
func (m *Machine) Modern() bool { return m.Root.modern() }

func (b *Block) modern() bool {
	for _, name := range b.Order {
		s := b.States[name]
		if s.Language == JSONata || s.Assign != nil || slices.ContainsFunc(s.Blocks(), (*Block).modern) ||
			slices.ContainsFunc(s.Catch, func(c Catcher) bool { return c.Assign != nil }) ||
			slices.ContainsFunc(s.Choices, func(c Rule) bool { return c.Assign != nil }) {
			return true
		}
	}
	return false
}
