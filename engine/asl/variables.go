package asl

import (
	"slices"

	"statehouse/engine/jsonpath"
)

// use is one place that reads a variable.
type use struct {
	name  string
	place place
	at    span
}

// reads notes the variables among the paths that a field reads.
func (r *reader) reads(p place, at span, paths ...*jsonpath.Path) {
	for _, path := range paths {
		if path.Root() == jsonpath.Variable {
			r.uses = append(r.uses, use{path.Variable(), p, at})
		}
	}
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
