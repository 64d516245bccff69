package oracle

// bound is a path with bindings, parents, orders and groupings, in unusual places too.
func (g *Generator) bound() string {
	text := g.pick("items", "items", "words", "list", "nested.a", "address", "$$.items", "matrix", "mixed", "[1..3]", "$", "(items)", "*", "**", "items.tags")
	for range 1 + g.r.IntN(4) {
		text += g.pick("@$v", "#$i", "@$w", "#$j", "@$v#$i", "#$i@$v", ".tags", ".sku", ".qty", ".b", ".%", ".%.%", ".$", ".*", ".{\"i\": $i, \"v\": $v}", ".[$i, $]", "[$i = 0]", "[$v.qty > 1]", "[0]", "[-1]", "[[0..1]]",
			"^(sku)", "^(>qty)", "^($)", "^(-price, >sku)", "^($i)", "^(%.sku)", "^(tags)", "^(<gift)", "^($string($))", "[]", ".(%.sku & $)", ".{\"p\": %.name}", ".$string()", "{sku: qty}", "{$string($): $i}", "{$: $count($)}", "{\"k\": %.name}",
			".items", ".items@$x[$x.sku = $v.sku]", ".(qty * price)", ".$v", ".$v.sku", ".$i", ".($i + 1)", "[%.name = \"Ann\"]", ".(items.sku)", ".%[0]", ".%.name", ".(%)", ".(%.%)", "[[1]]", ".tags#$k", ".tags@$t", ".(tags#$k)", "[tags]", "[$#$z]")
	}
	return text
}

// mixedOrder sorts what need not be of one type.
func (g *Generator) mixedOrder() string {
	list := func() string { return "[" + g.several(0, 5, ", ", g.small) + "]" }
	return g.one(
		func() string {
			return list() + "^(" + g.pick("", "<", ">") + g.pick("$", "$string($)", "-$", "$type($)", "a", "$length($string($))") + ")"
		},
		func() string {
			return "$sort(" + list() + g.pick("", "", ", function($l, $r) { $l > $r }", ", function($l, $r) { $string($l) > $string($r) }", ", function($l) { true }", ", function($l, $r) { 1 }") + ")"
		},
		func() string { return list() + "{$type($): $}" },
		func() string { return list() + "{$string($): $count($)}" },
		func() string { return "$distinct(" + list() + ")" },
		func() string { return g.small() + " in " + list() },
		func() string { return list() + g.pick(" = ", " != ") + list() },
		func() string { return "$zip(" + list() + ", " + list() + ")" },
		func() string { return "$string(" + list() + g.pick("", ", true", ", false") + ")" },
		func() string {
			return list() + g.pick(".$", ".[$]", ".{\"v\": $}", "[]", "[0]", "[-1]", "[1..2]", ".a", ".*", ".**", ".(a)", "[a]", "[$]", "[$type($) = \"number\"]", ".$string($)", ".$type($)", "[][0]", "[0][]")
		},
		func() string { return "$append(" + list() + ", " + list() + ")" + g.pick("", ".a", "[0]", "[]") })
}

// transformed changes a copy, perhaps wrongly.
func (g *Generator) transformed() string {
	return g.pick("$", "items", "address", "items[0]", "$$", "nested", "mixed", "[]", "nothing", "$obj", "{\"a\": {\"b\": {\"c\": 1}}}", g.small()) + " ~> |" +
		g.pick("$", "items", "address", "**", "*", "items[qty > 1]", "nested.a", "geo", "a", "a.b", "nothing", "$.items", "items.tags", "(items)", "items@$v", "items^(sku)", "**[b]", "$$", "name") + "|" +
		g.pick("{\"new\": 1}", "{\"qty\": qty * 2}", "{\"sku\": $uppercase(sku)}", "{}", "nothing", "5", "[]", "null", "{\"a\": $}", "{\"a\": $$}", "{\"1\": 1, \"0\": 0}", "$merge([$, {\"z\": 1}])", "{\"f\": $sum}", "{\"self\": $.name}", "$uppercase(sku)", "[{}]", "true") +
		g.pick("", "", ", \"price\"", ", [\"qty\", \"tags\"]", ", nothing", ", []", ", 5", ", [1]", ", null", ", $keys($)", ", \"missing\"") + "|" + g.pick("", "", ".items", ".address.city", " ~> $keys", "[0]")
}

// textual is about characters of every width and numbers of every size.
func (g *Generator) textual() string {
	text := func() string {
		return g.pick(`"😀"`, `"a😀b"`, `"\ud83d\ude00\ud83d"`, `"\ude00"`, `"é"`, `"e\u0301"`, `"ß"`, `"İ"`, `"ŉ"`, `"ǆ"`, `"Σας"`, `"ΑΣ"`, `"ﬁ"`, `"日本"`, `"\u0000"`, `"\u007f\u2028"`, `"\t\n\"\\/"`, `" \u00a0 x\u2003"`, `"%41%zz"`, `"a b&c=d/é"`, `"%F0%9F%98%80"`, `"%E9"`, `"aGk="`, `"//8="`, `"=a"`, "uni", `"👨‍👩‍👧"`, `"\ufeff"`, `"𝒳𝒴"`)
	}
	number := g.extreme
	return g.one(
		func() string {
			return g.pick("$length", "$uppercase", "$lowercase", "$trim", "$base64encode", "$base64decode", "$encodeUrl", "$encodeUrlComponent", "$decodeUrl", "$decodeUrlComponent", "$string", "$number", "$keys", "$boolean") + "(" + text() + ")"
		},
		func() string {
			return "$substring(" + text() + ", " + g.pick("0", "1", "-1", "-2", "0.5", "1.5", "1e10", "-1e10", "nothing") + g.pick("", ", 1", ", 2", ", 0.5", ", -1", ", 1e10", ", nothing") + ")"
		},
		func() string {
			return "$pad(" + text() + ", " + g.pick("5", "-5", "4.5", "-4.5", "0") + g.pick("", ", "+text()) + ")"
		},
		func() string {
			return "$split(" + text() + ", " + g.pick(`""`, `"a"`, text()) + g.pick("", ", 1", ", 2.5") + ")"
		},
		func() string {
			return g.pick("$substringBefore", "$substringAfter", "$contains") + "(" + text() + ", " + g.pick(text(), `""`, `"\ud83d"`) + ")"
		},
		func() string {
			return "$replace(" + text() + ", " + text() + ", " + g.pick(`"$0$&$$"`, text(), `"-"`) + g.pick("", ", 1", ", 0.5") + ")"
		},
		func() string { return text() + g.pick(" & ", " < ", " = ", " >= ") + text() },
		func() string { return "[" + g.several(2, 4, ", ", text) + "]^($)" },
		func() string { return "{" + text() + ": 1, " + text() + ": 2}" },
		func() string {
			return g.pick("$string", "$round", "$floor", "$ceil", "$abs", "$sqrt", "$formatBase", "$boolean", "$type") + "(" + number() + ")"
		},
		func() string {
			return number() + g.pick(" + ", " - ", " * ", " / ", " % ", " & ", " < ", " = ", " in ") + number()
		},
		func() string {
			return "$round(" + number() + ", " + g.pick("-1", "1", "2", "-3", "10", "300", "0.5", "20", "-400") + ")"
		},
		func() string {
			return "$formatBase(" + number() + ", " + g.pick("2", "8", "16", "36", "3", "10", "2.5", "1", "37", "-1") + ")"
		},
		func() string {
			return "$number(" + g.pick(`"0x1F"`, `"0b101"`, `"0o17"`, `"1e400"`, `"-0"`, `"1."`, `".5"`, `" 1"`, `"1e5"`, `"0x"`, `"0xZZ"`, `"12px0b1"`, `"Infinity"`, `"-5e-3"`, `"+1"`, `"00"`, `"1_000"`, `""`, "true", "null", "[1]") + ")"
		},
		func() string {
			return g.pick("$sum", "$max", "$min", "$average") + "([" + g.several(0, 4, ", ", number) + "])"
		},
		func() string { return "[" + number() + ".." + number() + "]" },
		func() string {
			return "$string({" + `"a": ` + number() + ", \"b\": " + text() + "}" + g.pick("", ", true") + ")"
		})
}
