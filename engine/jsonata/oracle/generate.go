package oracle

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Generator makes random expressions. Every one ends: there is no recursion, and ranges and
// products stay small.
type Generator struct {
	r     *rand.Rand
	depth int
	vars  []string // in scope
}

// NewGenerator makes a generator; equal seeds give equal expressions.
func NewGenerator(seed uint64) *Generator {
	return &Generator{r: rand.New(rand.NewPCG(seed, 2006))}
}

// Sample is what the generated expressions are asked about.
const Sample = `{"name":"Ann","n":3,"price":129.5,"neg":-7,"zero":0,"big":1e21,"small":1e-7,"yes":true,"no":false,"nil":null,` +
	`"text":"Hello, World 2024","csv":"a,b,,c","uni":"h\u00e9llo \ud83d\ude00 w\u00f6rld","empty":"","num":"12.5","date":"2024-05-06T07:08:09.123Z",` +
	`"list":[3,1,2],"words":["beta","alpha","gamma","alpha"],"mixed":[1,"1",true,null,{"a":1},[1,[2]]],"none":[],"bare":{},"one":[7],` +
	`"matrix":[[1,2],[3,4]],"address":{"city":"Oslo","zip":"0150","geo":{"lat":59.9,"lon":10.75}},` +
	`"items":[{"sku":"x1","qty":2,"price":10,"tags":["new","sale"]},{"sku":"x2","qty":1,"price":99.5,"tags":[]},` +
	`{"sku":"x3","qty":10,"price":1,"tags":["sale"],"gift":true},{"sku":"x1","qty":4,"price":10}],` +
	`"nested":{"a":[{"b":[1,2]},{"b":3},{"c":4},{"b":[]}]},"odd key":{"1":"one","z":"two","a":"three"}}`

// Expression makes one expression.
func (g *Generator) Expression() string {
	g.depth, g.vars = 0, []string{"x", "list", "obj"}
	if g.chance(40) {
		return g.any()
	}
	return g.one(g.pictured, g.pictured, g.matched, g.functional, g.functional, g.bound, g.mixedOrder, g.transformed, g.textual, g.damaged)
}

// Bindings are the values of the variables that every expression may read.
const Bindings = `{"x":42,"list":[5,2,9,2],"obj":{"a":{"b":"deep"},"k":[1,2]}}`

func (g *Generator) chance(percent int) bool { return g.r.IntN(100) < percent }

func (g *Generator) pick(options ...string) string { return options[g.r.IntN(len(options))] }

func (g *Generator) one(makers ...func() string) string { return makers[g.r.IntN(len(makers))]() }

// nested runs a maker one level deeper; from the fifth level on only leaves grow.
func (g *Generator) nested(make, leaf func() string) string {
	if g.depth >= 4 || g.depth > 1 && g.chance(20*g.depth) {
		return leaf()
	}
	g.depth++
	defer func() { g.depth-- }()
	return make()
}

func (g *Generator) several(from, to int, separator string, make func() string) string {
	parts := repeat(from+g.r.IntN(to-from+1), make)
	return strings.Join(parts, separator)
}

func repeat(n int, make func() string) []string {
	var parts []string
	for range n {
		parts = append(parts, make())
	}
	return parts
}

// any is an expression of any type, mostly sound.
func (g *Generator) any() string {
	return g.nested(func() string {
		return g.one(g.number, g.number, g.string, g.string, g.boolean, g.array, g.array, g.array, g.object,
			g.path, g.path, g.path, g.path, g.call, g.call, g.call, g.block, g.choice, g.apply, g.transform, g.operator, g.group)
	}, g.leaf)
}

func (g *Generator) leaf() string {
	return g.one(g.literal, g.literal, g.field, g.field, g.variable, func() string { return g.pick("$", "$$", "null", "[]", "{}", "nothing") })
}

func (g *Generator) literal() string {
	return g.pick("0", "1", "2", "3.5", "-1", "10", "1e3", "0.1", "100", "1e21", `"a"`, `""`, `"x1"`, `"alpha"`, `"12"`, `'é😀'`, `"a\nb"`, "true", "false", "null")
}

func (g *Generator) field() string {
	return g.pick("name", "n", "price", "neg", "zero", "big", "small", "yes", "no", "nil", "text", "csv", "uni", "empty", "num",
		"date", "list", "words", "mixed", "none", "bare", "one", "matrix", "address", "items", "items", "items", "nested", "`odd key`",
		"sku", "qty", "tags", "missing", "a", "b", "city", "*", "**")
}

func (g *Generator) variable() string { return "$" + g.vars[g.r.IntN(len(g.vars))] }

// number is an expression that is mostly a number.
func (g *Generator) number() string {
	leaf := func() string {
		return g.pick("0", "1", "2", "5", "3.5", "0.5", "1.005", "-3", "n", "price", "zero", "neg", "qty", "$x", "$count(items)", "$sum(list)", "1e3", "12345.678")
	}
	return g.nested(func() string {
		return g.one(leaf,
			func() string { return g.number() + g.pick(" + ", " - ", " * ", " / ", " % ") + g.number() },
			func() string { return "-" + g.atom(g.number()) },
			func() string {
				return g.pick("$sum", "$max", "$min", "$average", "$count", "$abs", "$floor", "$ceil", "$round", "$sqrt", "$length", "$number") + "(" + g.any() + ")"
			},
			func() string { return "$round(" + g.number() + ", " + g.pick("0", "1", "2", "-1", "-2") + ")" },
			func() string { return "$power(" + g.number() + ", " + g.pick("2", "0", "-1", "0.5", "3") + ")" },
			func() string {
				return "$parseInteger(" + g.pick(`"12"`, `"abc"`, `"twelve"`, `"XIV"`, `"1,234"`, "num", "name") + ", " + strconv.Quote(g.integerPicture()) + ")"
			},
			func() string {
				return "$toMillis(" + g.pick("date", `"2018-03-23"`, `"23 March 2018"`, g.string()) + g.pick("", `, "[D] [MNn] [Y]"`, `, "[Y]-[M]-[D]"`) + ")"
			},
			func() string { return "$sum(" + g.path() + "." + g.pick("qty", "price", "(qty * price)", "b") + ")" })
	}, leaf)
}

func (g *Generator) atom(text string) string { return "(" + text + ")" }

// boolean is an expression that is mostly true or false.
func (g *Generator) boolean() string {
	leaf := func() string {
		return g.pick("true", "false", "yes", "no", "n > 2", `name = "Ann"`, "$exists(missing)")
	}
	return g.nested(func() string {
		return g.one(leaf,
			func() string { return g.number() + g.pick(" < ", " <= ", " > ", " >= ", " = ", " != ") + g.number() },
			func() string { return g.string() + g.pick(" < ", " >= ", " = ", " != ") + g.string() },
			func() string { return g.any() + g.pick(" = ", " != ", " in ", " < ", " and ", " or ") + g.any() },
			func() string { return g.boolean() + g.pick(" and ", " or ") + g.boolean() },
			func() string { return g.pick("$not", "$boolean", "$exists") + "(" + g.any() + ")" },
			func() string { return "$contains(" + g.string() + ", " + g.pattern() + ")" },
			func() string { return g.any() + " in " + g.array() })
	}, leaf)
}

// array is an expression that is mostly an array.
func (g *Generator) array() string {
	leaf := func() string {
		return g.pick("[]", "[1, 2, 3]", "[1..4]", `["b", "a"]`, "list", "words", "items", "mixed", "matrix", "one", "none", "$list", "items.tags", "items.sku", "[[1]]", "[list]")
	}
	return g.nested(func() string {
		return g.one(leaf,
			func() string { return "[" + g.several(0, 4, ", ", g.any) + "]" },
			func() string {
				return "[" + g.pick("0", "1", "-1", "n") + ".." + g.pick("0", "3", "n", "5") + g.pick("", ", 9", ", 1..2") + "]"
			},
			func() string { return g.pick("$append", "$append", "$zip") + "(" + g.array() + ", " + g.any() + ")" },
			func() string {
				return g.pick("$reverse", "$distinct", "$shuffle ~> $count", "$sort", "$keys", "$spread", "$count", "$flatten") + "(" + g.array() + ")"
			},
			func() string { return "$split(" + g.string() + ", " + g.pattern() + g.pick("", "", ", 2", ", 0") + ")" },
			func() string {
				return "$match(" + g.string() + ", " + g.pick(`/a/`, `/[a-z]+/`, `/(l+)(o)?/i`, `/\d+/`) + g.pick("", ", 1", ", 0") + ")"
			},
			func() string { return g.higherOrder("$map") },
			func() string { return g.higherOrder("$filter") },
			func() string {
				return "$sort(" + g.array() + ", " + g.lambda([]string{"l", "r"}, "$l", "$r", " > ") + ")"
			},
			func() string { return g.array() + "[]" },
			func() string { return g.atom(g.array()) + "[" + g.predicate() + "]" })
	}, leaf)
}

func (g *Generator) higherOrder(name string) string {
	return name + "(" + g.array() + ", " + g.one(
		func() string {
			return g.pick("$string", "$uppercase", "$type", "$count", "$not", "$boolean", "$length", "$abs")
		},
		func() string { return g.function("v") },
		func() string { return g.function("v", "i") },
		func() string { return g.function("v", "i", "a") }) + ")"
}

func (g *Generator) function(params ...string) string {
	before := g.vars
	g.vars = append(append([]string{}, params...), before...)
	defer func() { g.vars = before }()
	body := g.any()
	return g.pick("function", "λ") + "($" + strings.Join(params, ", $") + ") { " + body + " }"
}

func (g *Generator) lambda(params []string, left, right, operator string) string {
	return "function($" + strings.Join(params, ", $") + ") { " + left + operator + right + " }"
}

func (g *Generator) predicate() string {
	return g.one(func() string {
		return g.pick("0", "1", "-1", "2.7", "99", "[0, 2]", "[0..1]", "[-1]", "[]", `"a"`, "n")
	},
		func() string {
			return g.pick("qty > 1", `sku = "x1"`, "$ > 1", "price < 50 and qty", "tags", `"sale" in tags`, "gift", "$exists(gift)", "%.n", "$not(gift)", "true", "false")
		},
		g.boolean, g.number)
}

// object is an object constructor or a function that gives an object.
func (g *Generator) object() string {
	leaf := func() string {
		return g.pick("{}", `{"a": 1}`, "address", "bare", "`odd key`", "items[0]", "$obj", "nested")
	}
	return g.nested(func() string {
		return g.one(leaf,
			func() string {
				return "{" + g.several(1, 3, ", ", func() string { return g.pick(`"a"`, `"b"`, `"c"`, "name", "$string(n)", `"1"`) + ": " + g.any() }) + "}"
			},
			func() string { return "$merge([" + g.object() + ", " + g.object() + "])" },
			func() string { return "$lookup(" + g.any() + ", " + g.pick(`"a"`, `"sku"`, `"city"`) + ")" },
			func() string { return g.pick("$sift", "$each") + "(" + g.object() + ", " + g.function("v", "k") + ")" },
			func() string { return g.pick("$keys", "$spread", "$merge") + "(" + g.object() + ")" })
	}, leaf)
}

// group is a path with a grouping at its end.
func (g *Generator) group() string {
	return g.pick("items", "items.tags", "words", g.path()) + "{" + g.pick("sku", "$", "$string($)", `"k"`, "name") + ": " + g.any() + "}"
}

// path is a chain of steps with predicates, bindings, order-by and parents.
func (g *Generator) path() string {
	steps := []string{g.step(true)}
	for range g.r.IntN(3) {
		steps = append(steps, g.step(false))
	}
	text := strings.Join(steps, ".")
	if g.chance(10) {
		text += "[]"
	}
	return text
}

func (g *Generator) step(first bool) string {
	text := g.pick(g.field(), g.field(), g.field(), "items", "address", "nested.a.b", "sku", "qty", "tags")
	switch n := g.r.IntN(24); {
	case n == 0:
		text = g.pick("$", "$$", "$obj", "$list")
	case n == 1:
		text = g.atom(g.any())
	case n == 2 && !first:
		text = g.object()
	case n == 3 && !first:
		text = "[" + g.any() + "]"
	case n == 4 && !first:
		text = g.pick("$string()", "$uppercase($)", "$count($)", "$sum(qty)", "$keys()", "$length()", "$type($)")
	case n == 5 && !first:
		text = "%" + g.pick("", ".name", ".%", ".items")
	case n == 6:
		text = g.pick("items", "words", "list") + "@$" + g.bind("v") + g.pick("", "[$v.qty > 1]")
	case n == 7:
		text = g.pick("items", "words", "list") + "#$" + g.bind("i") + g.pick("", "[$i < 2]")
	case n == 8:
		text += "^(" + g.several(1, 2, ", ", func() string { return g.pick("", "<", ">") + g.pick("sku", "qty", "price", "$", "-qty", "$string($)") }) + ")"
	}
	if g.chance(25) {
		text += "[" + g.predicate() + "]"
	}
	return text
}

// bind puts a name into scope for the rest of the expression.
func (g *Generator) bind(name string) string {
	g.vars = append(g.vars, name)
	return name
}

// call is any function with arguments that need not fit.
func (g *Generator) call() string {
	return g.one(
		func() string {
			return g.pick("$string", "$number", "$boolean", "$not", "$type", "$exists", "$count", "$keys", "$spread", "$merge", "$reverse",
				"$distinct", "$length", "$sum", "$uppercase", "$lookup", "$zip", "$single", "$each", "$sort") + "(" + g.several(0, 3, ", ", g.any) + ")"
		},
		func() string {
			return "$reduce(" + g.array() + ", function($p, $c) { $p " + g.pick("+", "&", "*", "-") + " $c }" + g.pick("", ", 0", `, ""`, ", 10") + ")"
		},
		func() string { return "$single(" + g.array() + ", " + g.function("v") + ")" },
		func() string { return g.higherOrder(g.pick("$map", "$filter", "$single")) },
		func() string { return g.function("p") + "(" + g.any() + ")" },
		func() string {
			return "function($p, $q)<" + g.pick("nn:n", "s-s?:s", "a<n>:n", "x-x:x", "o:o", "(sn)b:x", "n?n:n", "j+:j") + "> { $p }(" + g.several(0, 3, ", ", g.any) + ")"
		},
		func() string {
			// jsonata-js does not check the arguments of a partially applied built-in function
			return g.pick(`$substring(?, 0, 2)("abc")`, `$join(?, "+")(words)`, "$power(?, 2)(n)", "$append([1], ?)("+g.any()+")")
		},
		func() string { return "$assert(" + g.boolean() + `, "told")` },
		func() string { return "$error(" + g.string() + ")" },
		func() string {
			return "$eval(" + strconv.Quote(g.pick(g.literal(), g.field(), "1 +", "$sum([1, 2])", "$")) + ")"
		})
}

func (g *Generator) block() string {
	name := g.pick("p", "q", "x")
	value := g.one(g.any, func() string { return g.function("v") })
	before := g.vars
	g.vars = append([]string{name}, before...)
	defer func() { g.vars = before }()
	body := g.one(g.any, func() string { return "$" + name + "(" + g.any() + ")" })
	return fmt.Sprintf("($%s := %s; %s)", name, value, body)
}

func (g *Generator) choice() string {
	text := g.boolean() + " ? " + g.any()
	if g.chance(75) {
		text += " : " + g.any()
	}
	return g.atom(text)
}

func (g *Generator) apply() string {
	return g.any() + " ~> " + g.one(
		func() string {
			return g.pick("$count", "$string", "$sum", "$uppercase", "$reverse", "$type", "$distinct", "$keys", "$sort", "$not")
		},
		func() string {
			return g.pick("$count()", "$join(\"-\")", "$map($string)", "$substring(1)", "$append(1)", "$map(function($v) { $v })")
		},
		func() string { return g.atom(g.function("p")) },
		func() string {
			return g.atom(g.pick("$uppercase ~> $length", "$string ~> $length", "$reverse ~> $count"))
		})
}

func (g *Generator) transform() string {
	return g.pick("$", "items", "address", "items[0]", "$$", g.any()) + " ~> |" + g.pick("$", "items", "address", "items[qty > 1]", "nested.a", "geo") + "|" +
		g.pick(`{"new": 1}`, `{"qty": qty * 2}`, `{"sku": "y"}`, "{}", g.any()) + g.pick("", "", `, "price"`, `, ["qty", "tags"]`) + "|"
}

func (g *Generator) operator() string {
	return g.any() + g.pick(" + ", " - ", " * ", " / ", " & ", " = ", " in ", " < ", " and ", " or ", " % ", "..", " ? ", ".", " ~> ") + g.any()
}
