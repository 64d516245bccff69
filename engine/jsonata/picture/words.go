package picture

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

var (
	cardinals = strings.Fields(`Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve
		Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen`)
	ordinals = strings.Fields(`Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh
		Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth`)
	tens       = strings.Fields(`Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety`)
	magnitudes = strings.Fields(`Thousand Million Billion Trillion`)
)

// inWords writes a whole number that is not negative in English with capital letters:
// One Thousand, Two Hundred and Thirty-Four.
func inWords(n float64, ordinal bool) string {
	var b strings.Builder
	appendWords(&b, n, ordinal, false)
	return b.String()
}

// appendWords writes n; when it follows a larger part, a comma or "and" joins it.
func appendWords(b *strings.Builder, n float64, ordinal, follows bool) {
	join := func(word string) {
		if follows {
			b.WriteString(word)
		}
	}
	switch {
	case n < 100:
		join(" and ")
		b.WriteString(belowHundred(int(n), ordinal))
	case n < 1000:
		join(", ")
		b.WriteString(cardinals[int(n/100)] + " Hundred")
		appendRest(b, math.Mod(n, 100), ordinal)
	default:
		name, factor := magnitudeOf(n)
		join(", ")
		count := math.Floor(n / factor)
		appendWords(b, count, false, false)
		b.WriteString(" " + name)
		appendRest(b, n-float64(count*factor), ordinal)
	}
}

func appendRest(b *strings.Builder, rest float64, ordinal bool) {
	if rest > 0 {
		appendWords(b, rest, ordinal, true)
	} else if ordinal {
		b.WriteString("th")
	}
}

func belowHundred(n int, ordinal bool) string {
	units := cardinals
	if ordinal {
		units = ordinals
	}
	if n < 20 {
		return units[n]
	}
	ten := tens[n/10-2]
	switch {
	case n%10 > 0:
		return ten + "-" + units[n%10]
	case ordinal:
		return strings.TrimSuffix(ten, "y") + "ieth"
	}
	return ten
}

// magnitudeOf is the largest named power of a thousand that n reaches.
func magnitudeOf(n float64) (string, float64) {
	name, factor := magnitudes[0], 1e3
	for i, f := range []float64{1e3, 1e6, 1e9, 1e12} {
		if n >= f {
			name, factor = magnitudes[i], f
		}
	}
	return name, factor
}

// wordValues holds every English word of a number, in lower case.
var wordValues = func() map[string]float64 {
	values := map[string]float64{"hundred": 100, "hundredth": 100}
	for i := range cardinals {
		values[strings.ToLower(cardinals[i])] = float64(i)
		values[strings.ToLower(ordinals[i])] = float64(i)
	}
	for i, ten := range tens {
		ten = strings.ToLower(ten)
		values[ten] = float64(10 * (i + 2))
		values[strings.TrimSuffix(ten, "y")+"ieth"] = values[ten]
	}
	for i, magnitude := range magnitudes {
		magnitude = strings.ToLower(magnitude)
		values[magnitude] = math.Pow10(3 * (i + 1))
		values[magnitude+"th"] = values[magnitude]
	}
	return values
}()

// wordAlternatives matches one word of a number or what stands between two.
var wordAlternatives = strings.Join(append(slices.Sorted(maps.Keys(wordValues)), "and", `[\-, ]`), "|")

var betweenWords = regexp.MustCompile(`,[` + spaces + `]|[` + spaces + `]and[` + spaces + `]|[` + spaces + `\\-]`)

// fromWords reads a number in lower-case English; a word that is none makes it NaN. Each part
// below a hundred opens a new sum once thousands were reached; larger words multiply the last.
func fromWords(s string) float64 {
	sums := []float64{0}
	for _, word := range betweenWords.Split(s, -1) {
		v, known := wordValues[word]
		if !known {
			return math.NaN()
		}
		last := len(sums) - 1
		switch {
		case v >= 100:
			sums[last] *= v
		case sums[last] >= 1000:
			sums = append(sums, v)
		default:
			sums[last] += v
		}
	}
	total := 0.0
	for _, sum := range sums {
		total += sum
	}
	return total
}
