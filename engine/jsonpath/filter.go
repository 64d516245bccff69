package jsonpath

import (
	"regexp"
	"strings"

	"statehouse/engine/value"
)

type filterKind uint8

const (
	or filterKind = iota
	and
	not
	exists
	compare
)

// filter is the condition of [?(…)].
type filter struct {
	kind        filterKind
	parts       []*filter
	left, right operand
	relation    string
	pattern     *regexp.Regexp
}

// operand is one side of a comparison, or an argument of a function.
type operand struct {
	path    *subpath // nil for a literal
	literal value.Value
	pattern *regexp.Regexp
}

// subpath is a path in a filter: @ begins at the item, $ at the document.
type subpath struct {
	local    bool
	tokens   []token
	definite bool
}

func text(s string) value.Value { return value.String(s) }

// filter reads ( condition ).
func (c *compiler) filter() (*filter, error) {
	if c.peek() != '(' {
		return nil, c.fail(c.pos, "a filter is written [?( condition )]")
	}
	if c.deep >= maxDeep {
		return nil, c.fail(c.pos, "too many parentheses inside one another")
	}
	c.deep++
	defer func() { c.deep-- }()
	start := c.pos
	c.pos++
	f, err := c.either()
	if err != nil {
		return nil, err
	}
	c.spaces()
	if c.peek() != ')' {
		if c.pos >= c.end {
			return nil, c.fail(start, "'(' is not closed")
		}
		return nil, c.fail(c.pos, "expected an operator or ')', found '"+c.char()+"'")
	}
	c.pos++
	return f, nil
}

func (c *compiler) either() (*filter, error) { return c.chain(or, "||", c.both) }
func (c *compiler) both() (*filter, error)   { return c.chain(and, "&&", c.condition) }

// chain reads part, sign, part, sign, part …
func (c *compiler) chain(kind filterKind, sign string, part func() (*filter, error)) (*filter, error) {
	f, err := part()
	if err != nil {
		return nil, err
	}
	all := &filter{kind: kind, parts: []*filter{f}}
	for {
		c.spaces()
		if !strings.HasPrefix(c.text[c.pos:c.end], sign) {
			break
		}
		c.pos += len(sign)
		if f, err = part(); err != nil {
			return nil, err
		}
		all.parts = append(all.parts, f)
	}
	if len(all.parts) == 1 {
		return all.parts[0], nil
	}
	return all, nil
}

func (c *compiler) condition() (*filter, error) {
	c.spaces()
	switch c.peek() {
	case '!':
		if c.deep >= maxDeep {
			return nil, c.fail(c.pos, "too many '!' in a row")
		}
		c.deep++
		defer func() { c.deep-- }()
		c.pos++
		f, err := c.condition()
		if err != nil {
			return nil, err
		}
		return &filter{kind: not, parts: []*filter{f}}, nil
	case '(':
		return c.filter()
	}
	start := c.pos
	left, err := c.operand()
	if err != nil {
		return nil, err
	}
	c.spaces()
	relation := c.relation()
	if relation == "" {
		if left.path == nil {
			return nil, c.fail(start, "expected a path or a comparison")
		}
		return &filter{kind: exists, left: left}, nil
	}
	c.spaces()
	right, err := c.operand()
	if err != nil {
		return nil, err
	}
	f := &filter{kind: compare, left: left, right: right, relation: relation}
	return f, c.checkPattern(f, start)
}

// checkPattern moves the regular expression of =~ to its place.
func (c *compiler) checkPattern(f *filter, start int) error {
	l, r := f.left.pattern, f.right.pattern
	switch {
	case f.relation != "=~" && l == nil && r == nil:
		return nil
	case f.relation == "=~" && (l == nil) != (r == nil):
		if f.pattern = r; r == nil {
			f.pattern, f.left = l, f.right
		}
		return nil
	}
	return c.fail(start, "=~ compares with one regular expression, such as @.name =~ /A.*/")
}

var relations = []string{
	"===", "!==", "==", "!=", "<=", ">=", "<", ">", "=~",
	"in", "nin", "subsetof", "anyof", "noneof", "all", "size", "contains", "empty",
}

// relation reads an operator; words are operators only when a space follows.
func (c *compiler) relation() string {
	rest := c.text[c.pos:c.end]
	for _, r := range relations {
		if strings.HasPrefix(rest, r) && (r[0] < 'a' || strings.HasPrefix(rest[len(r):], " ")) {
			c.pos += len(r)
			return r
		}
		if up := strings.ToUpper(r); r[0] >= 'a' && strings.HasPrefix(rest, up+" ") {
			c.pos += len(r)
			return r
		}
	}
	return ""
}

func (c *compiler) operand() (operand, error) {
	switch c.peek() {
	case '@', '$':
		if c.text[c.pos] == '$' && strings.HasPrefix(c.text[c.pos+1:c.end], "$") {
			return operand{}, c.fail(c.pos, "a filter cannot see the context object")
		}
		return c.subpath(" )<>=!~&|")
	case '/':
		re, err := c.regexp()
		return operand{pattern: re}, err
	}
	v, err := c.literal()
	return operand{literal: v}, err
}

// regexp reads /…/flags. The whole value must match, as Jayway has it.
func (c *compiler) regexp() (*regexp.Regexp, error) {
	start := c.pos
	var b strings.Builder
	for c.pos++; c.peek() != '/'; c.pos++ {
		if c.pos >= c.end {
			return nil, c.fail(start, "the closing / of the regular expression is missing")
		}
		if c.text[c.pos] == '\\' && c.pos+1 < c.end {
			if c.text[c.pos+1] != '/' {
				b.WriteByte('\\')
			}
			c.pos++
		}
		b.WriteByte(c.text[c.pos])
	}
	c.pos++
	flags := ""
	for ; strings.IndexByte("ims", c.peek()) >= 0 && c.pos < c.end; c.pos++ {
		flags += c.text[c.pos : c.pos+1]
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	re, err := regexp.Compile(flags + `\A(?:` + b.String() + `)\z`)
	if err != nil {
		return nil, c.fail(start, "this regular expression cannot be used: "+err.Error())
	}
	return re, nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// literal reads JSON in which strings may also stand in single quotes, or bare when they are one word.
func (c *compiler) literal() (value.Value, error) {
	start := c.pos
	switch ch := c.peek(); ch {
	case '\'', '"':
		s, err := c.quoted()
		return text(s), err
	case '[', '{':
		if c.deep >= maxDeep {
			return value.Value{}, c.fail(start, "nested too deeply")
		}
		c.deep++
		defer func() { c.deep-- }()
		c.pos++
		if ch == '[' {
			return c.list(start)
		}
		return c.record(start)
	}
	for strings.IndexByte("+-._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", c.peek()) >= 0 && c.pos < c.end {
		c.pos++
	}
	word := c.text[start:c.pos]
	if v := value.Scalar(word); !v.IsAbsent() {
		return v, nil
	}
	if word != "" && isLetter(word[0]) { // AWS's samples compare with bare words: @.Name==Receipt
		return value.String(word), nil
	}
	return value.Value{}, c.fail(start, "expected a path, a quoted string, a number, true, false or null")
}

func (c *compiler) list(start int) (value.Value, error) {
	var items []value.Value
	for c.spaces(); c.peek() != ']'; c.spaces() {
		if len(items) > 0 {
			if c.peek() != ',' {
				return value.Value{}, c.fail(start, "expected ',' or ']' in a list")
			}
			c.pos++
			c.spaces()
		}
		v, err := c.literal()
		if err != nil {
			return value.Value{}, err
		}
		items = append(items, v)
	}
	c.pos++
	return value.Array(items...), nil
}

func (c *compiler) record(start int) (value.Value, error) {
	var members []value.Member
	for c.spaces(); c.peek() != '}'; c.spaces() {
		if len(members) > 0 {
			if c.peek() != ',' {
				return value.Value{}, c.fail(start, "expected ',' or '}' in an object")
			}
			c.pos++
			c.spaces()
		}
		if c.peek() != '\'' && c.peek() != '"' {
			return value.Value{}, c.fail(start, "expected a quoted key in an object")
		}
		key, err := c.quoted()
		if err != nil {
			return value.Value{}, err
		}
		c.spaces()
		if c.peek() != ':' {
			return value.Value{}, c.fail(start, "expected ':' in an object")
		}
		c.pos++
		c.spaces()
		v, err := c.literal()
		if err != nil {
			return value.Value{}, err
		}
		members = append(members, value.Member{Key: key, Value: v})
	}
	c.pos++
	return value.Object(members...), nil
}
