package pages

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
	"statehouse/templates/ui"
)

var now = began.Add(5 * time.Minute)

func TestWorkflowCards(t *testing.T) {
	t.Parallel()
	machine := &ledger.Machine{Definition: "{}"}
	list := []ledger.Workflow{
		{Name: "Only-drawn", Draft: &ledger.Draft{Text: "{"}},
		{Name: "Order-review", Machine: machine, Draft: &ledger.Draft{Text: "{}"}, Running: 2, Last: &ledger.Execution{
			ARN: "arn:aws:states:us-east-1:000000000000:execution:Order-review:a b", Name: "a b", MachineName: "Order-review", Status: interp.Running, Waiting: 1, Started: began,
		}},
		{Name: "Edited", Machine: machine, Draft: &ledger.Draft{Text: "{ }"}},
		{Name: "Going", Machine: &ledger.Machine{Deleting: true}},
	}
	v := NewWorkflowsView(now, ledger.WorkflowQuery{Search: "r", Page: ledger.Page{Token: "t"}}, list, "n", map[string]string{"Edited": "<svg/>"})
	var states []string
	for _, c := range v.Cards {
		states = append(states, c.Title+": "+c.State.Label)
	}
	want := []string{"Only drawn: Draft", "Order review: Published", "Edited: Edited", "Going: Finishing"}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	c := v.Cards[1]
	if c.Last.Href != "/executions/Order-review/a%20b" || c.Last.Status.Label != "Waiting for a person" || c.Running != "2 running" {
		t.Errorf("last run: %+v, %s", c.Last, c.Running)
	}
	if diff := cmp.Diff(ui.Pages{First: "/workflows?q=r", Next: "/workflows?page=n&q=r"}, v.Pages); diff != "" {
		t.Error(diff)
	}
	if v.Nothing {
		t.Error("a list with rows is not empty")
	}
}

func TestExecutionsKeepTheirFilters(t *testing.T) {
	t.Parallel()
	q := ExecutionFilter{Query: "o", Workflow: "Gone", Status: StatusFrom("timed-out")}
	v := NewExecutionsView(now, q, nil, "", []string{"Order-review"})
	if got := v.Chips[0].Href; got != "/executions?q=o&workflow=Gone" {
		t.Errorf("all: %s", got)
	}
	if !v.Chips[4].Current || v.Chips[4].Href != "/executions?q=o&status=timed-out&workflow=Gone" {
		t.Errorf("timed out: %+v", v.Chips[4])
	}
	if n := len(v.Workflows); n != 2 || !v.Workflows[1].Chosen {
		t.Errorf("a workflow that is gone stays chosen: %+v", v.Workflows)
	}
	if v.Nothing || v.NoMatch == "" {
		t.Error("a filtered list says that nothing matches")
	}
}

const review = `{"StartAt":"Check","States":{"Check":{"Type":"Pass","Next":"Ask"},"Ask":{"Type":"Task",
	"Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"T"},"Next":"Ship"},
	"Ship":{"Type":"Pass","Next":"Done"},"Done":{"Type":"Succeed"}}}`

func TestTaskSaysWhereItStands(t *testing.T) {
	t.Parallel()
	machine, problems := asl.Parse(review)
	if machine == nil {
		t.Fatal(problems)
	}
	due := now.Add(24 * time.Hour)
	task := ledger.HumanTask{
		ID: "t1", MachineName: "Order-review", StateName: "Ask", Title: "Approve", Status: ledger.TaskOpen, Created: began,
		Outcomes: []string{"Approve", "Reject", "Ask back"}, Due: &due, CandidateGroups: []string{"finance"},
		Form: value.Raw(`{"type":"object","properties":{"code":{"type":"string"}}}`), Defaults: value.Raw(`{"code":"G"}`),
	}
	steps := []Step{
		{Name: "Check", Type: "Pass", Status: StepSucceeded, Entered: began, Exited: began.Add(212 * time.Millisecond)},
		{Name: "Ask", Type: "Task", Status: StepWaiting, Entered: began.Add(time.Second)},
	}
	v := NewTaskView(now, task, steps, machine, "/executions/Order-review/x")
	want := []PathStep{
		{Name: "Check", Icon: "check", Tone: "succeeded", Word: "212 ms"},
		{Name: "Ask", Icon: "user", Tone: "waiting", Word: "now"},
		{Name: "Ship", Icon: "circle", Tone: "idle", Later: true},
		{Name: "Done", Icon: "circle", Tone: "idle", Later: true},
	}
	if diff := cmp.Diff(want, v.Path); diff != "" {
		t.Error(diff)
	}
	if v.Done != "1 of 4 steps done" || v.Due.Label != "due tomorrow" || v.For != "finance" || v.Form.Fields[0].Value != "G" {
		t.Errorf("done %q, due %q, for %q", v.Done, v.Due.Label, v.For)
	}
	outcomes := []OutcomeView{{"Approve", "btn-approve", "check"}, {"Reject", "btn-danger", "x"}, {"Ask back", "", ""}}
	if diff := cmp.Diff(outcomes, v.Outcomes); diff != "" {
		t.Error(diff)
	}
}

func TestInboxRows(t *testing.T) {
	t.Parallel()
	task := ledger.HumanTask{ID: "a", Title: "Approve", MachineName: "Order-review", Status: ledger.TaskOpen, Created: began, Summary: []ledger.SummaryItem{
		{Label: "Customer", Value: "Ann"}, {Label: "Lines", Value: "3"}, {Label: "Total", Value: "742.50 €"}, {Label: "More", Value: "not shown"},
	}}
	q := InboxFilter{View: ledger.OpenTasks, Sort: ledger.SortNewest}
	v := NewInboxView(now, q, ledger.TaskCounts{Open: 1, Overdue: 0, Decided: 4}, []ledger.HumanTask{task}, "", nil)
	if got := v.Rows[0].Fields; got != "Ann · Lines 3 · 742.50 €" {
		t.Errorf("fields %q", got)
	}
	if got := v.Rows[0].Href; got != "/inbox/a?sort=newest" {
		t.Errorf("href %q", got)
	}
	if v.Need != "1 needs you" || v.Sort.Label != "Newest first" || !v.Views[0].Current {
		t.Errorf("need %q, sort %q", v.Need, v.Sort.Label)
	}
	if v.StarterHref != "" {
		t.Error("teaches what was done before")
	}
	if v = NewInboxView(now, q, ledger.TaskCounts{}, nil, "", nil); v.StarterHref != "/workflows/new?starter=approval" {
		t.Errorf("where nobody was asked yet, one begins at %q", v.StarterHref)
	}
}

func TestExecutionHref(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"execution:Order-review:a b":      "/executions/Order-review/a%20b",
		"execution:Order-review/Each:one": "/executions/Order-review%2FEach/one",
		"express:Fast:one:6f0d-1":         "/executions/Fast/one:6f0d-1",
	} {
		if got := ExecutionHref("arn:aws:states:us-east-1:000000000000:" + name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestExecutionView(t *testing.T) {
	t.Parallel()
	cause := "no stock"
	name := "Shop.Empty"
	x := ledger.Execution{
		ARN: "arn:aws:states:us-east-1:000000000000:execution:Order-review:order-1042", Name: "order-1042", MachineName: "Order-review", Status: interp.Failed, Started: began, Stopped: began.Add(4 * time.Second),
		Input: value.Raw(`{"id":1.50}`), Error: &name, Cause: &cause, Events: 9,
	}
	v := NewExecutionView(now, x, review, events(
		at(0, history.ExecutionStarted, ""), at(0, history.TaskStateEntered, "Call"), at(2, history.TaskScheduled, ""), failed(3, history.TaskFailed, name),
	))
	if v.Elapsed != "4 s" || v.Facts != "9 events" || v.Running || v.Error != name || v.Cause != cause {
		t.Errorf("%+v", v)
	}
	if v.Input != "{\n  \"id\": 1.50\n}" {
		t.Errorf("input %s", v.Input)
	}
	if v.More != "These are the first 4 of 9 events." || v.Data.Last != 4 || v.Data.Live != "/live/executions/Order-review/order-1042" {
		t.Errorf("more %q, last %d, live %q", v.More, v.Data.Last, v.Data.Live)
	}
	if s := v.Steps[0]; s.Left != "25.00%" || s.Width != "75.00%" || s.Tone != "retrying" {
		t.Errorf("bar %+v", s)
	}
	if e := v.Events[3]; e.State != "Call" || e.Details != name {
		t.Errorf("event %+v", e)
	}
}

func TestAPageShowsTheBeginningOfALargeInput(t *testing.T) {
	t.Parallel()
	small, large := strings.Repeat("x", 1000), strings.Repeat("ä", 100<<10)
	if got := pretty(value.String(small)); got != `"`+small+`"` {
		t.Errorf("a small value: %.80s…", got)
	}
	got := pretty(value.String(large))
	if !utf8.ValidString(got) || !strings.HasPrefix(got, `"ää`) || !strings.HasSuffix(got, "\n… and so on: 200 KiB in all") {
		t.Errorf("a large value begins %.20s and ends …%s", got, got[len(got)-60:])
	}
	if len(got) > mostPretty+100 {
		t.Errorf("%d bytes of a large value", len(got))
	}
}

func TestAChildThatWaitsForItsRedriveSaysSo(t *testing.T) {
	t.Parallel()
	if got := StatusOf(ledger.Execution{Status: ledger.PendingRedrive}); got.Label != "Waits for redrive" || got.Icon == "" {
		t.Errorf("badge %+v", got)
	}
}

func TestTheTableOfEventsTellsWhatCameAfterARedrive(t *testing.T) {
	t.Parallel()
	x := ledger.Execution{Name: "run", MachineName: "Order", Status: interp.Running, Started: began, Events: 2}
	v := NewExecutionView(now, x, "{}", events(at(0, history.ExecutionStarted, ""), at(1, history.ExecutionRedriven, "")))
	if e := v.Events[1]; !e.Redriven || e.Details != "What is below came after the redrive." || v.Events[0].Redriven {
		t.Errorf("events %+v", v.Events)
	}
}

func TestALongFactOfATaskHasARowOfItsOwn(t *testing.T) {
	t.Parallel()
	v := TaskView{Summary: []ledger.SummaryItem{{Label: "Days", Value: "30"}, {Label: "Reason", Value: strings.Repeat("far ", 20)}}}
	var b strings.Builder
	if err := summary(v).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "task-summary-wide"); n != 1 || strings.Index(b.String(), "Days") > strings.Index(b.String(), "task-summary-wide") {
		t.Errorf("one of two is long: %s", b.String())
	}
}
