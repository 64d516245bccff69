package sim_test

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

// The rules by which a recording is compared with what we did. A recorder had replaced
// what differs from run to run by placeholders, dates by the word "date", and JSON texts
// by the values they hold, one level deep.

var (
	isoDate = regexp.MustCompile(`(?:[1-9]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:[1-9]\d(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)-02-29)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:?([0-5]\d)?)`)
	token   = regexp.MustCompile(`<[A-Za-z][A-Za-z0-9_\- .]*(?::[0-9]+)?>`)
)

// comparer remembers what each placeholder stood for: the same text everywhere.
type comparer struct {
	any   map[string]bool
	words []string // placeholders without angle brackets
	bound map[string]string
}

func newComparer(c *recording) *comparer {
	k := &comparer{any: map[string]bool{"timestamp": true, "datetime": true}, bound: map[string]string{"<partition>": "aws", "<region>": "us-east-1"}}
	for _, w := range c.Placeholders.AnyValue {
		k.any[w] = true
	}
	k.words = c.Placeholders.Substring
	maps.Copy(k.bound, c.Bindings)
	return k
}

// part is a piece of an expected string: text, or a placeholder.
type part struct {
	text        string
	placeholder bool
}

func (k *comparer) tokens(s string) []string {
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

func (k *comparer) split(s string) []part {
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

func (k *comparer) fill(s string) string {
	var b strings.Builder
	for _, p := range k.split(s) {
		if v, ok := k.bound[p.text]; ok && p.placeholder {
			b.WriteString(v)
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// text compares strings and binds the placeholders in the expected one.
func (k *comparer) text(want, got string) bool {
	dated := isoDate.ReplaceAllString(got, "date")
	if want == got || want == dated {
		return true
	}
	parts := k.split(want)
	for _, s := range []string{got, dated} {
		bound := map[string]string{}
		if k.match(parts, s, bound) {
			maps.Copy(k.bound, bound)
			return true
		}
	}
	return false
}

func (k *comparer) match(parts []part, s string, bound map[string]string) bool {
	if len(parts) == 0 {
		return s == ""
	}
	p, rest := parts[0], parts[1:]
	literal := p.text
	if p.placeholder {
		v, ok := k.bound[p.text]
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

func parseJSON(s string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	return v, true
}

// equal compares values and lists the differences. wire says that a string we made may be
// a JSON text.
func (k *comparer) equal(want, got any, path string, wire bool) []string {
	w, wantText := want.(string)
	g, gotText := got.(string)
	differs := []string{fmt.Sprintf("%s: expected %s, got %s", path, short(want), short(got))}
	switch {
	case wantText && k.any[w]:
		return nil
	case wantText && gotText:
		if k.text(w, g) {
			return nil
		}
		pw, okW := parseJSON(k.fill(w))
		pg, okG := parseJSON(g)
		if okW && okG && !isText(pw) && !isText(pg) {
			return k.equal(pw, pg, path, false)
		}
		return differs
	case gotText:
		if pg, ok := parseJSON(g); wire && ok && !isText(pg) {
			return k.equal(want, pg, path, false)
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
				d = append(d, k.equal(w[i], g[i], fmt.Sprintf("%s[%d]", path, i), wire)...)
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

func isText(v any) bool { _, ok := v.(string); return ok }

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, _ := strconv.ParseFloat(string(a), 64)
	y, _ := strconv.ParseFloat(string(b), 64)
	return x == y
}

func (k *comparer) object(want, got map[string]any, path string, wire bool) []string {
	var d, free []string
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if w, ok := want[key]; ok {
			d = append(d, k.equal(w, got[key], path+"."+key, wire)...)
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
			saved := maps.Clone(k.bound)
			if len(k.tokens(key)) > 0 && k.text(key, f) && len(k.equal(want[key], got[f], path+"."+f, wire)) == 0 {
				free = slices.Delete(free, i, i+1)
				found = true
				break
			}
			k.bound = saved
		}
		if !found {
			d = append(d, fmt.Sprintf("%s.%s: missing (expected %s)", path, key, short(want[key])))
		}
	}
	for _, f := range free {
		d = append(d, fmt.Sprintf("%s.%s: unexpected %s", path, f, short(got[f])))
	}
	return d
}

func short(v any) string {
	b, _ := json.Marshal(v)
	if len(b) > 300 {
		b = append(b[:300], "…"...)
	}
	return string(b)
}

// events compares histories.
func (c *recording) events(got []any) []string {
	want := c.Expected.Events
	if c.ParallelNormalised {
		got = normalise(got)
	}
	if c.Incomplete && len(got) > len(want) {
		got = got[:len(want)]
	}
	if len(want) != len(got) {
		return []string{fmt.Sprintf("%d events, expected %d\n   got %v\n  want %v", len(got), len(want), types(got), types(want))}
	}
	if c.ParallelNormalised {
		return c.multiset(want, got, false)
	}
	k := newComparer(c)
	var d []string
	for i := range want {
		d = append(d, k.equal(want[i], got[i], fmt.Sprintf("events[%d:%s]", i, eventType(want[i])), true)...)
	}
	if len(d) > 0 && c.Concurrent {
		return c.multiset(want, got, true)
	}
	return d
}

func eventType(e any) string { t, _ := e.(map[string]any)["type"].(string); return t }

func types(events []any) []string {
	var list []string
	for _, e := range events {
		list = append(list, eventType(e))
	}
	return list
}

// multiset compares without order: each expected event has one of equal content, with a
// predecessor of the same type when edges count.
func (c *recording) multiset(want, got []any, edges bool) []string {
	k := newComparer(c)
	before := func(list []any) func(any) string {
		byID := map[string]string{}
		for _, e := range list {
			byID[fmt.Sprint(e.(map[string]any)["id"])] = eventType(e)
		}
		return func(e any) string {
			if !edges {
				return ""
			}
			return byID[fmt.Sprint(e.(map[string]any)["previousEventId"])]
		}
	}
	beforeWant, beforeGot := before(want), before(got)
	bare := func(e any) map[string]any {
		m := maps.Clone(e.(map[string]any))
		delete(m, "id")
		delete(m, "previousEventId")
		return m
	}
	left := slices.Clone(got)
	var d []string
	for _, w := range want {
		hit := -1
		for i, g := range left {
			if eventType(w) != eventType(g) || beforeWant(w) != beforeGot(g) {
				continue
			}
			saved := maps.Clone(k.bound)
			if len(k.equal(bare(w), bare(g), "$", true)) == 0 {
				hit = i
				break
			}
			k.bound = saved
		}
		if hit < 0 {
			d = append(d, "no event matches "+short(w))
		} else {
			left = slices.Delete(left, hit, hit+1)
		}
	}
	return d
}

// normalise puts a history through what some recordings went through: the events of a
// Parallel lose their ids, and ParallelStateSucceeded is dropped.
func normalise(events []any) []any {
	var list []map[string]any
	for _, e := range events {
		list = append(list, maps.Clone(e.(map[string]any)))
	}
	start := -1
	var sub []map[string]any
	inside := false
	for i := 0; i < len(list); i++ { // the list shrinks on the way: on purpose
		e := list[i]
		switch t := eventType(e); t {
		case "ParallelStateSucceeded", "ParallelStateAborted", "ParallelStateExited", "ParallelStateFailed":
			if start >= 0 {
				sorted := slices.Clone(sub)
				slices.SortFunc(sorted, func(a, b map[string]any) int { return strings.Compare(short(a), short(b)) })
				list = slices.Concat(list[:start], sorted, list[i:])
			}
			inside = false
		case "ParallelStateStarted":
			inside, sub, start = true, nil, i+1
		default:
			if inside {
				e["id"], e["previousEventId"] = "[0]", json.Number("0")
				sub = append(sub, e)
			}
		}
	}
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = e
	}
	return out
}
