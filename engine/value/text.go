package value

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string whose opening quote is at pos.
func (p *parser) str() (string, error) {
	start := p.pos + 1
	if end := ascii(p.text, start); end < len(p.text) && p.text[end] == '"' {
		p.pos = end + 1
		return p.text[start:end], nil
	}
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
