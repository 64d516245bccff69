package storetest

import (
	"errors"
	"fmt"
	"testing"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func creating(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", taskThenDone)
	r := w.start(arn, "one", taskThenDone, `{"n": 1.50}`)
	e, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	want := ledger.Execution{
		ID: r.id, ARN: r.arn, Name: "one", MachineARN: arn, MachineName: "m", Type: "STANDARD", Status: interp.Running,
		Input: value.Raw(`{"n":1.50}`), Started: begin, TraceHeader: "trace", RevisionID: "r1",
		RoleARN: "arn:aws:iam::000000000000:role/r", Events: int64(len(r.all)),
	}
	same(t, "created execution", e, want)
	byID, err := w.store.ExecutionByID(ctx, r.id)
	must(t, err)
	same(t, "execution by id", byID, want)
	r.check()

	_, err = w.store.Create(ctx, w.newRun(arn, "one", taskThenDone).first(taskThenDone, `{}`))
	answers(t, "Create with a taken ARN", err, ledger.ErrExists)
	_, err = w.store.Create(ctx, w.newRun(arn+"x", "one", taskThenDone).first(taskThenDone, `{}`))
	answers(t, "Create without a machine", err, ledger.ErrNotFound)
	again, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	same(t, "execution after a refused one", again, want)
	r.check()

	_, err = w.store.Execution(ctx, r.arn+"x")
	answers(t, "Execution without one", err, ledger.ErrNotFound)
	_, err = w.store.ExecutionByID(ctx, r.id+1000)
	answers(t, "ExecutionByID without one", err, ledger.ErrNotFound)

	// The first step can be the last one.
	p := w.start(arn, "passing", passOnly, `{"a":[1,2]}`)
	e, err = w.store.Execution(ctx, p.arn)
	must(t, err)
	if e.Status != interp.Succeeded || e.Output.JSON() != `{"a":[1,2]}` || e.Stopped.IsZero() || e.ID <= r.id {
		t.Errorf("an execution that closed in its first step: %+v", e)
	}
	p.check()
	_, err = w.store.Load(ctx, p.id)
	answers(t, "Load of it", err, ledger.ErrClosed)
	text, err := w.store.Definition(ctx, p.id)
	must(t, err)
	same(t, "its definition", text, passOnly)
}

func loading(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", fanOut)
	r := w.start(arn, "fan", fanOut, `[{"n":1},{"n":2},{"n":3}]`)
	check := func() {
		t.Helper()
		l, err := w.store.Load(ctx, r.id)
		must(t, err)
		same(t, "loaded execution", rowsOf(t, l.Exec), rowsOf(t, r.x))
		same(t, "its revision", l.Revision, r.rev)
		same(t, "its definition", l.Definition, fanOut)
		e, err := w.store.Execution(ctx, r.arn)
		must(t, err)
		same(t, "its record", l.Execution, e)
	}
	check()
	m, err := w.store.Machine(ctx, arn)
	must(t, err)
	m.Definition = passOnly
	must(t, w.update(m))
	check()

	open, err := w.store.JobsOf(ctx, r.id)
	must(t, err)
	if len(open) != 3 {
		t.Fatalf("%d jobs, want 3", len(open))
	}
	r.do(interp.TaskSucceeded{Token: open[1].Run.Token, Output: ok}, open[1].Run.Token)
	check()
	r.do(interp.TaskSucceeded{Token: open[0].Run.Token, Output: ok}, open[0].Run.Token)
	check()

	// What was loaded goes on like what was not.
	l, err := w.store.Load(ctx, r.id)
	must(t, err)
	r.x = l.Exec
	r.do(interp.TaskSucceeded{Token: open[2].Run.Token, Output: ok}, open[2].Run.Token)
	e, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	same(t, "output", e.Output.JSON(), `[{"ok":true},{"ok":true},{"ok":true}]`)
	r.check()
	_, err = w.store.Load(ctx, r.id+99)
	answers(t, "Load without an execution", err, ledger.ErrNotFound)
	_, err = w.store.Definition(ctx, r.id+99)
	answers(t, "Definition without an execution", err, ledger.ErrNotFound)
}

// rowsOf is everything an execution is, as text.
func rowsOf(t *testing.T, x *interp.Exec) map[string]string {
	t.Helper()
	head, err := x.Head()
	must(t, err)
	rows := map[string]string{"head": string(head)}
	for id, s := range x.Scopes {
		row, err := s.Row()
		must(t, err)
		rows[fmt.Sprint(id)] = string(row)
	}
	return rows
}

func advancing(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", tenTasks)
	r := w.start(arn, "steps", tenTasks, `{}`)
	before := rowsOf(t, r.x)
	token := r.task().Token
	r.step(interp.TaskSucceeded{Token: token, Output: ok})
	a := ledger.Advance{ID: r.id, Base: r.rev, Exec: r.x, Out: r.out, Settled: []interp.Token{token}}

	stale := a
	stale.Base++
	answers(t, "Advance from a revision to come", r.write(stale), ledger.ErrStale)
	missing := a
	missing.ID += 1000
	answers(t, "Advance without an execution", r.write(missing), ledger.ErrNotFound)
	l, err := w.store.Load(ctx, r.id)
	must(t, err)
	same(t, "execution after refused writes", rowsOf(t, l.Exec), before)
	same(t, "its revision", l.Revision, ledger.FirstRevision)

	must(t, r.write(a))
	answers(t, "the same Advance again", r.write(a), ledger.ErrStale)
	r.check()

	// Three writes at once, none of them waited for; the Exec is stepped on meanwhile.
	results := make(chan error, 3)
	for range 3 {
		token := r.task().Token
		r.step(interp.TaskSucceeded{Token: token, Output: ok})
		w.store.Advance(ledger.Advance{ID: r.id, Base: r.rev, Exec: r.x, Out: r.out, Settled: []interp.Token{token}},
			func(err error) { results <- err })
		r.rev++
	}
	for range 3 {
		must(t, <-results)
	}
	r.check()
	e, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	if e.Status != interp.Succeeded || e.Events != int64(len(r.all)) {
		t.Errorf("after all steps: %+v, want SUCCEEDED with %d events", e, len(r.all))
	}
	answers(t, "Advance of a closed execution", r.write(r.touch()), ledger.ErrClosed)
	r.check()

	// Several steps in one write: what came and went never was.
	s := w.start(arn, "merged", tenTasks, `{}`)
	var settled []interp.Token
	var merged interp.Output
	settled = append(settled, s.task().Token)
	for range 2 {
		token := s.task().Token
		settled = append(settled, token)
		s.step(interp.TaskSucceeded{Token: token, Output: ok})
		merged.Events = append(merged.Events, s.out.Events...)
		merged.Commands = append(merged.Commands, s.out.Commands...)
		merged.Changed = append(merged.Changed, s.out.Changed...)
	}
	must(t, s.write(ledger.Advance{ID: s.id, Base: s.rev, Exec: s.x, Out: merged, Settled: settled}))
	open, err := w.store.JobsOf(ctx, s.id)
	must(t, err)
	if len(open) != 1 || open[0].Run.State != "T3" {
		t.Errorf("jobs after a merged write: %+v, want that of T3", open)
	}
	s.check()
}

func closing(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", askWorker)
	w.machine("p", askPerson)
	for _, c := range []struct {
		name  string
		input func(interp.Token) interp.Input
		want  ledger.Execution
	}{
		{
			"failed", func(t interp.Token) interp.Input { return interp.TaskFailed{Token: t, Error: "E", Cause: "because"} },
			ledger.Execution{Status: interp.Failed, Error: new("E"), Cause: new("because")},
		},
		{
			"stopped", func(interp.Token) interp.Input { return interp.Stop{Error: new("S")} },
			ledger.Execution{Status: interp.Aborted, Error: new("S")},
		},
		{
			"done", func(t interp.Token) interp.Input { return interp.TaskSucceeded{Token: t, Output: ok} },
			ledger.Execution{Status: interp.Succeeded, Output: ok},
		},
	} {
		r := w.start(arn, c.name, askWorker, `{}`)
		run := r.task()
		a := r.touch()
		a.Timers = []ledger.Timer{{Execution: r.id, Token: run.Token, Kind: ledger.TimeoutTimer, Due: begin}}
		must(t, r.write(a))
		must(t, w.store.CreateTask(ctx, ledger.HumanTask{ID: c.name, Execution: r.id, Token: run.Token, Created: begin}))
		r.do(c.input(run.Token)) // nothing is settled: closing cleans up
		e, err := w.store.Execution(ctx, r.arn)
		must(t, err)
		if e.Status != c.want.Status || e.Output.JSON() != c.want.Output.JSON() || !e.Stopped.Equal(r.when) {
			t.Errorf("%s: %+v", c.name, e)
		}
		same(t, c.name+": error", e.Error, c.want.Error)
		same(t, c.name+": cause", e.Cause, c.want.Cause)
		_, err = w.store.JobByTaskToken(ctx, run.TaskToken)
		answers(t, c.name+": JobByTaskToken", err, ledger.ErrNotFound)
		open, err := w.store.JobsOf(ctx, r.id)
		must(t, err)
		same(t, c.name+": jobs", len(open), 0)
		due, err := w.store.TimersOf(ctx, r.id)
		must(t, err)
		same(t, c.name+": timers", len(due), 0)
		task, err := w.store.Task(ctx, c.name)
		must(t, err)
		same(t, c.name+": human task", task.Status, ledger.TaskCancelled)
		if task.Closed == nil {
			t.Errorf("%s: a cancelled task is not closed", c.name)
		}
		_, err = w.store.Load(ctx, r.id)
		answers(t, c.name+": Load", err, ledger.ErrClosed)
		answers(t, c.name+": Advance", r.write(r.touch()), ledger.ErrClosed)
		r.check()
	}
	counts, err := w.store.CountExecutions(ctx, arn)
	must(t, err)
	for status, want := range map[interp.Status]int64{interp.Running: 0, interp.Failed: 1, interp.Aborted: 1, interp.Succeeded: 1, interp.TimedOut: 0} {
		same(t, "count of "+string(status), counts[status], want)
	}
}

func continuing(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", taskThenDone)
	ids := func() []ledger.ExecutionID {
		t.Helper()
		ids, err := w.store.Continuing(ctx)
		must(t, err)
		return ids
	}
	a, b := w.start(arn, "a", taskThenDone, `{}`), w.start(arn, "b", taskThenDone, `{}`)
	w.start(arn, "c", taskThenDone, `{}`)
	same(t, "executions that continue", ids(), []ledger.ExecutionID(nil))
	for _, r := range []*run{b, a} {
		r.x.Ready = []interp.ScopeID{interp.RootScope}
		must(t, r.write(r.touch()))
	}
	same(t, "executions that continue", ids(), []ledger.ExecutionID{a.id, b.id})
	a.x.Ready = nil
	must(t, a.write(a.touch()))
	same(t, "executions that continue", ids(), []ledger.ExecutionID{b.id})
	b.do(interp.Stop{})
	same(t, "executions that continue", ids(), []ledger.ExecutionID(nil))
}

func nested(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", taskThenDone)
	parent := w.start(arn, "parent", taskThenDone, `{}`)
	token := parent.task().Token
	child := func(name string) (*run, error) {
		r := w.newRun(arn, name, taskThenDone)
		n := r.first(taskThenDone, `{}`)
		n.Execution.Parent = &ledger.ParentRef{Execution: parent.id, Token: token, Pattern: "sync:2"}
		id, err := w.store.Create(ctx, n)
		r.id, r.rev = id, ledger.FirstRevision
		return r, err
	}
	one, err := child("one")
	must(t, err)
	e, err := w.store.Execution(ctx, one.arn)
	must(t, err)
	same(t, "parent", e.Parent, &ledger.ParentRef{Execution: parent.id, Token: token, Pattern: "sync:2"})
	closed := func() []string {
		t.Helper()
		list, err := w.store.ClosedChildren(ctx)
		must(t, err)
		var names []string
		for _, e := range list {
			names = append(names, e.Name+" "+e.Output.JSON())
		}
		return names
	}
	same(t, "closed children while it runs", closed(), []string(nil))
	one.do(interp.TaskSucceeded{Token: one.task().Token, Output: ok})
	same(t, "closed children", closed(), []string{`one {"ok":true}`})
	parent.do(interp.TaskSucceeded{Token: token, Output: ok}, token)
	same(t, "closed children of an answered parent", closed(), []string(nil))
	_, err = child("two")
	answers(t, "Create for a job that is gone", err, ledger.ErrClosed)
	if _, err := w.store.Execution(ctx, e.ARN[:len(e.ARN)-3]+"two"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the refused child: %v, want ErrNotFound", err)
	}
}
