package asl

import "strings"

// looksLikePath tells whether a text is more likely a path or an intrinsic call than words.
func looksLikePath(s string) bool {
	return s == "$" || s == "$$" || strings.HasPrefix(s, "$.") || strings.HasPrefix(s, "$$.") || strings.HasPrefix(s, "$[") ||
		strings.HasPrefix(s, "States.") && strings.HasSuffix(s, ")")
}

// maybePath warns about a path in a template whose key does not end in ".$".
func (r *reader) maybePath(p place, m *member) {
	if m.val.kind == str && looksLikePath(m.val.text) {
		r.report(Warning, noDollar, p, m.val.span(), "The value of the field '"+m.key+"' looks like a JSONPath or an intrinsic function call, but the name of the field does not end with '.$'")
	}
}

// maybePathField warns about a path in a field that has a Path form.
func (r *reader) maybePathField(p place, n *node) {
	if looksLikePath(n.text) {
		r.report(Warning, noPath, p, n.span(), "The value of the field '"+last(p)+"' looks like a path, but the name of the field does not end with 'Path'")
	}
}

// staticResult warns about paths in the Result of a Pass state, which are never read.
func (r *reader) staticResult(p place, n *node) {
	if n.kind == str && looksLikePath(n.text) {
		r.report(Warning, passResultIsStatic, p, n.span(), "The Result of a Pass state is static: the path '"+quote(n.text)+"' is not evaluated")
	}
	for i := range n.members {
		m := &n.members[i]
		if m.val.kind == str && strings.HasSuffix(m.key, ".$") || m.val.kind == object || m.val.kind == array {
			r.staticMember(p.key(m.key), m)
		}
	}
	for i, item := range n.items {
		r.staticResult(p.index(i), item)
	}
}

func (r *reader) staticMember(p place, m *member) {
	if m.val.kind == str {
		r.report(Warning, passResultIsStatic, p, m.val.span(), "The Result of a Pass state is static: the path in '"+m.key+"' is not evaluated")
		return
	}
	r.staticResult(p, m.val)
}
