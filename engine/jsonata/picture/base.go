package picture

import (
	"math"
	"strconv"
	"strings"
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
	return bigBase(f, int(radix)), nil
}

// bigBase writes a number of 2^53 or more. Digits that a float64 does not hold are zeros, as
// V8 writes them.
func bigBase(f float64, radix int) string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	zeros := 0
	for f >= 1<<53 {
		f /= float64(radix)
		zeros++
	}
	return sign + strconv.FormatInt(int64(f), radix) + strings.Repeat("0", zeros)
}
