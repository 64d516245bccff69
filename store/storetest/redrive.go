package storetest

import (
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// redrives lets a Map fail, lets it go on, and lets it fail again.
func redrives(t *testing.T, w *world) {
	ctx := t.Context()
	m := w.machine("Order", fanOut)
	r := w.start(m, "a", fanOut, `[1,2,3]`)
	tasks := r.tasks()
	r.do(interp.TaskSucceeded{Token: tasks[0], Output: ok}, tasks[0])
	_, err := w.store.Redrivable(ctx, r.id)
	answers(t, "Redrivable while it runs", err, ledger.ErrNotFound)
	r.do(interp.TaskFailed{Token: tasks[1], Error: "E", Cause: "because"}, tasks[1])
	closed, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	if closed.Status != interp.Failed || !closed.Wrecked || closed.Redrives != 0 || !closed.Redriven.IsZero() {
		t.Errorf("the failed execution is %+v", closed)
	}

	l, err := w.store.Redrivable(ctx, r.id)
	must(t, err)
	same(t, "execution to redrive", l.Execution, closed)
	same(t, "its definition", l.Definition, fanOut)
	stale, err := w.store.Redrivable(ctx, r.id)
	must(t, err)
	r.redrive(l, "first")
	answers(t, "Redrive of one that runs", r.reopen(stale, "other"), ledger.ErrStale)
	r.check()
	open, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	if open.Status != interp.Running || open.Wrecked || open.Redrives != 1 || !open.Redriven.Equal(r.when) ||
		!open.Stopped.IsZero() || open.Error != nil || open.Cause != nil || open.Input.JSON() != `[1,2,3]` {
		t.Errorf("the redriven execution is %+v", open)
	}
	n, err := w.store.CountExecutions(ctx, m)
	must(t, err)
	if n[interp.Running] != 1 || n[interp.Failed] != 0 {
		t.Errorf("executions by status: %v", n)
	}
	at, err := w.store.RedriveOf(ctx, r.id, "first")
	must(t, err)
	same(t, "time of the redrive", at, open.Redriven)
	_, err = w.store.RedriveOf(ctx, r.id, "other")
	answers(t, "RedriveOf a token that was refused", err, ledger.ErrNotFound)

	// From here on it is an execution like any other.
	loaded, err := w.store.Load(ctx, r.id)
	must(t, err)
	same(t, "revision", loaded.Revision, ledger.FirstRevision)
	r.x = loaded.Exec
	jobs, err := w.store.JobsOf(ctx, r.id)
	must(t, err)
	same(t, "jobs", len(jobs), 2)
	r.do(interp.TaskFailed{Token: jobs[0].Run.Token, Error: "E"}, jobs[0].Run.Token)
	l, err = w.store.Redrivable(ctx, r.id)
	must(t, err)
	r.redrive(l, "")
	for _, token := range r.tasks() {
		r.do(interp.TaskSucceeded{Token: token, Output: ok}, token)
	}
	r.check()
	done, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	if done.Status != interp.Succeeded || done.Redrives != 2 || done.Wrecked || done.Output.JSON() != `[{"ok":true},{"ok":true},{"ok":true}]` {
		t.Errorf("in the end it is %+v", done)
	}
	_, err = w.store.Redrivable(ctx, r.id)
	answers(t, "Redrivable of one that succeeded", err, ledger.ErrNotFound)

	other := w.start(m, "b", fanOut, `[1]`)
	other.do(interp.Stop{})
	for _, tc := range []struct {
		redriven *bool
		want     int
	}{{nil, 2}, {new(true), 1}, {new(false), 1}} {
		list, _, err := w.store.ListExecutions(ctx, ledger.ExecutionQuery{MachineARN: m, Redriven: tc.redriven})
		must(t, err)
		same(t, "executions by redrive", len(list), tc.want)
	}
	must(t, w.store.DeleteMachine(ctx, m))
	l, err = w.store.Redrivable(ctx, other.id)
	must(t, err)
	answers(t, "Redrive without the machine", other.reopen(l, ""), ledger.ErrConflict)
}

// redrivesAtOnce redrives what is over again in the same step, ten times and more.
func redrivesAtOnce(t *testing.T, w *world) {
	ctx := t.Context()
	const failing = `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`
	m := w.machine("Order", failing)
	r := w.start(m, "a", failing, `{}`)
	for i := range 12 {
		l, err := w.store.Redrivable(ctx, r.id)
		must(t, err)
		same(t, "redrives so far", l.Execution.Redrives, i)
		r.redrive(l, string(rune('a'+i)))
	}
	r.check()
	_, err := w.store.RedriveOf(ctx, r.id, "b")
	answers(t, "RedriveOf a token before the last ten", err, ledger.ErrNotFound)
	_, err = w.store.RedriveOf(ctx, r.id, "c")
	must(t, err)
	n, err := w.store.CountExecutions(ctx, m)
	must(t, err)
	if n[interp.Running] != 0 || n[interp.Failed] != 1 {
		t.Errorf("executions by status: %v", n)
	}
}

// wrecksGoAfterAWhile looks at what is kept for redrives that come too late.
func wrecksGoAfterAWhile(t *testing.T, w *world) {
	ctx := t.Context()
	m := w.machine("Order", taskThenDone)
	old := w.start(m, "old", taskThenDone, `{}`)
	old.do(interp.Stop{})
	w.now = w.now.Add(ledger.RedrivePeriod + time.Minute)
	fresh := w.start(m, "new", taskThenDone, `{}`)
	fresh.do(interp.Stop{})
	_, err := w.store.Redrivable(ctx, old.id)
	answers(t, "Redrivable after the period", err, ledger.ErrNotFound)
	_, err = w.store.Redrivable(ctx, fresh.id)
	must(t, err)
}

// tasks are the tokens of the RunTask commands of the last step.
func (r *run) tasks() []interp.Token {
	var tokens []interp.Token
	for _, c := range r.out.Commands {
		if c, ok := c.(interp.RunTask); ok {
			tokens = append(tokens, c.Token)
		}
	}
	return tokens
}

// redrive redrives the execution and keeps it.
func (r *run) redrive(l ledger.Loaded, token string) {
	r.w.Helper()
	r.x = l.Exec
	r.step(interp.Redrive{})
	must(r.w.T, r.w.store.Redrive(r.w.ctx(), ledger.Redrive{ID: r.id, Exec: r.x, Out: r.out, Token: token}))
	r.rev = ledger.FirstRevision
}

// reopen tries to redrive the execution and keeps nothing.
func (r *run) reopen(l ledger.Loaded, token string) error {
	out := interp.Step(r.m, l.Exec, interp.Redrive{}, r.when)
	return r.w.store.Redrive(r.w.ctx(), ledger.Redrive{ID: r.id, Exec: l.Exec, Out: out, Token: token})
}
