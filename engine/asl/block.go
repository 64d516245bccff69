package asl

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is how many characters the name of a state may have.
const maxName = 80

// block reads StartAt and States of an object; its other fields belong to the caller.
func (r *reader) block(p place, n *node, path Path) *Block {
	b := &Block{Path: path, States: map[string]*State{}, Language: r.language}
	r.required(p, n, "StartAt", "States")
	if start := n.get("StartAt"); start != nil {
		b.StartAt = r.string(p.key("StartAt"), start)
	}
	states := n.get("States")
	if states == nil || !r.expect(p.key("States"), states, object) {
		return b
	}
	if len(states.members) == 0 {
		r.fail(p.key("States"), states.span(), "The field 'States' cannot be empty")
		return b
	}
	for i := range states.members {
		m := &states.members[i]
		at := p.enter(m.key)
		if strayLanguage(p, m) {
			r.report(Warning, schemaFailed, at, m.span(), "'QueryLanguage' stands among the states: it belongs beside 'States'")
			continue
		}
		r.name(at, m)
		if !r.expect(at, m.val, object) {
			continue
		}
		s := r.state(at, path, m)
		b.States[s.Name] = s
		b.Order = append(b.Order, s.Name)
	}
	r.graph(p, n, b)
	return b
}

// strayLanguage recognises a QueryLanguage that slipped in among the states of the machine. It
// counts all the same: published definitions have it there.
func strayLanguage(p place, m *member) bool {
	return p.pointer == "" && m.key == "QueryLanguage" && m.val.kind == str
}

// name checks the name of a state.
func (r *reader) name(p place, m *member) {
	switch {
	case m.key == "":
		r.report(Error, invalidStateName, p, m.span(), "State name cannot be empty")
	case utf8.RuneCountInString(m.key) > maxName:
		r.report(Error, invalidStateName, p, m.span(), "Invalid State name: '"+quote(m.key)+"' exceeds the 80-character limit allowed by the service")
	case strings.ContainsFunc(m.key, unicode.IsControl):
		r.report(Error, invalidStateName, p, m.span(), "State name cannot contain control characters")
	case r.states[m.key]:
		r.report(Error, duplicateState, p, m.span(), "Duplicate State name: "+m.key)
	}
	r.states[m.key] = true
}

// inner reads a block inside a state: a branch, or the body of a Map, which also has a configuration.
func (r *reader) inner(p place, n *node, path Path, body bool) *Block {
	if !r.expect(p, n, object) {
		return &Block{Path: path, States: map[string]*State{}}
	}
	return r.inScope(func() *Block { return r.innerBlock(p, n, path, body) })
}

func (r *reader) innerBlock(p place, n *node, path Path, body bool) *Block {
	b := r.block(p, n, path)
	for i := range n.members {
		f := &n.members[i]
		switch {
		case f.key == "StartAt" || f.key == "States":
		case f.key == "Comment":
			b.Comment = r.string(p.key(f.key), f.val)
		case f.key == "ProcessorConfig" && body:
			r.processorConfig(p.key(f.key), f.val, b)
		default:
			r.unsupported(p, f)
		}
	}
	return b
}

// processorConfig reads where and as what the iterations of a Map run.
func (r *reader) processorConfig(p place, n *node, b *Block) {
	if !r.expect(p, n, object) {
		return
	}
	for i := range n.members {
		f := &n.members[i]
		switch f.key {
		case "Mode":
			b.Mode = r.oneWord(p.key(f.key), f.val, Inline, Distributed)
		case "ExecutionType":
			b.ExecutionType = r.oneWord(p.key(f.key), f.val, "STANDARD", "EXPRESS")
		default:
			r.unsupported(p, f)
		}
	}
	switch b.Mode {
	case Distributed:
		r.required(p, n, "ExecutionType")
		if r.express {
			r.fail(p.key("Mode"), n.get("Mode").span(), "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines")
		}
	case Inline:
		if m := n.member("ExecutionType"); m != nil {
			r.unsupported(p, m)
		}
	}
}
