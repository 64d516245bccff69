package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// maxFaults is how many differences of an output are told.
const maxFaults = 10

// differences says how a run differs from what is expected.
func (e Expect) differences(r Result) []string {
	var d []string
	if r.Run.Status != e.Status {
		d = append(d, fmt.Sprintf("status: %s%s, expected %s", r.Run.Status, why(r), e.Status))
	}
	if e.Path != nil {
		d = append(d, comparePaths(r.Path, e.Path)...)
	}
	if !e.Output.IsAbsent() && r.Run.Status == interp.Succeeded {
		var out differ
		out.compare("output", r.Run.Output, e.Output)
		d = append(d, out.found...)
	}
	d = append(d, compareTexts("error", r.Run.Error, e.Error)...)
	return append(d, compareTexts("cause", r.Run.Cause, e.Cause)...)
}

// why tells what a status leaves open.
func why(r Result) string {
	switch {
	case r.Run.Error != nil && r.Run.Cause != nil:
		return fmt.Sprintf(" (%s: %s)", *r.Run.Error, clip(*r.Run.Cause))
	case r.Run.Error != nil:
		return fmt.Sprintf(" (%s)", *r.Run.Error)
	case r.Run.Status == interp.Running && len(r.Run.Open) > 0:
		var states []string
		for _, run := range r.Run.Open {
			states = append(states, "'"+run.State+"'")
		}
		return " (it waits for " + strings.Join(states, ", ") + " for ever)"
	}
	return ""
}

// comparePaths shows two paths side by side from where they part.
func comparePaths(got, want []string) []string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	if at == len(got) && at == len(want) {
		return nil
	}
	from := max(0, at-2)
	return []string{fmt.Sprintf("path: differs at step %d\n  got      %s\n  expected %s", at+1, steps(got, from), steps(want, from))}
}

// steps is a part of a path, from a step on.
func steps(path []string, from int) string {
	const most = 8
	part := path[min(from, len(path)):]
	var b strings.Builder
	if from > 0 {
		b.WriteString("… → ")
	}
	if len(part) > most {
		b.WriteString(strings.Join(part[:most], " → ") + " → … (" + strconv.Itoa(len(path)) + " steps)")
	} else {
		b.WriteString(strings.Join(append(part[:len(part):len(part)], "(end)"), " → "))
	}
	return b.String()
}

func compareTexts(name string, got, want *string) []string {
	switch {
	case want == nil || got != nil && *got == *want:
		return nil
	case got == nil:
		return []string{fmt.Sprintf("%s: none, expected %q", name, *want)}
	}
	return []string{fmt.Sprintf("%s: differs\n  got      %q\n  expected %q", name, *got, *want)}
}

// differ collects how two values differ, by path.
type differ struct{ found []string }

func (d *differ) add(format string, args ...any) {
	switch {
	case len(d.found) < maxFaults:
		d.found = append(d.found, fmt.Sprintf(format, args...))
	case len(d.found) == maxFaults:
		d.found = append(d.found, "… and more")
	}
}

func (d *differ) compare(at string, got, want value.Value) {
	if value.Equal(got, want) {
		return
	}
	switch {
	case got.Kind() == value.KindObject && want.Kind() == value.KindObject:
		for _, m := range want.Members() {
			if v := got.Get(m.Key); v.IsAbsent() {
				d.add("%s: missing, expected %s", child(at, m.Key), clip(m.Value.JSON()))
			} else {
				d.compare(child(at, m.Key), v, m.Value)
			}
		}
		for _, m := range got.Members() {
			if want.Get(m.Key).IsAbsent() {
				d.add("%s: unexpected %s", child(at, m.Key), clip(m.Value.JSON()))
			}
		}
	case got.Kind() == value.KindArray && want.Kind() == value.KindArray:
		if got.Len() != want.Len() {
			d.add("%s: %d items, expected %d", at, got.Len(), want.Len())
		}
		for i := range min(got.Len(), want.Len()) {
			d.compare(fmt.Sprintf("%s[%d]", at, i), got.At(i), want.At(i))
		}
	default:
		d.add("%s: %s, expected %s", at, clip(got.JSON()), clip(want.JSON()))
	}
}

func child(at, key string) string {
	if strings.ContainsAny(key, ".[] '\"") || key == "" {
		return fmt.Sprintf("%s[%q]", at, key)
	}
	return at + "." + key
}

// clip keeps a line readable.
func clip(text string) string {
	const most = 160
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
