package exchange

import (
	"strings"

	"statehouse/engine/value"
)

// printed is a node as indented JSON in which holes are written ${name}: without quotes
// where a whole value is a number that is open.
func printed(n *node) string {
	var b strings.Builder
	printNode(&b, n, "\n")
	return b.String()
}

func printNode(b *strings.Builder, n *node, newline string) {
	inner := newline + "  "
	n = n.settled()
	switch n.kind {
	case null:
		b.WriteString("null")
	case boolean, number:
		b.WriteString(n.literal)
	case str:
		if h := n.bare(); h != nil && h.kind == Number {
			b.WriteString(reference(h.name))
			return
		}
		b.WriteString(quoted(joined(n.text)))
	case array:
		if len(n.items) == 0 {
			b.WriteString("[]")
			return
		}
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(inner)
			printNode(b, item, inner)
		}
		b.WriteString(newline + "]")
	case object:
		if len(n.members) == 0 {
			b.WriteString("{}")
			return
		}
		b.WriteByte('{')
		for i, m := range n.members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(inner + quoted(m.key) + ": ")
			printNode(b, m.val, inner)
		}
		b.WriteString(newline + "}")
	}
}

// joined is a text with its holes written ${name}.
func joined(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.hole != nil {
			b.WriteString(reference(p.hole.name))
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

func reference(name string) string { return "${" + name + "}" }

// quoted is a text as a JSON string.
func quoted(s string) string { return value.String(s).JSON() }

// indented is JSON text of one line over several; a text that has lines already stays as
// it is, byte for byte.
func indented(text string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "\n") {
		return text
	}
	n, err := readJSON("", []byte(text))
	if err != nil {
		return text
	}
	return printed(n)
}
