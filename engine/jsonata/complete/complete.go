package complete

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

// Kind is what a candidate is.
type Kind string

// The kinds of candidates.
const (
	Function Kind = "function"
	Variable Kind = "variable"
	Field    Kind = "field"
	Word     Kind = "word"
)

// Candidate is one thing that may be typed. Text replaces what stands from From to the cursor;
// Detail is how a function is called, or the type of a sample; Help is one line.
type Candidate struct {
	Kind   Kind   `json:"kind"`
	Label  string `json:"label"`
	Text   string `json:"text"`
	Detail string `json:"detail,omitempty"`
	Help   string `json:"help,omitempty"`
}

// Complete lists what may stand at an offset of an expression (with or without {% %} around
// it). Offsets count UTF-16 units; from is where the word begins that a candidate replaces.
func (s Scope) Complete(ctx context.Context, text string, offset int) (from int, list []Candidate) {
	before := prefix(text, offset)
	before = strings.TrimPrefix(before, "{%")
	if quoted(before) {
		return offset, nil
	}
	word := trailing.FindString(before)
	if strings.HasPrefix(word, "`") && strings.Count(before, "`")%2 == 0 {
		word = "" // that backtick closed a name
	}
	from = offset - units(word)
	head := strings.TrimRight(before[:len(before)-len(word)], " \t\r\n")
	switch {
	case strings.HasPrefix(word, "$"):
		list = append(s.variables(), functions...)
	case strings.HasSuffix(head, "."):
		list = s.fields(ctx, chain(strings.TrimSuffix(head, ".")))
	default:
		if around := enclosing(head); around != "" {
			list = s.fields(ctx, around)
		}
		list = slices.Concat(list, s.variables(), functions, keywords)
	}
	list = slices.DeleteFunc(slices.Clone(list), func(c Candidate) bool {
		return !strings.HasPrefix(strings.ToLower(c.Label), strings.ToLower(strings.Trim(word, "`")))
	})
	return from, list
}

// trailing is the word at the end of a text: a variable, a name, or a name in open backticks.
var trailing = regexp.MustCompile("(?:\\$[\\p{L}\\p{N}_]*|[\\p{L}_][\\p{L}\\p{N}_]*|`[^`]*)$")

// prefix is the text up to an offset in UTF-16 units.
func prefix(text string, offset int) string {
	all := utf16.Encode([]rune(text))
	return string(utf16.Decode(all[:max(0, min(offset, len(all)))]))
}

// quoted tells whether the end of a text lies in a string or a comment.
func quoted(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\'':
			for i++; i < len(text) && text[i] != c; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if i >= len(text) {
				return true
			}
		case strings.HasPrefix(text[i:], "/*"):
			end := strings.Index(text[i+2:], "*/")
			if end < 0 {
				return true
			}
			i += end + 3
		}
	}
	return false
}

// chain is the path at the end of a text: names, variables, calls and predicates joined by dots.
func chain(text string) string {
	start := len(text)
	for start > 0 {
		at := strings.TrimRight(text[:start], " \t\r\n")
		switch at[max(0, len(at)-1):] {
		case "]", ")":
			open := opening(at)
			if open < 0 {
				return text[start:]
			}
			start = open
			continue
		case "`":
			open := strings.LastIndexByte(at[:len(at)-1], '`')
			if open < 0 {
				return text[start:]
			}
			start = open
		default:
			word := trailing.FindString(at)
			if word == "" {
				return text[start:]
			}
			start = len(at) - len(word)
		}
		rest := strings.TrimRight(text[:start], " \t\r\n")
		if !strings.HasSuffix(rest, ".") {
			return text[start:]
		}
		start = len(rest) - 1
	}
	return text[start:]
}

// opening is where the bracket that closes at the end of a text was opened, -1 for nowhere.
func opening(text string) int {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ']', ')', '}':
			depth++
		case '[', '(', '{':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// enclosing is the path whose items a predicate, or a step in brackets, at the end of a text
// sees; empty when there is none.
func enclosing(text string) string {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch c := text[i]; c {
		case ']', ')', '}':
			depth++
		case '[', '(', '{':
			if depth--; depth >= 0 {
				continue
			}
			head := strings.TrimRight(text[:i], " \t\r\n")
			switch {
			case c == '[':
				return chain(head)
			case strings.HasSuffix(head, "."):
				return chain(strings.TrimSuffix(head, "."))
			}
			depth = 0
		}
	}
	return ""
}

// fields are the members of what a path leads to in the samples.
func (s Scope) fields(ctx context.Context, path string) []Candidate {
	if strings.TrimSpace(path) == "" {
		return nil
	}
	v, err := s.evaluate(ctx, path)
	if err != nil {
		return nil
	}
	var list []Candidate
	seen := map[string]bool{}
	var gather func(v value.Value)
	gather = func(v value.Value) {
		for _, m := range v.Members() {
			if seen[m.Key] {
				continue
			}
			seen[m.Key] = true
			c := Candidate{Kind: Field, Label: m.Key, Text: spelled(m.Key), Detail: m.Value.Kind().String()}
			if strings.TrimSpace(path) == "$states" {
				c.Help = members[m.Key]
			}
			list = append(list, c)
		}
		for _, item := range v.Items()[:min(len(v.Items()), 100)] {
			gather(item)
		}
	}
	if v.Kind() == value.KindArray || v.Kind() == value.KindObject {
		gather(v)
	}
	return list
}

var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// spelled is a name as a step of a path.
func spelled(name string) string {
	switch {
	case strings.Contains(name, "`"):
		return value.String(name).JSON()
	case plain.MatchString(name) && !slices.ContainsFunc(keywords, func(c Candidate) bool { return c.Label == name }):
		return name
	}
	return "`" + name + "`"
}

func (s Scope) variables() []Candidate {
	list := []Candidate{{Kind: Variable, Label: "$states", Text: "$states", Detail: "object", Help: "What the state knows: its input and what belongs to it."}}
	for name, v := range s.Variables {
		detail := ""
		if !v.IsAbsent() {
			detail = v.Kind().String()
		}
		list = append(list, Candidate{Kind: Variable, Label: "$" + name, Text: "$" + name, Detail: detail, Help: "A variable of the workflow."})
	}
	slices.SortFunc(list[1:], func(a, b Candidate) int { return strings.Compare(a.Label, b.Label) })
	return list
}

// functions are all that may be called, by name.
var functions = func() []Candidate {
	var list []Candidate
	for _, f := range jsonata.Functions() {
		u := usages[f.Name]
		list = append(list, Candidate{Kind: Function, Label: "$" + f.Name, Text: "$" + f.Name + "(", Detail: u.call, Help: u.help})
	}
	return list
}()

var keywords = []Candidate{
	{Kind: Word, Label: "and", Text: "and", Help: "Both sides are true."},
	{Kind: Word, Label: "or", Text: "or", Help: "One side is true, or both."},
	{Kind: Word, Label: "in", Text: "in", Help: "The left side is an item of the right one."},
	{Kind: Word, Label: "true", Text: "true"},
	{Kind: Word, Label: "false", Text: "false"},
	{Kind: Word, Label: "null", Text: "null"},
	{Kind: Word, Label: "function", Text: "function(", Help: "A function of your own: function($item) { … }."},
}
