package inbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/inbox"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/task/human"
	"statehouse/engine/value"
)

// tasks is a ledger of human tasks with func fields.
type tasks struct {
	ledger.HumanTasks
	CreateTaskFunc func(ledger.HumanTask) error
	ListTasksFunc  func(ledger.TaskQuery)
}

func (t tasks) CreateTask(_ context.Context, h ledger.HumanTask) error { return t.CreateTaskFunc(h) }

func (t tasks) ListTasks(_ context.Context, q ledger.TaskQuery) ([]ledger.HumanTask, string, error) {
	t.ListTasksFunc(q)
	return nil, "", nil
}

func TestOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	var got ledger.HumanTask
	var answer error
	f := feed.New()
	signal := f.SubscribeInbox()
	defer signal.Close()
	b := inbox.New(tasks{CreateTaskFunc: func(h ledger.HumanTask) error { got = h; return answer }}, f, func() time.Time { return now })
	r := task.Request{Execution: 7, ExecutionARN: "arn:x", MachineName: "m", State: "Ask", Token: 3, TaskToken: "secret", Scheduled: now}
	if err := b.Open(t.Context(), "id", r, human.Spec{Title: "Go?", Summary: []human.Item{{Label: "a", Value: "b"}}, Outcomes: []string{"Yes"}}); err != nil {
		t.Fatal(err)
	}
	if got.ID != "id" || got.Execution != 7 || got.Token != 3 || got.StateName != "Ask" || got.Title != "Go?" || got.Summary[0].Value != "b" {
		t.Errorf("stored %+v", got)
	}
	select {
	case <-signal.C:
	default:
		t.Error("nobody was told")
	}
	answer = ledger.ErrClosed
	if err := b.Open(t.Context(), "id", r, human.Spec{}); !errors.Is(err, human.ErrGone) {
		t.Errorf("a task that is gone: %v", err)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	var got ledger.TaskQuery
	b := inbox.New(tasks{ListTasksFunc: func(q ledger.TaskQuery) { got = q }}, feed.New(), time.Now)
	for _, tt := range []struct{ q, want ledger.TaskQuery }{
		{ledger.TaskQuery{}, ledger.TaskQuery{View: ledger.OpenTasks, Sort: ledger.SortDue}},
		{ledger.TaskQuery{View: ledger.DecidedTasks}, ledger.TaskQuery{View: ledger.DecidedTasks, Sort: ledger.SortNewest}},
		{ledger.TaskQuery{View: ledger.OverdueTasks, Sort: ledger.SortPriority}, ledger.TaskQuery{View: ledger.OverdueTasks, Sort: ledger.SortPriority}},
	} {
		if _, _, err := b.List(t.Context(), tt.q); err != nil || got != tt.want {
			t.Errorf("List(%+v) asks for %+v, want %+v (%v)", tt.q, got, tt.want, err)
		}
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	h := ledger.HumanTask{ID: "id", Title: "Go?", Token: 3, Outcomes: []string{"Approve", "Send back"}, FailOn: []string{"Send back"}}
	form := value.Object(value.Member{Key: "n", Value: value.Number("1.50")})
	d := ledger.Decision{TaskID: "id", Outcome: "Approve", Comment: "ok", By: "ann", Form: form, At: time.Date(2030, 1, 2, 3, 4, 5, 6e6, time.UTC)}
	in, ok := inbox.Answer(h, d).(interp.TaskSucceeded)
	const want = `{"TaskId":"id","Outcome":"Approve","Form":{"n":1.50},"Comment":"ok","DecidedBy":"ann","DecidedAt":"2030-01-02T03:04:05.006Z"}`
	if !ok || in.Token != 3 || in.Output.JSON() != want {
		t.Errorf("answer %s, want %s", in.Output.JSON(), want)
	}
	d.Outcome = "Send back"
	if got, want := inbox.Answer(h, d), (interp.TaskFailed{Token: 3, Error: "Human.Send back", Cause: "ok"}); got != want {
		t.Errorf("answer %+v, want %+v", got, want)
	}
	d.Comment = ""
	if got := inbox.Answer(h, d).(interp.TaskFailed); got.Cause != "ann chose Send back for 'Go?'." {
		t.Errorf("cause %q", got.Cause)
	}
}

func TestWhoRejectsNeedsNoForm(t *testing.T) {
	t.Parallel()
	h := ledger.HumanTask{
		Outcomes: []string{"Approve", "Reject"}, FailOn: []string{"Reject"},
		Form: value.Raw(`{"type":"object","required":["code"],"properties":{"code":{"type":"string"},"n":{"type":"number"}}}`),
	}
	for _, tt := range []struct {
		outcome, form string
		faults        int
	}{
		{"Approve", `{}`, 1},
		{"Reject", `{}`, 0},
		{"Reject", `{"n":"what is given is still checked"}`, 1},
	} {
		faults, err := inbox.CheckForm(h, tt.outcome, value.Raw(tt.form))
		if err != nil || len(faults) != tt.faults {
			t.Errorf("%s with %s: got %v %v, want %d faults", tt.outcome, tt.form, faults, err, tt.faults)
		}
	}
}
