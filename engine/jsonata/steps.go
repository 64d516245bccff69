package jsonata

// path joins the steps of both sides of a dot.
func (r *resolver) path(n *node) (*node, *Error) {
	left, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	out := left
	if left.kind != nodePath {
		out = &node{kind: nodePath, list: []*node{left}}
	}
	if left.kind == nodeParent {
		out.seeking = []*slot{left.slot}
	}
	right, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	if right.kind == nodePath {
		out.list = append(out.list, right.list...)
	} else {
		if right.predicates != nil {
			right.stages, right.predicates = right.predicates, nil
		}
		out.list = append(out.list, right)
	}
	for _, step := range out.list {
		if step.kind == nodeNumber || step.kind == nodeValue {
			return nil, failAt("S0213", step.pos, "", fields{"value": step.lit})
		}
	}
	for _, step := range out.list {
		if step.kind == nodeString { // "a".b means `a`.b
			step.kind = nodeName
		}
		if step.keepArray {
			out.keepOne = true
		}
	}
	// An array constructor that begins a path is evaluated once; one that ends it does not flatten.
	for _, step := range []*node{out.list[0], out.list[len(out.list)-1]} {
		if step.kind == nodeArray {
			step.cons = true
		}
	}
	return out, out.ancestry()
}

// last is the step that a filter or binding after n applies to.
func (n *node) last() *node {
	if n.kind == nodePath {
		return n.list[len(n.list)-1]
	}
	return n
}

func (r *resolver) predicate(n *node) (*node, *Error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := out.last()
	if step.group != nil {
		return nil, failAt("S0209", n.pos, "", nil)
	}
	filter, err := r.node(n.rhs)
	if err != nil {
		return nil, err
	}
	if filter.seeking != nil {
		for _, s := range filter.seeking {
			if s.level == 1 {
				if _, err = seekParent(step, s); err != nil {
					return nil, err
				}
			} else {
				s.level--
			}
		}
		step.seek(filter)
	}
	if out.kind == nodePath {
		step.stages = append(step.stages, stage{filter: filter})
	} else {
		step.predicates = append(step.predicates, stage{filter: filter})
	}
	return out, nil
}

func (r *resolver) group(n *node) (*node, *Error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if out.group != nil {
		return nil, failAt("S0210", n.pos, "", nil)
	}
	g := &node{kind: nodeObject, pos: n.pos}
	for _, p := range n.pairs {
		key, err := r.node(p.key)
		if err != nil {
			return nil, err
		}
		val, err := r.node(p.value)
		if err != nil {
			return nil, err
		}
		g.pairs = append(g.pairs, pair{key, val})
	}
	out.group = g
	return out, nil
}

func (r *resolver) orderBy(n *node) (*node, *Error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	if out.kind != nodePath {
		out = &node{kind: nodePath, list: []*node{out}}
	}
	step := &node{kind: nodeSort, pos: n.pos}
	for _, t := range n.terms {
		if t.expr, err = r.node(t.expr); err != nil {
			return nil, err
		}
		step.seek(t.expr)
		step.terms = append(step.terms, t)
	}
	out.list = append(out.list, step)
	return out, out.ancestry()
}

func (r *resolver) focus(n *node) (*node, *Error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := out.last()
	switch {
	case step.stages != nil || step.predicates != nil:
		return nil, failAt("S0215", n.pos, "", nil)
	case step.kind == nodeSort:
		return nil, failAt("S0216", n.pos, "", nil)
	}
	if n.keepArray {
		step.keepArray = true
	}
	step.tuple = true
	if n.rhs.text != "" { // @$ binds nothing
		step.focus = n.rhs.id
	}
	return out, nil
}

func (r *resolver) index(n *node) (*node, *Error) {
	out, err := r.node(n.lhs)
	if err != nil {
		return nil, err
	}
	step := out.last()
	if out.kind != nodePath {
		out = &node{kind: nodePath, list: []*node{out}}
		if step.predicates != nil {
			step.stages, step.predicates = step.predicates, nil
		}
	}
	switch {
	case n.rhs.text == "": // #$ binds nothing
	case step.stages == nil:
		step.index = n.rhs.id
	default:
		step.stages = append(step.stages, stage{index: n.rhs.id})
	}
	step.tuple = true
	return out, nil
}

// seekers are the parent operators in n that have not found their step.
func (n *node) seekers() []*slot {
	if n.kind == nodeParent {
		return append(n.seeking[:len(n.seeking):len(n.seeking)], n.slot)
	}
	return n.seeking
}

// seek hands the parent operators in c on to n, which looks further up.
func (n *node) seek(c *node) { n.seeking = append(n.seeking, c.seekers()...) }

// ancestry lets the parent operators of the last step find their steps before it.
func (n *node) ancestry() *Error {
	for _, s := range n.last().seekers() {
		for i := len(n.list) - 2; s.level > 0; {
			if i < 0 {
				n.seeking = append(n.seeking, s)
				break
			}
			step := n.list[i]
			i--
			// Steps in a row that bind a variable share their context.
			for i >= 0 && step.focus != noName && n.list[i].focus != noName {
				step = n.list[i]
				i--
			}
			if _, err := seekParent(step, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// seekParent asks a step to serve as a parent, or to say how far it leads down.
func seekParent(n *node, s *slot) (*slot, *Error) {
	switch n.kind {
	case nodeName, nodeWildcard:
		s.level--
		if s.level == 0 {
			if n.parent != nil {
				s.label = n.parent.label
			}
			n.parent = s
			n.tuple = true
		}
	case nodeParent:
		s.level++
	case nodeBlock:
		if len(n.list) > 0 {
			n.tuple = true
			return seekParent(n.list[len(n.list)-1], s)
		}
	case nodePath:
		n.tuple = true
		for i := len(n.list) - 1; i >= 0; i-- {
			if _, err := seekParent(n.list[i], s); err != nil {
				return nil, err
			}
			if s.level <= 0 {
				break
			}
		}
	default:
		return nil, failAt("S0217", n.pos, n.kind.String(), nil)
	}
	return s, nil
}
