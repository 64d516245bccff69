package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func contextCancelled(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

func humanTasks(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", askPerson)
	r := w.start(arn, "r", askPerson, `{}`)
	task := ledger.HumanTask{
		ID: "h1", Execution: r.id, ExecutionARN: r.arn, MachineName: "m", StateName: "Ask", Token: r.task().Token,
		Title: "Approve \"it\"", Description: "**now**", Assignee: "ann", CandidateUsers: []string{"bob", "c,d"}, CandidateGroups: []string{"ops"},
		Form: value.Raw(`{"type":"object"}`), UISchema: value.Raw(`{}`), Defaults: value.Raw(`{"n":1.0}`),
		Summary:  []ledger.SummaryItem{{Label: "Total", Value: "12"}, {Label: "Who", Value: ""}},
		Outcomes: []string{"Approve", "Reject"}, FailOn: []string{"Reject"}, Due: new(begin.Add(time.Hour)), Priority: 70,
		Status: ledger.TaskOpen, Created: begin,
	}
	must(t, w.store.CreateTask(ctx, task))
	got, err := w.store.Task(ctx, "h1")
	must(t, err)
	same(t, "created task", got, task)
	again := task
	again.ID, again.Title = "h2", "other"
	must(t, w.store.CreateTask(ctx, again))
	list, err := w.store.TasksOf(ctx, r.id)
	must(t, err)
	same(t, "tasks after creating it twice", list, []ledger.HumanTask{task})
	_, err = w.store.Task(ctx, "h2")
	answers(t, "Task without one", err, ledger.ErrNotFound)
	e, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	same(t, "waiting", e.Waiting, int64(1))

	bare := w.start(arn, "bare", askPerson, `{}`)
	least := ledger.HumanTask{ID: "least", Execution: bare.id, ExecutionARN: bare.arn, Token: bare.task().Token, Status: ledger.TaskOpen, Created: begin}
	must(t, w.store.CreateTask(ctx, least))
	got, err = w.store.Task(ctx, "least")
	must(t, err)
	same(t, "a task with nothing in it", got, least)

	a := r.touch()
	a.Settled = []interp.Token{task.Token}
	w.now = begin.Add(time.Minute)
	must(t, r.write(a))
	got, err = w.store.Task(ctx, "h1")
	must(t, err)
	task.Status, task.Closed = ledger.TaskCancelled, new(w.now)
	same(t, "task whose token was settled", got, task)
	task.ID = "h3"
	answers(t, "CreateTask for a job that is gone", w.store.CreateTask(ctx, task), ledger.ErrClosed)
	task.Execution += 100
	answers(t, "CreateTask without an execution", w.store.CreateTask(ctx, task), ledger.ErrClosed)
	e, err = w.store.Execution(ctx, r.arn)
	must(t, err)
	same(t, "waiting after it was settled", e.Waiting, int64(0))
}

func inbox(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("flow", askPerson)
	add := func(id string, due time.Duration, priority int, title, assignee string) *run {
		w.now = w.now.Add(time.Second)
		r := w.start(arn, id, askPerson, `{}`)
		h := ledger.HumanTask{
			ID: id, Execution: r.id, Token: r.task().Token, MachineName: "flow", Title: title, Assignee: assignee,
			Priority: priority, Created: w.now, Outcomes: []string{"Approve"},
		}
		if due != 0 {
			h.Due = new(begin.Add(due))
		}
		must(t, w.store.CreateTask(ctx, h))
		return r
	}
	add("a", 0, 10, "Ship order", "ann")
	add("b", time.Minute, 0, "Pay 100%", "")
	add("c", time.Hour, 50, "Refund order", "bob")
	add("d", 0, 50, "Sign", "")
	add("e", time.Hour, 50, "Sign off", "ann")
	decide := func(id string, r *run, outcome string, at time.Time) {
		a := r.touch()
		a.Decision = &ledger.Decision{TaskID: id, Outcome: outcome, By: "owner", At: at}
		must(t, r.write(a))
	}
	f, g := add("f", 0, 0, "Old", ""), add("g", 0, 0, "Older", "")
	decide("g", g, "Approve", begin.Add(2*time.Hour))
	decide("f", f, "Reject", begin.Add(3*time.Hour))
	x := add("x", 0, 0, "Cancelled", "")
	x.do(interp.Stop{})
	w.now = begin.Add(30 * time.Minute)

	for _, c := range []struct {
		what string
		q    ledger.TaskQuery
		want string
	}{
		{"open by due time", ledger.TaskQuery{}, "becda"}, // c and e are due together, d and a never: newest first
		{"open, newest", ledger.TaskQuery{View: ledger.OpenTasks, Sort: ledger.SortNewest}, "edcba"},
		{"open by priority", ledger.TaskQuery{Sort: ledger.SortPriority}, "edcab"},
		{"overdue", ledger.TaskQuery{View: ledger.OverdueTasks}, "b"},
		{"decided, newest", ledger.TaskQuery{View: ledger.DecidedTasks, Sort: ledger.SortNewest}, "fg"},
		{"search in titles", ledger.TaskQuery{Search: "ORDER", Sort: ledger.SortNewest}, "ca"},
		{"search for a wildcard", ledger.TaskQuery{Search: "0%"}, "b"},
		{"search for an assignee", ledger.TaskQuery{Search: "ann", Sort: ledger.SortNewest}, "ea"},
		{"search for a workflow", ledger.TaskQuery{Search: "flow", Sort: ledger.SortNewest}, "edcba"},
		{"search for an outcome", ledger.TaskQuery{View: ledger.DecidedTasks, Search: "reject"}, "f"},
	} {
		for _, limit := range []int{0, 1, 2} {
			q, got := c.q, ""
			q.Page.Limit = limit
			for {
				page, next, err := w.store.ListTasks(ctx, q)
				must(t, err)
				for _, h := range page {
					got += h.ID
				}
				if next == "" {
					break
				}
				q.Page.Token = next
			}
			same(t, fmt.Sprintf("tasks %s, %d a page", c.what, limit), got, c.want)
		}
	}
	n, err := w.store.CountTasks(ctx)
	must(t, err)
	same(t, "counts", n, ledger.TaskCounts{Open: 5, Overdue: 1, Decided: 2})
}

func decisions(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", askPerson)
	r := w.start(arn, "r", askPerson, `{}`)
	task := r.task()
	must(t, w.store.CreateTask(ctx, ledger.HumanTask{ID: "h", Execution: r.id, Token: task.Token, Created: begin}))

	// A decision and its step are one write.
	r.step(interp.TaskSucceeded{Token: task.Token, Output: ok})
	a := ledger.Advance{
		ID: r.id, Base: r.rev, Exec: r.x, Out: r.out, Settled: []interp.Token{task.Token},
		Decision: &ledger.Decision{TaskID: "other", Outcome: "Approve", By: "ann", Comment: "fine", Form: ok, At: begin.Add(time.Minute)},
	}
	answers(t, "a decision about no task", r.write(a), ledger.ErrNotFound)
	a.Decision.TaskID = "h"
	stale := a
	stale.Base++
	answers(t, "a stale decision", r.write(stale), ledger.ErrStale)
	h, err := w.store.Task(ctx, "h")
	must(t, err)
	same(t, "task after refused decisions", h.Status, ledger.TaskOpen)

	must(t, r.write(a))
	h, err = w.store.Task(ctx, "h")
	must(t, err)
	if h.Status != ledger.TaskDecided || h.Outcome != "Approve" || h.DecidedBy != "ann" || h.Comment != "fine" ||
		h.Data.JSON() != ok.JSON() || h.Closed == nil || !h.Closed.Equal(begin.Add(time.Minute)) {
		t.Errorf("decided task: %+v", h)
	}
	r.check()
	a.Decision = &ledger.Decision{TaskID: "h", Outcome: "Reject", By: "bob", At: begin}
	answers(t, "a second decision", r.write(a), ledger.ErrConflict)
	r.check()

	// Of rivals exactly one wins, and what it wrote is what is stored.
	for i := range 10 {
		r := w.start(arn, fmt.Sprint("race", i), askPerson, `{}`)
		task, id := r.task(), fmt.Sprint("race", i)
		must(t, w.store.CreateTask(ctx, ledger.HumanTask{ID: id, Execution: r.id, Token: task.Token, Created: begin}))
		results := make([]error, 4)
		var wg sync.WaitGroup
		for k := range results {
			wg.Go(func() {
				l, err := w.store.Load(ctx, r.id)
				if err != nil {
					results[k] = err
					return
				}
				out := interp.Step(r.m, l.Exec, interp.TaskSucceeded{Token: task.Token, Output: value.Int(int64(k))}, begin)
				done := make(chan error, 1)
				w.store.Advance(ledger.Advance{
					ID: r.id, Base: l.Revision, Exec: l.Exec, Out: out, Settled: []interp.Token{task.Token},
					Decision: &ledger.Decision{TaskID: id, Outcome: fmt.Sprint(k), At: begin},
				}, func(err error) { done <- err })
				results[k] = <-done
			})
		}
		wg.Wait()
		winner := -1
		for k, err := range results {
			if err == nil && winner >= 0 {
				t.Errorf("race %d: %d and %d won", i, winner, k)
			}
			if err == nil {
				winner = k
			}
		}
		h, err := w.store.Task(ctx, id)
		must(t, err)
		e, err := w.store.Execution(ctx, r.arn)
		must(t, err)
		if winner < 0 || h.Outcome != fmt.Sprint(winner) || e.Output.JSON() != fmt.Sprint(winner) {
			t.Errorf("race %d: %d won (%v), the task says %q, the output is %s", i, winner, results, h.Outcome, e.Output.JSON())
		}
	}
}
