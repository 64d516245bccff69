package pages

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"statehouse/engine/ledger"
	"statehouse/engine/value"
	"statehouse/templates/ui"
)

// Side is one of two definitions that are compared.
type Side struct {
	Key, Name string // "draft", "published" or a number; how people call it
	Text      string
}

// CompareView says what differs between two definitions of a workflow.
type CompareView struct {
	Bar              WorkflowBar
	Action, SwapHref string
	From, To         []Option
	FromName, ToName string
	Same             bool
	Summary          string
	Reprinted        bool // both are shown in the same layout, which is not their own
	States           []StateChange
	LaterStates      []StateChange // folded, so that a large difference does not hide its lines
	Later            string        // what unfolds them
	MoreStates       string
	MoreLines        string
	Hunks            []DiffHunk
}

// StateChange is a state that is not the same on both sides.
type StateChange struct {
	Name, Class, Icon, Word string
}

// DiffHunk is a part of a text with changed lines and some around them.
type DiffHunk struct {
	Skipped string // what lies between it and the one before
	Lines   []DiffLine
}

// DiffLine is one line: Sign is "+", "-" or "", From and To are its numbers, "" where it is not there.
type DiffLine struct {
	Sign, Class, Said, From, To, Indent, Text string
}

// Sides are the choices of what to compare.
func Sides(w ledger.Workflow, versions []ledger.Machine) []Side {
	out := []Side{{Key: "draft", Name: "The draft"}}
	if w.Machine != nil {
		out = append(out, Side{Key: "published", Name: "What is published"})
	}
	for _, m := range versions {
		n := strconv.FormatInt(m.Version, 10)
		out = append(out, Side{Key: n, Name: "Version " + n})
	}
	return out
}

// A page shows so many states that differ, and so many lines.
const (
	statesAtFirst = 12
	statesAtOnce  = 60
	linesAtOnce   = 4000
)

// around is how many unchanged lines stand before and after a change.
const around = 3

// NewCompareView compares two sides of those that can be chosen.
func NewCompareView(w ledger.Workflow, sides []Side, from, to Side) CompareView {
	v := CompareView{
		Bar: NewWorkflowBar(w, VersionsTab), Action: WorkflowHref(w.Name) + "/compare",
		SwapHref: CompareHref(w.Name, to.Key, from.Key), FromName: from.Name, ToName: to.Name,
		From: sideOptions(sides, from), To: sideOptions(sides, to),
	}
	before, after := from.Text, to.Text
	if before == after {
		v.Same = true
		return v
	}
	v.listStates(stateChanges(before, after))
	var added, removed int
	v.Hunks, added, removed = hunks(before, after)
	// Where a program has laid out a text anew, most of what differs is no difference.
	if alike, plus, minus := hunks(onLines(before), onLines(after)); plus+minus < added+removed || oneLine(before) && oneLine(after) {
		v.Hunks, added, removed, v.Reprinted = alike, plus, minus, true
	}
	v.cut()
	v.Summary = fmt.Sprintf("%s added, %s removed", ui.Count(int64(added), "line"), ui.Number(removed))
	if len(v.Hunks) == 0 {
		v.Summary = "Only the layout differs"
	}
	return v
}

// listStates shows the first states that differ, folds the next ones, and counts the rest.
func (v *CompareView) listStates(all []StateChange) {
	v.States = all
	if len(all) <= statesAtFirst+1 { // one more takes no more room than the word for it
		return
	}
	v.States, v.LaterStates = all[:statesAtFirst], all[statesAtFirst:]
	v.Later = ui.Count(int64(len(v.LaterStates)), "other step") + " that differ"
	if len(all) > statesAtOnce {
		v.MoreStates = "and " + ui.Number(len(all)-statesAtOnce) + " more"
		v.LaterStates = all[statesAtFirst:statesAtOnce]
	}
}

// cut leaves what somebody may read.
func (v *CompareView) cut() {
	left, more := linesAtOnce, 0
	for i := range v.Hunks {
		h := &v.Hunks[i]
		n := min(left, len(h.Lines))
		more += len(h.Lines) - n
		h.Lines, left = h.Lines[:n], left-n
	}
	v.Hunks = slices.DeleteFunc(v.Hunks, func(h DiffHunk) bool { return len(h.Lines) == 0 })
	if more > 0 {
		v.MoreLines = ui.Count(int64(more), "more line")
	}
}

func sideOptions(sides []Side, chosen Side) []Option {
	out := make([]Option, 0, len(sides)+1)
	known := false
	for _, s := range sides {
		known = known || s.Key == chosen.Key
		out = append(out, Option{Value: s.Key, Label: s.Name, Chosen: s.Key == chosen.Key})
	}
	if !known {
		out = append(out, Option{Value: chosen.Key, Label: chosen.Name, Chosen: true})
	}
	return out
}

func oneLine(text string) bool { return !strings.Contains(strings.TrimSpace(text), "\n") }

// onLines prints JSON on lines; what is no JSON stays as it is.
func onLines(text string) string {
	v, err := value.Parse(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	indent(&b, v, "")
	return b.String()
}

// hunks are the changed parts of a text with the lines around them.
func hunks(before, after string) (out []DiffHunk, added, removed int) {
	before, after = strings.TrimSuffix(before, "\n")+"\n", strings.TrimSuffix(after, "\n")+"\n"
	diff, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), around)
	if err != nil { // the edits are those of this text
		return nil, 0, 0
	}
	last := 1
	for _, h := range diff.Hunks {
		one := DiffHunk{}
		if n := h.FromLine - last; n > 0 {
			one.Skipped = ui.Count(int64(n), "line") + " the same"
		}
		from, to := h.FromLine, h.ToLine
		for _, l := range h.Lines {
			text := strings.TrimSuffix(l.Content, "\n")
			line := DiffLine{Text: strings.TrimLeft(text, " \t")}
			line.Indent = text[:len(text)-len(line.Text)]
			switch l.Kind {
			case udiff.Delete:
				line.Sign, line.Class, line.Said, line.From = "−", "line-removed", "removed: ", strconv.Itoa(from)
				from, removed = from+1, removed+1
			case udiff.Insert:
				line.Sign, line.Class, line.Said, line.To = "+", "line-added", "added: ", strconv.Itoa(to)
				to, added = to+1, added+1
			case udiff.Equal:
				line.From, line.To = strconv.Itoa(from), strconv.Itoa(to)
				from, to = from+1, to+1
			}
			one.Lines = append(one.Lines, line)
		}
		last = from
		out = append(out, one)
	}
	return out, added, removed
}

// stateChanges lists states that were added, removed or changed, in the order of the definitions. A state that
// holds others is changed when it itself is, not when one within it is.
func stateChanges(before, after string) []StateChange {
	b, errB := value.Parse(before)
	a, errA := value.Parse(after)
	if errB != nil || errA != nil {
		return nil
	}
	was, is := statesOf(b), statesOf(a)
	earlier, later := byName(was), byName(is)
	var out []StateChange
	for _, s := range is {
		own, there := earlier[s.name]
		switch {
		case !there:
			out = append(out, StateChange{Name: s.name, Class: "succeeded", Icon: "plus", Word: "added"})
		case !value.Equal(own, s.own):
			out = append(out, StateChange{Name: s.name, Class: "caught", Icon: "pencil", Word: "changed"})
		}
	}
	for _, s := range was {
		if _, there := later[s.name]; !there {
			out = append(out, StateChange{Name: s.name, Class: "failed", Icon: "minus", Word: "removed"})
		}
	}
	return out
}

func byName(list []namedState) map[string]value.Value {
	out := make(map[string]value.Value, len(list))
	for _, s := range list {
		out[s.name] = s.own
	}
	return out
}

// namedState is a state without the states that it holds.
type namedState struct {
	name string
	own  value.Value
}

// inner are the fields of a state that hold machines.
var inner = []string{"Branches", "Iterator", "ItemProcessor"}

func statesOf(machine value.Value) []namedState {
	var out []namedState
	for _, m := range machine.Members() {
		if m.Key != "States" {
			continue
		}
		for _, s := range m.Value.Members() {
			var own []value.Member
			var held []namedState
			for _, f := range s.Value.Members() {
				if !slices.Contains(inner, f.Key) {
					own = append(own, f)
					continue
				}
				held = append(held, statesOf(f.Value)...)
				for _, branch := range f.Value.Items() {
					held = append(held, statesOf(branch)...)
				}
			}
			out = append(append(out, namedState{s.Key, value.Object(own...)}), held...)
		}
	}
	return out
}
