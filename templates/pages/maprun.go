package pages

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
	"statehouse/templates/ui"
)

// MapRunView is the run of a Distributed Map: how far it is, its limits, and its children.
type MapRunView struct {
	State                 string // name of the Map
	Execution, ParentHref string
	Status                ui.Badge
	Running               bool
	Error, Cause          string
	Progress              string // in words
	Bars                  []BarView
	Counts                []CountView
	Facts                 []Fact
	ARN                   string
	Limits                MapRunLimits
	Chips                 []ui.Chip
	Rows                  []ExecutionRow
	Nothing               string // why there are no rows
	Pages                 ui.Pages
	Live                  string // address that tells of changes, "" when nothing changes any more
}

// BarView is a stretch of the bar of progress.
type BarView struct{ Class, Left, Width string }

// CountView is one line of the counts.
type CountView struct {
	Badge           ui.Badge
	Items, Children string
}

// MapRunLimits are the fields that change a run while it goes on.
type MapRunLimits struct {
	Action                         string
	Concurrency, Count, Percentage string
	Problem, Field                 string // what is wrong with a field, and which
	Saved                          bool
}

// MapRunHref is the address of a map run's page.
func MapRunHref(mapRunARN string) string {
	a, err := arn.Parse(mapRunARN)
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(a.Resource, ":") // MACHINE/LABEL:UUID
	machine, rest, _ := strings.Cut(rest, "/")
	label, id, _ := strings.Cut(rest, ":")
	return "/map-runs/" + part(machine) + "/" + part(label) + "/" + part(id)
}

// NewMapRunView prepares a map run for its page; children are those of the chosen status.
func NewMapRunView(now time.Time, r ledger.MapRun, parent ledger.Execution, chosen interp.Status, token string, children []ledger.Execution, next string) MapRunView {
	path := MapRunHref(r.ARN)
	v := MapRunView{
		State: r.State, Execution: parent.Name, ParentHref: ExecutionHref(parent.ARN),
		Status: mapRunStatus(r.Status), Running: r.Status == ledger.MapRunRunning, Error: r.Error, Cause: r.Cause,
		Progress: progressOf(r), ARN: r.ARN,
		Limits: limitsOf(path, r.MapRunLimits),
		Pages:  pagesOf(path, token, next, "status", StatusParam(chosen)),
	}
	if v.Running {
		v.Live = "/live" + path
	}
	v.counts(r)
	v.facts(now, r)
	v.Chips = []ui.Chip{{Label: "All", Href: path, Current: chosen == ""}}
	for _, s := range statuses {
		v.Chips = append(v.Chips, ui.Chip{Label: s.badge.Label, Href: href(path, "status", s.badge.Class), Current: s.status == chosen})
	}
	for _, e := range children {
		v.Rows = append(v.Rows, rowOf(now, e))
	}
	switch {
	case len(v.Rows) > 0:
	case chosen != "":
		v.Nothing = "No child execution is in this state now."
	case v.Running:
		v.Nothing = "The first items are being read."
	default:
		v.Nothing = "The source had no items."
	}
	return v
}

func mapRunStatus(s ledger.MapRunStatus) ui.Badge {
	for _, known := range statuses {
		if string(known.status) == string(s) {
			return known.badge
		}
	}
	return ui.Badge{Class: "idle", Label: string(s)}
}

// progressOf says how many items are done, and of how many when that is known.
func progressOf(r ledger.MapRun) string {
	t := r.ItemCounts()
	done := t.Total - t.Pending - t.Running - t.PendingRedrive
	if r.Exhausted || r.Status != ledger.MapRunRunning || r.Spec.Reader == nil {
		return fmt.Sprintf("%s of %s done", ui.Number(done), itemsOf(t.Total))
	}
	return fmt.Sprintf("%s done, %s read so far", itemsOf(done), ui.Number(t.Total))
}

func itemsOf(n int64) string {
	if n == 1 {
		return "1 item"
	}
	return ui.Number(n) + " items"
}

// counts fills the bar and the table beside it: both know the same states in the same order.
func (v *MapRunView) counts(r ledger.MapRun) {
	items, children := r.ItemCounts(), r.ChildCounts()
	at := int64(0)
	for _, part := range []struct {
		badge           ui.Badge
		items, children int64
		usual           bool // shown even when there is none
	}{
		{mapRunStatus("SUCCEEDED"), items.Succeeded, children.Succeeded, true},
		{mapRunStatus("RUNNING"), items.Running, children.Running, true},
		{mapRunStatus("FAILED"), items.Failed, children.Failed, true},
		{mapRunStatus("TIMED_OUT"), items.TimedOut, children.TimedOut, false},
		{mapRunStatus("ABORTED"), items.Aborted, children.Aborted, false},
		{pendingRedrive, items.PendingRedrive, children.PendingRedrive, false},
		{ui.Badge{Class: "idle", Icon: "clock", Label: "Pending"}, items.Pending, children.Pending, false},
	} {
		if part.items > 0 {
			v.Bars = append(v.Bars, BarView{
				Class: "tone-" + part.badge.Class, Left: share(at, items.Total), Width: share(part.items, items.Total),
			})
		}
		at += part.items
		if part.usual || part.items > 0 {
			v.Counts = append(v.Counts, CountView{part.badge, ui.Number(part.items), ui.Number(part.children)})
		}
	}
}

func share(n, of int64) string { return fmt.Sprintf("%.3f%%", 100*float64(n)/float64(max(of, 1))) }

func (v *MapRunView) facts(now time.Time, r ledger.MapRun) {
	end := r.Stopped
	if end.IsZero() {
		end = now
	}
	v.Facts = []Fact{
		{Label: "Started", Time: ui.At(now, r.Started)},
		{Label: "Took", Value: ui.Took(end.Sub(r.Started))},
		{Label: "Children run as", Value: typeWord(r.Spec.ExecutionType)},
		{Label: "Items from", Value: sourceOf(r.Spec), Mono: r.Spec.Reader != nil},
	}
	if w := r.Spec.Writer; w != nil {
		v.Facts = append(v.Facts, Fact{Label: "Results to", Value: placeOf(w.Arguments), Mono: true})
	}
	if r.RedriveCount > 0 {
		v.Facts = append(v.Facts, Fact{Label: "Redriven", Value: ui.Count(int64(r.RedriveCount), "time")})
	}
}

func typeWord(executionType string) string {
	if executionType == "EXPRESS" {
		return "Express executions"
	}
	return "Standard executions"
}

func sourceOf(s interp.MapSpec) string {
	if s.Reader == nil {
		return "the state's input"
	}
	return placeOf(s.Reader.Arguments)
}

// placeOf is the bucket and key (or prefix) that a reader or a writer names.
func placeOf(arguments value.Value) string {
	key := arguments.Get("Key")
	if key.IsAbsent() {
		key = arguments.Get("Prefix")
	}
	return "s3://" + arguments.Get("Bucket").Text() + "/" + key.Text()
}

func limitsOf(path string, l ledger.MapRunLimits) MapRunLimits {
	v := MapRunLimits{Action: path, Concurrency: strconv.FormatInt(l.MaxConcurrency, 10)}
	if l.ToleratedCount != nil {
		v.Count = strconv.FormatInt(*l.ToleratedCount, 10)
	}
	if l.ToleratedPercentage != nil {
		v.Percentage = strconv.FormatFloat(*l.ToleratedPercentage, 'f', -1, 64)
	}
	return v
}

// MapRunLink leads from an execution to one of its map runs.
type MapRunLink struct {
	Href, State, Progress string
	Status                ui.Badge
}

// MapRunLinks are the map runs of an execution, newest first. How many items there are is not known to lists:
// it is in the input.
func MapRunLinks(list []ledger.MapRun) []MapRunLink {
	links := make([]MapRunLink, 0, len(list))
	for _, r := range list {
		ended := r.Items.Total() - r.Items.Running - r.Items.PendingRedrive
		links = append(links, MapRunLink{MapRunHref(r.ARN), r.State, itemsOf(ended) + " done", mapRunStatus(r.Status)})
	}
	return links
}
