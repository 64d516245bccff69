package jsonata

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

var webFunctions = []entry{
	{"base64encode(str)", "<s-:s>", texts(encode64)},
	{"base64decode(str)", "<s-:s>", texts(decode64)},
	{"encodeUrlComponent(str)", "<s-:s>", url("encodeUrlComponent", func(s string) (string, bool) { return percentEncode(s, unreserved) })},
	{"encodeUrl(str)", "<s-:s>", url("encodeUrl", func(s string) (string, bool) { return percentEncode(s, unreserved+reserved+"#") })},
	{"decodeUrlComponent(str)", "<s-:s>", url("decodeUrlComponent", func(s string) (string, bool) { return percentDecode(s, "") })},
	{"decodeUrl(str)", "<s-:s>", url("decodeUrl", func(s string) (string, bool) { return percentDecode(s, reserved+"#") })},
}

// encode64 takes the low byte of every UTF-16 unit, as Node's "binary" encoding does.
func encode64(s string) string { return base64.StdEncoding.EncodeToString(lowBytes(s)) }

// lowBytes has the low byte of every UTF-16 unit.
func lowBytes(s string) []byte {
	low := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := nextChar(s, i)
		i += size
		if r > 0xFFFF {
			r -= 0x10000
			low = append(low, byte(r>>10))
		}
		low = append(low, byte(r))
	}
	return low
}

// decode64 gives one character for every byte. Like Node it takes both alphabets, skips what
// belongs to neither, ends at the padding, and sees the low byte of every UTF-16 unit only.
func decode64(s string) string {
	var out []byte
	bits, n := uint32(0), 0
	for _, c := range lowBytes(s) {
		switch c {
		case '=':
			return string(out)
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		d := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", c)
		if d < 0 {
			continue
		}
		bits, n = bits<<6|uint32(d), n+6
		if n >= 8 {
			n -= 8
			out = utf8.AppendRune(out, rune(bits>>n&0xFF))
		}
	}
	return string(out)
}

const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
	reserved   = ";/?:@&=+$,"
)

// url makes a function of one string that may be malformed.
func url(name string, f func(s string) (string, bool)) func(c *call) (item, error) {
	return wide(3, func(c *call) (item, error) {
		out, ok := f(c.arg(0).text())
		if !ok {
			return item{}, fail("D3140", fields{"value": c.arg(0), "functionName": name})
		}
		return str(out), c.ev.spend(len(out))
	})
}

func percentEncode(s, plain string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	const hex = "0123456789ABCDEF"
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(plain, c) >= 0 {
			out = append(out, c)
		} else {
			out = append(out, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(out), true
}

// percentDecode leaves escapes of the characters in kept as they are.
func percentDecode(s, kept string) (string, bool) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '%' {
			out = append(out, s[i])
			i++
			continue
		}
		first, ok := percentByte(s, i)
		if !ok {
			return "", false
		}
		if first < utf8.RuneSelf {
			if strings.IndexByte(kept, first) >= 0 {
				out = append(out, s[i:i+3]...)
			} else {
				out = append(out, first)
			}
			i += 3
			continue
		}
		char := []byte{first}
		for i += 3; !utf8.FullRune(char); i += 3 {
			b, ok := percentByte(s, i)
			if !ok {
				return "", false
			}
			char = append(char, b)
		}
		if !utf8.Valid(char) {
			return "", false
		}
		out = append(out, char...)
	}
	return string(out), true
}

func percentByte(s string, i int) (byte, bool) {
	if i+3 > len(s) || s[i] != '%' {
		return 0, false
	}
	high := strings.IndexByte("0123456789abcdef", s[i+1]|0x20)
	low := strings.IndexByte("0123456789abcdef", s[i+2]|0x20)
	if high < 0 || low < 0 {
		return 0, false
	}
	return byte(high<<4 | low), true
}
