package pages

import (
	"strconv"
	"time"

	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// AliasView is one alias, or the form of a new one.
type AliasView struct {
	Bar            WorkflowBar
	New            bool
	Title, Action  string
	ARN            string
	Runs, RunsHref string
	Facts          []Fact
	Routes         []RouteView
	Meaning        string
	Delete         ui.Question
	Form           AliasForm
	Done           string
}

// AliasForm is what can be said about an alias. Weight is the share of First; Second gets the rest.
type AliasForm struct {
	Name, Description string
	First, Second     []Option
	Weight            string
	Problem           FormProblem
}

// AliasInput is what somebody has typed, or what is stored.
type AliasInput struct {
	Name, Description, First, Second, Weight string
}

// InputOf is a stored alias as its form has it.
func InputOf(a ledger.Alias) AliasInput {
	in := AliasInput{Name: a.Name, Description: a.Description, Weight: "100"}
	for i, r := range a.Routes {
		n := strconv.FormatInt(r.Version, 10)
		if i == 0 {
			in.First, in.Weight = n, strconv.FormatInt(r.Weight, 10)
		} else {
			in.Second = n
		}
	}
	return in
}

// NewAliasView prepares the page of an alias; a nil one is to be made.
func NewAliasView(now time.Time, w ledger.Workflow, a *ledger.Alias, versions []ledger.Machine, in AliasInput, problem FormProblem, runs int) AliasView {
	v := AliasView{
		Bar: NewWorkflowBar(w, VersionsTab), New: a == nil, Title: "New alias", Action: WorkflowHref(w.Name) + "/aliases",
		Form: AliasForm{
			Name: in.Name, Description: in.Description, Weight: in.Weight, Problem: problem,
			First: versionOptions(versions, in.First), Second: append([]Option{{Label: "No other version"}}, versionOptions(versions, in.Second)...),
		},
	}
	if a == nil {
		return v
	}
	v.Title, v.Action, v.ARN = a.Name, AliasHref(w.Name, a.Name), a.ARN()
	v.Bar.RunLabel, v.Bar.RunHref = "Run by "+a.Name, href(v.Bar.RunHref, "of", "alias-"+a.Name)
	v.Runs, v.RunsHref = runsWord(runs), href(WorkflowHref(w.Name)+"/executions", "of", "alias-"+a.Name)
	v.Routes, v.Meaning = routesOf(w.Name, a.Routes), meaning(a.Routes)
	v.Facts = []Fact{{Label: "Created", Time: ui.At(now, a.Created)}, {Label: "Changed", Time: ui.At(now, a.Updated)}}
	v.Delete = ui.Question{
		ID: "delete-alias", Title: "Delete the alias “" + a.Name + "”?", Action: v.Action + "/delete", Yes: "Delete alias", No: "Keep it",
		Text: "Whoever starts by this name is refused from then on. Executions that it started go on; the versions stay.",
	}
	return v
}

func versionOptions(versions []ledger.Machine, chosen string) []Option {
	out := make([]Option, 0, len(versions)+1)
	known := chosen == ""
	for _, m := range versions {
		n := strconv.FormatInt(m.Version, 10)
		label := "Version " + n
		if m.Description != "" {
			label += " – " + clip(m.Description, 50)
		}
		known = known || n == chosen
		out = append(out, Option{Value: n, Label: label, Chosen: n == chosen})
	}
	if !known { // an older one than the list holds
		out = append(out, Option{Value: chosen, Label: "Version " + chosen, Chosen: true})
	}
	return out
}

// meaning says in a sentence what a start by an alias does.
func meaning(routes []ledger.Route) string {
	first := versionWord(routes[0].Version)
	if len(routes) == 1 {
		return "Every start by this name runs " + first + "."
	}
	return "Of a hundred starts by this name, about " + strconv.FormatInt(routes[0].Weight, 10) + " run " + first +
		" and " + strconv.FormatInt(routes[1].Weight, 10) + " run " + versionWord(routes[1].Version) + "."
}
