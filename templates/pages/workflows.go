package pages

import (
	"strconv"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// WorkflowsView is the list of workflows.
type WorkflowsView struct {
	Nothing        bool // there is no workflow at all
	Query, NoMatch string
	Status         string
	Chips          []ui.Chip
	Cards          []WorkflowCard
	Pages          ui.Pages
}

// WorkflowCard is one workflow with its picture.
type WorkflowCard struct {
	Title, Href, RunsHref, RunningHref string
	Picture, NoPicture                 string // SVG, or the words that stand in for it
	State                              ui.Badge
	Plain                              bool // published and not edited: not worth a word where there is more to say
	Last                               RunWord
	Running                            string
	MenuID                             string
	Delete                             ui.Question
}

// RunWord says in a few words how a run went.
type RunWord struct {
	Status ui.Badge
	When   ui.Time
	Href   string
}

// NewWorkflowsView prepares one page of the list. pictures holds the SVG of a workflow by its name.
func NewWorkflowsView(now time.Time, q ledger.WorkflowQuery, list []ledger.Workflow, next string, pictures map[string]string) WorkflowsView {
	status := string(q.Status)
	v := WorkflowsView{
		Query: q.Search, Status: status,
		Nothing: len(list) == 0 && q.Search == "" && status == "" && q.Page.Token == "",
		NoMatch: noMatch(q.Search, status),
		Chips: []ui.Chip{
			{Label: "All", Href: href("/workflows", "q", q.Search), Current: status == ""},
			{Label: "Published", Href: href("/workflows", "q", q.Search, "status", "published"), Current: status == "published"},
			{Label: "Drafts", Href: href("/workflows", "q", q.Search, "status", "draft"), Current: status == "draft"},
		},
		Pages: pagesOf("/workflows", q.Page.Token, next, "q", q.Search, "status", status),
	}
	for i, w := range list {
		v.Cards = append(v.Cards, workflowCardOf(now, i, w, pictures[w.Name]))
	}
	return v
}

func workflowCardOf(now time.Time, i int, w ledger.Workflow, picture string) WorkflowCard {
	id := strconv.Itoa(i + 1)
	title := ui.Title(w.Name)
	c := WorkflowCard{
		Title: title, Href: WorkflowHref(w.Name), RunsHref: href("/executions", "workflow", w.Name),
		RunningHref: href("/executions", "workflow", w.Name, "status", "running"),
		Picture:     picture, NoPicture: "No picture while the definition has errors",
		State: StateOf(w), Plain: StateOf(w).Label == published, MenuID: "menu-" + id,
		Delete: ui.Question{
			ID: "delete-" + id, Title: "Delete “" + title + "”?", Action: WorkflowHref(w.Name) + "/delete", Yes: "Delete workflow", No: "Keep it",
			Text: "The workflow and its draft go. What has run stays in the list of executions.",
		},
	}
	if w.Running > 0 {
		c.Running = strconv.FormatInt(w.Running, 10) + " running"
		c.Delete.Text = "The workflow and its draft go. " + runningGoOn(w.Running) + " What has run stays in the list of executions."
	}
	if w.Last != nil {
		c.Last = RunWord{Status: StatusOf(*w.Last), When: ui.Ago(now, w.Last.Started), Href: ExecutionHref(w.Last.ARN)}
	}
	return c
}

func runningGoOn(n int64) string {
	if n == 1 {
		return "The one execution that runs now is allowed to finish."
	}
	return "The " + strconv.FormatInt(n, 10) + " executions that run now are allowed to finish."
}

// StateOf says whether a workflow is published, a draft, or published and edited since.
func StateOf(w ledger.Workflow) ui.Badge {
	switch {
	case w.Machine == nil:
		return ui.Badge{Class: "idle", Icon: "pencil", Label: "Draft"}
	case w.Machine.Deleting:
		return ui.Badge{Class: "caught", Icon: "hourglass", Label: "Finishing"}
	case w.Draft != nil && w.Draft.Text != w.Machine.Definition:
		return ui.Badge{Class: "accent", Icon: "pencil", Label: "Edited"}
	}
	return ui.Badge{Class: "idle", Icon: "check", Label: published}
}

const published = "Published"

// NewWorkflowView is the gallery to start from.
type NewWorkflowView struct {
	Name, Problem string
	Starters      []StarterCard
}

// StarterCard is one thing to start from.
type StarterCard struct {
	ID, Title, Text, Picture string
	Chosen                   bool
}

// ExecutionsView is the list of runs.
type ExecutionsView struct {
	Nothing        bool
	Query, NoMatch string
	Status         string
	Workflows      []Option
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
}

// ExecutionFilter is what the list of runs is asked for.
type ExecutionFilter struct {
	Query, Workflow, Token string
	Status                 interp.Status
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

// NewExecutionsView prepares one page of the list.
func NewExecutionsView(now time.Time, q ExecutionFilter, list []ledger.Execution, next string, workflows []string) ExecutionsView {
	status := StatusParam(q.Status)
	v := ExecutionsView{
		Query: q.Query, Status: status,
		Nothing: len(list) == 0 && q == (ExecutionFilter{}),
		NoMatch: noMatch(q.Query, status),
		Chips:   []ui.Chip{{Label: "All", Href: href("/executions", "q", q.Query, "workflow", q.Workflow), Current: status == ""}},
		Pages:   pagesOf("/executions", q.Token, next, "q", q.Query, "status", status, "workflow", q.Workflow),
	}
	for _, s := range statuses {
		v.Chips = append(v.Chips, ui.Chip{
			Label: s.badge.Label, Current: s.status == q.Status,
			Href: href("/executions", "q", q.Query, "workflow", q.Workflow, "status", s.badge.Class),
		})
	}
	known := q.Workflow == ""
	for _, name := range workflows {
		known = known || name == q.Workflow
		v.Workflows = append(v.Workflows, Option{Value: name, Label: ui.Title(name), Chosen: name == q.Workflow})
	}
	if !known {
		v.Workflows = append(v.Workflows, Option{Value: q.Workflow, Label: ui.Title(q.Workflow), Chosen: true})
	}
	for _, e := range list {
		v.Rows = append(v.Rows, rowOf(now, e))
	}
	return v
}

func rowOf(now time.Time, e ledger.Execution) ExecutionRow {
	row := ExecutionRow{
		Name: e.Name, Short: short(e.Name), Express: e.Type == "EXPRESS", Href: ExecutionHref(e.ARN), Workflow: ui.Title(e.MachineName),
		Status: StatusOf(e), Mocked: e.TestCase, Started: ui.Ago(now, e.Started),
	}
	end := e.Stopped
	if end.IsZero() {
		end = now
	}
	row.Took = ui.Took(end.Sub(e.Started))
	return row
}

func noMatch(query, status string) string {
	switch {
	case query != "" && status != "":
		return "Nothing is called “" + query + "” in this state. Try another word or another state."
	case query != "":
		return "Nothing is called “" + query + "”. Try a part of the name."
	}
	return "Nothing is in this state now."
}

// pagesOf makes the ways on from one page of a list.
func pagesOf(path, token, next string, pairs ...string) ui.Pages {
	var p ui.Pages
	if token != "" {
		p.First = href(path, pairs...)
	}
	if next != "" {
		p.Next = href(path, append(pairs, "page", next)...)
	}
	return p
}
