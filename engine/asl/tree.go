package asl

import (
	"sort"
	"strconv"

	"statehouse/engine/value"
)

// node is one JSON value of a definition and the text it stands in.
type node struct {
	kind       kind
	start, end int
	text       string // content of a string, literal of a number or of a boolean
	members    []member
	items      []*node
}

// member is one key of an object with its value.
type member struct {
	key        string
	start, end int // of the key, with its quotes
	val        *node
}

// kind is what a node is, in the words of diagnostics.
type kind string

const (
	null    kind = "Null"
	boolean kind = "Boolean"
	number  kind = "Number"
	str     kind = "String"
	array   kind = "Array"
	object  kind = "Object"
)

// maxDepth is how deep a definition may nest.
const maxDepth = 1000

// parseTree reads one JSON text strictly: no duplicate keys, nothing behind the value.
func parseTree(text string) (*node, *syntaxError) {
	s := &scanner{text: text}
	s.space()
	n, err := s.value(0)
	if err != nil {
		return nil, err
	}
	if s.peek(); s.at < len(text) {
		return nil, s.unexpected("the end of the definition")
	}
	return n, nil
}

func (s *scanner) value(depth int) (*node, *syntaxError) {
	if depth > maxDepth {
		err := s.fail(s.at, s.at, "The definition nests deeper than %d levels", maxDepth)
		err.code = tooDeeplyNested
		return nil, err
	}
	n := &node{start: s.at}
	var err *syntaxError
	switch c := s.peek(); {
	case c == '{':
		n.kind = object
		err = s.object(n, depth)
	case c == '[':
		n.kind = array
		err = s.array(n, depth)
	case c == '"':
		n.kind = str
		n.text, err = s.str()
	case c == '-' || isDigit(c):
		n.kind = number
		n.text, err = s.number()
	default:
		n.kind = boolean
		if n.text, err = s.word(); n.text == "null" {
			n.kind = null
		}
	}
	n.end = s.at
	return n, err
}

func (s *scanner) object(n *node, depth int) *syntaxError {
	s.at++
	if s.peek() == '}' {
		s.at++
		return nil
	}
	seen := map[string]bool{}
	for {
		if s.peek() != '"' {
			return s.unexpected("double-quote to start field name")
		}
		m := member{start: s.at}
		var err *syntaxError
		if m.key, err = s.str(); err != nil {
			return err
		}
		m.end = s.at
		if seen[m.key] {
			return s.fail(m.start, m.end, "Duplicate field '%s'", m.key)
		}
		seen[m.key] = true
		if s.peek() != ':' {
			return s.unexpected("a colon to separate field name and value")
		}
		s.at++
		s.space()
		if m.val, err = s.value(depth + 1); err != nil {
			return err
		}
		n.members = append(n.members, m)
		switch s.peek() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.unexpected("comma to separate Object entries")
		}
	}
}

func (s *scanner) array(n *node, depth int) *syntaxError {
	s.at++
	if s.peek() == ']' {
		s.at++
		return nil
	}
	for {
		s.space()
		item, err := s.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
		switch s.peek() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return s.unexpected("comma to separate Array entries")
		}
	}
}

// get is the value of a key, nil when the object has none.
func (n *node) get(key string) *node {
	if m := n.member(key); m != nil {
		return m.val
	}
	return nil
}

func (n *node) member(key string) *member {
	for i := range n.members {
		if n.members[i].key == key {
			return &n.members[i]
		}
	}
	return nil
}

// integer is the value of a whole number that an int64 holds; 1.0 and 1e2 are whole.
func (n *node) integer() (int64, bool) {
	if i, err := strconv.ParseInt(n.text, 10, 64); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil || f != float64(int64(f)) || f > 1<<53 || f < -(1<<53) {
		return 0, false
	}
	return int64(f), true
}

// float is the value of a number.
func (n *node) float() float64 {
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		return 0
	}
	return f
}

// json is the node as a value.
func (n *node) json(text string) value.Value { return value.Raw(text[n.start:n.end]) }

// lines finds line and column of offsets.
type lines struct {
	text   string
	starts []int // offset of each line
	units  []int // UTF-16 units before each stride of bytes
}

// stride is how many bytes are counted anew for one position at most.
const stride = 512

func newLines(text string) *lines {
	l := &lines{text: text, starts: []int{0}}
	units := 0
	for i := range len(text) {
		if i%stride == 0 {
			l.units = append(l.units, units)
		}
		units += unitsOf(text[i])
		if text[i] == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	l.units = append(l.units, units)
	return l
}

// unitsOf counts the UTF-16 units that begin with a byte of UTF-8.
func unitsOf(b byte) int {
	switch {
	case b&0xc0 == 0x80: // goes on with a character
		return 0
	case b >= 0xf0: // begins a surrogate pair
		return 2
	}
	return 1
}

// before counts the UTF-16 units in front of an offset.
func (l *lines) before(offset int) int {
	units := l.units[offset/stride]
	for i := offset - offset%stride; i < offset; i++ {
		units += unitsOf(l.text[i])
	}
	return units
}

// position gives the place of an offset, columns in UTF-16 units.
func (l *lines) position(offset int) Position {
	offset = min(offset, len(l.text))
	line := sort.SearchInts(l.starts, offset+1) - 1
	return Position{Offset: offset, Line: line + 1, Column: l.before(offset) - l.before(l.starts[line]) + 1}
}
