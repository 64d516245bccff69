package convert

import (
	"strconv"
	"strings"

	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// template converts a payload template in its own text: "key.$" becomes "key" with an
// expression, and a string that JSONata would take for an expression becomes one that gives it.
func (p *place) template(n *node) string {
	var edits []edit
	p.templateEdits(n, &edits)
	return splice(p.text, n.start, n.end, edits)
}

func (p *place) templateEdits(n *node, edits *[]edit) {
	for i := range n.members {
		m := &n.members[i]
		if key, dynamic := strings.CutSuffix(m.key, ".$"); dynamic && !p.fixed {
			*edits = append(*edits, edit{m.start, m.keyEnd, quote(key)}, edit{m.val.start, m.val.end, p.in(m.key).leaf(m.val).query()})
			continue
		}
		p.in(m.key).templateEdits(m.val, edits)
	}
	for i, item := range n.items {
		p.in(strconv.Itoa(i)).templateEdits(item, edits)
	}
	if n.kind == '"' {
		if s := p.string(n); strings.HasPrefix(s, "{%") || strings.HasSuffix(s, "%}") {
			*edits = append(*edits, edit{n.start, n.end, expr{text: quote(s)}.query()})
		}
	}
}

// string is the content of a string.
func (c *converter) string(n *node) string { return value.Raw(c.text[n.start:n.end]).Text() }

// leaf converts the path or call in a string.
func (p *place) leaf(n *node) expr {
	e, err := payload.ParseExpr(p.string(n))
	if err != nil {
		return p.keep("%s", err)
	}
	if e.Call() != nil {
		return p.call(e.Call())
	}
	return p.path(e.Path())
}

// expression is a whole template as one expression, for places where it cannot stand as JSON.
func (p *place) expression(n *node) expr {
	switch n.kind {
	case '{':
		var parts []string
		var needs []need
		for i := range n.members {
			m := &n.members[i]
			key, dynamic := strings.CutSuffix(m.key, ".$")
			if p.fixed {
				key, dynamic = m.key, false
			}
			var e expr
			if dynamic {
				e = p.in(m.key).embedded(m.val)
			} else {
				e = p.in(m.key).expression(m.val)
			}
			parts = append(parts, quote(key)+": "+e.text)
			needs = append(needs, e.needs...)
		}
		return expr{text: "{" + strings.Join(parts, ", ") + "}", atom: true, needs: needs}
	case '[':
		var parts []string
		var needs []need
		for i, item := range n.items {
			e := p.in(strconv.Itoa(i)).expression(item)
			parts, needs = append(parts, e.text), append(needs, e.needs...)
		}
		return expr{text: "[" + strings.Join(parts, ", ") + "]", atom: true, needs: needs}
	case '"':
		return expr{text: quote(p.string(n)), atom: true}
	}
	return expr{text: p.text[n.start:n.end], atom: p.text[n.start] != '-'}
}

// embedded is a leaf inside a larger expression.
func (p *place) embedded(n *node) expr {
	e, err := payload.ParseExpr(p.string(n))
	if err == nil && e.Path() != nil {
		return p.present(e.Path())
	}
	return p.leaf(n)
}

// plain is the place of a value that has no expressions, whatever its keys look like.
func (p *place) plain() *place {
	q := *p
	q.fixed = true
	return &q
}
