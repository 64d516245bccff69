package pages

import (
	"strconv"
	"time"

	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// VersionView is one version: its picture, its text and its facts.
type VersionView struct {
	Bar               WorkflowBar
	Number, Title     string
	Description       string
	Picture           string
	Text              string
	Facts             []Fact
	ARN               string
	Aliases           []AliasTag
	Runs, RunsHref    string
	CompareHref       string
	Restore, Delete   ui.Question
	Kept              string
	Current           bool
	Before, BeforeRef string // the version before, "" when there is none
}

// NewVersionView prepares a version. aliases are those that lead to it; runs are counted up to MostCounted.
func NewVersionView(now time.Time, w ledger.Workflow, m ledger.Machine, aliases []ledger.Alias, runs int, picture string) VersionView {
	n := strconv.FormatInt(m.Version, 10)
	v := VersionView{
		Bar: NewWorkflowBar(w, VersionsTab), Number: n, Title: "Version " + n, Description: m.Description,
		Picture: picture, Text: m.Definition, ARN: m.VersionARN(),
		Runs: runsWord(runs), RunsHref: href(WorkflowHref(w.Name)+"/executions", "of", "version-"+n),
		CompareHref: CompareHref(w.Name, n, "draft"),
		Restore:     restoreQuestion(w, m.Version), Delete: deleteVersionQuestion(w.Name, m.Version),
		Current: w.Machine != nil && w.Machine.RevisionID == m.RevisionID,
	}
	v.Bar.RunLabel = "Run version " + n
	v.Bar.RunHref = href(v.Bar.RunHref, "of", "version-"+n)
	for _, a := range aliases {
		for _, r := range a.Routes {
			if r.Version == m.Version {
				v.Aliases = append(v.Aliases, AliasTag{Name: a.Name, Share: share100(r.Weight), Href: AliasHref(w.Name, a.Name)})
			}
		}
	}
	v.Kept = keptBy(v.Aliases)
	v.Facts = []Fact{
		{Label: "Published", Time: ui.At(now, m.Created)},
		{Label: "Revision", Value: revisionWord(m.RevisionID), Mono: true},
		{Label: "Role", Value: m.RoleARN, Mono: true},
		{Label: "Logging", Value: ReadLogging(m.Logging).Word()},
		{Label: "Tracing", Value: onOff(ReadTracing(m.Tracing))},
	}
	if m.Version > 1 {
		before := strconv.FormatInt(m.Version-1, 10)
		v.Before, v.BeforeRef = "version "+before, CompareHref(w.Name, before, n)
	}
	return v
}

func onOff(on bool) string {
	if on {
		return "On"
	}
	return "Off"
}
