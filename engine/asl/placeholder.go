package asl

import (
	"regexp"
	"strings"
)

// placeholder is what deployment tools put in for a value that they fill in later: ${LambdaArn}.
var placeholder = regexp.MustCompile(`\$\{[A-Za-z][A-Za-z0-9_.:-]*\}`)

// isPlaceholder tells whether a text holds a placeholder, so that its final form is not known.
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
