package pages

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// VersionsView is what was published of a workflow, and the names that lead to it.
type VersionsView struct {
	Bar       WorkflowBar
	Published bool // it has a machine
	Now       []string
	Compare   string // address of what the draft changes, "" when nothing
	Rows      []VersionRow
	Aliases   []AliasCard
	NewAlias  string // address, "" while there is no version
	Publish   PublishForm
	Done      string
	Problem   string
	Pages     ui.Pages
}

// VersionRow is one version.
type VersionRow struct {
	Number, Href, Description string
	When                      ui.Time
	Revision                  string
	Current                   bool       // its revision is what executions start with
	Aliases                   []AliasTag // that lead to it
	Runs, RunsNoun, RunsHref  string
	MenuID                    string
	RunHref, CompareHref      string
	CompareWord               string
	Restore, Delete           ui.Question
	Kept                      string // why it cannot be deleted, "" when it can
}

// AliasTag is an alias at a version, with its share.
type AliasTag struct{ Name, Share, Href string }

// AliasCard is one alias in the list.
type AliasCard struct {
	Name, Href, Description string
	RunHref                 string
	Runs, RunsHref          string
	Routes                  []RouteView
}

// RouteView is a version that an alias leads to, and its part of the bar.
type RouteView struct {
	Version, Href, Share string
	Left, Width, Class   string
}

// PublishForm makes a version.
type PublishForm struct {
	Action, Description string
	Choice              bool // there is a draft that differs from what is published
	Draft               bool // it is the chosen one
	Only                string
	Nothing             string // why nothing can be published
	Problem             FormProblem
}

// VersionsData is what the page is made of.
type VersionsData struct {
	Workflow ledger.Workflow
	Versions []ledger.Machine // one page of them, newest first, without definitions
	Newest   *ledger.Machine  // of all; nil: none
	Aliases  []ledger.Alias
	ByNumber map[int64]int  // executions started by a version, up to MostCounted
	ByAlias  map[string]int // executions started by an alias
	Token    string
	Next     string
}

// MostCounted is how far executions are counted: a list says "1,000+" then.
const MostCounted = 1000

// NewVersionsView prepares the page.
func NewVersionsView(now time.Time, d VersionsData) VersionsView {
	w := d.Workflow
	path := WorkflowHref(w.Name)
	v := VersionsView{
		Bar: NewWorkflowBar(w, VersionsTab), Published: w.Machine != nil,
		Publish: PublishForm{Action: path + "/versions"},
		Pages:   pagesOf(path+"/versions", d.Token, d.Next),
	}
	if w.Machine == nil {
		v.Publish.Draft, v.Publish.Only = true, "The draft becomes what executions start with, and version 1."
		return v
	}
	edited := w.Draft != nil && w.Draft.Text != w.Machine.Definition
	if edited {
		v.Compare = CompareHref(w.Name, "published", "draft")
	}
	v.Now = nowWords(now, w, d.Newest, edited)
	v.Publish.choose(d.Newest, w.Machine.RevisionID, edited)
	for i, m := range d.Versions {
		v.Rows = append(v.Rows, versionRow(now, i, m, d))
	}
	for _, a := range d.Aliases {
		v.Aliases = append(v.Aliases, aliasCard(w.Name, a, d.ByAlias[a.Name]))
	}
	if d.Newest != nil {
		v.NewAlias = path + "/aliases"
	}
	return v
}

// nowWords says what an execution runs that names neither version nor alias.
func nowWords(now time.Time, w ledger.Workflow, newest *ledger.Machine, edited bool) []string {
	words := "Executions that name no version run what was published " + ui.Ago(now, w.Machine.Updated).Words
	switch {
	case newest == nil:
		words += ". It has not been made a version yet."
	case newest.RevisionID == w.Machine.RevisionID:
		words += ": " + versionWord(newest.Version) + "."
	default:
		words += ", which is newer than " + versionWord(newest.Version) + "."
	}
	out := []string{words}
	if edited {
		out = append(out, "The draft has changes that nothing runs yet.")
	}
	return out
}

func (f *PublishForm) choose(newest *ledger.Machine, revision string, edited bool) {
	isVersion := newest != nil && newest.RevisionID == revision
	switch {
	case edited && isVersion:
		f.Draft, f.Only = true, "The draft becomes what executions start with, and the next version."
	case edited:
		f.Choice, f.Draft = true, true
	case isVersion:
		f.Nothing = "What is published now is version " + strconv.FormatInt(newest.Version, 10) + " already. Change the draft to make another."
	default:
		f.Only = "What executions start with now becomes the next version."
	}
}

func versionRow(now time.Time, i int, m ledger.Machine, d VersionsData) VersionRow {
	number, name := strconv.FormatInt(m.Version, 10), d.Workflow.Name
	path := VersionHref(name, m.Version)
	row := VersionRow{
		Number: number, Href: path, Description: m.Description, When: ui.Ago(now, m.Created),
		Revision: revisionWord(m.RevisionID), Current: m.RevisionID == d.Workflow.Machine.RevisionID,
		Runs: counted(d.ByNumber[m.Version]), RunsHref: href(WorkflowHref(name)+"/executions", "of", "version-"+number),
		RunsNoun: "runs",
		MenuID:   "version-menu-" + number, RunHref: href(WorkflowHref(name)+"/run", "of", "version-"+number),
		CompareWord: "Compare with the draft", CompareHref: CompareHref(name, number, "draft"),
		Restore: restoreQuestion(d.Workflow, m.Version), Delete: deleteVersionQuestion(name, m.Version),
	}
	if row.Runs == "1" {
		row.RunsNoun = "run"
	}
	if i+1 < len(d.Versions) {
		before := strconv.FormatInt(d.Versions[i+1].Version, 10)
		row.CompareWord, row.CompareHref = "Compare with version "+before, CompareHref(name, before, number)
	}
	for _, a := range d.Aliases {
		for _, r := range a.Routes {
			if r.Version == m.Version {
				row.Aliases = append(row.Aliases, AliasTag{Name: a.Name, Share: share100(r.Weight), Href: AliasHref(name, a.Name)})
			}
		}
	}
	row.Kept = keptBy(row.Aliases)
	return row
}

// keptBy says why AWS's rule keeps a version.
func keptBy(aliases []AliasTag) string {
	if len(aliases) == 0 {
		return ""
	}
	names := make([]string, len(aliases))
	for i, a := range aliases {
		names[i] = "“" + a.Name + "”"
	}
	if len(names) == 1 {
		return "The alias " + names[0] + " leads here: it has to let go first."
	}
	return "The aliases " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " lead here: they have to let go first."
}

func restoreQuestion(w ledger.Workflow, number int64) ui.Question {
	n := strconv.FormatInt(number, 10)
	q := ui.Question{
		ID: "restore-" + n, Title: "Make version " + n + " the draft?", Action: VersionHref(w.Name, number) + "/restore",
		Yes: "Restore as draft", No: "Leave it", Instead: href(WorkflowHref(w.Name), "restore", n),
		Text: "The designer opens with the definition of version " + n + ". What executions start with stays as it is until you publish.",
	}
	if w.Machine != nil && w.Draft != nil && w.Draft.Text != w.Machine.Definition {
		q.Text += " The draft has changes that were never published: they are replaced."
	}
	return q
}

func deleteVersionQuestion(name string, number int64) ui.Question {
	n := strconv.FormatInt(number, 10)
	return ui.Question{
		ID: "delete-" + n, Title: "Delete version " + n + "?", Action: VersionHref(name, number) + "/delete", Yes: "Delete version", No: "Keep it",
		Text: "Nothing can be started by it any more. Executions that it started go on, and its number is not given again.",
	}
}

func aliasCard(name string, a ledger.Alias, runs int) AliasCard {
	path := AliasHref(name, a.Name)
	return AliasCard{
		Name: a.Name, Href: path, Description: a.Description, Routes: routesOf(name, a.Routes),
		RunHref: href(WorkflowHref(name)+"/run", "of", "alias-"+a.Name),
		Runs:    runsWord(runs), RunsHref: href(WorkflowHref(name)+"/executions", "of", "alias-"+a.Name),
	}
}

// routesOf are the versions of an alias as parts of a bar.
func routesOf(name string, list []ledger.Route) []RouteView {
	out := make([]RouteView, 0, len(list))
	at := int64(0)
	for i, r := range list {
		out = append(out, RouteView{
			Version: "Version " + strconv.FormatInt(r.Version, 10), Href: VersionHref(name, r.Version), Share: share100(r.Weight),
			Left: share100(at), Width: share100(r.Weight), Class: []string{"route-first", "route-second"}[i%2],
		})
		at += r.Weight
	}
	return out
}

func share100(weight int64) string { return strconv.FormatInt(weight, 10) + "%" }

func counted(n int) string {
	if n >= MostCounted {
		return ui.Number(MostCounted) + "+"
	}
	return ui.Number(n)
}

func runsWord(n int) string {
	switch n {
	case 0:
		return "Not run yet"
	case 1:
		return "1 run"
	}
	return counted(n) + " runs"
}

// revisionWord is a revision as AWS writes it: the first has a word instead of an id.
func revisionWord(id string) string {
	if id == "" {
		return "INITIAL"
	}
	return id
}

// Published says what publishing a version did.
func Published(number int64) string {
	return fmt.Sprintf("Version %d is published. It never changes.", number)
}
