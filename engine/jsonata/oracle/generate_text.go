package oracle

import (
	"strconv"
	"strings"
)

// string is an expression that is mostly a string.
func (g *Generator) string() string {
	leaf := func() string {
		return g.pick(`"abc"`, `""`, `"a,b;c"`, `"Hello World"`, `"12"`, `'😀x'`, "name", "text", "csv", "uni", "num", "address.city", "words[0]", "date", `"  a  b "`)
	}
	return g.nested(func() string {
		return g.one(leaf,
			func() string { return g.any() + " & " + g.any() },
			func() string {
				return g.pick("$string", "$string", "$uppercase", "$lowercase", "$trim", "$type") + "(" + g.any() + ")"
			},
			func() string {
				return g.pick("$uppercase", "$lowercase", "$trim", "$base64encode", "$encodeUrl", "$encodeUrlComponent", "$decodeUrl") + "(" + g.string() + ")"
			},
			func() string {
				return "$substring(" + g.string() + ", " + g.pick("0", "1", "-2", "3", g.number()) + g.pick("", ", 2", ", 0", ", -1") + ")"
			},
			func() string {
				return g.pick("$substringBefore", "$substringAfter") + "(" + g.string() + ", " + g.pick(`"a"`, `","`, `" "`, `""`, g.string()) + ")"
			},
			func() string {
				return "$pad(" + g.string() + ", " + g.pick("5", "-5", "0", "12") + g.pick("", `, "#"`, `, "ab"`, `, ""`) + ")"
			},
			func() string {
				return "$join(" + g.pick("words", "$split(csv, \",\")", "list", g.array()) + g.pick("", `, "-"`, `, ""`) + ")"
			},
			func() string {
				return g.replace()
			},
			func() string {
				return "$formatNumber(" + g.number() + ", " + strconv.Quote(g.numberPicture()) + g.pick("", "", `, {"decimal-separator": ","}`, `, {"zero-digit": "٠"}`) + ")"
			},
			func() string { return "$formatInteger(" + g.number() + ", " + strconv.Quote(g.integerPicture()) + ")" },
			func() string { return "$formatBase(" + g.number() + g.pick("", ", 2", ", 16", ", 36", ", 1") + ")" },
			func() string {
				return "$fromMillis(" + g.pick("0", "1521801216617", "-1", g.number()) + ", " + strconv.Quote(g.timePicture()) + g.pick("", `, "+0100"`, `, "-0500"`) + ")"
			})
	}, leaf)
}

// replace has a function for a replacement only where the pattern is a regular expression: for a
// string jsonata-js would set in its own source text.
func (g *Generator) replace() string {
	pattern := g.pattern()
	by := g.pick(`"-"`, `"[$0]"`, `"$1"`, `"$2x"`, `"$$"`)
	if pattern[0] == '/' && g.chance(40) {
		by = g.pick("function($m) { $m.match & $m.index }", "function($m) { $uppercase($m.match) }", "$uppercase")
	}
	return "$replace(" + g.string() + ", " + pattern + ", " + by + g.pick("", "", ", 1", ", 0") + ")"
}

func (g *Generator) pattern() string {
	return g.pick(`"a"`, `","`, `" "`, `""`, `/a/`, `/[a-z]+/`, `/(l+)(o)?/`, `/\s+/`, `/\d/`, `/^h/i`, `/(a)|(b)/`, `/./`, `/x*/`, `/[^aeiou ]{2}/i`, `/\w+$/m`)
}

func (g *Generator) numberPicture() string {
	return g.pick("", "$", "€ ") + strings.Repeat("#", g.r.IntN(3)) + g.pick("", ",") + strings.Repeat("#", g.r.IntN(3)) + strings.Repeat("0", g.r.IntN(3)) +
		g.pick("", ".", ".0", ".00", ".0#", ".###") + g.pick("", "", "%", " x", ";(0)", "‰")
}

func (g *Generator) integerPicture() string {
	return g.pick("0", "000", "#,##0", "a", "A", "i", "I", "w", "W", "Ww", "0;o", "w;o", "#", "", "٠٠", "1", "#:##0")
}

func (g *Generator) timePicture() string {
	marker := func() string {
		return "[" + g.pick(strings.Split("YMDdFWwXxHhPmsfZz", "")...) + g.pick("", "", "0001", "01", "Nn", "N", "1o", "w", "I", "1,2-2", ",*-3") + "]"
	}
	return g.several(1, 4, g.pick("-", " ", "/", ":"), marker)
}
