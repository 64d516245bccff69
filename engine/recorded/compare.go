// Package recorded compares what we did with what was recorded on AWS, for tests only. A
// recorder had replaced what differs from run to run by placeholders, dates by the word
// "date", and JSON texts by the values they hold, one level deep.
package recorded

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

var (
	isoDate = regexp.MustCompile(`(?:[1-9]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:[1-9]\d(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)-02-29)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:?([0-5]\d)?)`)
	token   = regexp.MustCompile(`<[A-Za-z][A-Za-z0-9_\- .]*(?::[0-9]+)?>`)
)

// Placeholders are words of a recording that stand for something else.
type Placeholders struct {
	AnyValue  []string `json:"any_value"` // for any value at all
	Substring []string `json:"substring"` // for the same text wherever they are
}

// Comparer remembers what each placeholder stood for: the same text everywhere.
type Comparer struct {
	Bound map[string]string
	any   map[string]bool
	words []string // placeholders without angle brackets
}

// New begins with the placeholders of a recording whose text is known.
func New(p Placeholders, bindings map[string]string) *Comparer {
	k := &Comparer{any: map[string]bool{"timestamp": true, "datetime": true}, Bound: map[string]string{"<partition>": "aws", "<region>": "us-east-1"}}
	for _, w := range p.AnyValue {
		k.any[w] = true
	}
	k.words = p.Substring
	maps.Copy(k.Bound, bindings)
	return k
}

// part is a piece of an expected string: text, or a placeholder.
type part struct {
	text        string
	placeholder bool
}

func (k *Comparer) tokens(s string) []string {
	seen := map[string]bool{}
	for _, t := range token.FindAllString(s, -1) {
		seen[t] = true
	}
	for _, w := range k.words {
		if w != "" && strings.Contains(s, w) {
			seen[w] = true
		}
	}
	list := slices.Sorted(maps.Keys(seen))
	sort.SliceStable(list, func(i, j int) bool { return len(list[i]) > len(list[j]) })
	return list
}

func (k *Comparer) split(s string) []part {
	tokens := k.tokens(s)
	var parts []part
	start := 0
next:
	for i := 0; i < len(s); {
		for _, t := range tokens {
			if strings.HasPrefix(s[i:], t) {
				if i > start {
					parts = append(parts, part{text: s[start:i]})
				}
				parts = append(parts, part{t, true})
				i += len(t)
				start = i
				continue next
			}
		}
		i++
	}
	if start < len(s) {
		parts = append(parts, part{text: s[start:]})
	}
	return parts
}

func (k *Comparer) fill(s string) string {
	var b strings.Builder
	for _, p := range k.split(s) {
		if v, ok := k.Bound[p.text]; ok && p.placeholder {
			b.WriteString(v)
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// text compares strings and binds the placeholders in the expected one.
func (k *Comparer) text(want, got string) bool {
	dated := isoDate.ReplaceAllString(got, "date")
	if want == got || want == dated {
		return true
	}
	parts := k.split(want)
	for _, s := range []string{got, dated} {
		bound := map[string]string{}
		if k.match(parts, s, bound) {
			maps.Copy(k.Bound, bound)
			return true
		}
	}
	return false
}

func (k *Comparer) match(parts []part, s string, bound map[string]string) bool {
	if len(parts) == 0 {
		return s == ""
	}
	p, rest := parts[0], parts[1:]
	literal := p.text
	if p.placeholder {
		v, ok := k.Bound[p.text]
		if !ok {
			v, ok = bound[p.text]
		}
		if !ok {
			if len(rest) == 0 && s != "" {
				bound[p.text] = s
				return true
			}
			for n := 1; n <= len(s); n++ {
				bound[p.text] = s[:n]
				if k.match(rest, s[n:], bound) {
					return true
				}
			}
			delete(bound, p.text)
			return false
		}
		literal = v
	}
	tail, ok := strings.CutPrefix(s, literal)
	return ok && k.match(rest, tail, bound)
}

// ParseJSON reads a JSON text with its numbers as written.
func ParseJSON(s string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	return v, true
}

// Equal compares values and lists the differences. wire says that a string we made may be
// a JSON text.
func (k *Comparer) Equal(want, got any, path string, wire bool) []string {
	w, wantText := want.(string)
	g, gotText := got.(string)
	differs := []string{fmt.Sprintf("%s: expected %s, got %s", path, Short(want), Short(got))}
	switch {
	case wantText && k.any[w]:
		return nil
	case wantText && gotText:
		if k.text(w, g) {
			return nil
		}
		pw, okW := ParseJSON(k.fill(w))
		pg, okG := ParseJSON(g)
		if okW && okG && !IsText(pw) && !IsText(pg) {
			return k.Equal(pw, pg, path, false)
		}
		return differs
	case gotText:
		if pg, ok := ParseJSON(g); wire && ok && !IsText(pg) {
			return k.Equal(want, pg, path, false)
		}
		return differs
	case wantText:
		if token.FindString(w) == w && w != "" {
			return nil
		}
		return differs
	}
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			return k.object(w, g, path, wire)
		}
	case []any:
		if g, ok := got.([]any); ok {
			if len(w) != len(g) {
				return []string{fmt.Sprintf("%s: %d elements, expected %d", path, len(g), len(w))}
			}
			var d []string
			for i := range w {
				d = append(d, k.Equal(w[i], g[i], fmt.Sprintf("%s[%d]", path, i), wire)...)
			}
			return d
		}
	case json.Number:
		if g, ok := got.(json.Number); ok && sameNumber(w, g) {
			return nil
		}
	default:
		if want == got {
			return nil
		}
	}
	return differs
}

// IsText tells whether a value is a string.
func IsText(v any) bool { _, ok := v.(string); return ok }

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, _ := strconv.ParseFloat(string(a), 64)
	y, _ := strconv.ParseFloat(string(b), 64)
	return x == y
}

func (k *Comparer) object(want, got map[string]any, path string, wire bool) []string {
	var d, free []string
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if w, ok := want[key]; ok {
			d = append(d, k.Equal(w, got[key], path+"."+key, wire)...)
		} else {
			free = append(free, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[key]; ok {
			continue
		}
		found := false
		for i, f := range free {
			saved := maps.Clone(k.Bound)
			if len(k.tokens(key)) > 0 && k.text(key, f) && len(k.Equal(want[key], got[f], path+"."+f, wire)) == 0 {
				free = slices.Delete(free, i, i+1)
				found = true
				break
			}
			k.Bound = saved
		}
		if !found {
			d = append(d, fmt.Sprintf("%s.%s: missing (expected %s)", path, key, Short(want[key])))
		}
	}
	for _, f := range free {
		d = append(d, fmt.Sprintf("%s.%s: unexpected %s", path, f, Short(got[f])))
	}
	return d
}

// Short is a value in one line that is not too long.
func Short(v any) string {
	b, _ := json.Marshal(v)
	if len(b) > 300 {
		b = append(b[:300], "…"...)
	}
	return string(b)
}
