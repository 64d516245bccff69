package jsonpath

import (
	"strconv"
	"strings"
)

type tokenKind uint8

const (
	property tokenKind = iota // .name, ['name'], ['a','b']
	index                     // [0], [-1], [0,2]
	slice                     // [1:3], [1:], [:3]
	wildcard                  // .*, [*]
	scan                      // ..
	filtered                  // [?(…)]
	function                  // .length()
)

// token is one step of a path.
type token struct {
	kind     tokenKind
	names    []string
	indexes  []int
	from, to *int
	filter   *filter
	call     *call
}

// definite reports whether the token leads from one place to at most one.
func (t *token) definite(last bool) bool {
	switch t.kind {
	case property:
		return len(t.names) == 1 || last
	case index:
		return len(t.indexes) == 1
	case function:
		return true
	case slice, wildcard, scan, filtered:
		return false
	}
	panic("unreachable: token")
}

func definite(tokens []token) bool {
	for i := range tokens {
		if !tokens[i].definite(i == len(tokens)-1) {
			return false
		}
	}
	return true
}

// canonical writes tokens the way Jayway's messages do: $['a'][0].
func canonical(root string, tokens []token) string {
	var b strings.Builder
	b.WriteString(root)
	for i := range tokens {
		b.WriteString(tokens[i].String())
	}
	return b.String()
}

func (t *token) String() string {
	switch t.kind {
	case property:
		return "['" + strings.Join(t.names, "','") + "']"
	case index:
		parts := make([]string, len(t.indexes))
		for i, n := range t.indexes {
			parts[i] = strconv.Itoa(n)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case slice:
		return "[" + bound(t.from) + ":" + bound(t.to) + "]"
	case wildcard:
		return "[*]"
	case scan:
		return ".."
	case filtered:
		return "[?]"
	case function:
		return "." + t.call.name + "()"
	}
	panic("unreachable: token")
}

func bound(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
