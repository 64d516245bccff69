package pages

import (
	"strconv"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// ExecutionsView is the list of runs: of all workflows, or of one.
type ExecutionsView struct {
	Bar            *WorkflowBar // of the one workflow, nil: all
	Action         string
	Nothing        bool
	Query, NoMatch string
	Status         string
	Workflows      []Option
	By             []RunGroup // versions and aliases of the one workflow, empty when it has none
	Chips          []ui.Chip
	Rows           []ExecutionRow
	Pages          ui.Pages
}

// ExecutionRow is one run.
type ExecutionRow struct {
	Name, Href, Workflow string
	Short                string // the name in a narrow window, when it is long: names of a map run begin alike
	Status               ui.Badge
	Started              ui.Time
	Took                 string
	Express              bool
	Mocked               string // test case of the mocks, "" in a real run
	By                   []Link // the alias and the version that it was started by
}

// Link is a word that leads somewhere.
type Link struct{ Label, Href string }

// ExecutionFilter is what the list of runs is asked for.
type ExecutionFilter struct {
	Query, Workflow, Token string
	Status                 interp.Status
	Of                     Target // a version or an alias of Workflow
}

// StatusParam is how a status is written in an address: "timed-out".
func StatusParam(s interp.Status) string {
	for _, one := range statuses {
		if one.status == s {
			return one.badge.Class
		}
	}
	return ""
}

// StatusFrom reads what StatusParam wrote; unknown words are every status.
func StatusFrom(param string) interp.Status {
	for _, one := range statuses {
		if one.badge.Class == param {
			return one.status
		}
	}
	return ""
}

// NewExecutionsView prepares one page of the list of all workflows' runs.
func NewExecutionsView(now time.Time, q ExecutionFilter, list []ledger.Execution, next string, workflows []string) ExecutionsView {
	v := executionsView(now, "/executions", q, list, next)
	known := q.Workflow == ""
	for _, name := range workflows {
		known = known || name == q.Workflow
		v.Workflows = append(v.Workflows, Option{Value: name, Label: ui.Title(name), Chosen: name == q.Workflow})
	}
	if !known {
		v.Workflows = append(v.Workflows, Option{Value: q.Workflow, Label: ui.Title(q.Workflow), Chosen: true})
	}
	return v
}

// NewWorkflowExecutionsView prepares one page of the runs of one workflow; q names it.
func NewWorkflowExecutionsView(now time.Time, w ledger.Workflow, q ExecutionFilter, list []ledger.Execution, next string, versions []ledger.Machine, aliases []ledger.Alias) ExecutionsView {
	q.Workflow = ""
	v := executionsView(now, WorkflowHref(w.Name)+"/executions", q, list, next)
	v.Bar = new(NewWorkflowBar(w, RunsTab))
	v.By = targetGroups(versions, aliases, q.Of)
	return v
}

func executionsView(now time.Time, path string, q ExecutionFilter, list []ledger.Execution, next string) ExecutionsView {
	status, of := StatusParam(q.Status), q.Of.String()
	v := ExecutionsView{
		Action: path, Query: q.Query, Status: status,
		Nothing: len(list) == 0 && q == (ExecutionFilter{}),
		NoMatch: noMatch(q.Query, status, of),
		Chips:   []ui.Chip{{Label: "All", Href: href(path, "q", q.Query, "workflow", q.Workflow, "of", of), Current: status == ""}},
		Pages:   pagesOf(path, q.Token, next, "q", q.Query, "status", status, "workflow", q.Workflow, "of", of),
	}
	for _, s := range statuses {
		v.Chips = append(v.Chips, ui.Chip{
			Label: s.badge.Label, Current: s.status == q.Status,
			Href: href(path, "q", q.Query, "workflow", q.Workflow, "of", of, "status", s.badge.Class),
		})
	}
	for _, e := range list {
		v.Rows = append(v.Rows, rowOf(now, e))
	}
	return v
}

func rowOf(now time.Time, e ledger.Execution) ExecutionRow {
	row := ExecutionRow{
		Name: e.Name, Short: short(e.Name), Express: e.Type == "EXPRESS", Href: ExecutionHref(e.ARN), Workflow: ui.Title(e.MachineName),
		Status: StatusOf(e), Mocked: e.TestCase, Started: ui.Ago(now, e.Started), By: startedBy(e),
	}
	end := e.Stopped
	if end.IsZero() {
		end = now
	}
	row.Took = ui.Took(end.Sub(e.Started))
	return row
}

// startedBy are the alias and the version that an execution was started by; nothing when it was the workflow itself.
func startedBy(e ledger.Execution) []Link {
	var out []Link
	if e.Alias != "" {
		out = append(out, Link{e.Alias, AliasHref(e.MachineName, e.Alias)})
	}
	if e.Version != 0 {
		out = append(out, Link{"version " + strconv.FormatInt(e.Version, 10), VersionHref(e.MachineName, e.Version)})
	}
	return out
}
