package regex

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// The library's dialect is .NET's. Its ECMAScript mode settles digits, words and references
// to groups that took no part; the rest of the difference is spelled out here:
//   - . ^ $ and \s know the line ends and spaces of ECMAScript;
//   - groups count from left to right, named ones too, so names become numbers;
//   - escapes that only .NET knows stand for their letter, [] and [^] mean nothing and anything;
//   - characters beyond the BMP are two units, as everywhere in JavaScript without the flag u.
// What .NET has and ECMAScript has not, such as (?i) and (?>…), is refused.

const (
	lineEnds  = `\n\r\u2028\u2029`
	space     = `\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`
	notSpace  = `\u0000-\u0008\u000e-\u001f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff`
	anything  = `[\u0000-\uffff]`
	nothing   = `(?!)`
	beginning = `\A`
	ending    = `\z`

	wordEdge   = `(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))` // the library's \b knows the letters of all scripts
	noWordEdge = `(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))`
)

// SyntaxError is a pattern that is no regular expression.
type SyntaxError struct {
	Pattern string
	Problem string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("Invalid regular expression: /%s/: %s", e.Pattern, e.Problem)
}

type translator struct {
	pattern   string
	in        []uint16
	at        int
	out       strings.Builder
	multiline bool
	groups    int            // capturing groups in the whole pattern
	names     map[string]int // their names
	open      []group
	last      group // the group that was closed last, when a quantifier may follow
	cost      cost
}

// group remembers whether a group repeats or chooses, which a quantifier behind it makes dear.
type group struct{ branches bool }

// cost bounds the work of a match: a text of n units takes about n^(loops+1) steps, unless
// loops are nested.
type cost struct {
	loops  int
	nested bool
}

func translate(pattern string, multiline bool) (string, cost, error) {
	t := &translator{pattern: pattern, in: utf16.Encode([]rune(pattern)), multiline: multiline, names: map[string]int{}}
	t.count()
	for t.at < len(t.in) {
		if err := t.atom(); err != nil {
			return "", cost{}, err
		}
	}
	if len(t.open) > 0 {
		return "", cost{}, t.fail("Unterminated group")
	}
	return t.out.String(), t.cost, nil
}

func (t *translator) fail(problem string) error { return &SyntaxError{t.pattern, problem} }

// count finds the capturing groups, for references may point forward.
func (t *translator) count() {
	class := false
	for i := 0; i < len(t.in); i++ {
		switch c := t.in[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c != '(' || class:
		case t.unit(i+1) != '?':
			t.groups++
		case t.unit(i+2) == '<' && t.unit(i+3) != '=' && t.unit(i+3) != '!':
			t.groups++
			if name, _, ok := t.name(i + 2); ok {
				t.names[name] = t.groups
			}
		}
	}
}

// unit is the unit at i, 0 beyond the end.
func (t *translator) unit(i int) uint16 {
	if i < 0 || i >= len(t.in) {
		return 0
	}
	return t.in[i]
}

// name reads <name> at i and says where it ends.
func (t *translator) name(i int) (name string, end int, ok bool) {
	if t.unit(i) != '<' {
		return "", i, false
	}
	for end = i + 1; end < len(t.in) && t.in[end] != '>'; end++ {
	}
	if end == len(t.in) || end == i+1 {
		return "", i, false
	}
	return string(utf16.Decode(t.in[i+1 : end])), end + 1, true
}

// atom translates the next piece.
func (t *translator) atom() error {
	c := t.in[t.at]
	if !isQuantifier(c) && c != '{' {
		t.last = group{}
	}
	switch c {
	case '\\':
		return t.escape()
	case '[':
		return t.class()
	case '(':
		return t.group()
	case ')':
		if len(t.open) == 0 {
			return t.fail("Unmatched ')'")
		}
		t.last = t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		if t.last.branches {
			t.branch()
		}
		t.put(")")
	case '.':
		t.put(`[^` + lineEnds + `]`)
	case '^':
		t.put(t.anchor(beginning, `(?<=\A|[`+lineEnds+`])`))
	case '$':
		t.put(t.anchor(ending, `(?=[`+lineEnds+`]|\z)`))
	case '|':
		t.branch()
		t.put("|")
	case '*', '+', '?', '{':
		t.quantifier(c)
	default:
		t.literal(c)
		return nil
	}
	t.at++
	return nil
}

func isQuantifier(c uint16) bool { return c == '*' || c == '+' || c == '?' }

func (t *translator) put(text string) { t.out.WriteString(text) }

func (t *translator) anchor(single, multi string) string {
	if t.multiline {
		return multi
	}
	return single
}

// branch notes that the open group can match in more than one way.
func (t *translator) branch() {
	if n := len(t.open); n > 0 {
		t.open[n-1].branches = true
	}
}

// quantifier passes a quantifier on; a brace that is none is a literal.
func (t *translator) quantifier(c uint16) {
	if c == '{' && !t.counted() {
		t.put(`\{`)
		return
	}
	if c != '?' {
		t.cost.loops++
	}
	t.cost.nested = t.cost.nested || t.last.branches
	t.branch()
	t.put(string(rune(c)))
	if c == '{' {
		for t.in[t.at] != '}' {
			t.at++
			t.put(string(rune(t.in[t.at])))
		}
	}
	if t.unit(t.at+1) == '?' {
		t.at++
		t.put("?")
	}
}

// counted tells whether {n}, {n,} or {n,m} stands here.
func (t *translator) counted() bool {
	digits, i := 0, t.at+1
	for ; isDigit(t.unit(i)); i++ {
		digits++
	}
	if t.unit(i) == ',' {
		for i++; isDigit(t.unit(i)); i++ {
		}
	}
	return digits > 0 && t.unit(i) == '}'
}

func isDigit(c uint16) bool { return c >= '0' && c <= '9' }

// group opens a group of one of the kinds that ECMAScript has.
func (t *translator) group() error {
	t.open = append(t.open, group{})
	if t.unit(t.at+1) != '?' {
		t.put("(")
		t.at++
		return nil
	}
	for _, opening := range []string{"(?:", "(?=", "(?!", "(?<=", "(?<!"} {
		if t.follows(opening) {
			t.put(opening)
			t.at += len(opening)
			return nil
		}
	}
	if _, end, ok := t.name(t.at + 2); ok {
		t.put("(")
		t.at = end
		return nil
	}
	return t.fail("Invalid group")
}

func (t *translator) follows(text string) bool {
	for i := range len(text) {
		if t.unit(t.at+i) != uint16(text[i]) {
			return false
		}
	}
	return true
}

// literal writes one unit and steps over it.
func (t *translator) literal(c uint16) {
	t.at++
	t.literalText(c)
}

func (t *translator) literalText(c uint16) {
	if c < 0x80 && (isLetter(c) || isDigit(c)) {
		t.put(string(rune(c)))
		return
	}
	t.put(fmt.Sprintf(`\u%04x`, c))
}

func isLetter(c uint16) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// escape translates a backslash outside a class.
func (t *translator) escape() error {
	c := t.unit(t.at + 1)
	switch {
	case t.at+1 == len(t.in):
		return t.fail(`\ at end of pattern`)
	case c == 'b':
		t.put(wordEdge)
		t.at += 2
	case c == 'B':
		t.put(noWordEdge)
		t.at += 2
	case c == 'd' || c == 'D' || c == 'w' || c == 'W':
		t.put(`\` + string(rune(c)))
		t.at += 2
	case c == 's':
		t.put(`[` + space + `]`)
		t.at += 2
	case c == 'S':
		t.put(`[^` + space + `]`)
		t.at += 2
	case c == 'k' && len(t.names) > 0:
		name, end, ok := t.name(t.at + 2)
		if !ok || t.names[name] == 0 {
			return t.fail("Invalid named reference")
		}
		t.reference(t.names[name])
		t.at = end
	case c >= '1' && c <= '9':
		end := t.at + 1
		for isDigit(t.unit(end)) {
			end++
		}
		if n, _ := strconv.Atoi(string(utf16.Decode(t.in[t.at+1 : end]))); n <= t.groups {
			t.reference(n)
			t.at = end
			return nil
		}
		t.character()
	default:
		t.character()
	}
	return nil
}

// reference points back to a group; brackets keep digits that follow apart.
func (t *translator) reference(n int) {
	t.cost.nested = true // not in truth, but as dear
	t.put(`(?:\` + strconv.Itoa(n) + `)`)
}
