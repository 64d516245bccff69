package items

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
)

// jsonItems reads the items of an array, or the members of an object, from a JSON document
// without holding more of it than one item. Nothing is read behind the end of that array.
type jsonItems struct {
	file
	end   byte // what ends the array or object
	began bool
	over  bool
	text  []byte
}

// newJSON goes to the array or object to iterate: the whole document, or what the JSON
// Pointer says. AWS refuses a whole document that is an object, and takes one that a pointer
// selects.
func newJSON(f file, pointer string) (*jsonItems, error) {
	r := &jsonItems{file: f}
	if err := r.open(pointer); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return r, nil
}

func (r *jsonItems) open(pointer string) error {
	if pointer != "" {
		for token := range strings.SplitSeq(pointer[1:], "/") {
			token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
			found, err := r.descend(token)
			if err != nil {
				return err
			}
			if !found {
				return unreadable("The ItemsPointer %s selects nothing in the object %s", shorten(pointer), r.from)
			}
		}
	}
	c, err := r.in.space()
	switch {
	case err != nil:
		return r.cut("JSON")
	case pointer != "" && r.in.offset() > r.limits.Pointer:
		return unreadable("The ItemsPointer %s selects an array that begins after the first %d bytes of the object %s",
			shorten(pointer), r.limits.Pointer, r.from)
	case c == '[':
		r.end = ']'
	case c == '{' && pointer != "":
		r.end = '}'
	default:
		return unreadable(notIterable)
	}
	r.in.pos++
	return nil
}

// descend goes into the value at hand, to its member or item with that name.
func (r *jsonItems) descend(token string) (found bool, err error) {
	c, err := r.in.space()
	if err != nil {
		return false, r.cut("JSON")
	}
	index := -1
	switch c {
	case '{':
		r.end = '}'
	case '[':
		if index, err = strconv.Atoi(token); err != nil || strconv.Itoa(index) != token || index < 0 {
			return false, nil
		}
		r.end = ']'
	default:
		return false, nil
	}
	r.in.pos++
	r.began = false
	defer func() { r.began = false }()
	for i := 0; ; i++ {
		key, err := r.forward()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil || i == index || key != nil && *key == token {
			return err == nil, err
		}
		if err := r.value(false); err != nil {
			return false, err
		}
	}
}

func (r *jsonItems) next(context.Context) (Item, error) {
	key, err := r.forward()
	if err != nil {
		return Item{}, err
	}
	if _, err := r.in.space(); err != nil {
		return Item{}, r.cut("JSON")
	}
	at := r.in.offset()
	if err := r.value(true); err != nil {
		return Item{}, err
	}
	v, err := r.parse(r.text, at)
	return Item{Value: v, Key: key, Source: r.from}, err
}

func (r *jsonItems) skip(_ context.Context, n int64) (int64, error) {
	for over := range n {
		if _, err := r.forward(); err != nil {
			return over, err
		}
		if err := r.value(false); err != nil {
			return over, err
		}
	}
	return n, nil
}

// forward goes to the next value of the array or object, and reads its key when it is one of
// an object. It is io.EOF behind the last value.
func (r *jsonItems) forward() (key *string, err error) {
	if r.over {
		return nil, io.EOF
	}
	c, err := r.in.space()
	if err != nil {
		return nil, r.cut("JSON")
	}
	if c == r.end {
		r.in.pos++
		r.over = true
		return nil, io.EOF
	}
	if r.began {
		if c != ',' {
			return nil, r.unexpected(c, "',' or '"+string(r.end)+"'")
		}
		r.in.pos++
	}
	r.began = true
	if r.end == ']' {
		return nil, nil
	}
	if c, err = r.in.space(); err != nil {
		return nil, r.cut("JSON")
	}
	if c != '"' {
		return nil, r.unexpected(c, "a key")
	}
	at := r.in.offset()
	if err := r.value(true); err != nil {
		return nil, err
	}
	name, err := r.parse(r.text, at)
	if err != nil {
		return nil, err
	}
	if c, err = r.in.space(); err != nil {
		return nil, r.cut("JSON")
	}
	if c != ':' {
		return nil, r.unexpected(c, "':'")
	}
	r.in.pos++
	return new(name.Text()), nil
}

func (r *jsonItems) unexpected(c byte, wanted string) *Failure {
	return r.broken("JSON", "expected "+wanted+", found "+strconv.QuoteToASCII(string(rune(c))), r.in.offset())
}

// value passes over one value, whose text stays in r.text when it is kept. It finds the end
// by brackets and quotes alone: parsing the text finds everything else.
func (r *jsonItems) value(keep bool) error {
	r.text = r.text[:0]
	c, err := r.in.space()
	if err != nil {
		return r.cut("JSON")
	}
	start := r.in.offset()
	scan := scanner{}
	switch c {
	case '"', '{', '[':
	case ',', ':', ']', '}':
		return r.unexpected(c, "a value")
	default:
		scan.word = true
	}
	for r.in.more() {
		b := r.in.rest()
		n, over := scan.run(b)
		r.in.pos += n
		if keep {
			if len(r.text)+n > r.limits.Item {
				return r.tooLarge(start)
			}
			r.text = append(r.text, b[:n]...)
		}
		if over {
			return nil
		}
	}
	if scan.word && errors.Is(r.in.err, io.EOF) {
		return nil
	}
	return r.cut("JSON")
}

// scanner finds the end of a JSON value in pieces of its text.
type scanner struct {
	word    bool // a number, true, false or null
	quoted  bool
	escaped bool
	depth   int
}

// run says how many bytes of b belong to the value, and whether it ends there.
func (s *scanner) run(b []byte) (n int, over bool) {
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case s.escaped:
			s.escaped = false
		case s.quoted:
			i += ordinary(b[i:])
			if i == len(b) {
				return i, false
			}
			s.escaped, s.quoted = b[i] == '\\', b[i] == '\\'
			if !s.quoted && s.depth == 0 {
				return i + 1, true
			}
		case s.word:
			if structural[c] || c <= ' ' {
				return i, true
			}
		case c == '"':
			s.quoted = true
		case c == '{' || c == '[':
			s.depth++
		case c == '}' || c == ']':
			if s.depth--; s.depth <= 0 {
				return i + 1, true
			}
		}
	}
	return len(b), false
}

// structural are the bytes that end a word.
var structural = [256]bool{',': true, ':': true, ']': true, '}': true, '[': true, '{': true, '"': true}

// ordinary counts the bytes before the next quote or backslash.
func ordinary(b []byte) int {
	for i, c := range b {
		if c == '"' || c == '\\' {
			return i
		}
	}
	return len(b)
}
