package jsonata

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"statehouse/engine/value"
)

// plainNumber prints a number as JavaScript does: 1e-7, 1e+21, -0 as 0.
func plainNumber(f float64) string {
	var room [32]byte
	return string(appendNumber(room[:0], f))
}

func appendNumber(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	case f == 0:
		return append(dst, '0')
	}
	if a := math.Abs(f); a < 1e-6 || a >= 1e21 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exp, _ := strings.Cut(s, "e")
		digits := strings.TrimLeft(exp[1:], "0")
		dst = append(append(dst, mantissa...), 'e', exp[0])
		return append(dst, digits...)
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.AppendInt(dst, int64(f), 10)
	}
	// A decimal of at most 15 digits that is read as f is the shortest one that is.
	if n := math.Round(f * 1000); math.Abs(n) < 1e15 && n/1000 == f {
		return appendThousandths(dst, int64(n))
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

func appendThousandths(dst []byte, n int64) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, n/1000, 10)
	a, b, c := byte(n/100%10), byte(n/10%10), byte(n%10)
	dst = append(dst, '.', '0'+a, '0'+b, '0'+c)
	return bytes.TrimRight(dst, "0")
}

// numberValue is a calculated number for the outside. JSON has no NaN and no infinity.
func numberValue(f float64) value.Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return value.Nil
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return value.Int(int64(f))
	}
	return value.Number(plainNumber(f))
}

// round15 keeps fifteen significant digits: what $string shows of a number.
func round15(f float64) float64 {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return f
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	return r
}

// printable reports whether the text of f says all about it.
func printable(f float64) bool {
	return !math.IsNaN(f) && !math.IsInf(f, 0) && (f != 0 || !math.Signbit(f))
}
