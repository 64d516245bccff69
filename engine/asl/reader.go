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
	states         map[string]bool // names seen so far: they are unique in the whole machine
	labels         map[string]bool
	raised         map[string]bool // errors that Fail states raise
	scope          *scope          // of the block at hand
	uses, assigned []use           // of variables
	out            []Diagnostic
}

// place is where in the definition the reader is, in the words of a diagnostic.
type place struct {
	pointer  string // JSON pointer
	location string // the same as AWS prints it: indexes in brackets, names as they are
	state    string
	field    string
	base     int // length of the location of the state
	sees     sight
}

// key goes down to a member. The first key below a state, or below the machine, is the field.
func (p place) key(name string) place {
	p.pointer += "/" + escape(name)
	p.location += "/" + name
	if p.field == "" {
		p.field = name
	}
	return p
}

func (p place) index(i int) place {
	p.pointer += fmt.Sprintf("/%d", i)
	p.location += fmt.Sprintf("[%d]", i)
	return p
}

// enter goes down to a state of a block.
func (p place) enter(name string) place {
	location := p.location + "/States/" + name
	return place{pointer: p.pointer + "/States/" + escape(name), location: location, state: name, base: len(location)}
}

// within is the place below its state, as the causes of failures name it: "Output/result",
// "Choices[1]/Condition".
func (p place) within() string { return strings.TrimPrefix(p.location[p.base:], "/") }

// span is a stretch of the definition's text.
type span struct{ start, end int }

func (n *node) span() span   { return span{n.start, n.end} }
func (m *member) span() span { return span{m.start, m.end} }

func (r *reader) report(sev Severity, code string, p place, at span, msg string) *Diagnostic {
	location := p.location
	if location == "" {
		location = "/"
	}
	r.out = append(r.out, Diagnostic{
		Severity: sev, Code: code, Message: msg, Location: location, Pointer: p.pointer,
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
	r.unexpected(p, n, "["+strings.ToUpper(string(k))+"]")
	return false
}

// unexpected reports a node of the wrong type.
func (r *reader) unexpected(p place, n *node, want string) {
	d := r.fail(p, n.span(), "Expected value of type %s", want)
	d.Hint = "it is " + r.shown(n)
	if name := placeholderOf(n); name != "" {
		d.Hint = "the placeholder '" + name + "' has to be replaced first"
	}
}

// shown is a value in a few words.
func (r *reader) shown(n *node) string {
	switch n.kind {
	case object:
		return "an object"
	case array:
		return "a list"
	default:
		return quote(r.text[n.start:n.end])
	}
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
		r.fail(p, head(n), "This object should have only one of the following fields: [%s]", strings.Join(names, ", "))
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
		d := r.fail(p, found[1].span(), "There should only be one of the following fields: [%s]", strings.Join(names, ", "))
		d.Field, d.aside = p.key(found[1].key).field, true
	}
	return len(found)
}

// head is the first character of an object: enough to show where it is.
func head(n *node) span { return span{n.start, min(n.start+1, n.end)} }

// unsupported reports a field that does not belong here. AWS locates it at the object that holds
// it; the pointer leads to the field, because that is where a person has to go.
func (r *reader) unsupported(p place, m *member) {
	r.misplaced(p, m, "Field '%s' is not supported", m.key)
}

// misplaced reports a member at the object that holds it.
func (r *reader) misplaced(p place, m *member, format string, args ...any) *Diagnostic {
	d := r.fail(p, m.span(), format, args...)
	at := p.key(m.key)
	d.Pointer, d.Field = at.pointer, at.field
	return d
}

// string reads a string.
func (r *reader) string(p place, n *node) string {
	if !r.expect(p, n, str) {
		return ""
	}
	return n.text
}

// oneWord reads a string out of a closed set.
func (r *reader) oneWord(p place, n *node, words ...string) string {
	if !r.expect(p, n, str) {
		return ""
	}
	for _, w := range words {
		if n.text == w {
			return w
		}
	}
	what := last(p)
	needed := what == "Type" || what == "QueryLanguage" // without them nothing else can be read
	if r.open(n.text) && !needed {
		return ""
	}
	format := "Value should be one of the following: [%s]"
	if what == "Type" { // recorded: AWS has other words for the type of a state
		format = "The field 'Type' should have one of these values: [%s]"
	}
	d := r.fail(p, n.span(), format, strings.Join(words, ", "))
	d.Hint = "it is " + quote(r.text[n.start:n.end])
	if name := placeholderOf(n); name != "" {
		d.Hint = "the placeholder '" + name + "' has to be replaced first"
	}
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
	if r.openNode(n) {
		return 0 // it runs into the error that it is no number
	}
	i, ok := n.integer()
	switch {
	case n.kind != number || !ok:
		r.unexpected(p, n, "Integer")
	case i < least:
		r.fail(p, n.span(), "Minimum value is %d", least).Hint = "it is " + n.text
	case i > most:
		r.fail(p, n.span(), "Maximum value is %d", most).Hint = "it is " + n.text
	}
	return i
}

// fraction reads a number between two bounds that need not be whole.
func (r *reader) fraction(p place, n *node, least, most float64) float64 {
	if r.openNode(n) || !r.expect(p, n, number) {
		return least
	}
	f := n.float()
	switch {
	case f < least:
		r.fail(p, n.span(), "Minimum value is %.1f", least).Hint = "it is " + n.text
	case f > most:
		r.fail(p, n.span(), "Maximum value is %.1f", most).Hint = "it is " + n.text
	}
	return f
}

// setInteger reads a whole number over a default, which stays while the number is a placeholder.
func (r *reader) setInteger(p place, n *node, to *int64, least, most int64) {
	if !r.openNode(n) {
		*to = r.integer(p, n, least, most)
	}
}

// seconds reads a number of seconds, nil when it is still a placeholder.
func (r *reader) seconds(p place, n *node, most int64) *int64 {
	if r.openNode(n) {
		return nil
	}
	i := r.integer(p, n, 1, most)
	return &i
}

// boolean reads true or false.
func (r *reader) boolean(p place, n *node) bool {
	return r.expect(p, n, boolean) && n.text == "true"
}
