package intrinsic

import (
	"fmt"
	"strings"

	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// MaxDepth is how many calls may stand inside one another, the outermost included.
const MaxDepth = 10

// SyntaxError says where a text stops being a call. Offset counts bytes.
type SyntaxError struct {
	Text   string
	Offset int
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("the call \"%s\" is not valid at character %d: %s", e.Text, e.Offset+1, e.Msg)
}

// Parse reads a call. Literals of a wrong type and a wrong number of arguments are found here
// already. Errors are *SyntaxError.
func Parse(text string) (*Call, error) {
	p := parser{text: text}
	c, err := p.call(1)
	if err != nil {
		return nil, err
	}
	p.spaces()
	if p.pos < len(text) {
		return nil, p.fail(p.pos, "nothing may follow the call")
	}
	return c, nil
}

type parser struct {
	text string
	pos  int
}

func (p *parser) fail(at int, msg string) error {
	return &SyntaxError{Text: p.text, Offset: at, Msg: msg}
}

func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *parser) spaces() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

func (p *parser) call(depth int) (*Call, error) {
	start := p.pos
	if depth > MaxDepth {
		return nil, p.fail(start, fmt.Sprintf("more than %d calls inside one another", MaxDepth))
	}
	if !strings.HasPrefix(p.text[p.pos:], "States.") {
		return nil, p.fail(start, "expected a call such as States.Format('{}', $.name)")
	}
	p.pos += len("States.")
	nameStart := p.pos
	for c := p.peek(); c == '_' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9'; c = p.peek() {
		p.pos++
	}
	c := &Call{name: p.text[nameStart:p.pos]}
	if c.function = functions[c.name]; c.function == nil {
		return nil, p.fail(start, "there is no function States."+c.name)
	}
	p.spaces()
	if p.peek() != '(' {
		return nil, p.fail(p.pos, "expected '(' after States."+c.name)
	}
	p.pos++
	if err := p.arguments(c, depth); err != nil {
		return nil, err
	}
	c.text = p.text[start:p.pos]
	if problem := c.function.checkLiterals(c.args); problem != "" {
		return nil, p.fail(start, "States."+c.name+": "+problem)
	}
	return c, nil
}

// arguments reads up to the closing parenthesis.
func (p *parser) arguments(c *Call, depth int) error {
	p.spaces()
	if p.peek() == ')' {
		p.pos++
		return nil
	}
	for {
		p.spaces()
		if err := p.argument(c, depth); err != nil {
			return err
		}
		p.spaces()
		switch p.peek() {
		case ',':
			p.pos++
		case ')':
			p.pos++
			return nil
		case 0:
			return p.fail(p.pos, "the closing ')' is missing")
		default:
			return p.fail(p.pos, "expected ',' or ')' after an argument")
		}
	}
}

func (p *parser) argument(c *Call, depth int) error {
	var a argument
	var err error
	switch ch := p.peek(); {
	case ch == '\'':
		var raw string
		if raw, err = p.quoted(); err != nil {
			return err
		}
		if c.name == "Format" && len(c.args) == 0 {
			c.format = compileFormat(raw)
		}
		a.literal = value.String(unescape(raw))
	case ch == '$':
		a.path, err = p.path()
	case strings.HasPrefix(p.text[p.pos:], "States."):
		a.call, err = p.call(depth + 1)
	default:
		a.literal, err = p.word()
	}
	c.args = append(c.args, a)
	return err
}

// quoted reads '…' and leaves the escapes in.
func (p *parser) quoted() (string, error) {
	start := p.pos
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch p.text[p.pos] {
		case '\'':
			p.pos++
			return p.text[start+1 : p.pos-1], nil
		case '\\':
			p.pos++
			if p.pos >= len(p.text) || strings.IndexByte(`'{}\`, p.text[p.pos]) < 0 {
				return "", p.fail(p.pos-1, `a backslash may stand before ' { } and \ only`)
			}
		}
	}
	return "", p.fail(start, "the closing ' is missing")
}

func unescape(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' {
			i++
		}
		b.WriteByte(raw[i])
	}
	return b.String()
}

// path reads a path up to the comma or the parenthesis that ends the argument.
func (p *parser) path() (*jsonpath.Path, error) {
	start := p.pos
	p.pos = jsonpath.End(p.text, start, ",)")
	text := strings.TrimRight(p.text[start:p.pos], " \t\r\n")
	path, err := jsonpath.Parse(text)
	if err != nil {
		return nil, p.fail(start, err.Error())
	}
	return path, nil
}

// word reads a number, true, false or null.
func (p *parser) word() (value.Value, error) {
	start := p.pos
	if start == len(p.text) {
		return value.Value{}, p.fail(start, "the closing ')' is missing")
	}
	for p.pos < len(p.text) && strings.IndexByte(",) \t\r\n", p.text[p.pos]) < 0 {
		p.pos++
	}
	if v := value.Scalar(p.text[start:p.pos]); !v.IsAbsent() {
		return v, nil
	}
	return value.Value{}, p.fail(start, "an argument is a path, a call, a number, true, false, null or a text in single quotes")
}
