package regex

import (
	"strconv"
	"strings"
)

// class translates […]: a bracket inside is a literal, not .NET's subtraction.
func (t *translator) class() error {
	t.at++
	open := "["
	if t.unit(t.at) == '^' {
		t.at++
		open = "[^"
	}
	if t.unit(t.at) == ']' {
		t.at++
		if open == "[" {
			t.put(nothing)
		} else {
			t.put(anything)
		}
		return nil
	}
	t.put(open)
	for t.at < len(t.in) {
		if t.in[t.at] == ']' {
			t.at++
			t.put("]")
			return nil
		}
		if t.at+1 == len(t.in) {
			break
		}
		isSet := t.set()
		t.member()
		if t.unit(t.at) == '-' && t.at+1 < len(t.in) && t.in[t.at+1] != ']' {
			t.at++
			if isSet || t.set() {
				t.literalText('-') // beside a set like \d it is no range
			} else {
				t.put("-")
			}
			t.member()
		}
	}
	return t.fail("Unterminated character class")
}

// set tells whether a class escape such as \d stands here.
func (t *translator) set() bool {
	return t.unit(t.at) == '\\' && t.unit(t.at+1) < 0x80 && strings.ContainsRune("dDwWsS", rune(t.unit(t.at+1)))
}

// member translates one character or set of a class.
func (t *translator) member() {
	switch c := t.in[t.at]; {
	case c != '\\' || t.at+1 == len(t.in):
		t.literal(c)
	case t.unit(t.at+1) == 's':
		t.put(space)
		t.at += 2
	case t.unit(t.at+1) == 'S':
		t.put(notSpace)
		t.at += 2
	case t.set():
		t.put(`\` + string(rune(t.in[t.at+1])))
		t.at += 2
	case t.unit(t.at+1) == 'b':
		t.at++
		t.literal('\b')
	default:
		t.character()
	}
}

// character translates an escape that stands for one character, in a class or outside.
func (t *translator) character() {
	t.at++ // to what follows the backslash
	c := t.in[t.at]
	controls := map[uint16]uint16{'t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r'}
	control, known := controls[c]
	switch {
	case known:
		t.literal(control)
	case c == 'x' && t.hex(2), c == 'u' && t.hex(4):
	case c == 'c' && isLetter(t.unit(t.at+1)):
		t.at++
		t.literal(t.in[t.at] % 32)
	case c == 'c':
		t.at-- // the backslash itself, and c again
		t.literal('\\')
	case c >= '0' && c <= '7':
		t.octal()
	default:
		t.literal(c)
	}
}

// hex reads the hexadecimal digits behind x or u, when they are all there.
func (t *translator) hex(digits int) bool {
	end := t.at + 1 + digits
	if end > len(t.in) {
		return false
	}
	text := ""
	for _, c := range t.in[t.at+1 : end] {
		text += string(rune(c))
	}
	n, err := strconv.ParseUint(text, 16, 16)
	if err != nil {
		return false
	}
	t.literal(uint16(n))
	t.at = end
	return true
}

// octal reads up to three octal digits, at most \377.
func (t *translator) octal() {
	n, end := uint16(0), t.at
	for end < t.at+3 && t.unit(end) >= '0' && t.unit(end) <= '7' && n*8+t.unit(end)-'0' <= 0o377 {
		n = n*8 + t.unit(end) - '0'
		end++
	}
	t.literal(n)
	t.at = end
}
