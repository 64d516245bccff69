package jsonata

import "strings"

// call reads the arguments of a function, and the rest of a definition when the function's
// name is "function" or λ.
func (p *parser) call(n *node) (*node, *Error) {
	n.kind = nodeFunction
	for first := true; !first || p.tok.id() != ")"; first = false {
		if p.tok.kind == tokOperator && p.tok.text == "?" {
			n.kind = nodePartial
			n.list = append(n.list, &node{kind: nodeOperator, text: "?", pos: p.tok.pos})
			if err := p.advance("?", false); err != nil {
				return nil, err
			}
		} else {
			arg, err := p.expression(0)
			if err != nil {
				return nil, err
			}
			n.list = append(n.list, arg)
		}
		if p.tok.id() != "," {
			break
		}
		if err := p.advance(",", false); err != nil {
			return nil, err
		}
	}
	if err := p.advance(")", true); err != nil {
		return nil, err
	}
	if n.lhs.kind == nodeName && (n.lhs.text == "function" || n.lhs.text == "λ") {
		return p.lambda(n)
	}
	return n, nil
}

func (p *parser) lambda(n *node) (*node, *Error) {
	n.kind = nodeLambda
	for i, arg := range n.list {
		if arg.kind != nodeVariable {
			return nil, arg.about(failAt("S0208", arg.pos, "", fields{"value": i + 1}))
		}
		n.params = append(n.params, arg.id)
	}
	n.list = nil
	if p.tok.id() == "<" {
		if err := p.signature(n); err != nil {
			return nil, err
		}
	}
	if err := p.advance("{", false); err != nil {
		return nil, err
	}
	var err *Error
	if n.lhs, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.advance("}", false)
}

func (p *parser) signature(n *node) *Error {
	at := p.tok.pos
	var text strings.Builder
	text.WriteByte('<')
	for depth := 1; depth > 0 && p.tok.id() != "{" && p.tok.kind != tokEnd; {
		if err := p.advance("", false); err != nil {
			return err
		}
		switch p.tok.id() {
		case ">":
			depth--
		case "<":
			depth++
		}
		if p.tok.kind == tokEnd {
			text.WriteString("(end)")
		} else {
			text.WriteString(p.tok.text)
		}
	}
	if err := p.advance(">", false); err != nil {
		return err
	}
	sig, err := parseSignature(text.String())
	if err != nil {
		err.Position += at
		return err
	}
	n.sig = sig
	return nil
}
