package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// open waits for the only open task.
func (h *house) open1() ledger.HumanTask {
	h.t.Helper()
	signal := h.WatchInbox()
	defer signal.Close()
	for {
		list, _, err := h.Tasks(context.Background(), ledger.TaskQuery{})
		if err != nil {
			h.t.Fatal(err)
		}
		if len(list) > 0 {
			return list[0]
		}
		<-signal.C
	}
}

func parse(t *testing.T, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOrderReviewFromAnEmptyStore(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		if err := h.InstallSample(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := h.InstallSample(t.Context()); err != nil {
			t.Fatal("a second time:", err)
		}
		w, err := h.Workflow(t.Context(), "Order-review")
		if err != nil {
			t.Fatal(err)
		}
		if w.Machine == nil || w.Draft == nil || w.Machine.Definition != w.Draft.Text {
			t.Fatalf("the sample is not published: %+v", w)
		}
		x, err := h.RunWorkflow(t.Context(), w.Name, "", w.Draft.Input)
		if err != nil {
			t.Fatal(err)
		}
		task := h.open1()
		if task.Title != "Approve order 1042" || task.StateName != "Manager approves" || task.ExecutionARN != x.ARN {
			t.Errorf("the task is %+v", task)
		}
		if n, err := h.TaskCounts(t.Context()); err != nil || n.Open != 1 {
			t.Errorf("counts are %+v, %v", n, err)
		}
		if got := h.execution(x.ARN); got.Waiting != 1 {
			t.Errorf("%d tasks wait, want 1", got.Waiting)
		}
		h.restart() // the task waits through it

		_, err = h.Decide(t.Context(), engine.Decide{TaskID: task.ID, Outcome: "Approve", Form: parse(t, `{"discount":31}`)})
		f := wantCode(t, err, engine.InvalidForm)
		want := []engine.FieldError{
			{Pointer: "/budgetCode", Message: "is required"},
			{Pointer: "/discount", Message: "must be at most 30"},
		}
		if diff := cmp.Diff(want, f.Fields); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
		_, err = h.Decide(t.Context(), engine.Decide{TaskID: task.ID, Outcome: "Maybe", Form: parse(t, `{"budgetCode":"B7"}`)})
		_ = wantCode(t, err, "ValidationException")

		decided, err := h.Decide(t.Context(), engine.Decide{TaskID: task.ID, Outcome: "Approve", Comment: "Go", By: "ann", Form: parse(t, `{"budgetCode":"B7"}`)})
		if err != nil {
			t.Fatal(err)
		}
		if decided.Status != ledger.TaskDecided || decided.DecidedBy != "ann" || decided.Outcome != "Approve" {
			t.Errorf("decided: %+v", decided)
		}
		done := h.wait(x.ARN)
		wantStatus(t, done, interp.Succeeded)
		decision := done.Output.Get("decision")
		for key, want := range map[string]string{
			"TaskId": `"` + task.ID + `"`, "Outcome": `"Approve"`, "Form": `{"budgetCode":"B7"}`, "Comment": `"Go"`, "DecidedBy": `"ann"`,
		} {
			if got := decision.Get(key).JSON(); got != want {
				t.Errorf("decision.%s is %s, want %s", key, got, want)
			}
		}
		if done.Waiting != 0 {
			t.Errorf("%d tasks wait", done.Waiting)
		}
		types := h.types(x.ARN)
		for _, want := range []history.Type{history.TaskScheduled, history.TaskStarted, history.TaskSubmitted, history.TaskSucceeded, history.MapStateSucceeded} {
			if !slices.Contains(types, want) {
				t.Errorf("no %s among %v", want, types)
			}
		}
	})
}

const approval = `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync",
	"Parameters":{"Title":"Go?","FailOn":["Reject"]},"Catch":[{"ErrorEquals":["Human.Reject"],"Next":"No"}],"Next":"Yes"},
	"Yes":{"Type":"Pass","Result":"yes","End":true},"No":{"Type":"Pass","Parameters":{"why.$":"$.Cause"},"End":true}}}`

func TestRivalsDecide(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		arn := h.start(h.machine("approval", approval), `{}`)
		task := h.open1()
		const rivals = 20
		errs := make([]error, rivals)
		var wg sync.WaitGroup
		for i := range rivals {
			wg.Go(func() {
				outcome := []string{"Approve", "Reject"}[i%2]
				_, errs[i] = h.Decide(context.Background(), engine.Decide{TaskID: task.ID, Outcome: outcome, By: fmt.Sprintf("rival %d", i), Comment: "no money"})
			})
		}
		wg.Wait()
		won := -1
		for i, err := range errs {
			if err == nil {
				if won >= 0 {
					t.Errorf("rivals %d and %d both won", won, i)
				}
				won = i
			}
		}
		if won < 0 {
			t.Fatal("nobody won")
		}
		for i, err := range errs {
			if i == won {
				continue
			}
			f := wantCode(t, err, engine.TaskAlreadyDecided)
			if want := fmt.Sprintf("rival %d chose", won); !strings.Contains(f.Message, want) {
				t.Errorf("rival %d was told %q, which does not say %q", i, f.Message, want)
			}
		}
		want := `"yes"`
		if won%2 == 1 {
			want = `{"why":"no money"}`
		}
		wantOutput(t, h.wait(arn), want)
	})
}

func TestInvalidHumanTaskFailsWithItsField(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("bad", `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync",
			"Parameters":{"Title":"Go?","Priority.$":"$.p"},"End":true}}}`)
		x := h.wait(h.start(m, `{"p":101}`))
		wantStatus(t, x, interp.Failed)
		if text(x.Error) != "Human.InvalidTask" || !strings.HasPrefix(text(x.Cause), "Priority ") {
			t.Errorf("%s: %s", text(x.Error), text(x.Cause))
		}
	})
}

func TestTokenNeverGoesIntoAHumanTask(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		_, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "leak", Definition: `{"StartAt":"Ask","States":{"Ask":{"Type":"Task",
			"Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"Go?","Description.$":"$$.Task.Token"},"End":true}}}`})
		f := wantCode(t, err, "InvalidDefinition")
		if !strings.Contains(f.Message, "/States/Ask/Parameters") {
			t.Errorf("the message is %q", f.Message)
		}
		arn := h.start(h.machine("approval", approval), `{}`)
		task := h.open1()
		jobs, err := h.db.JobsOf(t.Context(), task.Execution)
		if err != nil || len(jobs) != 1 {
			t.Fatalf("jobs: %v, %v", jobs, err)
		}
		_ = wantCode(t, h.TaskSucceeded(t.Context(), jobs[0].Run.TaskToken, `{}`), "TaskTimedOut")
		events, err := h.History(t.Context(), arn, ledger.HistoryQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			line, err := e.MarshalJSON()
			if err != nil || strings.Contains(string(line), jobs[0].Run.TaskToken) {
				t.Errorf("the token is in %s (%v)", line, err)
			}
		}
	})
}

func TestStoppingCancelsTheTask(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		arn := h.start(h.machine("approval", approval), `{}`)
		task := h.open1()
		if _, err := h.StopExecution(t.Context(), arn, nil, nil); err != nil {
			t.Fatal(err)
		}
		_, err := h.Decide(t.Context(), engine.Decide{TaskID: task.ID, Outcome: "Approve"})
		_ = wantCode(t, err, engine.TaskAlreadyDecided)
		if _, err := h.Task(t.Context(), "nothing"); !strings.HasPrefix(err.Error(), engine.HumanTaskNotFound) {
			t.Errorf("an unknown task: %v", err)
		}
	})
}

func TestInboxViews(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("due", `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync",
			"Parameters":{"Title.$":"$.title","Due.$":"$.due"},"End":true}}}`)
		for _, in := range []string{`{"title":"later","due":"P2D"}`, `{"title":"soon","due":"PT1H"}`, `{"title":"fixed","due":"2000-01-02T00:00:00Z"}`} {
			h.start(m, in)
		}
		synctest.Wait()
		titles := func(q ledger.TaskQuery) (list []string) {
			tasks, _, err := h.Tasks(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range tasks {
				list = append(list, x.Title)
			}
			return list
		}
		if got, want := titles(ledger.TaskQuery{}), []string{"soon", "fixed", "later"}; !slices.Equal(got, want) {
			t.Errorf("open: %v, want %v", got, want)
		}
		time.Sleep(2 * time.Hour) // virtual
		if got, want := titles(ledger.TaskQuery{View: ledger.OverdueTasks}), []string{"soon"}; !slices.Equal(got, want) {
			t.Errorf("overdue: %v, want %v", got, want)
		}
	})
}

func TestDecideNeedsNoRunnerToFindFaults(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.start(h.machine("approval", approval), `{}`)
		task := h.open1()
		_, err := h.Decide(t.Context(), engine.Decide{TaskID: task.ID, Outcome: "Approve", Form: parse(t, `{"extra":1}`)})
		_ = wantCode(t, err, engine.InvalidForm)
		_, err = h.Decide(t.Context(), engine.Decide{TaskID: task.ID, Outcome: "Approve", Comment: strings.Repeat("x", 10001)})
		_ = wantCode(t, err, "ValidationException")
	})
}
