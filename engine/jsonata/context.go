package jsonata

import "slices"

// ContextReads are the places where the expression reads the document that it starts with, in
// their order and each once: "$" and "$$" for the document as a whole, else the name of a
// member. Step Functions has no such document: what an expression reads comes from variables.
func (e *Expr) ContextReads() []string {
	var found []string
	e.root.contextReads(true, func(name string) {
		if !slices.Contains(found, name) {
			found = append(found, name)
		}
	})
	return found
}

// contextReads looks for reads of the context. Outside says that the context of n is the
// document; after the first step of a path, in filters and in groups it is something else.
func (n *node) contextReads(outside bool, report func(string)) {
	switch {
	case n.kind == nodeVariable && n.text == "$":
		report("$$")
	case n.kind == nodeVariable && n.text == "" && outside:
		report("$")
	case n.kind == nodeName && outside:
		report(n.text)
	}
	inside := func(c *node) { c.contextReads(false, report) }
	n.filters(inside)
	if n.kind == nodePath {
		for i, step := range n.list {
			step.contextReads(outside && i == 0, report)
		}
		return
	}
	outside = outside && n.kind != nodeTransform // its parts look at what it is applied to
	for _, c := range []*node{n.lhs, n.rhs, n.third} {
		if c != nil {
			c.contextReads(outside, report)
		}
	}
	for _, c := range n.list {
		c.contextReads(outside, report)
	}
	for _, p := range n.pairs {
		p.key.contextReads(outside, report)
		p.value.contextReads(outside, report)
	}
	for _, t := range n.terms {
		inside(t.expr)
	}
}
