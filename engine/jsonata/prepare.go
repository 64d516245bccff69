package jsonata

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// preparer notes on resolved nodes what does not depend on the input.
type preparer struct {
	expr      *Expr
	bound     map[name]bool // variables that the expression binds somewhere
	eval      bool          // it mentions $eval, which may bind anything
	mentioned map[string]bool
	outside   map[string]bool // variables that come from outside
	states    map[string]bool
	scope     *scope
}

func prepare(e *Expr) {
	p := preparer{
		expr: e, bound: map[name]bool{}, mentioned: map[string]bool{}, outside: map[string]bool{},
		states: map[string]bool{}, scope: &scope{names: map[string]bool{}},
	}
	p.collect(e.root)
	p.note(e.root)
	p.scan(e.root)
	for _, n := range slices.Sorted(maps.Keys(p.mentioned)) {
		e.mentioned = append(e.mentioned, mention{n, intern(n)})
	}
	e.usesRoot = p.mentioned["$"] || p.eval
	e.outside = slices.Sorted(maps.Keys(p.outside))
	e.states = slices.Sorted(maps.Keys(p.states))
}

// children calls f for every node directly below n.
func (n *node) children(f func(*node)) {
	for _, c := range []*node{n.lhs, n.rhs, n.third} {
		if c != nil {
			f(c)
		}
	}
	for _, c := range n.list {
		f(c)
	}
	for _, p := range n.pairs {
		f(p.key)
		f(p.value)
	}
	for _, t := range n.terms {
		f(t.expr)
	}
	n.filters(f)
}

// filters calls f for what is evaluated on the values of n: filters, and a grouping.
func (n *node) filters(f func(*node)) {
	for _, stages := range [][]stage{n.predicates, n.stages} {
		for _, s := range stages {
			if s.filter != nil {
				f(s.filter)
			}
		}
	}
	if n.group != nil {
		f(n.group)
	}
}

// binders are the variables that n itself binds.
func (n *node) binders() []name {
	out := slices.Clone(n.params)
	for _, s := range n.stages {
		out = append(out, s.index)
	}
	out = append(out, n.focus, n.index)
	if n.kind == nodeBind {
		out = append(out, n.id)
	}
	return slices.DeleteFunc(out, func(id name) bool { return id == noName })
}

// collect finds the variables that are bound anywhere, and the blocks that need a frame.
func (p *preparer) collect(n *node) (binds bool) {
	for _, id := range n.binders() {
		p.bound[id] = true
	}
	binds = n.kind == nodeBind
	if n.kind == nodeVariable && n.text == "eval" {
		p.eval, binds = true, true
	}
	n.children(func(c *node) {
		if p.collect(c) {
			binds = true
		}
	})
	if n.kind == nodeBlock {
		n.frame = binds
		return false
	}
	return binds && (n.kind != nodeLambda || n.thunk)
}

// note marks nodes that the evaluator may treat in a quick way.
func (p *preparer) note(n *node) {
	n.plain = n.predicates == nil && n.group == nil && !n.keepArray
	n.simple = n.plain && n.stages == nil && !n.tuple && n.focus == noName && n.index == noName && n.parent == nil &&
		(n.kind == nodeName || n.kind == nodeVariable)
	if n.kind == nodeVariable {
		n.builtin = p.expr.library()[n.text]
		n.free = !p.bound[n.id] && !p.eval
		p.mentioned[n.text] = true
	}
	n.op = operators[n.text]
	if n.kind == nodeFunction {
		n.called.token, n.called.hasToken = procName(n.lhs)
		n.called.pos = n.pos
	}
	n.children(p.note)
	if n.kind == nodePath {
		for i, step := range n.list {
			n.list[i] = step.bare()
		}
	}
	switch {
	case !n.plain:
	case n.kind == nodeString, n.kind == nodeNumber, n.kind == nodeValue:
		n.quick = quickLiteral
	case n.kind == nodeVariable:
		n.quick = quickVariable
	case n.kind == nodePath && len(n.list) == 1 && n.list[0].simple && n.list[0].kind == nodeName && !n.keepOne && !n.tuple:
		n.quick = quickField
		n.text = n.list[0].text
	case n.trail():
		n.quick = quickTrail
	case n.kind == nodeLambda:
		n.leaf = !p.eval && !n.lhs.holds()
	case n.kind == nodeObject:
		n.constant = constantKeys(n.pairs)
	}
}

// trail tells paths of a variable and names.
func (n *node) trail() bool {
	if n.kind != nodePath || n.keepOne || n.tuple || n.list[0].kind != nodeVariable {
		return false
	}
	for i, step := range n.list {
		if !step.simple || i > 0 && step.kind != nodeName {
			return false
		}
	}
	return true
}

// holds reports whether n may make something that refers to the variables around it.
func (n *node) holds() bool {
	switch n.kind {
	case nodeLambda, nodePartial, nodeTransform, nodeApply:
		return true
	default:
	}
	found := n.tuple
	n.children(func(c *node) { found = found || c.holds() })
	return found
}

// bare is a step without parentheses that do nothing.
func (n *node) bare() *node {
	if n.kind != nodeBlock || n.frame || !n.plain || n.tuple || n.cons || n.stages != nil || n.focus != noName || n.index != noName {
		return n
	}
	if len(n.list) == 1 && n.list[0].kind == nodeBinary && n.list[0].plain {
		return n.list[0]
	}
	return n
}

// constantKeys are the keys of an object constructor that need no evaluation.
func constantKeys(pairs []pair) []string {
	var keys []string
	for _, p := range pairs {
		if p.key.kind != nodeString || !p.key.plain || !utf8.ValidString(p.key.text) || slices.Contains(keys, p.key.text) {
			return nil
		}
		if _, ok := arrayIndex(p.key.text); ok || !utf8.ValidString(p.key.text) {
			return nil
		}
		keys = append(keys, p.key.text)
	}
	return keys
}

// scope is a lexical scope: what is bound so far, and what will be when a function that is
// made here runs.
type scope struct {
	up     *scope
	names  map[string]bool
	later  map[string]bool
	lambda bool
}

func (s *scope) has(name string) bool {
	inLambda := false
	for ; s != nil; s = s.up {
		if s.names[name] || inLambda && s.later[name] {
			return true
		}
		inLambda = inLambda || s.lambda
	}
	return false
}

// scan finds the variables that come from outside, in the order of evaluation.
func (p *preparer) scan(n *node) {
	switch n.kind {
	case nodeVariable:
		p.read(n)
	case nodeBlock, nodeLambda:
		p.scope = &scope{up: p.scope, names: map[string]bool{}, later: map[string]bool{}, lambda: n.kind == nodeLambda}
		defer func() { p.scope = p.scope.up }()
		later(n, p.scope.later)
	case nodeBind:
		if n.rhs.kind == nodeLambda { // it may call itself
			p.scope.names[n.id.Value()] = true
		}
		p.scan(n.rhs)
		p.scope.names[n.id.Value()] = true
		return
	case nodePath:
		if n.list[0].kind == nodeVariable && n.list[0].text == "states" && !p.scope.has("states") && len(n.list) > 1 && n.list[1].kind == nodeName {
			p.states[n.list[1].text] = true
			p.outside["states"] = true
			rest := *n
			rest.list = n.list[1:]
			for _, s := range n.list[0].stages {
				if s.filter != nil {
					p.scan(s.filter)
				}
			}
			p.declare(&rest)
			rest.children(p.scan)
			return
		}
	default:
	}
	p.declare(n)
	n.children(p.scan)
}

func (p *preparer) declare(n *node) {
	for _, id := range n.binders() {
		p.scope.names[id.Value()] = true
	}
}

func (p *preparer) read(n *node) {
	if n.text == "" || n.text == "$" || p.scope.has(n.text) {
		return
	}
	if p.expr.library()[n.text] == nil {
		p.outside[n.text] = true
	}
	if n.text == "states" {
		p.states[""] = true
	}
}

// later gathers what a block or function binds, inner blocks and functions left out.
func later(n *node, into map[string]bool) {
	n.children(func(c *node) {
		if c.kind == nodeBind {
			into[c.id.Value()] = true
		}
		if c.kind != nodeBlock && c.kind != nodeLambda {
			later(c, into)
		}
	})
}
