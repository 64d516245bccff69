// Package pages has one template and one view model per screen. The view models decide formatting, links and
// what may be done; the templates only place them.
package pages

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/arn"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// Option is one choice of a select.
type Option struct {
	Value, Label string
	Chosen       bool
}

// statuses are the words of an execution's state, in the order of the filter.
var statuses = []struct {
	status interp.Status
	badge  ui.Badge
}{
	{interp.Running, ui.Badge{Class: "running", Icon: "refresh-cw", Label: "Running"}},
	{interp.Succeeded, ui.Badge{Class: "succeeded", Icon: "check", Label: "Succeeded"}},
	{interp.Failed, ui.Badge{Class: "failed", Icon: "x", Label: "Failed"}},
	{interp.TimedOut, ui.Badge{Class: "timed-out", Icon: "timer", Label: "Timed out"}},
	{interp.Aborted, ui.Badge{Class: "aborted", Icon: "ban", Label: "Stopped"}},
}

// pendingRedrive is a child of a map run that goes on as soon as the run has room for it.
var pendingRedrive = ui.Badge{Class: "retrying", Icon: "rotate-cw", Label: "Waits for redrive"}

// StatusOf is the badge of an execution: one that runs and waits for a person says so.
func StatusOf(e ledger.Execution) ui.Badge {
	if e.Status == interp.Running && e.Waiting > 0 {
		return ui.Badge{Class: "waiting", Icon: "user", Label: "Waiting for a person"}
	}
	for _, s := range statuses {
		if s.status == e.Status {
			return s.badge
		}
	}
	if e.Status == ledger.PendingRedrive {
		return pendingRedrive
	}
	return ui.Badge{Class: "idle", Label: string(e.Status)}
}

// part is a name as one part of an address. "." and ".." would lead elsewhere, and where
// pages have fixed addresses their words are taken: such a name has a "~" in front, which
// stands in no name (AWS allows it in none) and which the handlers take off again.
func part(name string, taken ...string) string {
	if name == "." || name == ".." || slices.Contains(taken, name) {
		return "~" + name
	}
	return url.PathEscape(name)
}

// WorkflowHref is the designer's address; those of a workflow's other pages begin with it.
func WorkflowHref(name string) string { return "/workflows/" + part(name, "new", "import") }

// ExecutionHref is the address of an execution's page: /executions/MACHINE/NAME, and for EXPRESS ones, whose
// names may come again, /executions/MACHINE/NAME:ID.
func ExecutionHref(executionARN string) string {
	a, _ := arn.Parse(executionARN)
	_, rest, _ := strings.Cut(a.Resource, ":")
	machine, name, _ := strings.Cut(rest, ":")
	return "/executions/" + part(machine) + "/" + part(name)
}

// TaskHref is the address of a human task.
func TaskHref(id string) string { return "/inbox/" + url.PathEscape(id) }

// href is a path with those of the parameters that say something.
func href(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func itoa(n int) string { return strconv.Itoa(n) }

func pressed(on bool) string { return strconv.FormatBool(on) }
