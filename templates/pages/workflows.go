package pages

import (
	"strconv"
	"time"

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
		NoMatch: noMatch(q.Search, status, ""),
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
		Title: title, Href: WorkflowHref(w.Name), RunsHref: WorkflowHref(w.Name) + "/executions",
		RunningHref: href(WorkflowHref(w.Name)+"/executions", "status", "running"),
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
	Express       bool
	Starters      []StarterCard
}

// StarterCard is one thing to start from.
type StarterCard struct {
	ID, Title, Text, Picture string
	Chosen                   bool
}

func noMatch(query, status, of string) string {
	switch {
	case of != "" && query == "" && status == "":
		return "Nothing was started by it yet."
	case query != "" && status != "":
		return "Nothing is called “" + query + "” in this state. Try another word or another state."
	case query != "":
		return "Nothing is called “" + query + "”. Try a part of the name."
	}
	if of != "" {
		return "Nothing that it started is in this state now."
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
