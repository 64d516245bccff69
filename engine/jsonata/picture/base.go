package picture

import (
	"math"
	"slices"
	"strconv"
)

// FormatBase writes a number, rounded to a whole one, in a radix from 2 to 36, as
// $formatBase does. The radix is rounded too.
func FormatBase(f, radix float64) (string, error) {
	f, radix = Round(f, 0), Round(radix, 0)
	if !(radix >= 2 && radix <= 36) {
		return "", &Error{Code: "D3100", Value: number(radix)}
	}
	if radix == 10 || math.IsNaN(f) || math.IsInf(f, 0) {
		return number(f), nil
	}
	if math.Abs(f) < 1<<53 {
		return strconv.FormatInt(int64(f), int(radix)), nil
	}
	return bigBase(f, radix), nil
}

// bigBase writes a number of 2^53 or more as V8 does, in the arithmetic of doubles: as long as
// what a digit leaves is 2^53 or more the digit is a zero, and the last ones before the zeros may
// be off.
func bigBase(f float64, radix float64) string {
	rest := math.Abs(f)
	var reversed []byte
	for rest/radix >= 1<<53 {
		rest /= radix
		reversed = append(reversed, '0')
	}
	for rest > 0 {
		digit := math.Mod(rest, radix)
		reversed = append(reversed, "0123456789abcdefghijklmnopqrstuvwxyz"[int(digit)])
		rest = (rest - digit) / radix
	}
	if f < 0 {
		reversed = append(reversed, '-')
	}
	slices.Reverse(reversed)
	return string(reversed)
}
