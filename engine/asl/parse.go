package asl

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxDefinition is how many characters a definition may have: 1 MiB.
const maxDefinition = 1 << 20

// maxSeconds is the largest number of seconds that timeouts, waits and intervals may have.
const maxSeconds = 99_999_999

// Parse reads a definition for a standard state machine. The machine is nil when there is any
// error among the diagnostics.
func Parse(text string) (*Machine, []Diagnostic) { return parse(text, form{}) }

// Validate judges a draft of a definition for a type of state machine, STANDARD or EXPRESS.
// Placeholders may stand where the value is still to be filled in; they are named in warnings.
func Validate(text, machineType string) []Diagnostic {
	_, list := parse(text, form{express: machineType == "EXPRESS"})
	return list
}

// Judge judges a definition as AWS does, which fills nothing in: a placeholder is the text that it
// is.
func Judge(text, machineType string) []Diagnostic {
	_, list := parse(text, form{express: machineType == "EXPRESS", final: true})
	return list
}

// form is what a definition is read as.
type form struct {
	express bool // for an express state machine
	alone   bool // one state by itself: see ParseState
	final   bool // nobody fills placeholders in any more
}

func parse(text string, f form) (*Machine, []Diagnostic) {
	r := &reader{
		text: text, lines: newLines(text), form: f,
		states: map[string]bool{}, labels: map[string]bool{}, raised: map[string]bool{},
		scope: &scope{names: map[string]bool{}},
	}
	if utf8.RuneCountInString(text) > maxDefinition {
		r.fail(place{}, span{0, 0}, "The definition must not be longer than 1 MiB (%d characters)", maxDefinition)
		return nil, r.out
	}
	if strings.TrimSpace(text) == "" {
		return nil, []Diagnostic{notAnObject(Position{Line: 1, Column: 1})}
	}
	root, fault := parseTree(text)
	if fault != nil {
		return nil, []Diagnostic{r.syntax(fault)}
	}
	if root.kind != object {
		return nil, []Diagnostic{notAnObject(r.lines.position(root.start))}
	}
	raises(root, r.raised)
	m := r.machine(root)
	m.Reads = references(r.uses)
	r.variables()
	r.placeholders(root)
	if HasErrors(r.out) {
		return nil, r.out
	}
	return m, r.out
}

// NotJSON says in the words of AWS's JSON reader where and why a text is no JSON, with the
// place that it had got to. It is empty for JSON, and for what only definitions may not have.
func NotJSON(text string) string {
	_, fault := parseTree(text)
	if fault == nil || fault.code != invalidJSON {
		return ""
	}
	r := &reader{text: text, lines: newLines(text)}
	return r.syntax(fault).Message
}

func notAnObject(at Position) Diagnostic {
	return Diagnostic{Severity: Error, Code: schemaFailed, Message: "Definition must be a valid JSON object", Pos: at, End: at}
}

// syntax words faulty JSON as AWS does: the message and the location quote the source.
func (r *reader) syntax(e *syntaxError) Diagnostic {
	const most = 500
	source, cut := r.text, ""
	if c := []rune(source); len(c) > most {
		source, cut = string(c[:most]), fmt.Sprintf("[truncated %d chars]", len(c)-most)
	}
	after, at := r.lines.position(e.after), r.lines.position(e.offset)
	location := fmt.Sprintf("[Source: (String)\"%s\"%s; line: %d, column: %d]", source, cut, after.Line, after.Column)
	hint := fmt.Sprintf("line %d, column %d", at.Line, at.Column)
	if name := placeholder.FindString(r.text[min(e.offset, len(r.text)):min(e.offset+maxName, len(r.text))]); name != "" && strings.HasPrefix(r.text[e.offset:], name) {
		hint += "; the placeholder " + name + " is JSON only in quotes"
	}
	return Diagnostic{
		Severity: Error, Code: e.code, Message: e.msg + "\n at " + location, Location: location,
		Hint: hint,
		Pos:  at, End: r.lines.position(max(e.after, e.offset+1)),
	}
}

// machine reads the whole definition.
func (r *reader) machine(n *node) *Machine {
	m := &Machine{Source: r.text}
	p := place{}
	m.Language = r.stateLanguage(n)
	if states := n.get("States"); states != nil && n.get("QueryLanguage") == nil {
		if q := states.member("QueryLanguage"); q != nil && strayLanguage(p, q) {
			m.Language = r.stateLanguage(states)
		}
	}
	r.language = m.Language
	r.spelledLanguage(p, n)
	for i := range n.members {
		f := &n.members[i]
		p := p.key(f.key)
		switch f.key {
		case "StartAt", "States", "QueryLanguage":
		case "Comment":
			m.Comment = r.string(p, f.val)
		case "Version":
			m.Version = r.oneWord(p, f.val, "1.0")
		case "TimeoutSeconds":
			m.TimeoutSeconds = r.seconds(p, f.val, maxSeconds)
		default:
			r.unsupported(place{}, f)
		}
	}
	m.Root = r.block(p, n, "")
	m.Root.Comment = m.Comment
	return m
}
