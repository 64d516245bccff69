package value

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest.
const MaxDepth = 1000

// Parse reads one JSON document. Errors are *SyntaxError. All of the text is checked; arrays and
// objects are taken apart when they are first read.
func Parse(text string) (Value, error) {
	if v, ok := look(text); ok {
		return v, nil
	}
	p := parser{text: text}
	return p.document()
}

// parser reads text once from left to right. Unfinished containers collect their children on
// two stacks, so that every finished one is allocated at its exact size.
type parser struct {
	text    string
	pos     int
	loose   int // things seen so far that printing writes differently: white space, odd escapes
	depth   int
	lenient bool
	values  []Value
	members []Member
}

func (p *parser) document() (Value, error) {
	p.space()
	v, err := p.value()
	if err != nil {
		return Value{}, err
	}
	p.space()
	if p.pos < len(p.text) {
		return Value{}, p.fail(p.pos, "nothing may follow the end of the JSON value, found "+p.shown(p.pos))
	}
	return v, nil
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
			p.loose++
		default:
			return
		}
	}
}

func (p *parser) value() (Value, error) {
	if p.pos >= len(p.text) {
		return Value{}, p.fail(p.pos, "the text ends where a value should stand")
	}
	switch c := p.text[p.pos]; {
	case c == '"':
		s, err := p.str()
		return Value{kind: KindString, text: s}, err
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	rest := p.text[p.pos:]
	for _, w := range words {
		if strings.HasPrefix(rest, w.text) {
			p.pos += len(w.text)
			return w.value, nil
		}
	}
	return Value{}, p.fail(p.pos, "expected a value, found "+p.shown(p.pos))
}

var words = []struct {
	text  string
	value Value
}{
	{"true", Bool(true)},
	{"false", Bool(false)},
	{"null", Nil},
}

func (p *parser) enter() error {
	if p.depth == MaxDepth && !p.lenient {
		return p.fail(p.pos, fmt.Sprintf("nested deeper than %d levels", MaxDepth))
	}
	p.depth++
	return nil
}

func (p *parser) array() (Value, error) {
	if err := p.enter(); err != nil {
		return Value{}, err
	}
	start, loose, base := p.pos, p.loose, len(p.values)
	p.pos++
	p.space()
	if p.peek() == ']' {
		return p.closeArray(start, loose, base), nil
	}
	for {
		v, err := p.value()
		if err != nil {
			return Value{}, err
		}
		p.values = append(p.values, v)
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
			p.space()
			if p.peek() == ']' {
				return Value{}, p.fail(p.pos, "a comma may not stand before ']'")
			}
		case ']':
			return p.closeArray(start, loose, base), nil
		default:
			return Value{}, p.fail(p.pos, "expected ',' or ']' after an item, found "+p.shown(p.pos))
		}
	}
}

func (p *parser) closeArray(start, loose, base int) Value {
	p.pos++
	p.depth--
	items := slices.Clone(p.values[base:])
	clear(p.values[base:])
	p.values = p.values[:base]
	n := &node{items: items, text: p.text[start:p.pos], compact: p.loose == loose}
	return Value{kind: KindArray, node: n}
}

func (p *parser) object() (Value, error) {
	if err := p.enter(); err != nil {
		return Value{}, err
	}
	start, loose, base := p.pos, p.loose, len(p.members)
	var x *index
	p.pos++
	p.space()
	if p.peek() == '}' {
		return p.closeObject(start, loose, base, nil), nil
	}
	for {
		if err := p.member(base, &x); err != nil {
			return Value{}, err
		}
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
			p.space()
			if p.peek() == '}' {
				return Value{}, p.fail(p.pos, "a comma may not stand before '}'")
			}
		case '}':
			return p.closeObject(start, loose, base, x), nil
		default:
			return Value{}, p.fail(p.pos, "expected ',' or '}' after a member, found "+p.shown(p.pos))
		}
	}
}

// member reads one key and its value. The index appears when the object has become large.
func (p *parser) member(base int, x **index) error {
	if p.peek() != '"' {
		return p.fail(p.pos, "expected a key in double quotes, found "+p.shown(p.pos))
	}
	at := p.pos
	key, err := p.str()
	if err != nil {
		return err
	}
	var place int // of the same key before, -1 when it is new
	if *x == nil {
		place = scan(p.members[base:], key)
	} else {
		place = (*x).find(p.members[base:], key)
	}
	if place >= 0 && !p.lenient {
		return p.fail(at, fmt.Sprintf("the key %q stands twice in one object", key))
	}
	p.space()
	if p.peek() != ':' {
		return p.fail(p.pos, fmt.Sprintf("expected ':' after the key %q, found %s", key, p.shown(p.pos)))
	}
	p.pos++
	p.space()
	v, err := p.value()
	if err != nil {
		return err
	}
	if place >= 0 {
		p.members[base+place].Value = v
		p.loose++
		return nil
	}
	p.members = append(p.members, Member{key, v})
	n := len(p.members) - base
	switch {
	case *x != nil && !(*x).full():
		(*x).put(key, n-1)
	case n >= indexFrom:
		*x = newIndex(p.members[base:])
	}
	return nil
}

func (p *parser) closeObject(start, loose, base int, x *index) Value {
	p.pos++
	p.depth--
	members := slices.Clone(p.members[base:])
	clear(p.members[base:])
	p.members = p.members[:base]
	n := &node{members: members, text: p.text[start:p.pos], compact: p.loose == loose}
	if x != nil {
		n.index.Store(x)
	}
	return Value{kind: KindObject, node: n}
}

func (p *parser) number() (Value, error) {
	end, problem := numberEnd(p.text, p.pos)
	if problem != "" {
		return Value{}, p.fail(end, problem)
	}
	lit := p.text[p.pos:end]
	p.pos = end
	return Value{kind: KindNumber, text: lit}, nil
}

// peek is the byte at pos, 0 at the end of the text.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// shown describes what stands at i for a message.
func (p *parser) shown(i int) string {
	if i >= len(p.text) {
		return "the end of the text"
	}
	return "'" + p.bare(i) + "'"
}

func (p *parser) bare(i int) string {
	r, size := utf8.DecodeRuneInString(p.text[i:])
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("byte 0x%02X", p.text[i])
	case r < 0x20 || r == 0x7f:
		return fmt.Sprintf("U+%04X", r)
	}
	return string(r)
}

func (p *parser) fail(at int, msg string) error {
	line, column := Place(p.text, at)
	return &SyntaxError{Offset: at, Line: line, Column: column, Msg: msg}
}
