package asl

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner walks a definition's text byte by byte.
type scanner struct {
	text string
	at   int
}

// syntaxError says why a text is no JSON. Its words are those of the JSON reader that AWS uses.
type syntaxError struct {
	code   string
	msg    string
	offset int // the character at fault
	after  int // where AWS's reader had got to
}

// wanted is what stands where a value may begin.
const wanted = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek is the next byte after white space, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.at >= len(s.text) {
		return 0
	}
	return s.text[s.at]
}

func (s *scanner) fail(offset, after int, format string, args ...any) *syntaxError {
	return &syntaxError{code: invalidJSON, msg: fmt.Sprintf(format, args...), offset: offset, after: after}
}

// unexpected reports the character at hand, or the end of the text.
func (s *scanner) unexpected(expecting string) *syntaxError {
	if s.at >= len(s.text) {
		return s.fail(len(s.text), len(s.text), "Unexpected end-of-input: was expecting %s", expecting)
	}
	r, n := utf8.DecodeRuneInString(s.text[s.at:])
	if r == utf8.RuneError && n == 1 {
		return s.fail(s.at, s.at+1, "Invalid UTF-8 start byte 0x%x", s.text[s.at])
	}
	return s.fail(s.at, s.at+n, "Unexpected character (%s): was expecting %s", charName(r), expecting)
}

func charName(r rune) string {
	if r < ' ' {
		return fmt.Sprintf("(CTRL-CHAR, code %d)", r)
	}
	return fmt.Sprintf("'%c' (code %d)", r, r)
}

// word reads true, false, null or reports the unknown word.
func (s *scanner) word() (string, *syntaxError) {
	start := s.at
	for s.at < len(s.text) {
		r, n := utf8.DecodeRuneInString(s.text[s.at:])
		if !isWord(r) {
			break
		}
		s.at += n
	}
	w := s.text[start:s.at]
	switch w {
	case "true", "false", "null":
		return w, nil
	case "":
		return "", s.unexpected(wanted)
	}
	return "", s.fail(start, s.at, "Unrecognized token '%s': was expecting %s", w, wanted)
}

func isWord(r rune) bool {
	return r == '_' || r == '$' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 && r != utf8.RuneError
}

// number reads a number and gives its literal.
func (s *scanner) number() (string, *syntaxError) {
	start := s.at
	if s.text[s.at] == '-' {
		s.at++
	}
	switch {
	case s.at >= len(s.text) || !isDigit(s.text[s.at]):
		return "", s.unexpected("a digit (0-9) to follow minus sign")
	case s.text[s.at] == '0' && s.at+1 < len(s.text) && isDigit(s.text[s.at+1]):
		return "", s.fail(start, s.at+1, "Invalid numeric value: Leading zeroes not allowed")
	}
	s.digits()
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if !s.digits() {
			return "", s.unexpected("a digit (0-9) after the decimal point")
		}
	}
	if s.at < len(s.text) && (s.text[s.at] == 'e' || s.text[s.at] == 'E') {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if !s.digits() {
			return "", s.unexpected("a digit (0-9) in the exponent")
		}
	}
	if s.at < len(s.text) && isWord(rune(s.text[s.at])) {
		return "", s.unexpected("the end of the number")
	}
	return s.text[start:s.at], nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.text) && isDigit(s.text[s.at]) {
		s.at++
	}
	return s.at > start
}

// str reads a string, the opening quote at hand, and gives its content.
func (s *scanner) str() (string, *syntaxError) {
	start := s.at
	s.at++
	for i := s.at; i < len(s.text); i++ { // most strings hold nothing to decode
		c := s.text[i]
		if c == '"' {
			out := s.text[s.at:i]
			s.at = i + 1
			return out, nil
		}
		if c == '\\' || c < ' ' || c >= 0x80 {
			break
		}
	}
	var b strings.Builder
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '"':
			s.at++
			return b.String(), nil
		case c == '\\':
			if err := s.escape(&b); err != nil {
				return "", err
			}
		case c < ' ':
			return "", s.fail(s.at, s.at+1, "Illegal unquoted character (%s): has to be escaped using backslash to be included in string value", charName(rune(c)))
		default:
			r, n := utf8.DecodeRuneInString(s.text[s.at:])
			if r == utf8.RuneError && n == 1 {
				return "", s.fail(s.at, s.at+1, "Invalid UTF-8 start byte 0x%x", c)
			}
			b.WriteString(s.text[s.at : s.at+n])
			s.at += n
		}
	}
	return "", s.fail(start, len(s.text), "Unexpected end-of-input: was expecting closing quote for a string value")
}

// escape decodes one backslash sequence.
func (s *scanner) escape(b *strings.Builder) *syntaxError {
	start := s.at
	s.at++
	if s.at >= len(s.text) {
		return s.fail(start, len(s.text), "Unexpected end-of-input in character escape sequence")
	}
	c := s.text[s.at]
	s.at++
	switch c {
	case '"', '\\', '/':
		b.WriteByte(c)
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'u':
		return s.unicode(b, start)
	default:
		s.at--
		r, n := utf8.DecodeRuneInString(s.text[s.at:])
		return s.fail(start, s.at+n, "Unrecognized character escape %s", charName(r))
	}
	return nil
}

func (s *scanner) unicode(b *strings.Builder, start int) *syntaxError {
	r, ok := s.hex()
	if !ok {
		return s.fail(start, s.at, "Unexpected character: was expecting a hex-digit for character escape sequence")
	}
	if !utf16.IsSurrogate(r) {
		b.WriteRune(r)
		return nil
	}
	if strings.HasPrefix(s.text[s.at:], `\u`) {
		s.at += 2
		if low, ok := s.hex(); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				b.WriteRune(pair)
				return nil
			}
		}
	}
	return s.fail(start, s.at, "Invalid UTF-16 surrogate: '%s' stands without its other half", s.text[start:start+6])
}

func (s *scanner) hex() (rune, bool) {
	if s.at+4 > len(s.text) {
		return 0, false
	}
	v, err := strconv.ParseUint(s.text[s.at:s.at+4], 16, 16)
	if err != nil {
		return 0, false
	}
	s.at += 4
	return rune(v), true
}
