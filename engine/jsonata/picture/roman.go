package picture

import (
	"math"
	"strings"
	"unicode/utf16"
)

// numerals are the Roman ones from large to small, with the pairs that subtract.
var numerals = []struct {
	text  string
	value float64
}{
	{"m", 1000},
	{"cm", 900},
	{"d", 500},
	{"cd", 400},
	{"c", 100},
	{"xc", 90},
	{"l", 50},
	{"xl", 40},
	{"x", 10},
	{"ix", 9},
	{"v", 5},
	{"iv", 4},
	{"i", 1},
}

// roman writes n in lower-case Roman numerals; nothing for 0.
func roman(n float64) (string, error) {
	if n >= 1000*longest {
		return "", ErrTooLong
	}
	var b strings.Builder
	for _, numeral := range numerals {
		for n >= numeral.value {
			b.WriteString(numeral.text)
			n -= numeral.value
		}
	}
	return b.String(), nil
}

// fromRoman reads upper-case Roman numerals: from the right, a letter below the highest one
// so far is subtracted. Any other letter makes the result NaN.
func fromRoman(s string) float64 {
	total, highest := 0.0, 1.0
	for i := len(s) - 1; i >= 0; i-- {
		v := letterValue(s[i])
		if v < highest {
			total -= v
		} else {
			highest = v
			total += v
		}
	}
	return total
}

func letterValue(c byte) float64 {
	for _, numeral := range numerals {
		if len(numeral.text) == 1 && numeral.text[0] == c+'a'-'A' {
			return numeral.value
		}
	}
	return math.NaN()
}

// letters counts a, b … z, aa, ab … as columns of a spreadsheet are; nothing for 0.
func letters(n float64, first rune) string {
	var reversed []rune
	for n > 0 && !math.IsInf(n, 1) {
		reversed = append(reversed, first+rune(math.Mod(n-1, 26)))
		n = math.Floor((n - 1) / 26)
	}
	return backwards(reversed)
}

// fromLetters is the number of a spreadsheet's column. Characters that are no letters count
// by their distance from the first letter, as they do in jsonata-js.
func fromLetters(s string, first rune) float64 {
	total := 0.0
	units := utf16.Encode([]rune(s))
	for i := range units {
		total += float64(rune(units[len(units)-1-i])-first+1) * Power(26, float64(i))
	}
	return total
}

func backwards(runes []rune) string {
	var b strings.Builder
	for i := len(runes) - 1; i >= 0; i-- {
		b.WriteRune(runes[i])
	}
	return b.String()
}
