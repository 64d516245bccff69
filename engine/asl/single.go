package asl

import "strings"

// Lone is the name of a state that is read by itself, as AWS's diagnostics show it.
const Lone = "StateName"

// ParseState reads the definition of one state by itself, as TestState takes it. The
// machine has that state only, under the name Lone; where it leads need not exist.
// Positions are those of the text that was given, locations those of AWS
// ("/States/StateName/Branches").
func ParseState(text string) (*Machine, []Diagnostic) {
	if root, fault := parseTree(text); strings.TrimSpace(text) == "" || fault != nil || root.kind != object {
		return parse(text, form{}) // which says so about the text as it is
	}
	const head = `{"StartAt":"` + Lone + `","States":{"` + Lone + `":`
	m, list := parse(head+text+"}}", form{alone: true})
	for i := range list {
		list[i].Pos, list[i].End = list[i].Pos.back(len(head)), list[i].End.back(len(head))
	}
	return m, list
}

// back is the position in a text that lacks the first n characters, all in one line.
func (p Position) back(n int) Position {
	p.Offset = max(p.Offset-n, 0)
	if p.Line == 1 {
		p.Column = max(p.Column-n, 1)
	}
	return p
}
