// Package picture writes and reads numbers and times by picture strings, as JSONata's
// $formatNumber, $formatBase, $formatInteger, $parseInteger, $fromMillis and $toMillis do.
//
// The pictures are those of XPath and XQuery Functions and Operators 3.1 (chapters 4.6,
// 4.7 and 9.8). The measure is jsonata-js 2.0.6, whose answers people see on AWS: where it
// departs from the recommendation, we depart with it, and the comment at the place says so.
// Numbers are float64, as they are there; NaN stands for a number that could not be made.
package picture

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// Error is a mistake in a picture or an argument. Code is jsonata-js's (D3080 … D3136);
// Value is what its message shows in place of {{value}}, empty when it shows nothing.
type Error struct {
	Code  string
	Value string
}

func (e *Error) Error() string {
	if e.Value == "" {
		return e.Code
	}
	return e.Code + ": " + e.Value
}

// ErrTooLong answers pictures of more than 4 KiB and numbers whose text would exceed 64 Ki
// characters. jsonata-js has no such limit: it ends with a stack overflow or without memory.
var ErrTooLong = errors.New("the picture or the formatted text is too long")

const (
	longest        = 1 << 16
	longestPicture = 1 << 12
)

// Round gives the nearest number with that many decimals (to the left of the point when
// negative), halves to the even neighbour. The decimal digits of f decide, not its binary
// value: 1.005 with two decimals is halfway.
func Round(f float64, decimals int) float64 {
	shifted := f
	if decimals != 0 {
		shifted = shift(f, decimals)
	}
	nearest := math.Floor(shifted + 0.5)
	if nearest-shifted > 0.5 || math.Abs(shifted) >= 1<<52 {
		nearest = math.Round(shifted) // the sum above was not exact
	}
	if math.Abs(nearest-shifted) == 0.5 && math.Abs(math.Mod(nearest, 2)) == 1 {
		nearest--
	}
	if decimals != 0 {
		nearest = shift(nearest, -decimals)
	}
	if nearest == 0 {
		return 0 // and never -0
	}
	return nearest
}

// shift moves the decimal point of f in its shortest text.
func shift(f float64, places int) float64 {
	mantissa, exponent, _ := strings.Cut(number(f), "e")
	by, _ := strconv.Atoi(exponent)
	shifted, err := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(by+places), 64)
	if errors.Is(err, strconv.ErrSyntax) {
		return math.NaN() // of an infinity
	}
	return shifted
}

// number is f as JavaScript writes it.
func number(f float64) string {
	switch {
	case f == 0:
		return "0"
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return value.Float(f).Literal()
}

// leadingInt reads the whole number a text begins with, as JavaScript's parseInt: spaces and
// a sign may come first, whatever follows the digits is ignored, and no digit gives NaN.
func leadingInt(s string) float64 {
	s = strings.TrimLeft(s, spaces)
	sign := 1.0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	if strings.HasPrefix(s, "0x") || strings.HasPrefix(s, "0X") {
		hex := leading(s[2:], "0123456789abcdefABCDEF")
		if hex == "" {
			return math.NaN()
		}
		f, _ := strconv.ParseFloat("0x"+hex+"p0", 64)
		return sign * f
	}
	digits := leading(s, "0123456789")
	if digits == "" {
		return math.NaN()
	}
	f, _ := strconv.ParseFloat(digits, 64)
	return sign * f
}

func leading(s, set string) string { return s[:len(s)-len(strings.TrimLeft(s, set))] }

// spaces are what \s matches in JavaScript.
const spaces = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
