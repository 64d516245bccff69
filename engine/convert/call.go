package convert

import (
	"regexp"
	"strings"

	"statehouse/engine/intrinsic"
	"statehouse/engine/value"
)

// call converts an intrinsic call.
func (p *place) call(c *intrinsic.Call) expr {
	args := c.Arguments()
	if c.Name() == "States.Format" {
		return p.format(c, args)
	}
	var e []expr
	for _, a := range args {
		e = append(e, p.argument(a))
	}
	fn := func(name string, args ...expr) expr {
		var texts []string
		for _, a := range args {
			texts = append(texts, a.text)
		}
		return join("$"+name+"("+strings.Join(texts, ", ")+")", true, args...)
	}
	switch c.Name() {
	case "States.UUID":
		return fn("uuid")
	case "States.StringToJson":
		p.note("%s gives null for a text without content, $parse fails", c)
		return fn("parse", e...)
	case "States.JsonToString":
		p.note("%s puts a string into quotes and keeps the digits of numbers, $string does not", c)
		return fn("string", e...)
	case "States.Array":
		return p.array(args, e)
	case "States.ArrayPartition":
		return fn("partition", e...)
	case "States.ArrayRange":
		return fn("range", e...)
	case "States.ArrayLength":
		return fn("count", e...)
	case "States.ArrayUnique":
		return fn("distinct", e...)
	case "States.ArrayContains":
		if k := args[1].Literal.Kind(); k != value.KindString && k != value.KindNumber && k != value.KindBool && k != value.KindNull {
			p.note("%s also finds objects and arrays, JSONata's in does not", c)
		}
		return join(e[1].unit()+" in "+e[0].unit(), false, e...)
	case "States.ArrayGetItem":
		return join(e[0].unit()+"["+e[1].text+"]", true, e...)
	case "States.Base64Encode", "States.Base64Decode":
		if s := args[0].Literal.Text(); args[0].Literal.IsAbsent() || !ascii(s) {
			p.note("%s works on UTF-8, JSONata's function only on characters up to U+00FF, of a byte each", c)
		}
		return fn("base64"+strings.ToLower(strings.TrimPrefix(c.Name(), "States.Base64")), e...)
	case "States.Hash":
		return fn("hash", e...)
	case "States.JsonMerge":
		return join("$merge(["+e[0].text+", "+e[1].text+"])", true, e[0], e[1])
	case "States.MathAdd":
		return join(rounded(args[0], e[0])+" + "+rounded(args[1], e[1]), false, e...)
	case "States.MathRandom":
		if len(args) == 3 {
			return p.keep("the numbers that %s draws from a seed cannot be drawn in JSONata", c)
		}
		p.note("$random draws another number than %s", c)
		return join("$floor("+e[0].unit()+" + $random() * ("+e[1].text+" - "+e[0].unit()+"))", true, e...)
	case "States.StringSplit":
		delimiters := args[1].Literal.Text()
		if delimiters == "" {
			return p.keep("the delimiters of %s are not known", c)
		}
		return join("[$filter($split("+e[0].text+", /["+class(delimiters)+"]/), function($part) { $part != \"\" })]", true, e[0])
	}
	return p.keep("JSONata has no counterpart for %s", c)
}

func (p *place) argument(a intrinsic.Argument) expr {
	switch {
	case a.Call != nil:
		return p.call(a.Call)
	case a.Path != nil:
		return p.present(a.Path)
	}
	return expr{text: a.Literal.JSON(), atom: !strings.HasPrefix(a.Literal.JSON(), "-")}
}

// rounded is a summand of States.MathAdd, which rounds halves up.
func rounded(a intrinsic.Argument, e expr) string {
	if _, whole := a.Literal.AsInt(); whole && !a.Literal.IsAbsent() {
		return e.unit()
	}
	return "$floor(" + e.text + " + 0.5)"
}

// array makes an array whose items may be arrays: [[x]] keeps x whole, [x] would take its items.
func (p *place) array(args []intrinsic.Argument, e []expr) expr {
	plain := true
	var items []string
	for i, a := range args {
		items = append(items, e[i].text)
		plain = plain && !p.maybeArray(a)
	}
	if plain {
		return join("["+strings.Join(items, ", ")+"]", true, e...)
	}
	text := "[]"
	for i, a := range args {
		item := "[" + e[i].text + "]"
		if p.maybeArray(a) {
			item = "$type(" + e[i].text + ") = \"array\" ? [[" + e[i].text + "]] : [" + e[i].text + "]"
		}
		text = "$append(" + text + ", " + item + ")"
	}
	return join(text, true, e...)
}

func (p *place) maybeArray(a intrinsic.Argument) bool {
	switch {
	case a.Path != nil:
		return !scalar(a.Path)
	case a.Call != nil:
		switch a.Call.Name() {
		case "States.Format", "States.UUID", "States.JsonToString", "States.Base64Encode", "States.Base64Decode", "States.Hash",
			"States.MathAdd", "States.MathRandom", "States.ArrayLength", "States.ArrayContains", "States.JsonMerge":
			return false
		}
		return true
	}
	return false
}

// format is a concatenation. AWS prints objects, arrays and some numbers in a way of its own.
func (p *place) format(c *intrinsic.Call, args []intrinsic.Argument) expr {
	pieces := c.Pieces()
	if pieces == nil {
		return p.keep("the template of %s is not known", c)
	}
	var parts []string
	var all []expr
	doubtful := false
	for i, piece := range pieces {
		if piece != "" {
			parts = append(parts, quote(piece))
		}
		if i+1 == len(pieces) {
			break
		}
		a := args[i+1]
		e := p.argument(a)
		all = append(all, e)
		parts = append(parts, e.unit())
		doubtful = doubtful || a.Path != nil && p.maybeArray(a)
	}
	if doubtful {
		p.note("%s prints an object or an array as {a=1} or [1, 2] and a number with the digits it was written with, JSONata as JSON", c)
	}
	if len(parts) == 0 || len(parts) == 1 && len(all) == 1 {
		parts = append([]string{`""`}, parts...)
	}
	return join(strings.Join(parts, " & "), len(parts) == 1, all...)
}

var special = regexp.MustCompile(`[\\/\]\[^-]`)

// class is characters inside the brackets of a regular expression.
func class(s string) string {
	s = special.ReplaceAllString(s, `\$0`)
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}
