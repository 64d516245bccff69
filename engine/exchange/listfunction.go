package exchange

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// try is try(…), the first argument that asks for nothing that is missing, and can(…).
func (m *module) try(at Place, e *hclsyntax.FunctionCallExpr, s *scope) *node {
	before := m.failed
	defer func() { m.failed = before }()
	for _, a := range e.Args {
		notes := m.r.out.Notes
		m.failed = false
		v := m.eval(a, s)
		if e.Name == "can" {
			return &node{kind: boolean, literal: strconv.FormatBool(!m.failed), at: at}
		}
		if !m.failed {
			return v
		}
		m.r.out.Notes = notes
	}
	return m.open(at, "try_"+strconv.Itoa(at.Line))
}

// callList knows the functions that make or search lists and objects.
func (m *module) callList(at Place, name string, args []*node) *node {
	if len(args) == 0 || slices.ContainsFunc(args, func(a *node) bool { return a.thing != nil }) {
		return nil
	}
	a := args[0]
	list := func(items []*node) *node {
		m.r.spend(at, len(items))
		return &node{kind: array, at: at, items: items}
	}
	switch name {
	case "toset", "distinct", "compact", "sort", "setunion", "reverse", "flatten":
		var all []*node
		for _, one := range args {
			if !one.is(array) {
				return nil
			}
			all = append(all, one.items...)
		}
		if name == "flatten" {
			return list(m.flat(at, all, nil))
		}
		return list(arranged(name, all))
	case "contains":
		if len(args) == 2 && a.is(array) {
			what, ok := args[1].given()
			for _, item := range a.items {
				one, known := item.given()
				if known && ok && one == what {
					return &node{kind: boolean, literal: "true", at: at}
				}
				ok = ok && known
			}
			if ok {
				return &node{kind: boolean, literal: "false", at: at}
			}
		}
	case "one":
		switch {
		case a.is(array) && len(a.items) == 1:
			return a.items[0]
		case a.is(array) && len(a.items) == 0:
			return &node{kind: null, at: at}
		}
	case "zipmap":
		if len(args) == 2 && a.is(array) && args[1].is(array) && len(a.items) == len(args[1].items) {
			out := &node{kind: object, at: at}
			for i, key := range a.items {
				out.members = append(out.members, member{key.guess(), args[1].items[i], at})
			}
			return out
		}
	case "slice":
		if from, to, ok := twoInts(args[1:]); ok && a.is(array) && 0 <= from && from <= to && to <= len(a.items) {
			return list(a.items[from:to])
		}
	case "range":
		return m.numbers(at, args)
	case "coalescelist":
		for _, one := range args {
			if one.is(array) && len(one.items) > 0 {
				return one
			}
		}
	case "setproduct":
		return m.products(at, args)
	case "fileset":
		return m.fileset(at, args)
	}
	return nil
}

// arranged are items as a function of lists arranges them: sets and sorted lists by their texts.
func arranged(name string, all []*node) []*node {
	var out []*node
	seen := map[string]bool{}
	for _, item := range all {
		text, ok := item.given()
		switch {
		case name == "compact" && (item.is(null) || ok && text == ""):
		case name == "sort" || name == "reverse" || name == "compact":
			out = append(out, item)
		default:
			if key := printed(item); !seen[key] {
				seen[key] = true
				out = append(out, item)
			}
		}
	}
	switch name {
	case "reverse":
		slices.Reverse(out)
	case "toset", "setunion", "sort":
		slices.SortStableFunc(out, func(x, y *node) int { return strings.Compare(x.guess(), y.guess()) })
	}
	return out
}

// flat are the items of lists in lists.
func (m *module) flat(at Place, items, out []*node) []*node {
	m.r.spend(at, len(items))
	for _, item := range items {
		if item.is(array) {
			out = m.flat(at, item.items, out)
			continue
		}
		out = append(out, item)
	}
	return out
}

func twoInts(args []*node) (a, b int, ok bool) {
	if len(args) != 2 {
		return 0, 0, false
	}
	first, _ := args[0].given()
	second, _ := args[1].given()
	a, err := strconv.Atoi(first)
	b, err2 := strconv.Atoi(second)
	return a, b, err == nil && err2 == nil
}

// numbers is range(…) with whole numbers.
func (m *module) numbers(at Place, args []*node) *node {
	bounds := []int{0, 0, 1}
	for i, a := range args {
		text, _ := a.given()
		n, err := strconv.Atoi(text)
		if err != nil || i > 2 {
			return nil
		}
		bounds[i] = n
	}
	if len(args) == 1 {
		bounds[0], bounds[1] = 0, bounds[0]
	}
	from, to, by := bounds[0], bounds[1], bounds[2]
	if by == 0 || (to-from)/by > maxNodes {
		return nil
	}
	out := &node{kind: array, at: at}
	for i := from; by > 0 && i < to || by < 0 && i > to; i += by {
		m.r.spend(at, perValue)
		out.items = append(out.items, &node{kind: number, literal: strconv.Itoa(i), at: at})
	}
	return out
}

// products is every choice of one item of each list.
func (m *module) products(at Place, lists []*node) *node {
	rows := []*node{{kind: array, at: at}}
	for _, l := range lists {
		if !l.is(array) {
			return nil
		}
		var longer []*node
		for _, row := range rows {
			for _, item := range l.items {
				m.r.spend(at, perValue+len(row.items))
				longer = append(longer, &node{kind: array, at: at, items: append(slices.Clip(row.items), item)})
			}
		}
		rows = longer
	}
	return &node{kind: array, at: at, items: rows}
}

// fileset are the names of the given files that a pattern fits, seen from a folder.
func (m *module) fileset(at Place, args []*node) *node {
	if len(args) != 2 {
		return nil
	}
	below, ok := args[0].given()
	pattern, okPattern := args[1].given()
	folder, inside := clean(path.Join(m.root.path, below, "x"))
	form, err := patternForm(pattern)
	if !ok || !okPattern || !inside || err != nil {
		return nil
	}
	folder = path.Dir(folder)
	out := &node{kind: array, at: at}
	for _, name := range slices.Sorted(slices.Values(m.r.order)) {
		m.r.spend(at, perValue+len(name))
		rest, ok := strings.CutPrefix(path.Join("/", name), strings.TrimSuffix(path.Join("/", folder), "/")+"/")
		if ok && form.MatchString(rest) {
			m.r.taken[name] = true
			out.items = append(out.items, textNode(at, rest))
		}
	}
	if len(out.items) == 0 {
		m.r.wanted[path.Join(folder, pattern)] = true
		m.r.note(at, "none of the given files fits the pattern %s: give those that are meant", path.Join(below, pattern))
	}
	return out
}

// Fits tells whether a name fits a pattern as Terraform's fileset has them: * and ? stay inside
// of one name, ** goes over folders, and there are [a-z] and {one,other}.
func Fits(pattern, name string) bool {
	form, err := patternForm(pattern)
	return err == nil && form.MatchString(name)
}

func patternForm(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString("^")
	braces := 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case strings.HasPrefix(pattern[i:], "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(pattern[i:], "**"):
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '{':
			braces++
			b.WriteString("(?:")
		case c == '}' && braces > 0:
			braces--
			b.WriteString(")")
		case c == ',' && braces > 0:
			b.WriteString("|")
		case c == '[' || c == ']':
			b.WriteByte(c)
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	return regexp.Compile(b.String() + "$")
}
