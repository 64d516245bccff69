package value

import (
	"math"
	"strconv"
	"strings"
)

// Number is the number that the literal writes; the literal is kept. It is Absent when the
// literal is no JSON number.
func Number(literal string) Value {
	if end, problem := numberEnd(literal, 0); problem != "" || end != len(literal) {
		return Value{}
	}
	return Value{kind: KindNumber, text: literal}
}

// Int makes a number.
func Int(i int64) Value { return Value{kind: KindNumber, text: strconv.FormatInt(i, 10)} }

// Float makes a number with the fewest digits that read back as f. NaN and the infinities,
// which JSON cannot write, become null.
func Float(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Nil
	}
	form := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		form = 'e'
	}
	return Value{kind: KindNumber, text: strconv.FormatFloat(f, form, -1, 64)}
}

// Literal is a number as it was written, and empty for every other kind.
func (v Value) Literal() string {
	if v.kind != KindNumber {
		return ""
	}
	return v.text
}

// AsFloat is the nearest float64 of a number, 0 for every other kind.
func (v Value) AsFloat() float64 {
	if v.kind != KindNumber {
		return 0
	}
	f, _ := strconv.ParseFloat(v.text, 64) // out of range gives ±Inf, which is the nearest
	return f
}

// AsInt is a number that has no fraction and fits; 1.0 and 1E2 count as whole numbers.
func (v Value) AsInt() (int64, bool) {
	if v.kind != KindNumber {
		return 0, false
	}
	if i, err := strconv.ParseInt(v.text, 10, 64); err == nil {
		return i, true
	}
	d := decimalOf(v.text)
	if d.digits == "" {
		return 0, true
	}
	if d.point < len(d.digits) || d.point > 19 {
		return 0, false
	}
	s := d.digits + strings.Repeat("0", d.point-len(d.digits))
	if d.negative {
		s = "-" + s
	}
	i, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, false
	}
	return i, true
}

// Compare orders two numbers by value, exactly; anything else counts as 0.
func Compare(a, b Value) int {
	x, y := decimalOf(a.Literal()), decimalOf(b.Literal())
	switch {
	case x.digits == "" && y.digits == "":
		return 0
	case x.negative != y.negative:
		return x.sign() - y.sign()
	case x.digits == "" || y.digits == "":
		return x.sign() - y.sign()
	}
	c := x.point - y.point
	if c == 0 {
		c = strings.Compare(x.digits, y.digits)
	}
	return c * x.sign()
}

// decimal is 0.digits × 10^point without zeros at either end; zero has no digits.
type decimal struct {
	digits   string
	point    int
	negative bool
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

func decimalOf(lit string) decimal {
	var d decimal
	lit, d.negative = strings.CutPrefix(lit, "-")
	if i := strings.IndexAny(lit, "eE"); i >= 0 {
		d.point = exponent(lit[i+1:])
		lit = lit[:i]
	}
	whole, fraction, _ := strings.Cut(lit, ".")
	d.point += len(whole)
	digits := whole
	if fraction != "" {
		digits += fraction
	}
	trimmed := strings.TrimLeft(digits, "0")
	d.point -= len(digits) - len(trimmed)
	d.digits = strings.TrimRight(trimmed, "0")
	if d.digits == "" {
		return decimal{}
	}
	return d
}

// exponent reads a power of ten; what no int can hold stays far out of everybody's range.
func exponent(s string) int {
	const far = 1 << 40
	e, err := strconv.ParseInt(s, 10, 64)
	if err != nil || e > far || e < -far {
		if strings.HasPrefix(s, "-") {
			return -far
		}
		return far
	}
	return int(e)
}

// numberEnd finds where the number that starts at i ends. When it is no JSON number it gives
// the place and the reason.
func numberEnd(s string, i int) (end int, problem string) {
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i >= len(s) || !digit(s[i]):
		return i, "a number needs a digit here"
	case s[i] == '0' && i+1 < len(s) && digit(s[i+1]):
		return i, "a number may not begin with 0"
	}
	i = digitsEnd(s, i)
	if i < len(s) && s[i] == '.' {
		if i++; i >= len(s) || !digit(s[i]) {
			return i, "a number needs a digit after the point"
		}
		i = digitsEnd(s, i)
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if i >= len(s) || !digit(s[i]) {
			return i, "a number needs a digit in its exponent"
		}
		i = digitsEnd(s, i)
	}
	return i, ""
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func digitsEnd(s string, i int) int {
	for i < len(s) && digit(s[i]) {
		i++
	}
	return i
}

// Scalar is the value that a bare word of JSON stands for: true, false, null or a number.
// It is Absent for every other word.
func Scalar(word string) Value {
	switch word {
	case "true", "false":
		return Bool(word == "true")
	case "null":
		return Nil
	}
	return Number(word)
}
