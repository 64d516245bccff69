package jsonpath

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parse reads a path. Errors are *SyntaxError.
func Parse(text string) (*Path, error) {
	p := &Path{text: text}
	c := compiler{text: text, end: len(strings.TrimRight(text, " "))}
	if !utf8.ValidString(text) {
		return nil, c.fail(0, "a path is UTF-8")
	}
	if !strings.HasPrefix(text, "$") {
		return nil, c.fail(0, "a path begins with '$'")
	}
	c.pos = 1
	if strings.HasPrefix(text, "$$") {
		p.root, c.pos = Context, 2
	} else if name := leadingName(text[1:]); name != "" {
		p.root, p.variable, c.pos = Variable, name, 1+len(name)
	}
	tokens, err := c.tokens()
	if err != nil {
		return nil, err
	}
	p.tokens, p.definite = tokens, definite(tokens)
	return p, nil
}

// leadingName is the variable name that s begins with: an identifier of Unicode's annex 31.
func leadingName(s string) string {
	for i, r := range s {
		if r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) ||
			i > 0 && (unicode.IsDigit(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Pc)) {
			continue
		}
		return s[:i]
	}
	return s
}

// compiler reads one path, or one filter inside of it, from text[pos:end].
type compiler struct {
	text string
	pos  int
	end  int
	deep int // filters and function arguments inside one another
}

const maxDeep = 50

func (c *compiler) fail(at int, msg string) error {
	return &SyntaxError{Text: c.text, Offset: min(at, len(c.text)), Msg: msg}
}

// peek is the byte at pos, 0 at the end.
func (c *compiler) peek() byte {
	if c.pos < c.end {
		return c.text[c.pos]
	}
	return 0
}

func (c *compiler) spaces() {
	for c.peek() == ' ' {
		c.pos++
	}
}

// tokens reads everything up to the end, starting behind the root.
func (c *compiler) tokens() ([]token, error) {
	var out []token
	for c.pos < c.end {
		var t token
		var err error
		switch c.text[c.pos] {
		case '[':
			t, err = c.bracket()
		case '.':
			if strings.HasPrefix(c.text[c.pos:c.end], "..") {
				out = append(out, token{kind: scan})
				c.pos++
			}
			c.pos++
			t, err = c.afterDot()
		default:
			return nil, c.fail(c.pos, "expected '.' or '[', found '"+c.char()+"'")
		}
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	if n := len(out); n >= 2 && out[0].kind == scan && out[n-2].kind == scan && out[n-1].kind == function {
		return nil, c.fail(c.end, "a name, '*' or '[' must stand between '..' and the function")
	}
	return invert(out), nil
}

// invert turns $..a.f() into f($..a): the function sees all that the scan found at once.
func invert(tokens []token) []token {
	n := len(tokens)
	if n < 2 || tokens[0].kind != scan || tokens[n-1].kind != function {
		return tokens
	}
	f := tokens[n-1]
	f.call = &call{name: f.call.name, args: []operand{{path: &subpath{tokens: tokens[: n-1 : n-1]}}}}
	return []token{f}
}

func (c *compiler) char() string {
	_, size := utf8.DecodeRuneInString(c.text[c.pos:])
	return c.text[c.pos : c.pos+size]
}

func (c *compiler) afterDot() (token, error) {
	switch c.peek() {
	case 0:
		return token{}, c.fail(c.pos, "a path must not end with '.' or '..'")
	case '.':
		return token{}, c.fail(c.pos, "a name, '*' or '[' must follow the dots")
	case '[':
		return c.bracket()
	case '*':
		c.pos++
		return token{kind: wildcard}, nil
	}
	start := c.pos
	for c.pos < c.end {
		switch c.text[c.pos] {
		case ' ':
			return token{}, c.fail(c.pos, "write a name with spaces in brackets: ['my name']")
		case ']':
			return token{}, c.fail(c.pos, "']' closes nothing")
		case '(':
			return c.function(c.text[start:c.pos])
		case '.', '[':
			return token{kind: property, names: []string{c.text[start:c.pos]}}, nil
		}
		c.pos++
	}
	return token{kind: property, names: []string{c.text[start:c.pos]}}, nil
}

// bracket reads one […], whatever is in it.
func (c *compiler) bracket() (token, error) {
	start := c.pos
	c.pos++
	c.spaces()
	switch ch := c.peek(); {
	case ch == 0:
		return token{}, c.fail(start, "'[' is not closed")
	case ch == '\'' || ch == '"':
		return c.names(ch)
	case ch == '*':
		c.pos++
		return token{kind: wildcard}, c.closing(start)
	case ch == '?':
		c.pos++
		c.spaces()
		f, err := c.filter()
		if err != nil {
			return token{}, err
		}
		return token{kind: filtered, filter: f}, c.closing(start)
	case ch == '-' || ch == ':' || '0' <= ch && ch <= '9':
		return c.numbers(start)
	}
	return token{}, c.fail(c.pos, "expected a quoted name, an index, '*' or '?(' in brackets")
}

func (c *compiler) closing(start int) error {
	c.spaces()
	if c.peek() != ']' {
		if c.pos >= c.end {
			return c.fail(start, "'[' is not closed")
		}
		return c.fail(c.pos, "expected ']', found '"+c.char()+"'")
	}
	c.pos++
	return nil
}

// names reads 'a','b' and the closing bracket.
func (c *compiler) names(quote byte) (token, error) {
	start := c.pos - 1
	t := token{kind: property}
	for {
		c.spaces()
		if c.peek() != quote {
			return token{}, c.fail(c.pos, "expected a name in "+string(quote)+" quotes")
		}
		name, err := c.quoted()
		if err != nil {
			return token{}, err
		}
		t.names = append(t.names, name)
		c.spaces()
		if c.peek() != ',' {
			return t, c.closing(start)
		}
		c.pos++
	}
}

// quoted reads a string in either quote. A backslash takes away the meaning of the quote that
// encloses it and of another backslash; before anything else it stays, as it does on AWS.
func (c *compiler) quoted() (string, error) {
	start, quote := c.pos, c.text[c.pos]
	var b strings.Builder
	for c.pos++; c.pos < c.end; c.pos++ {
		ch := c.text[c.pos]
		if ch == quote {
			c.pos++
			return b.String(), nil
		}
		if ch == '\\' && c.pos+1 < c.end && (c.text[c.pos+1] == quote || c.text[c.pos+1] == '\\') {
			c.pos++
			ch = c.text[c.pos]
		}
		b.WriteByte(ch)
	}
	return "", c.fail(start, "the closing "+string(quote)+" is missing")
}

// numbers reads the inside of [0], [0,2] or [1:3]. As Jayway does, it reads a step and
// ignores it.
func (c *compiler) numbers(start int) (token, error) {
	length := strings.IndexByte(c.text[c.pos:c.end], ']')
	if length < 0 {
		return token{}, c.fail(start, "'[' is not closed")
	}
	body := c.text[c.pos : c.pos+length]
	if !strings.Contains(body, ":") {
		t := token{kind: index}
		for part := range strings.SplitSeq(body, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil || strings.Contains(part, "+") {
				return token{}, c.fail(c.pos, "'"+body+"' is no index")
			}
			t.indexes = append(t.indexes, n)
		}
		c.pos += length + 1
		return t, nil
	}
	parts := strings.Split(body, ":")
	bounds := make([]*int, len(parts))
	for i, part := range parts {
		if part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || part[0] == '+' {
			return token{}, c.fail(c.pos, "'"+body+"' is no slice")
		}
		bounds[i] = &n
	}
	if bounds[0] == nil && bounds[1] == nil {
		return token{}, c.fail(c.pos, "a slice needs a first or a last index")
	}
	c.pos += length + 1
	return token{kind: slice, from: bounds[0], to: bounds[1]}, nil
}

// function reads the arguments of name( and the closing parenthesis.
func (c *compiler) function(name string) (token, error) {
	start := c.pos
	c.pos++
	out := &call{name: name}
	for c.spaces(); c.peek() != ')'; c.spaces() {
		if c.pos >= c.end {
			return token{}, c.fail(start, "the arguments of "+name+" are not closed")
		}
		if len(out.args) > 0 {
			if c.peek() != ',' {
				return token{}, c.fail(c.pos, "expected ',' between arguments")
			}
			c.pos++
			c.spaces()
		}
		arg, err := c.argument()
		if err != nil {
			return token{}, err
		}
		out.args = append(out.args, arg)
	}
	c.pos++
	return token{kind: function, call: out}, nil
}

func (c *compiler) argument() (operand, error) {
	switch ch := c.peek(); ch {
	case '$', '@':
		return c.subpath(",)")
	case '\'':
		// Jayway keeps the closing quote of such an argument. Definitions that were written
		// against AWS have seen nothing else.
		s, err := c.quoted()
		return operand{literal: text(s + "'")}, err
	default:
		v, err := c.literal()
		return operand{literal: v}, err
	}
}

// subpath reads a path inside of a filter or of arguments. It goes on to the first of the
// bytes in stop that stands outside of brackets.
func (c *compiler) subpath(stop string) (operand, error) {
	start := c.pos
	c.pos = End(c.text[:c.end], c.pos+1, stop)
	if c.deep >= maxDeep {
		return operand{}, c.fail(start, "too many filters inside one another")
	}
	inner := compiler{text: c.text, pos: start + 1, end: c.pos, deep: c.deep + 1}
	inner.end = start + len(strings.TrimRight(c.text[start:c.pos], " "))
	tokens, err := inner.tokens()
	if err != nil {
		return operand{}, err
	}
	p := &subpath{local: c.text[start] == '@', tokens: slices.Clip(tokens), definite: definite(tokens)}
	return operand{path: p}, nil
}

// End is where a path that stands inside a longer text ends: at the first of the bytes in
// stop, from on, that is neither in brackets nor in quotes, or at the end of the text.
func End(text string, from int, stop string) int {
	depth := 0
	var quote byte
	for ; from < len(text); from++ {
		switch ch := text[from]; {
		case quote != 0 && ch == '\\':
			from++
		case quote != 0:
			if ch == quote {
				quote = 0
			}
		case depth > 0 && (ch == '\'' || ch == '"'):
			quote = ch
		case ch == '[' || ch == '(':
			depth++
		case depth > 0 && (ch == ']' || ch == ')'):
			depth--
		case depth == 0 && strings.IndexByte(stop, ch) >= 0:
			return from
		}
	}
	return len(text)
}
