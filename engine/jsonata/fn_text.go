package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

var textFunctions = []entry{
	{"string(arg, prettify = false)", "<x-b?:s>", missing(fnString)},
	{"substring(str, start, length)", "<s-nn?:s>", wide(8, fnSubstring)},
	{"substringBefore(str, chars)", "<s-s:s>", missing(fnBefore)},
	{"substringAfter(str, chars)", "<s-s:s>", missing(fnAfter)},
	{"lowercase(str)", "<s-:s>", texts(lower)},
	{"uppercase(str)", "<s-:s>", texts(upper)},
	{"length(str)", "<s-:n>", missing(func(c *call) (item, error) { return num(float64(charCount(c.arg(0).text()))), nil })},
	{"trim(str)", "<s-:s>", texts(trim)},
	{"pad(str, width, char)", "<s-ns?:s>", missing(fnPad)},
	{"join(strs, separator)", "<a<s>s?:s>", missing(fnJoin)},
}

func fnString(c *call) (item, error) {
	arg := c.arg(0)
	if c.arg(1).kind() == boolean && c.arg(1).json.AsBool() && (arg.kind() == array || arg.kind() == object) {
		if arg.cell != nil && arg.cell.outer {
			arg = arg.cell.items[0]
		}
		s, err := c.ev.stringify(arg, true)
		return str(s), err
	}
	s, err := c.ev.toText(arg)
	if err != nil {
		return item{}, err
	}
	return str(s), c.ev.spend(len(s))
}

// charCount counts characters; half of a surrogate pair is one.
func charCount(s string) int {
	if utf8.ValidString(s) {
		return utf8.RuneCountInString(s)
	}
	n := 0
	for i := 0; i < len(s); n++ {
		_, size := nextChar(s, i)
		i += size
	}
	return n
}

// charOffset is the byte at which character k of s begins, len(s) beyond the end.
func charOffset(s string, k int) int {
	i := 0
	for ; k > 0 && i < len(s); k-- {
		_, size := nextChar(s, i)
		i += size
	}
	return i
}

// sliceBounds are the bounds that JavaScript's slice would use for n items.
func sliceBounds(from, to float64, n int) (int, int) {
	a, b := sliceIndex(from, n), sliceIndex(to, n)
	return a, max(a, b)
}

func sliceIndex(f float64, n int) int {
	switch {
	case math.IsNaN(f):
		return 0
	case f >= float64(n):
		return n
	case f < -float64(n):
		return 0
	}
	i := int(f) // towards zero
	if i < 0 {
		i += n
	}
	return i
}

func substring(s string, start, length float64, bounded bool) string {
	n := charCount(s)
	if float64(n)+start < 0 {
		start = 0
	}
	end := float64(n)
	if bounded {
		if length <= 0 {
			return ""
		}
		end = start + length
		if start < 0 {
			end = float64(n) + start + length
		}
	}
	from, to := sliceBounds(start, end, n)
	a := charOffset(s, from)
	return s[a : a+charOffset(s[a:], to-from)]
}

func fnSubstring(c *call) (item, error) {
	start, limit := c.whole(1), c.whole(2)
	from := math.NaN()
	if !start.undefined() {
		from = start.float()
	}
	return str(substring(c.arg(0).text(), from, limit.float(), !limit.undefined())), nil
}

func fnBefore(c *call) (item, error) {
	s, at := parted(c.arg(0).text(), jsText(c.arg(1)))
	before, _, _ := strings.Cut(s, at)
	return str(before), nil
}

func fnAfter(c *call) (item, error) {
	s, at := parted(c.arg(0).text(), jsText(c.arg(1)))
	_, after, found := strings.Cut(s, at)
	if !found {
		after = s
	}
	return str(after), nil
}

// jsText is an argument that is a string or missing where JavaScript makes a string of what it gets.
func jsText(i item) string {
	if i.undefined() {
		return "undefined"
	}
	return i.text()
}

// jsString is the string that JavaScript makes of a value.
func jsString(i item) string {
	switch i.kind() {
	case undefined:
		return "undefined"
	case null:
		return "null"
	case boolean:
		return strconv.FormatBool(i.json.AsBool())
	case number:
		return plainNumber(i.float())
	case text:
		return i.text()
	case object, tuple:
		return "[object Object]"
	case array, function:
	}
	return ""
}

var (
	lowerCaser = cases.Lower(language.Und)
	upperCaser = cases.Upper(language.Und)
)

func lower(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	return lowerCaser.String(s)
}

func upper(s string) string {
	if ascii(s) {
		return strings.ToUpper(s)
	}
	return upperCaser.String(s)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// trim makes one space of every run of white space and takes it from the ends.
func trim(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		default:
			out = append(out, c)
		}
	}
	return strings.TrimSuffix(string(out), " ")
}

func fnPad(c *call) (item, error) {
	s, width := c.arg(0).text(), c.whole(1).float()
	fill := c.arg(2).text()
	if fill == "" {
		fill = " "
	}
	size := charCount(s)
	need := math.Abs(width) - float64(size)
	if !(need > 0) {
		return str(s), nil
	}
	if err := c.ev.spend(int(min(need, 1<<40)) * len(fill) / charCount(fill)); err != nil {
		return item{}, err
	}
	n := int(need)
	one := charCount(fill)
	padding := strings.Repeat(fill, n/one)
	padding += fill[:charOffset(fill, n%one)]
	if width > 0 {
		return str(s + padding), nil
	}
	return str(padding + s), nil
}

func fnJoin(c *call) (item, error) {
	v := viewOf(c.arg(0))
	separator := c.arg(1).text()
	total := 0
	for k := range v.n {
		one := v.at(k)
		total += len(one.text()) + len(separator)
	}
	if err := c.ev.spend(total); err != nil {
		return item{}, err
	}
	var b strings.Builder
	b.Grow(total)
	for k := range v.n {
		if err := c.ev.tick(); err != nil {
			return item{}, err
		}
		if k > 0 {
			b.WriteString(separator)
		}
		one := v.at(k)
		b.WriteString(one.text())
	}
	return str(b.String()), nil
}
