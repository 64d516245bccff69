package pages

import (
	"strconv"

	"github.com/a-h/templ"

	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// Tab is one of the pages of a workflow.
type Tab string

// The pages of a workflow, in the order of the bar.
const (
	DesignTab   Tab = "Design"
	RunsTab     Tab = "Runs"
	VersionsTab Tab = "Versions"
	LogsTab     Tab = "Logs"
	SettingsTab Tab = "Settings"
)

// tabs are the pages and what follows the workflow's address.
var tabs = []struct {
	tab  Tab
	path string
}{
	{DesignTab, ""}, {RunsTab, "/executions"}, {VersionsTab, "/versions"}, {LogsTab, "/logs"}, {SettingsTab, "/settings"},
}

// WorkflowTabs leads to the pages of a workflow; current is the one that is shown.
func WorkflowTabs(name string, current Tab) []ui.Chip {
	out := make([]ui.Chip, 0, len(tabs))
	for _, t := range tabs {
		out = append(out, ui.Chip{Label: string(t.tab), Href: WorkflowHref(name) + t.path, Current: t.tab == current})
	}
	return out
}

// WorkflowBar is what stands above every page of a workflow.
type WorkflowBar struct {
	Name, Title string
	State       ui.Badge
	Tabs        []ui.Chip
	RunHref     string
	RunLabel    string // "Run version 3", "" for "Run"
	Exports     []ExportLink
}

// NewWorkflowBar prepares the bar.
func NewWorkflowBar(w ledger.Workflow, current Tab) WorkflowBar {
	return WorkflowBar{
		Name: w.Name, Title: ui.Title(w.Name), State: StateOf(w), Tabs: WorkflowTabs(w.Name, current),
		RunHref: WorkflowHref(w.Name) + "/run", Exports: ExportLinks(w.Name),
	}
}

// VersionHref is the address of a version.
func VersionHref(machine string, number int64) string {
	return WorkflowHref(machine) + "/versions/" + strconv.FormatInt(number, 10)
}

// AliasHref is the address of an alias.
func AliasHref(machine, alias string) string {
	return WorkflowHref(machine) + "/aliases/" + part(alias)
}

// CompareHref is the address that shows what differs; its sides are "draft", "published" or a version's number.
func CompareHref(machine, from, to string) string {
	return href(WorkflowHref(machine)+"/compare", "from", from, "to", to)
}

// FormProblem says why a form was refused, and which of its fields is meant.
type FormProblem struct {
	Field, Message string
}

// At says what is wrong with a field, "" when nothing is.
func (p FormProblem) At(field string) string {
	if p.Field == field {
		return p.Message
	}
	return ""
}

// Whole is what is wrong with none of the fields.
func (p FormProblem) Whole(fields ...string) string {
	for _, f := range fields {
		if f == p.Field {
			return ""
		}
	}
	return p.Message
}

func versionWord(number int64) string { return "version " + strconv.FormatInt(number, 10) }

// invalid marks a field whose problem is said by the element that describes it.
func invalid(problem string) templ.Attributes {
	if problem == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}
