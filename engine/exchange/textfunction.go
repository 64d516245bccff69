package exchange

import (
	"encoding/base64"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/value"
)

// callText knows the functions of texts and numbers of which all arguments must be known.
func (m *module) callText(at Place, name string, args []*node) *node {
	texts := make([]string, len(args))
	for i, a := range args {
		text, ok := a.given()
		if !ok {
			return m.callOpen(at, name, args)
		}
		m.r.spend(at, len(text))
		texts[i] = text
	}
	switch {
	case len(texts) == 1:
		return m.text1(at, name, texts[0])
	case len(texts) == 2:
		return m.text2(at, name, texts[0], texts[1])
	case len(texts) == 3 && name == "substr":
		from, n, ok := twoInts(args[1:])
		letters := []rune(texts[0])
		if from < 0 {
			from += len(letters)
		}
		if ok && 0 <= from && from <= len(letters) {
			if n < 0 || n > len(letters)-from {
				n = len(letters) - from
			}
			return textNode(at, string(letters[from:from+n]))
		}
	case name == "min" || name == "max":
		return extreme(at, name, texts)
	}
	return nil
}

// callOpen knows the functions that lists and objects, or values that nobody knows yet, may
// stand in.
func (m *module) callOpen(at Place, name string, args []*node) *node {
	switch {
	case name == "yamlencode" && len(args) == 1: // JSON is YAML
		text := printed(args[0])
		m.r.spend(at, len(text))
		return textNode(at, text)
	case name == "formatlist" && len(args) == 2 && args[1].is(array):
		out := &node{kind: array, at: at}
		for _, item := range args[1].items {
			v := m.format(at, []*node{args[0], item})
			if v == nil {
				return nil
			}
			out.items = append(out.items, v)
		}
		return out
	case name == "indent" && len(args) == 2:
		n, err := strconv.Atoi(args[0].guess())
		parts, ok := args[1].pieces()
		if err != nil || !ok || n < 0 || n > 1000 {
			return nil
		}
		return textNode(at, strings.ReplaceAll(joined(parts), "\n", "\n"+strings.Repeat(" ", n)))
	case (name == "trimspace" || name == "chomp") && len(args) == 1:
		if parts, ok := args[0].pieces(); ok {
			return textNode(at, oneText(name, joined(parts)))
		}
	}
	return nil
}

func (m *module) text1(at Place, name, a string) *node {
	num := func(f func(float64) float64) *node {
		if x, err := strconv.ParseFloat(a, 64); err == nil {
			return &node{kind: number, literal: value.Float(f(x)).Literal(), at: at}
		}
		return nil
	}
	switch name {
	case "title":
		start := true
		return textNode(at, strings.Map(func(c rune) rune {
			up := start
			start = !unicode.IsLetter(c) && !unicode.IsDigit(c)
			if up {
				return unicode.ToTitle(c)
			}
			return c
		}, a))
	case "base64encode":
		return textNode(at, base64.StdEncoding.EncodeToString([]byte(a)))
	case "base64decode":
		if text, err := base64.StdEncoding.DecodeString(a); err == nil && utf8.Valid(text) {
			return textNode(at, string(text))
		}
	case "urlencode":
		return textNode(at, url.QueryEscape(a))
	case "fileexists":
		_, ok := m.r.files[inside(m.root.path, a)]
		return &node{kind: boolean, literal: strconv.FormatBool(ok), at: at}
	case "abs":
		return num(math.Abs)
	case "ceil":
		return num(math.Ceil)
	case "floor":
		return num(math.Floor)
	case "yamlencode":
		return textNode(at, quoted(a))
	}
	return nil
}

func (m *module) text2(at Place, name, a, b string) *node {
	truth := func(v bool) *node { return &node{kind: boolean, literal: strconv.FormatBool(v), at: at} }
	switch name {
	case "startswith":
		return truth(strings.HasPrefix(a, b))
	case "endswith":
		return truth(strings.HasSuffix(a, b))
	case "strcontains":
		return truth(strings.Contains(a, b))
	case "trim":
		return textNode(at, strings.Trim(a, b))
	case "min", "max":
		return extreme(at, name, []string{a, b})
	case "regex", "regexall":
		return m.match(at, name, a, b)
	case "indent":
		if n, err := strconv.Atoi(a); err == nil && n >= 0 && n <= 1000 {
			m.r.spend(at, n*strings.Count(b, "\n"))
			return textNode(at, strings.ReplaceAll(b, "\n", "\n"+strings.Repeat(" ", n)))
		}
	}
	return nil
}

func extreme(at Place, name string, texts []string) *node {
	best := math.NaN()
	for _, t := range texts {
		x, err := strconv.ParseFloat(t, 64)
		if err != nil {
			return nil
		}
		if math.IsNaN(best) || (x < best) == (name == "min") {
			best = x
		}
	}
	return &node{kind: number, literal: value.Float(best).Literal(), at: at}
}

// match is regex(…), whose language is Go's, too.
func (m *module) match(at Place, name, form, text string) *node {
	re, err := regexp.Compile(form)
	if err != nil {
		return nil
	}
	one := func(found []string) *node {
		groups, names := found[1:], re.SubexpNames()[1:]
		switch {
		case len(groups) == 0:
			return textNode(at, found[0])
		case names[0] != "":
			out := &node{kind: object, at: at}
			for i, g := range groups {
				out.members = append(out.members, member{names[i], textNode(at, g), at})
			}
			return out
		}
		out := &node{kind: array, at: at}
		for _, g := range groups {
			out.items = append(out.items, textNode(at, g))
		}
		return out
	}
	all := re.FindAllStringSubmatch(text, -1)
	if name == "regexall" {
		out := &node{kind: array, at: at}
		for _, found := range all {
			m.r.spend(at, perValue)
			out.items = append(out.items, one(found))
		}
		return out
	}
	if len(all) == 0 {
		m.failed = true
		return nil
	}
	return one(all[0])
}

// dollar is a group in a replacement of Terraform: $1, ${1} or $name.
var dollar = regexp.MustCompile(`\$(\w+)`)

// replaceForm is replace(…) with a regular expression.
func (m *module) replaceForm(at Place, form string, args []*node) *node {
	text, ok := args[0].given()
	with, okWith := args[2].given()
	re, err := regexp.Compile(form)
	if !ok || !okWith || err != nil {
		return nil
	}
	m.r.spend(at, len(text)*(1+strings.Count(with, "$")))
	out := re.ReplaceAllString(text, dollar.ReplaceAllString(with, "$${$1}"))
	m.r.spend(at, len(out))
	return textNode(at, out)
}
