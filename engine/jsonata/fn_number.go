package jsonata

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"statehouse/engine/jsonata/picture"
)

var numberFunctions = []entry{
	{"number(arg)", "<(nsb)-:n>", wide(16, fnNumber)},
	{"floor(arg)", "<n-:n>", numbers(math.Floor)},
	{"ceil(arg)", "<n-:n>", numbers(math.Ceil)},
	{"round(arg, precision)", "<n-n?:n>", missing(fnRound)},
	{"abs(arg)", "<n-:n>", numbers(math.Abs)},
	{"sqrt(arg)", "<n-:n>", missing(fnSqrt)},
	{"power(arg, exp)", "<n-n:n>", missing(fnPower)},
	{"sum(args)", "<a<n>:n>", missing(fnSum)},
	{"max(args)", "<a<n>:n>", missing(fnMax)},
	{"min(args)", "<a<n>:n>", missing(fnMin)},
	{"average(args)", "<a<n>:n>", missing(fnAverage)},
}

var (
	decimalText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$`)
	radixText   = regexp.MustCompile(`^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$`)
)

func fnNumber(c *call) (item, error) {
	arg := c.arg(0)
	switch arg.kind() {
	case number:
		return arg, nil
	case boolean:
		if arg.json.AsBool() {
			return num(1), nil
		}
		return num(0), nil
	case text:
		s := arg.text()
		if decimalText.MatchString(s) {
			if f, err := strconv.ParseFloat(s, 64); err == nil {
				return num(f), nil
			}
		} else if radixText.MatchString(s) {
			return num(radixNumber(s)), nil
		}
	default:
	}
	return item{}, fail("D3030", fields{"value": arg, "index": 1})
}

// radixNumber reads 0x, 0o and 0b; whatever else stands in the text makes it no number.
func radixNumber(s string) float64 {
	base := map[byte]float64{'x': 16, 'X': 16, 'o': 8, 'O': 8, 'b': 2, 'B': 2}[s[1]]
	digits := s[2:]
	if s[0] != '0' || base == 0 || digits == "" {
		return math.NaN()
	}
	var f float64
	for _, c := range strings.ToLower(digits) {
		d := strings.IndexRune("0123456789abcdef", c)
		if d < 0 || float64(d) >= base {
			return math.NaN()
		}
		f = f*base + float64(d)
	}
	return f
}

func fnRound(c *call) (item, error) {
	decimals := c.whole(1).float()
	if decimals != math.Trunc(decimals) {
		return num(math.NaN()), nil
	}
	return num(picture.Round(c.arg(0).float(), int(max(-400, min(400, decimals))))), nil
}

func fnSqrt(c *call) (item, error) {
	f := c.arg(0).float()
	if f < 0 {
		return item{}, fail("D3060", fields{"value": c.arg(0), "index": 1})
	}
	return num(math.Sqrt(f)), nil
}

func fnPower(c *call) (item, error) {
	base, exp := c.arg(0).float(), c.arg(1).float()
	if c.arg(1).undefined() {
		exp = math.NaN()
	}
	f := picture.Power(base, exp)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return item{}, fail("D3061", fields{"value": c.arg(0), "exp": c.arg(1), "index": 1})
	}
	return num(f), nil
}

// fold runs over the numbers of the first argument.
func fold(c *call, start float64, f func(acc, x float64) float64) (float64, error) {
	v := viewOf(c.arg(0))
	for k := range v.json {
		start = f(start, parseLiteral(v.json[k].Literal()))
	}
	for k := len(v.json); k < v.n; k++ {
		if err := c.ev.tick(); err != nil {
			return 0, err
		}
		one := v.at(k)
		start = f(start, one.float())
	}
	return start, nil
}

func plus(a, b float64) float64 { return a + b }

func fnSum(c *call) (item, error) {
	f, err := fold(c, 0, plus)
	return num(f), err
}

func fnMax(c *call) (item, error) {
	if c.arg(0).size() == 0 {
		return item{}, nil
	}
	f, err := fold(c, math.Inf(-1), math.Max)
	return num(f), err
}

func fnMin(c *call) (item, error) {
	if c.arg(0).size() == 0 {
		return item{}, nil
	}
	f, err := fold(c, math.Inf(1), math.Min)
	return num(f), err
}

func fnAverage(c *call) (item, error) {
	n := c.arg(0).size()
	if n == 0 {
		return item{}, nil
	}
	f, err := fold(c, 0, plus)
	return num(f / float64(n)), err
}
