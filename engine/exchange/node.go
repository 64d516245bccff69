package exchange

import (
	"fmt"
	"strconv"
	"strings"
)

// node is a value of a file, JSON's kinds with places. Strings are made of pieces, because
// some of their parts may be open.
type node struct {
	kind    kind
	text    []piece // of a str
	literal string  // of a number or a boolean, as JSON writes it
	members []member
	items   []*node
	at      Place
	thing   *thing // of an object: the resource or module that it stands for
}

type kind byte

const (
	null kind = iota
	boolean
	number
	str
	array
	object
)

type member struct {
	key string
	val *node
	at  Place
}

// piece is a part of a string: letters, or a hole.
type piece struct {
	text string
	hole *hole
}

// hole is a value that the file does not know. Two places with the same hole get one value.
type hole struct {
	name  string // as in ${name}
	kind  Kind
	about string

	known      bool // the file gives a value, which may be replaced
	value      string
	suggestion string
	thing      *thing // of Terraform, whose attribute it is
}

// maxHoles is how many values the files of a template or a module may leave open.
const maxHoles = 2000

// holeIn is the hole for a thing of a file, made at the first mention; its name is readable
// and no other hole has it.
func holeIn(holes, named map[string]*hole, key, name string, set func(*hole)) *hole {
	if h := holes[key]; h != nil {
		return h
	}
	if len(holes) >= maxHoles {
		panic(&Error{Message: fmt.Sprintf("the files leave more than %d values open", maxHoles)})
	}
	h := &hole{name: holeName(name)}
	for i := 2; named[h.name] != nil; i++ {
		h.name = holeName(name) + "_" + strconv.Itoa(i)
	}
	holes[key], named[h.name] = h, h
	set(h)
	return h
}

func textNode(at Place, s string) *node {
	return &node{kind: str, text: []piece{{text: s}}, at: at}
}

func holeNode(at Place, h *hole) *node {
	return &node{kind: str, text: []piece{{hole: h}}, at: at}
}

// get is the value of a key, nil when there is none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.members {
		if n.members[i].key == key {
			return n.members[i].val
		}
	}
	return nil
}

func (n *node) is(k kind) bool { return n != nil && n.kind == k }

// plain is the text of a string without holes, or of a number or a boolean.
func (n *node) plain() (string, bool) {
	return n.words(func(*hole) (string, bool) { return "", false })
}

// given is the text as the file knows it: holes with a value of the file count as that.
func (n *node) given() (string, bool) {
	return n.words(func(h *hole) (string, bool) { return h.value, h.known })
}

// guess is the text with its holes filled by the best that is known.
func (n *node) guess() string {
	s, _ := n.words(func(h *hole) (string, bool) {
		if h.known {
			return h.value, true
		}
		return or(h.suggestion, h.name), true
	})
	return s
}

// words are the text of a string, a number or a boolean, with what stands for its holes;
// false when nothing stands for one, or when it is none of these.
func (n *node) words(of func(*hole) (string, bool)) (string, bool) {
	if n = n.settled(); n == nil {
		return "", false
	}
	switch n.kind {
	case boolean, number:
		return n.literal, true
	case str:
		if len(n.text) == 1 && n.text[0].hole == nil {
			return n.text[0].text, true
		}
		var b strings.Builder
		for _, p := range n.text {
			text := p.text
			if p.hole != nil {
				var ok bool
				if text, ok = of(p.hole); !ok {
					return "", false
				}
			}
			b.WriteString(text)
		}
		return b.String(), true
	case null, array, object:
	}
	return "", false
}

// bare is the hole that the whole value is, nil when it is none.
func (n *node) bare() *hole {
	if n = n.settled(); n.is(str) && len(n.text) == 1 {
		return n.text[0].hole
	}
	return nil
}

// pieces are the parts of a value that stands inside a text.
func (n *node) pieces() ([]piece, bool) {
	if n = n.settled(); n.is(str) {
		return n.text, true
	}
	s, ok := n.plain()
	return []piece{{text: s}}, ok
}

// size counts the bytes of a text.
func size(pieces []piece) int {
	n := 0
	for _, p := range pieces {
		n += len(p.text) + 1
		if p.hole != nil {
			n += len(p.hole.name)
		}
	}
	return n
}
