package jsonata

// resolver turns the parser's tree into the evaluator's: location paths become lists of steps
// with their filters, parent operators find the step they mean, tail calls become thunks.
type resolver struct {
	labels int
	depth  int
}

func resolve(n *node) (*node, *Error) {
	r := resolver{}
	n, err := r.node(n)
	if err != nil {
		return nil, err
	}
	if n.kind == nodeParent || n.seeking != nil {
		return nil, failAt("S0217", n.pos, n.kind.String(), nil)
	}
	return n, nil
}

// node resolves one node.
func (r *resolver) node(n *node) (*node, *Error) {
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > 10*maxNesting {
		return nil, tooDeep(n.pos)
	}
	out, err := r.kind(n)
	if err == nil && n.keepArray {
		out.keepArray = true
	}
	return out, err
}

func (r *resolver) kind(n *node) (*node, *Error) {
	switch n.kind {
	case nodeBinary:
		return r.binary(n)
	case nodeNegate:
		return r.negate(n)
	case nodeArray, nodeObject, nodeBlock:
		return r.constructor(n)
	case nodeFunction, nodePartial:
		return r.call(n)
	case nodeLambda:
		out := &node{kind: nodeLambda, pos: n.pos, params: n.params, sig: n.sig}
		body, err := r.node(n.lhs)
		if err == nil {
			out.lhs = tailCall(body)
		}
		return out, err
	case nodeCondition:
		return r.operands(&node{kind: n.kind, pos: n.pos}, n, true)
	case nodeTransform:
		return r.operands(&node{kind: n.kind, pos: n.pos}, n, false)
	case nodeName:
		return &node{kind: nodePath, list: []*node{n}, keepOne: n.keepArray}, nil
	case nodeParent:
		s := &slot{label: intern("!" + plainNumber(float64(r.labels))), level: 1}
		r.labels++
		return &node{kind: nodeParent, slot: s}, nil
	case nodeOperator:
		if n.text == "?" {
			return n, nil
		}
		n.kind = nodeName // and, or, in may be names
		return r.node(n)
	case nodeEnd:
		e := failAt("S0207", n.pos, "(end)", nil)
		return nil, e
	case nodeString, nodeNumber, nodeValue, nodeWildcard, nodeDescendant, nodeVariable, nodeRegex:
		return n, nil
	case nodePath, nodeSort, nodeBind, nodeApply:
	}
	panic("unreachable: a resolved node is resolved again")
}

// operands resolves the three children of n into out; up says whether parent operators in them
// look further up from out.
func (r *resolver) operands(out, n *node, up bool) (*node, *Error) {
	for _, side := range []struct {
		from *node
		to   **node
	}{{n.lhs, &out.lhs}, {n.rhs, &out.rhs}, {n.third, &out.third}} {
		if side.from == nil {
			continue
		}
		c, err := r.node(side.from)
		if err != nil {
			return nil, err
		}
		*side.to = c
		if up {
			out.seek(c)
		}
	}
	return out, nil
}

func (r *resolver) negate(n *node) (*node, *Error) {
	c, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if c.kind == nodeNumber {
		c.lit = num(-c.lit.float())
		return c, nil
	}
	out := &node{kind: nodeNegate, pos: n.pos, text: "-", lhs: c}
	out.seek(c)
	return out, nil
}

// constructor resolves arrays, objects and blocks.
func (r *resolver) constructor(n *node) (*node, *Error) {
	out := &node{kind: n.kind, pos: n.pos, text: n.text}
	for _, e := range n.list {
		c, err := r.node(e)
		if err != nil {
			return nil, err
		}
		out.seek(c)
		if n.kind == nodeBlock && (c.cons || c.kind == nodePath && c.list[0].cons) {
			out.cons = true
		}
		out.list = append(out.list, c)
	}
	for _, p := range n.pairs {
		key, err := r.node(p.key)
		if err != nil {
			return nil, err
		}
		out.seek(key)
		val, err := r.node(p.value)
		if err != nil {
			return nil, err
		}
		out.seek(val)
		out.pairs = append(out.pairs, pair{key, val})
	}
	return out, nil
}

func (r *resolver) call(n *node) (*node, *Error) {
	out := &node{kind: n.kind, pos: n.pos, text: n.text}
	for _, a := range n.list {
		c, err := r.node(a)
		if err != nil {
			return nil, err
		}
		out.seek(c)
		out.list = append(out.list, c)
	}
	var err *Error
	out.lhs, err = r.node(n.lhs)
	return out, err
}

func (r *resolver) binary(n *node) (*node, *Error) {
	switch n.text {
	case ".":
		return r.path(n)
	case "[":
		return r.predicate(n)
	case "{":
		return r.group(n)
	case "^":
		return r.orderBy(n)
	case "@":
		return r.focus(n)
	case "#":
		return r.index(n)
	case ":=":
		out := &node{kind: nodeBind, pos: n.pos, text: n.text, id: n.lhs.id, lhs: n.lhs}
		var err *Error
		if out.rhs, err = r.node(n.rhs); err != nil {
			return nil, err
		}
		out.seek(out.rhs)
		return out, nil
	case "~>":
		out, err := r.operands(&node{kind: nodeApply, pos: n.pos, text: n.text}, n, false)
		if err == nil {
			out.keepArray = out.lhs.keepArray || out.rhs.keepArray
		}
		return out, err
	}
	return r.operands(&node{kind: nodeBinary, pos: n.pos, text: n.text}, n, true)
}

// tailCall wraps the call that a function ends with into a thunk, which the caller's loop runs
// after the function has returned.
func tailCall(n *node) *node {
	switch n.kind {
	case nodeFunction:
		if n.predicates == nil {
			return &node{kind: nodeLambda, thunk: true, pos: n.pos, lhs: n}
		}
	case nodeCondition:
		n.rhs = tailCall(n.rhs)
		if n.third != nil {
			n.third = tailCall(n.third)
		}
	case nodeBlock:
		if last := len(n.list) - 1; last >= 0 {
			n.list[last] = tailCall(n.list[last])
		}
	default:
	}
	return n
}
