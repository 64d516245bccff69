package asl

import (
	"regexp"
	"strings"

	"statehouse/engine/payload"
	"statehouse/engine/value"
)

// placeholder is what deployment tools put in for a value that they fill in later: ${LambdaArn}.
var placeholder = regexp.MustCompile(`\$\{[A-Za-z][A-Za-z0-9_.:-]*\}`)

// open tells whether the final form of a string is not known, because it holds a placeholder that
// is still to be filled in.
func (r *reader) open(s string) bool { return !r.final && isPlaceholder(s) }

func (r *reader) openNode(n *node) bool { return !r.final && isPlaceholderNode(n) }

// unreadable tells whether a string is no expression only because of a placeholder in it.
func (r *reader) unreadable(s string, q QueryLanguage) bool {
	if !r.open(s) {
		return false
	}
	var err error
	switch {
	case q == JSONPath:
		_, err = payload.ParseExpr(s)
	case payload.IsQuery(s):
		_, err = payload.ParseQuery(s, "")
	}
	return err != nil
}

// settled is a template in which what is unreadable is plain text, until it is filled in.
func (r *reader) settled(n *node, q QueryLanguage) value.Value {
	v := n.json(r.text)
	if r.final || !strings.Contains(r.text[n.start:n.end], "${") {
		return v
	}
	return r.settle(v, q)
}

func (r *reader) settle(v value.Value, q QueryLanguage) value.Value {
	switch v.Kind() {
	case value.KindString:
		if q == JSONata && r.unreadable(v.Text(), q) {
			return value.String(strings.Trim(v.Text(), "{%}"))
		}
	case value.KindArray:
		items := make([]value.Value, v.Len())
		for i, item := range v.Items() {
			items[i] = r.settle(item, q)
		}
		return value.Array(items...)
	case value.KindObject:
		members := make([]value.Member, v.Len())
		for i, m := range v.Members() {
			if q == JSONPath && m.Value.Kind() == value.KindString && r.unreadable(m.Value.Text(), q) {
				m.Key = strings.TrimSuffix(m.Key, ".$")
			}
			members[i] = value.Member{Key: m.Key, Value: r.settle(m.Value, q)}
		}
		return value.Object(members...)
	case value.KindAbsent, value.KindNull, value.KindBool, value.KindNumber:
	}
	return v
}

// isPlaceholder tells whether a text holds a placeholder.
func isPlaceholder(s string) bool {
	return strings.Contains(s, "${") && placeholder.MatchString(s)
}

func isPlaceholderNode(n *node) bool {
	return n != nil && n.kind == str && isPlaceholder(n.text)
}

// placeholderOf is the first placeholder of a string, empty when there is none.
func placeholderOf(n *node) string {
	if !isPlaceholderNode(n) {
		return ""
	}
	return placeholder.FindString(n.text)
}

// substitution is the function of CloudFormation that an object stands for, empty when it is none.
func substitution(n *node) string {
	if n.kind == object && len(n.members) == 1 {
		if key := n.members[0].key; key == "Ref" || strings.HasPrefix(key, "Fn::") {
			return key
		}
	}
	return ""
}

// placeholders warns about each placeholder once, at the first place it stands.
func (r *reader) placeholders(root *node) {
	if strings.Contains(r.text, "${") {
		r.seekPlaceholders(place{}, root, map[string]bool{})
	}
}

func (r *reader) seekPlaceholders(p place, n *node, seen map[string]bool) {
	if n.kind == str && !strings.HasPrefix(n.text, "{%") {
		for _, name := range placeholder.FindAllString(n.text, -1) {
			if seen[name] {
				continue
			}
			seen[name] = true
			r.report(Warning, placeholderToFillIn, p, n.span(), "The placeholder '"+name+"' has to be replaced by a value before the definition runs")
		}
	}
	for i := range n.members {
		m := &n.members[i]
		switch {
		case m.key == "Comment":
		case m.key == "States" && m.val.kind == object && n.get("StartAt") != nil:
			for j := range m.val.members {
				s := &m.val.members[j]
				r.seekPlaceholders(p.enter(s.key), s.val, seen)
			}
		default:
			r.seekPlaceholders(p.key(m.key), m.val, seen)
		}
	}
	for i, item := range n.items {
		r.seekPlaceholders(p.index(i), item, seen)
	}
}
