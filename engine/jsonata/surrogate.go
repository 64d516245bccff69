package jsonata

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// appendUnit writes one UTF-16 unit; half of a pair takes the three bytes that UTF-8 forbids.
func appendUnit(buf []byte, u uint16) []byte {
	if utf16.IsSurrogate(rune(u)) {
		return append(buf, 0xE0|byte(u>>12), 0x80|byte(u>>6)&0x3F|0x80, 0x80|byte(u)&0x3F)
	}
	return utf8.AppendRune(buf, rune(u))
}

// joinSurrogates makes characters of halves that met.
func joinSurrogates(buf []byte) string {
	s := string(buf)
	if !strings.Contains(s, "\xED") || utf8.ValidString(s) {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if high, ok := halfAt(s, i); ok {
			if low, ok := halfAt(s, i+3); ok {
				if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
					out = utf8.AppendRune(out, r)
					i += 6
					continue
				}
			}
		}
		out = append(out, s[i])
		i++
	}
	return string(out)
}

// parted prepares s for a search: when part has half of a surrogate pair in it, both are written
// in halves, so that it is found inside a character.
func parted(s, part string) (string, string) {
	if utf8.ValidString(part) {
		return s, part
	}
	return halves(s), halves(part)
}

// halves is s with every character beyond U+FFFF as two halves.
func halves(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := nextChar(s, i)
		if r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			out = appendUnit(appendUnit(out, uint16(high)), uint16(low))
		} else {
			out = append(out, s[i:i+size]...)
		}
		i += size
	}
	return string(out)
}

// halfAt is the lone half of a surrogate pair that stands at i.
func halfAt(s string, i int) (rune, bool) {
	if i+3 > len(s) || s[i] != 0xED || s[i+1] < 0xA0 {
		return 0, false
	}
	return 0xD000 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F), true
}

// nextChar is the character at i, half of a pair counting as one, and its size.
func nextChar(s string, i int) (rune, int) {
	if s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	if half, ok := halfAt(s, i); ok {
		return half, 3
	}
	return utf8.DecodeRuneInString(s[i:])
}

// compareText orders strings by UTF-16 units, as JavaScript does.
func compareText(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i == n {
		return len(a) - len(b)
	}
	x, y := a[i], b[i]
	if x >= 0xF0 && y == 0xED || y >= 0xF0 && x == 0xED { // perhaps half of a pair beside a whole one
		return strings.Compare(halves(a[i:]), halves(b[i:]))
	}
	// Only above U+FFFF, which UTF-16 writes with units below U+E000, do the orders differ.
	if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
		return int(y) - int(x)
	}
	return int(x) - int(y)
}
