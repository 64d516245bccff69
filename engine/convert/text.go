package convert

import (
	"slices"
	"strings"

	"statehouse/engine/value"
)

// node is one JSON value of a text that is known to be sound, with its place in it.
type node struct {
	start, end int
	kind       byte // the first character: { [ " or that of a word or number
	members    []member
	items      []*node
}

// member is one key of an object with its value.
type member struct {
	key              string
	start, keyEnd    int
	val              *node
	separator        int // where the comma behind it stands, or the end of the object
	leadFrom, leadTo int // the white space before it
}

// tree reads a text.
type tree struct {
	text string
	at   int
}

func parse(text string) *node {
	t := &tree{text: text}
	t.space()
	return t.node()
}

func (t *tree) space() {
	for t.at < len(t.text) && strings.IndexByte(" \t\r\n", t.text[t.at]) >= 0 {
		t.at++
	}
}

func (t *tree) node() *node {
	n := &node{start: t.at, kind: t.text[t.at]}
	switch n.kind {
	case '{':
		t.object(n)
	case '[':
		t.array(n)
	case '"':
		t.skipString()
	default:
		for t.at < len(t.text) && strings.IndexByte(",]} \t\r\n", t.text[t.at]) < 0 {
			t.at++
		}
	}
	n.end = t.at
	return n
}

func (t *tree) skipString() {
	for t.at++; t.text[t.at] != '"'; t.at++ {
		if t.text[t.at] == '\\' {
			t.at++
		}
	}
	t.at++
}

func (t *tree) object(n *node) {
	for t.at++; ; t.at++ {
		m := member{leadFrom: t.at}
		t.space()
		if t.text[t.at] == '}' {
			t.at++
			return
		}
		m.start, m.leadTo = t.at, t.at
		t.skipString()
		m.keyEnd = t.at
		m.key = value.Raw(t.text[m.start:m.keyEnd]).Text()
		t.space()
		t.at++ // the colon
		t.space()
		m.val = t.node()
		t.space()
		m.separator = t.at
		n.members = append(n.members, m)
		if t.text[t.at] == '}' {
			t.at++
			return
		}
	}
}

func (t *tree) array(n *node) {
	for t.at++; ; t.at++ {
		t.space()
		if t.text[t.at] == ']' {
			t.at++
			return
		}
		n.items = append(n.items, t.node())
		t.space()
		if t.text[t.at] == ']' {
			t.at++
			return
		}
	}
}

// get is a member's value, nil when there is none.
func (n *node) get(key string) *node {
	for i := range n.members {
		if n.members[i].key == key {
			return n.members[i].val
		}
	}
	return nil
}

// edit replaces a stretch of the text.
type edit struct {
	start, end int
	text       string
}

// splice is text[start:end] after the edits that lie in it.
func splice(text string, start, end int, edits []edit) string {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var b strings.Builder
	for _, e := range edits {
		if e.start < start || e.end > end {
			continue
		}
		b.WriteString(text[start:e.start])
		b.WriteString(e.text)
		start = e.end
	}
	b.WriteString(text[start:end])
	return b.String()
}

// change is what happens to the members of one object.
type change struct {
	drop  map[string]bool
	put   map[string]string // instead of the member of that name: the whole new member
	add   []string          // behind the member named first: new members
	after string
}

// apply gives the edits that change the members of n.
func (ch *change) apply(text string, n *node) []edit {
	var edits []edit
	kept := false // a member that stays stands before
	for i := range n.members {
		m := &n.members[i]
		if ch.drop[m.key] && ch.put[m.key] == "" {
			switch {
			case kept:
				edits = append(edits, edit{n.members[i-1].val.end, m.val.end, ""})
			case i+1 < len(n.members):
				edits = append(edits, edit{m.start, n.members[i+1].start, ""})
			default:
				edits = append(edits, edit{m.start, m.val.end, ""})
			}
			continue
		}
		kept = true
		if put := ch.put[m.key]; put != "" {
			edits = append(edits, edit{m.start, m.val.end, put})
		}
		if m.key == ch.after && len(ch.add) > 0 {
			for _, text2 := range ch.add {
				edits = append(edits, edit{m.val.end, m.val.end, "," + lead(text, m) + text2})
			}
		}
	}
	return edits
}

// lead is the white space in front of a member, at least a space.
func lead(text string, m *member) string {
	if m.leadTo > m.leadFrom {
		return text[m.leadFrom:m.leadTo]
	}
	return " "
}

// quote is a string as JSON and as JSONata.
func quote(s string) string { return value.String(s).JSON() }
