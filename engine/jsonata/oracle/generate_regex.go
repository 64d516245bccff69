package oracle

import "strconv"

// matched is a call of a function with a regular expression.
func (g *Generator) matched() string {
	text := g.one(g.matchText, g.matchText, g.string)
	re := g.regex()
	limit := g.pick("", "", "", ", 0", ", 1", ", 2", ", 1.5", ", -1", ", nothing")
	return g.one(
		func() string { return "$match(" + text + ", " + re + limit + ")" },
		func() string {
			return "$match(" + text + ", " + re + limit + ")." + g.pick("groups", "match", "index", "groups[0]", "{\"m\": match, \"g\": groups}", "$string(groups)")
		},
		func() string { return "$split(" + text + ", " + re + limit + ")" },
		func() string { return "$contains(" + text + ", " + re + ")" },
		func() string { return "$replace(" + text + ", " + re + ", " + g.replacement() + limit + ")" },
		func() string {
			return re + "(" + text + ")" + g.pick("", ".match", ".groups", ".start", ".end", ".next()", ".next().match", ".next().next().start")
		},
		func() string { return text + " ~> " + re + g.pick("", " ~> $exists()") },
		func() string { return "$filter(words, " + re + ")" },
		func() string { return "words[$match($, " + re + ")]" },
		func() string { return "(" + re + " ~> $string)(" + text + ")" },
		func() string { return "$map([" + text + ", name], " + re + ")." + g.pick("match", "end") })
}

func (g *Generator) matchText() string {
	return g.pick(`"abcabc"`, `"aaa bbb"`, `"Hello World"`, `"foo=1; bar=22"`, `"a.b.c"`, `"x1y22z333"`, `"line one\nline two\r\nthree"`, `"héllo😀wörld"`, `"😀😀"`, `""`, `" "`, `"aBc-ABC_abc"`, `"2024-05-06"`, `"((a)(b))"`, `"$1 and $2"`, "text", "csv", "uni", "name")
}

func (g *Generator) regex() string {
	if g.chance(30) {
		return g.pick(`/(\d+)-(\d+)-(\d+)/`, `/(a)(b)?(c)/`, `/(?<y>\d+)/`, `/(\w)\1/`, `/(?=b)/`, `/a(?!b)/`, `/(?<=o)./`, `/\bW/`, `/\Bo/`, `/.*?/`, `/a{2}/`, `/a{2,}/`, `/a{0,1}b/`, `/[^\s]+/`, `/[\w-]+/`, `/\$\d/`, `/\./`, `/[.]/`, `/(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)/`,
			`/\//`, `/[/]/`, `/\u0061/`, `/\x61/`, `/\cA/`, `/^.$/m`, `/three$/m`, `/\d+$/`, `/😀/`, `/[😀]/`, `/./u`, `/a/g`, `/a/gi`, `/(|a)/`, `/a||b/`, `/()/`, `/(?:)/`, `/[]/`, `/[^]/`, `/(/`, `/)/`, `/[/`, `/a**/`, `/{1}/`, `/a{2,1}/`, `/\p{L}/`, `/\k<y>/`, `//`, `/é/i`, `/É/i`)
	}
	return "/" + g.several(1, 3, "", g.regexPart) + "/" + g.pick("", "", "", "i", "m", "im")
}

func (g *Generator) regexPart() string {
	atom := g.pick("a", "b", "o", "l", ".", `\d`, `\w`, `\s`, `\S`, `\W`, `\D`, "[abc]", "[^abc]", "[a-z]", "[A-Z0-9]", "é", `\.`, " ", "-", "(a)", "(b|c)", "(?:ab)", `(\w+)`, `(\d)`, "(.)", "(l+)")
	return atom + g.pick("", "", "", "+", "*", "?", "+?", "*?", "??", "{1}", "{1,2}", "{2,}", "|")
}

func (g *Generator) replacement() string {
	return g.pick(`"-"`, `""`, `"$0"`, `"[$1]"`, `"$2$1"`, `"$$"`, `"$"`, `"$11"`, `"$10"`, `"$a"`, `"$&"`, `"$<y>"`, strconv.Quote(g.letters("$$0123ax", 1, 6)),
		"function($m) { $m.match & $m.match }", "function($m) { $join($m.groups, \"|\") }", "function($m) { $string($m) }", "function($m) { $m.start }", "function($m) { $m.groups[0] }", "function($m) { nothing }", "$uppercase", "function() { \"z\" }", "5", "nothing", "null")
}
