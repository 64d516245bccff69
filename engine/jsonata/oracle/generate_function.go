package oracle

import "strconv"

// functional is an expression about functions as values.
func (g *Generator) functional() string {
	return g.one(g.curried, g.chained, g.signed, g.recursive, g.closure, g.folded, g.misused)
}

// builtins is every built-in function that gives the same answer each time. $eval and the functions
// of time and chance are left out.
var builtins = []string{
	"string", "substring", "substringBefore", "substringAfter", "lowercase", "uppercase", "length", "trim", "pad", "join", "match", "contains", "replace", "split",
	"number", "floor", "ceil", "round", "abs", "sqrt", "power", "sum", "max", "min", "average", "count", "append", "reverse", "zip", "distinct", "sort", "boolean", "not", "keys", "lookup",
	"exists", "spread", "merge", "error", "assert", "type", "map", "filter", "single", "reduce", "sift", "each", "formatNumber", "formatBase", "formatInteger", "parseInteger",
	"toMillis", "fromMillis", "base64encode", "base64decode", "encodeUrlComponent", "encodeUrl", "decodeUrlComponent", "decodeUrl", "clone",
}

func (g *Generator) builtin() string { return "$" + builtins[g.r.IntN(len(builtins))] }

// small is a value to give to a function.
func (g *Generator) small() string {
	return g.pick("1", "2", "0", "-1", "2.5", `"a"`, `"abc"`, `""`, `"12"`, "true", "false", "null", "[]", "[1, 2]", `["b", "a"]`, "{}", `{"a": 1}`, "nothing", "name", "n", "list", "words", "items", "one", "mixed", "$", "$uppercase", "$sum",
		"function($v) { $v }", "function($v, $i) { $i }", "function($a, $b) { $a > $b }", "function($a, $b, $c, $d) { $c }", `/a/`, `"0"`, `"x"`, "address", "[[1], [2, 3]]", `[{"a": 1}, {"a": 2}]`, "1..3", "[1..3]", `"😀"`)
}

// misused is a built-in function with whatever arguments.
func (g *Generator) misused() string { return g.builtin() + "(" + g.several(0, 4, ", ", g.small) + ")" }

// curried is a partial application, and perhaps its call.
func (g *Generator) curried() string {
	f := g.one(g.builtin, func() string { return "$f" }, func() string { return "$g" }, func() string { return g.pick("$h", "nothing", "name", "$uppercase", "sum", "/a/") })
	arg := func() string { return g.pick("?", "?", g.small()) }
	text := f + "(" + g.several(0, 2, "", func() string { return arg() + ", " }) + "?" + g.several(0, 1, "", func() string { return ", " + arg() }) + ")"
	text += g.pick("", "", "("+g.small()+")", "("+g.small()+", "+g.small()+")", "(?, "+g.small()+")", "()", "(?)("+g.small()+")")
	if g.chance(20) {
		text = g.small() + " ~> " + text
	}
	return "($f := function($a, $b) { [$a, $b] }; $g := function($a, $b, $c)<nn?s?> { $string($a) & $b & $c }; " + text + ")"
}

func (g *Generator) chained() string {
	link := func() string {
		return g.pick(g.builtin(), g.builtin()+"("+g.small()+")", "$f", "$f(1)", "(function($x) { $x })", "(function($x)<n:n> { $x + 1 })", "|$|{\"z\": 1}|", "$map($string)", "$count", "(/a/)", "nothing", "5", "$join", "$g", "$uppercase ~> $trim", "($uppercase ~> $trim)", "$substring(?, 1)")
	}
	return "($f := function($x, $y) { [$x, $y] }; $g := $string ~> $uppercase; " + g.small() + " ~> " + g.several(1, 3, " ~> ", link) + ")"
}

// signed is a function with a signature, sound or not.
func (g *Generator) signed() string {
	signature := g.pick("n", "s", "b", "l", "o", "a", "f", "j", "x", "n-", "s-", "n?", "s?", "n+", "s+", "j?", "x-", "a<n>", "a<s>", "a<a>", "a<o>", "f<n:n>", "(ns)", "(sb)-", "(oa)", "(nsb)+", "(f)", "nn", "ns?", "s-n?", "s-nn?", "nn?n?", "a<s>s?", "n+s+", "x+x", "a+", "n<s>", "(a<n>)", "u", "nz", "q", "n-n-", "<n>", "s??", "n?-") + g.pick("", "", ":n", ":s", ":a<n>", ":x")
	names := []string{"$p", "$q", "$r"}[:g.r.IntN(4)]
	params := ""
	for i, n := range names {
		if i > 0 {
			params += ", "
		}
		params += n
	}
	return g.pick("", "address.", "name.", "n.", "list.", "items.") + "function(" + params + ")<" + signature + "> { " + g.pick("$p", "[$p, $q]", "$", "$type($p)", "$p + 1", "[$p, $q, $r]") + " }(" + g.several(0, 3, ", ", g.small) + ")"
}

// recursive calls itself, in the tail or not, and perhaps fails far down.
func (g *Generator) recursive() string {
	n := g.pick("0", "1", "5", "30", "n")
	return g.one(
		func() string {
			return "($f := function($n) { $n <= 0 ? " + g.small() + " : $f($n - 1) }; $f(" + n + "))"
		},
		func() string {
			return "($f := function($n, $s) { $n <= 0 ? $s : $f($n - 1, $s " + g.pick("+", "&", "*") + " " + g.small() + ") }; $f(" + n + ", " + g.small() + "))"
		},
		func() string {
			return "($f := function($n) { $n <= 0 ? " + g.small() + " : $n " + g.pick("+", "*", "&") + " $f($n - 1) }; $f(" + n + "))"
		},
		func() string {
			return "($even := function($n) { $n = 0 ? true : $odd($n - 1) }; $odd := function($n) { $n = 0 ? " + g.small() + " : $even($n - 1) }; $even(" + n + "))"
		},
		func() string {
			return "($f := function($x) { $type($x) = \"array\" ? $x.$f($) : " + g.pick("$x", "$x + 1", "$string($x)", "$uppercase($x)") + " }; $f(" + g.small() + "))"
		},
		func() string {
			return "(function($s, $n) { $s($s, $n) })(function($s, $n) { $n > 0 ? $n + $s($s, $n - 1) : " + g.small() + " }, " + n + ")"
		},
		func() string { return "($f := function($n) { $n > 3 ? " + g.misused() + " : $f($n + 1) }; $f(0))" },
		func() string {
			return "($f := function($n) { (" + g.pick("$x := $n;", "", "$n;") + " $n > 3 ? " + g.operator() + " : $f($n + 1)) }; $f(0))"
		})
}

func (g *Generator) closure() string {
	return g.one(
		func() string {
			return "($a := " + g.small() + "; $f := function($x) { [$a, $x] }; $a := " + g.small() + "; $f(" + g.small() + "))"
		},
		func() string {
			return "($add := function($a) { function($b) { $a " + g.pick("+", "&", "=") + " $b } }; $add(" + g.small() + ")(" + g.small() + "))"
		},
		func() string { return "(" + g.array() + ".(function($x) { [$x, $] }))(" + g.small() + ")" },
		func() string { return "($a := 1; ($a := 2; $b := 3); [$a, $b])" },
		func() string {
			return "($f := $" + g.pick("sum", "string", "uppercase", "map") + "; $sum := " + g.small() + "; $f(" + g.small() + "))"
		},
		func() string {
			return "$map(" + g.array() + ", function($v, $i, $a) { [$i, $count($a), " + g.small() + "] })"
		},
		func() string { return g.path() + ".($v := $; " + g.small() + ".[$v, $])" },
		func() string {
			return "{" + strconv.Quote(g.pick("f", "g")) + ": function($x) { $x & \"!\" }}." + g.pick("f(", "g(", "($f := f; $f)(", "*(") + g.small() + ")"
		})
}

// folded gives functions of one to four parameters to those that call functions.
func (g *Generator) folded() string {
	params := []string{"$a", "$b", "$c", "$d", "$e"}
	text := ""
	body := "["
	for i := range g.r.IntN(6) {
		if i > 0 {
			text, body = text+", ", body+", "
		}
		text, body = text+params[i], body+params[i]
	}
	body = g.pick(body+"]", body+"]", "$a", "$b", "$a & $b", "$a > $b", "$a + $b", "true", "nothing", "$append($a, $b)", "$c", "$count($c)")
	f := "function(" + text + ") { " + body + " }"
	name := g.pick("$map", "$filter", "$single", "$reduce", "$sort", "$sift", "$each")
	over := g.pick(g.array(), g.small(), "items", "words", "list", "address", "`odd key`", "$obj", "[{\"a\": 1}, {\"b\": 2}]")
	return name + "(" + over + ", " + f + g.pick("", "", ", "+g.small()) + ")"
}
