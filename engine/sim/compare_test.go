package sim_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"statehouse/engine/recorded"
)

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
	k := recorded.New(c.Placeholders, c.Bindings)
	var d []string
	for i := range want {
		d = append(d, k.Equal(want[i], got[i], fmt.Sprintf("events[%d:%s]", i, eventType(want[i])), true)...)
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
	k := recorded.New(c.Placeholders, c.Bindings)
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
			saved := maps.Clone(k.Bound)
			if len(k.Equal(bare(w), bare(g), "$", true)) == 0 {
				hit = i
				break
			}
			k.Bound = saved
		}
		if hit < 0 {
			d = append(d, "no event matches "+recorded.Short(w))
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
				slices.SortFunc(sorted, func(a, b map[string]any) int { return strings.Compare(recorded.Short(a), recorded.Short(b)) })
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
