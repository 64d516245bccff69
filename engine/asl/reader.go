package asl

import (
	"fmt"
	"strings"
)

// reader turns a tree into a Machine and collects what there is to say about it.
type reader struct {
	text     string
	lines    *lines
	language QueryLanguage // of the whole machine
	form
	states map[string]bool // names seen so far: they are unique in the whole machine
	labels map[string]bool
	raised map[string]bool // errors that Fail states raise
	uses   []use           // variables that are read
	out    []Diagnostic
}

// place is where in the definition the reader is, in the words of a diagnostic.
type place struct {
	pointer string
	state   string
	field   string
	base    int // length of the pointer of the state
}

// key goes down to a member. The first key below a state, or below the machine, is the field.
func (p place) key(name string) place {
	p.pointer += "/" + escape(name)
	if p.field == "" {
		p.field = name
	}
	return p
}

func (p place) index(i int) place {
	p.pointer += fmt.Sprintf("/%d", i)
	return p
}

// enter goes down to a state of a block.
func (p place) enter(name string) place {
	pointer := p.pointer + "/States/" + escape(name)
	return place{pointer: pointer, state: name, base: len(pointer)}
}

// span is a stretch of the definition's text.
type span struct{ start, end int }

func (n *node) span() span   { return span{n.start, n.end} }
func (m *member) span() span { return span{m.start, m.end} }

func (r *reader) report(sev Severity, code string, p place, at span, msg string) *Diagnostic {
	location := p.pointer
	if location == "" {
		location = "/"
	}
	r.out = append(r.out, Diagnostic{
		Severity: sev, Code: code, Message: msg, Location: location,
		Pos: r.lines.position(at.start), End: r.lines.position(at.end),
		State: p.state, Field: p.field,
	})
	return &r.out[len(r.out)-1]
}

// fail reports a fault of the schema.
func (r *reader) fail(p place, at span, format string, args ...any) *Diagnostic {
	return r.report(Error, schemaFailed, p, at, fmt.Sprintf(format, args...))
}

// expect reports a node of another kind than the wanted one.
func (r *reader) expect(p place, n *node, k kind) bool {
	if n.kind == k {
		return true
	}
	r.fail(p, n.span(), "The field '%s' must be of type %s, but is %s", last(p), k, n.kind)
	return false
}

// within is the place below its state, as the causes of failures name it: "Output/result",
// "Choices[1]/Condition".
func (p place) within() string {
	var b strings.Builder
	for i, step := range strings.Split(strings.TrimPrefix(p.pointer[p.base:], "/"), "/") {
		switch {
		case i > 0 && step != "" && strings.Trim(step, "0123456789") == "":
			b.WriteString("[" + step + "]")
			continue
		case i > 0:
			b.WriteByte('/')
		}
		b.WriteString(unescape(step))
	}
	return b.String()
}

// last is the name of the field that a place ends in; an index is named with its list.
func last(p place) string {
	part := strings.Split(p.pointer, "/")
	name := unescape(part[len(part)-1])
	if len(part) > 1 && name != "" && strings.Trim(name, "0123456789") == "" {
		return unescape(part[len(part)-2]) + "[" + name + "]"
	}
	return name
}

// required reports the fields an object lacks, in one diagnostic as AWS does.
func (r *reader) required(p place, n *node, names ...string) {
	var missing []string
	for _, name := range names {
		if n.get(name) == nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		r.fail(p, head(n), "These fields are required: [%s]", strings.Join(missing, ", "))
	}
}

// oneOf reports an object that has none of some fields, or several.
func (r *reader) oneOf(p place, n *node, names ...string) {
	if r.atMostOne(p, n, names...) == 0 {
		r.fail(p, head(n), "One of these fields is required: [%s]", strings.Join(names, ", "))
	}
}

// atMostOne reports an object that has several of some fields, and counts them.
func (r *reader) atMostOne(p place, n *node, names ...string) int {
	var found []*member
	for _, name := range names {
		if m := n.member(name); m != nil {
			found = append(found, m)
		}
	}
	if len(found) > 1 {
		var have []string
		for _, m := range found {
			have = append(have, m.key)
		}
		r.fail(p.key(found[1].key), found[1].span(), "Only one of these fields is allowed: [%s]", strings.Join(have, ", "))
	}
	return len(found)
}

// head is the first character of an object: enough to show where it is.
func head(n *node) span { return span{n.start, min(n.start+1, n.end)} }

// unsupported reports a field that does not belong here. AWS locates it at the object that holds
// it; we say which field, because that is where a person has to go.
func (r *reader) unsupported(p place, m *member) {
	r.fail(p.key(m.key), m.span(), "Field '%s' is not supported", m.key)
}

// text reads a string.
func (r *reader) string(p place, n *node) string {
	if !r.expect(p, n, str) {
		return ""
	}
	return n.text
}

// oneWord reads a string out of a closed set.
func (r *reader) oneWord(p place, n *node, words ...string) string {
	if n.kind == str {
		for _, w := range words {
			if n.text == w {
				return w
			}
		}
		if isPlaceholder(n.text) {
			return ""
		}
	}
	d := r.fail(p, n.span(), "The field '%s' should have one of these values: [%s]", last(p), strings.Join(words, ", "))
	d.Hint, d.aside = "it is "+quote(r.text[n.start:n.end]), true
	return ""
}

// quote shortens a piece of text for a message.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// integer reads a whole number between two bounds.
func (r *reader) integer(p place, n *node, least, most int64) int64 {
	if isPlaceholderNode(n) || !r.expect(p, n, number) {
		return 0 // a placeholder runs into the error that it is no number
	}
	i, ok := n.integer()
	switch {
	case !ok:
		r.fail(p, n.span(), "The field '%s' must be a whole number, but is %s", last(p), n.text)
	case i < least:
		r.fail(p, n.span(), "The field '%s' must be at least %d, but is %s", last(p), least, n.text)
	case i > most:
		r.fail(p, n.span(), "The field '%s' must be at most %d, but is %s", last(p), most, n.text)
	}
	return i
}

// setInteger reads a whole number over a default, which stays while the number is a placeholder.
func (r *reader) setInteger(p place, n *node, to *int64, least, most int64) {
	if !isPlaceholderNode(n) {
		*to = r.integer(p, n, least, most)
	}
}

// seconds reads a number of seconds, nil when it is still a placeholder.
func (r *reader) seconds(p place, n *node, most int64) *int64 {
	if isPlaceholderNode(n) {
		return nil
	}
	i := r.integer(p, n, 1, most)
	return &i
}

// boolean reads true or false.
func (r *reader) boolean(p place, n *node) bool {
	return r.expect(p, n, boolean) && n.text == "true"
}
