package jsonata

// parser is Pratt's: every token knows how strongly it binds to what stands left of it.
type parser struct {
	lex   lexer
	tok   token
	depth int
}

// Deeper nesting than this is refused; it bounds the stack of parsing and resolving.
const maxNesting = 1000

var binding = map[string]int{
	".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60,
	"=": 40, "<": 40, ">": 40, "^": 40, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "and": 30, "or": 25,
	"in": 40, "&": 50,
}

func parse(src string) (*node, *Error) {
	p := parser{lex: lexer{src: src}}
	if err := p.advance("", false); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokEnd {
		return nil, p.unexpected("S0201")
	}
	return n, nil
}

// unexpected is an error about the token that we look at.
func (p *parser) unexpected(code string) *Error { return p.tok.about(failAt(code, p.tok.pos, "", nil)) }

// advance reads the next token, after it has checked that the present one is want.
func (p *parser) advance(want string, afterOperand bool) *Error {
	if want != "" && p.tok.id() != want {
		code := "S0202"
		if p.tok.kind == tokEnd {
			code = "S0203"
		}
		e := p.unexpected(code)
		e.fields = fields{"value": want}
		return e
	}
	t, err := p.lex.next(afterOperand)
	if err != nil {
		return err
	}
	p.tok = t
	if t.kind == tokOperator && (t.text == "!" || t.text == "~") {
		return p.unexpected("S0204")
	}
	return nil
}

func (p *parser) expression(strength int) (*node, *Error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, tooDeep(p.tok.pos)
	}
	t := p.tok
	if err := p.advance("", true); err != nil {
		return nil, err
	}
	left, err := p.operand(t)
	if err != nil {
		return nil, err
	}
	for depth := p.depth; strength < p.strength(); depth++ {
		if depth > 10*maxNesting {
			return nil, tooDeep(p.tok.pos)
		}
		t = p.tok
		if err = p.advance("", false); err != nil {
			return nil, err
		}
		if left, err = p.operator(t, left); err != nil {
			return nil, err
		}
	}
	return left, nil
}

func (p *parser) strength() int {
	if p.tok.kind != tokOperator {
		return 0
	}
	return binding[p.tok.text]
}

// operand begins an expression with t.
func (p *parser) operand(t token) (*node, *Error) {
	n := &node{pos: t.pos, text: t.text}
	switch t.kind {
	case tokEnd:
		n.kind = nodeEnd
		return n, nil
	case tokName:
		n.kind = nodeName
		return n, nil
	case tokVariable:
		n.kind, n.id = nodeVariable, intern(t.text)
		return n, nil
	case tokString:
		n.kind, n.lit = nodeString, str(t.text)
		return n, nil
	case tokNumber:
		n.kind, n.lit = nodeNumber, num(t.num)
		return n, nil
	case tokValue:
		n.kind, n.lit = nodeValue, wordValue(t.text)
		return n, nil
	case tokRegex:
		n.kind = nodeRegex
		var err *Error
		n.regex, err = compilePattern(t)
		return n, err
	case tokOperator:
	}
	switch t.text {
	case "and", "or", "in":
		n.kind = nodeOperator
		return n, nil
	case "*":
		n.kind = nodeWildcard
		return n, nil
	case "**":
		n.kind = nodeDescendant
		return n, nil
	case "%":
		n.kind = nodeParent
		return n, nil
	case "-":
		n.kind = nodeNegate
		var err *Error
		n.lhs, err = p.expression(70)
		return n, err
	case "(":
		return p.block(n)
	case "[":
		return p.array(n)
	case "{":
		n.kind = nodeObject
		return n, p.object(n)
	case "|":
		return p.transform(n)
	}
	return nil, t.about(failAt("S0211", t.pos, "", nil))
}

// operator goes on with t after left.
func (p *parser) operator(t token, left *node) (*node, *Error) {
	n := &node{kind: nodeBinary, pos: t.pos, text: t.text, lhs: left}
	var err *Error
	switch t.text {
	case "(":
		return p.call(n)
	case "[":
		return p.predicate(n)
	case "{":
		return n, p.object(n)
	case "^":
		return p.orderBy(n)
	case "?":
		return p.condition(n)
	case ":=":
		if left.kind != nodeVariable {
			return nil, left.about(failAt("S0212", left.pos, "", nil))
		}
		n.rhs, err = p.expression(binding[":="] - 1)
		return n, err
	case "@", "#":
		if n.rhs, err = p.expression(binding[t.text]); err != nil {
			return nil, err
		}
		if n.rhs.kind != nodeVariable {
			return nil, failAt("S0214", n.rhs.pos, t.text, nil)
		}
		return n, nil
	}
	n.rhs, err = p.expression(binding[t.text])
	return n, err
}

// about names a node as the token of an error.
func (n *node) about(e *Error) *Error {
	e.setToken(n.text)
	if n.kind == nodeNumber || n.kind == nodeValue {
		e.Token = errorJSON(n.lit)
		e.tokenRaw = e.Token
	}
	return e
}

func (p *parser) predicate(n *node) (*node, *Error) {
	if p.tok.id() == "]" { // foo[]: the result stays an array
		step := n.lhs
		for step.kind == nodeBinary && step.text == "[" {
			step = step.lhs
		}
		step.keepArray = true
		return n.lhs, p.advance("]", false)
	}
	var err *Error
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.advance("]", true)
}

func (p *parser) orderBy(n *node) (*node, *Error) {
	if err := p.advance("(", false); err != nil {
		return nil, err
	}
	for {
		t := term{descending: p.tok.id() == ">"}
		if t.descending || p.tok.id() == "<" {
			if err := p.advance("", false); err != nil {
				return nil, err
			}
		}
		var err *Error
		if t.expr, err = p.expression(0); err != nil {
			return nil, err
		}
		n.terms = append(n.terms, t)
		if p.tok.id() != "," {
			return n, p.advance(")", false)
		}
		if err = p.advance(",", false); err != nil {
			return nil, err
		}
	}
}

func (p *parser) condition(n *node) (*node, *Error) {
	n.kind = nodeCondition
	var err *Error
	if n.rhs, err = p.expression(0); err != nil || p.tok.id() != ":" {
		return n, err
	}
	if err = p.advance(":", false); err != nil {
		return nil, err
	}
	n.third, err = p.expression(0)
	return n, err
}

func (p *parser) block(n *node) (*node, *Error) {
	n.kind = nodeBlock
	for p.tok.id() != ")" {
		e, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		n.list = append(n.list, e)
		if p.tok.id() != ";" {
			break
		}
		if err = p.advance(";", false); err != nil {
			return nil, err
		}
	}
	return n, p.advance(")", true)
}

func (p *parser) array(n *node) (*node, *Error) {
	n.kind = nodeArray
	for first := true; !first || p.tok.id() != "]"; first = false {
		e, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if p.tok.id() == ".." {
			e = &node{kind: nodeBinary, text: "..", pos: p.tok.pos, lhs: e}
			if err = p.advance("..", false); err != nil {
				return nil, err
			}
			if e.rhs, err = p.expression(0); err != nil {
				return nil, err
			}
		}
		n.list = append(n.list, e)
		if p.tok.id() != "," {
			break
		}
		if err = p.advance(",", false); err != nil {
			return nil, err
		}
	}
	return n, p.advance("]", true)
}

// object reads the pairs of an object constructor or of a grouping into n.
func (p *parser) object(n *node) *Error {
	for first := true; !first || p.tok.id() != "}"; first = false {
		var e pair
		var err *Error
		if e.key, err = p.expression(0); err != nil {
			return err
		}
		if err = p.advance(":", false); err != nil {
			return err
		}
		if e.value, err = p.expression(0); err != nil {
			return err
		}
		n.pairs = append(n.pairs, e)
		if p.tok.id() != "," {
			break
		}
		if err = p.advance(",", false); err != nil {
			return err
		}
	}
	return p.advance("}", true)
}

func (p *parser) transform(n *node) (*node, *Error) {
	n.kind = nodeTransform
	var err *Error
	if n.lhs, err = p.expression(0); err != nil {
		return nil, err
	}
	if err = p.advance("|", false); err != nil {
		return nil, err
	}
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	if p.tok.id() == "," {
		if err = p.advance(",", false); err != nil {
			return nil, err
		}
		if n.third, err = p.expression(0); err != nil {
			return nil, err
		}
	}
	return n, p.advance("|", false)
}
