package value

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest.
const MaxDepth = 1000

// SyntaxError says where a text stops being JSON. Line and Column count from 1, columns in
// UTF-16 units as editors do; Offset counts bytes from 0.
type SyntaxError struct {
	Offset, Line, Column int
	Msg                  string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at line %d, column %d", e.Msg, e.Line, e.Column)
}

// Parse reads one JSON document. Errors are *SyntaxError.
func Parse(text string) (Value, error) {
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
	place := -1
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

// str reads a string whose opening quote is at pos.
func (p *parser) str() (string, error) {
	start := p.pos + 1
	end := plain(p.text, start)
	if end < len(p.text) && p.text[end] == '"' {
		s, err := p.checked(start, end)
		p.pos = end + 1
		return s, err
	}
	var buf []byte
	for {
		s, err := p.checked(start, end)
		if err != nil {
			return "", err
		}
		buf = append(buf, s...)
		if end >= len(p.text) {
			return "", p.fail(p.pos, "this string has no closing quote")
		}
		switch c := p.text[end]; c {
		case '"':
			p.pos = end + 1
			return string(buf), nil
		case '\\':
			if buf, start, err = p.escape(buf, end); err != nil {
				return "", err
			}
		default:
			return "", p.fail(end, fmt.Sprintf("the control character U+%04X must be written as an escape in a string", c))
		}
		end = plain(p.text, start)
	}
}

// checked is text[start:end] when that is UTF-8.
func (p *parser) checked(start, end int) (string, error) {
	s := p.text[start:end]
	if utf8.ValidString(s) {
		return s, nil
	}
	if p.lenient {
		p.loose++
		return strings.ToValidUTF8(s, "\uFFFD"), nil
	}
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return "", p.fail(start+i, fmt.Sprintf("the byte 0x%02X is not UTF-8", s[i]))
			}
		}
	}
	panic("unreachable: a string is UTF-8 and is not")
}

const simpleEscapes = "\"\\/bfnrt"

// escape appends the character of the escape at i and says where the text goes on.
func (p *parser) escape(buf []byte, i int) ([]byte, int, error) {
	if i+1 >= len(p.text) {
		return nil, 0, p.fail(i, "the text ends inside an escape")
	}
	c := p.text[i+1]
	if c == 'u' {
		return p.unicode(buf, i)
	}
	if strings.IndexByte(simpleEscapes, c) < 0 {
		return nil, 0, p.fail(i, "unknown escape \\"+p.bare(i+1))
	}
	switch c {
	case '/':
		p.loose++
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	}
	return append(buf, c), i + 2, nil
}

func (p *parser) unicode(buf []byte, i int) ([]byte, int, error) {
	p.loose++
	r, ok := hex4(p.text, i+2)
	if !ok {
		return nil, 0, p.fail(i, "\\u needs four hexadecimal digits")
	}
	next := i + 6
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if strings.HasPrefix(p.text[next:], "\\u") {
			low, ok = hex4(p.text, next+2)
		}
		whole := utf16.DecodeRune(r, low)
		switch {
		case ok && whole != utf8.RuneError:
			r, next = whole, next+6
		case p.lenient:
			r = utf8.RuneError
		default:
			return nil, 0, p.fail(i, "half of a surrogate pair: "+p.text[i:i+6]+" is no character of its own")
		}
	}
	return utf8.AppendRune(buf, r), next, nil
}

func hex4(s string, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[i : i+4]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
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

// Place turns a byte offset into line and column, both from 1, columns in UTF-16 units.
func Place(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	line = 1 + strings.Count(before, "\n")
	column = 1
	for _, r := range before[strings.LastIndexByte(before, '\n')+1:] {
		column++
		if r > 0xFFFF {
			column++
		}
	}
	return line, column
}
