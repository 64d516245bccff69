package pages

import (
	"fmt"
	"time"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// RedriveView is what the page of a run offers and tells of redrives.
type RedriveView struct {
	Action string // address that redrives it, "" when that is not possible
	Again  []string
	More   string // says how many others run again
	WhyNot string // of a run that did not succeed and cannot be redriven
	Count  string // how often it was redriven, "" for never
	Last   ui.Time
}

// mostAgain is how many steps the question names.
const mostAgain = 6

// NewRedriveView prepares a plan for the page.
func NewRedriveView(now time.Time, e ledger.Execution, plan engine.RedrivePlan) RedriveView {
	var v RedriveView
	if e.Redrives > 0 {
		v.Count, v.Last = ui.Count(int64(e.Redrives), "time"), ui.At(now, e.Redriven)
	}
	switch {
	case plan.Status == ledger.Redrivable:
		v.Action = ExecutionHref(e.ARN) + "/redrive"
		v.Again, v.More = againWords(plan.Again)
	case e.Status != interp.Running && e.Status != interp.Succeeded:
		v.WhyNot = "This run cannot be redriven: " + whyNot(plan)
	}
	return v
}

// againWords are the first of the steps, each once and with the number of its runs.
func againWords(names []string) (lines []string, more string) {
	times := map[string]int64{}
	var order []string
	for _, n := range names {
		if times[n]++; times[n] == 1 {
			order = append(order, n)
		}
	}
	for i, n := range order {
		if i == mostAgain {
			return lines, "and " + ui.Count(int64(len(order)-i), "other step")
		}
		if times[n] > 1 {
			n = fmt.Sprintf("%s (%s)", n, ui.Count(times[n], "time"))
		}
		lines = append(lines, n)
	}
	return lines, ""
}

// whyNot is AWS's reason in words for people.
func whyNot(p engine.RedrivePlan) string {
	if p.Status == ledger.RedrivableByMapRun {
		return "it belongs to a map run, and goes on with the run that started that."
	}
	switch p.Why {
	case ledger.UnredrivableDeleting:
		return "its workflow was deleted."
	case ledger.UnredrivableFull:
		return "its history is full."
	case ledger.UnredrivableOld:
		return "it began more than a year ago."
	case ledger.UnredrivableLate:
		return fmt.Sprintf("it ended more than %d days ago.", ledger.RedrivePeriod/(24*time.Hour))
	case ledger.UnredrivableEarlier:
		return "it ended under a version of Statehouse that kept nothing for it."
	}
	return p.Why + "."
}
