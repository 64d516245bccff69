package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func jobs(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", askWorker)
	var runs []*run
	for i := range 5 {
		runs = append(runs, w.start(arn, fmt.Sprint("r", i), askWorker, `{"i":1}`))
	}
	r := runs[2]
	task := r.task()
	want := ledger.Job{Execution: r.id, ExecutionARN: r.arn, Run: task, Created: begin}
	got, err := w.store.JobByTaskToken(ctx, task.TaskToken)
	must(t, err)
	same(t, "job by its task token", got, want)
	got, err = w.store.Job(ctx, ledger.JobKey{Execution: r.id, Token: task.Token})
	must(t, err)
	same(t, "job by its key", got, want)
	_, err = w.store.JobByTaskToken(ctx, task.TaskToken+"x")
	answers(t, "JobByTaskToken with a wrong token", err, ledger.ErrNotFound)
	_, err = w.store.JobByTaskToken(ctx, "")
	answers(t, "JobByTaskToken without a token", err, ledger.ErrNotFound)
	_, err = w.store.Job(ctx, ledger.JobKey{Execution: r.id, Token: task.Token + 100})
	answers(t, "Job without one", err, ledger.ErrNotFound)

	// Everything a task can have survives.
	x := w.newRun(arn, "full", askWorker)
	n := x.first(askWorker, `{}`)
	full := interp.RunTask{
		Token: 7, TaskToken: "secret", State: "Ask \"it\"", Scope: 9, Attempt: 3, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
		Input: value.Raw(`{"é":[1.0,null]}`), Timeout: time.Hour, Heartbeat: 1500 * time.Millisecond,
		Credentials: value.Raw(`{"RoleArn":"r"}`), Entered: 12,
	}
	n.Out.Commands = []interp.Command{full, interp.RunTask{Token: 8, State: "Bare", Resource: "r", Input: value.Nil}}
	n.Started = []interp.Token{8}
	x.id, err = w.store.Create(ctx, n)
	must(t, err)
	open, err := w.store.JobsOf(ctx, x.id)
	must(t, err)
	same(t, "jobs of an execution", open, []ledger.Job{
		{Execution: x.id, ExecutionARN: x.arn, Run: full, Created: begin},
		{Execution: x.id, ExecutionARN: x.arn, Run: interp.RunTask{Token: 8, State: "Bare", Resource: "r", Input: value.Nil}, Started: true, Created: begin},
	})

	count := func(q ledger.JobQuery) (n int) {
		t.Helper()
		for {
			page, err := w.store.OpenJobs(ctx, q)
			must(t, err)
			for _, j := range page {
				key := ledger.JobKey{Execution: j.Execution, Token: j.Run.Token}
				if key.Execution < q.After.Execution || key.Execution == q.After.Execution && key.Token <= q.After.Token {
					t.Fatalf("job %v comes after %v", key, q.After)
				}
				q.After = key
			}
			if n += len(page); len(page) == 0 || q.Limit == 0 {
				return n
			}
		}
	}
	same(t, "open jobs", count(ledger.JobQuery{}), 7)
	same(t, "open jobs, page by page", count(ledger.JobQuery{Limit: 2}), 7)
	same(t, "pending jobs", count(ledger.JobQuery{Limit: 2, Pending: true}), 6)
	a := r.touch()
	a.Started = []interp.Token{task.Token, 999}
	must(t, r.write(a))
	same(t, "pending jobs, one started", count(ledger.JobQuery{Pending: true}), 5)
	want.Started = true
	got, err = w.store.JobByTaskToken(ctx, task.TaskToken)
	must(t, err)
	same(t, "started job", got, want)

	// Cancelled and settled jobs are gone.
	a = r.touch()
	a.Out.Commands = []interp.Command{interp.CancelTask{Token: task.Token}}
	must(t, r.write(a))
	_, err = w.store.JobByTaskToken(ctx, task.TaskToken)
	answers(t, "JobByTaskToken after CancelTask", err, ledger.ErrNotFound)
	r = runs[3]
	task = r.task()
	a = r.touch()
	a.Settled = []interp.Token{task.Token, task.Token, 999}
	must(t, r.write(a))
	_, err = w.store.JobByTaskToken(ctx, task.TaskToken)
	answers(t, "JobByTaskToken after it was settled", err, ledger.ErrNotFound)
	same(t, "open jobs at the end", count(ledger.JobQuery{}), 5)
}

func activities(t *testing.T, w *world) {
	ctx := t.Context()
	_, err := w.store.Activity(ctx, workerARN)
	answers(t, "Activity without one", err, ledger.ErrNotFound)
	a := ledger.Activity{ARN: workerARN, Name: "worker", Encryption: `{"type":"AWS_OWNED_KEY"}`, Created: begin}
	must(t, w.store.CreateActivity(ctx, a, nil))
	answers(t, "CreateActivity again", w.store.CreateActivity(ctx, a, nil), ledger.ErrExists)
	got, err := w.store.Activity(ctx, workerARN)
	must(t, err)
	same(t, "activity", got, a)
	for _, name := range []string{"b", "A", "c"} {
		must(t, w.store.CreateActivity(ctx, ledger.Activity{ARN: workerARN + name, Name: name, Created: begin}, nil))
	}
	var names []string
	p := ledger.Page{Limit: 3}
	for {
		page, next, err := w.store.ListActivities(ctx, p)
		must(t, err)
		for _, a := range page {
			names = append(names, a.Name)
		}
		if next == "" {
			break
		}
		p.Token = next
	}
	same(t, "activities", names, []string{"A", "b", "c", "worker"})

	arn := w.machine("m", askWorker)
	_, err = w.store.NextActivityJob(ctx, workerARN)
	answers(t, "NextActivityJob without one", err, ledger.ErrNotFound)
	var runs []*run
	for i := range 3 {
		w.now = w.now.Add(time.Second)
		runs = append(runs, w.start(arn, fmt.Sprint(i), askWorker, `{}`))
	}
	for _, r := range runs {
		j, err := w.store.NextActivityJob(ctx, workerARN)
		must(t, err)
		same(t, "oldest job", j.Execution, r.id)
		a := r.touch()
		a.Started = []interp.Token{j.Run.Token}
		must(t, r.write(a))
	}
	_, err = w.store.NextActivityJob(ctx, workerARN)
	answers(t, "NextActivityJob when all are started", err, ledger.ErrNotFound)

	must(t, w.store.DeleteActivity(ctx, workerARN))
	answers(t, "DeleteActivity again", w.store.DeleteActivity(ctx, workerARN), ledger.ErrNotFound)
	open, err := w.store.JobsOf(ctx, runs[0].id)
	must(t, err)
	same(t, "jobs of a deleted activity", len(open), 1)
}

func timers(t *testing.T, w *world) {
	ctx := t.Context()
	arn, worker := w.machine("wait", waitMinute), w.machine("worker", askWorker)
	r := w.start(arn, "r", waitMinute, `{}`)
	var set interp.SetTimer
	for _, c := range r.out.Commands {
		if c, ok := c.(interp.SetTimer); ok {
			set = c
		}
	}
	due, err := w.store.TimersOf(ctx, r.id)
	must(t, err)
	core := ledger.Timer{Execution: r.id, Token: set.Token, Kind: ledger.CoreTimer, Due: set.At}
	same(t, "timer of a Wait", due, []ledger.Timer{core})
	due, err = w.store.DueTimers(ctx, set.At.Add(-time.Microsecond), 0)
	must(t, err)
	same(t, "timers before they are due", len(due), 0)

	k := w.start(worker, "k", askWorker, `{}`)
	task := k.task()
	a := k.touch()
	early := set.At.Add(-time.Second + 300*time.Nanosecond)
	a.Timers = []ledger.Timer{
		{Execution: k.id, Token: task.Token, Kind: ledger.TimeoutTimer, Due: early},
		{Execution: k.id, Token: task.Token, Kind: ledger.HeartbeatTimer, Due: set.At},
		{Execution: k.id, Token: task.Token + 50, Kind: ledger.TimeoutTimer, Due: early},
	}
	must(t, k.write(a))
	timeout := ledger.Timer{Execution: k.id, Token: task.Token, Kind: ledger.TimeoutTimer, Due: set.At.Add(-time.Second + time.Microsecond)}
	heartbeat := ledger.Timer{Execution: k.id, Token: task.Token, Kind: ledger.HeartbeatTimer, Due: set.At}
	due, err = w.store.DueTimers(ctx, set.At, 0)
	must(t, err)
	same(t, "due timers", due, []ledger.Timer{timeout, core, heartbeat})
	due, err = w.store.DueTimers(ctx, set.At, 1)
	must(t, err)
	same(t, "the first due timer, rounded up", due, []ledger.Timer{timeout})

	heartbeat.Due = set.At.Add(time.Hour)
	must(t, w.store.SetTimer(ctx, heartbeat))
	due, err = w.store.TimersOf(ctx, k.id)
	must(t, err)
	same(t, "a heartbeat moved", due, []ledger.Timer{heartbeat, timeout})
	lost := heartbeat
	lost.Token += 50
	answers(t, "SetTimer for no job", w.store.SetTimer(ctx, lost), ledger.ErrClosed)

	a = k.touch()
	a.Settled = []interp.Token{task.Token}
	must(t, k.write(a))
	due, err = w.store.TimersOf(ctx, k.id)
	must(t, err)
	same(t, "timers of a settled job", len(due), 0)
	answers(t, "SetTimer for a settled job", w.store.SetTimer(ctx, heartbeat), ledger.ErrClosed)

	r.when = set.At
	r.do(interp.TimerFired{Token: set.Token}, set.Token)
	due, err = w.store.DueTimers(ctx, set.At.Add(time.Hour), 0)
	must(t, err)
	same(t, "timers at the end", len(due), 0)

	d := w.start(arn, "d", waitMinute, `{}`)
	a = d.touch()
	a.Out.Commands = []interp.Command{interp.DropTimer{Token: set.Token}}
	must(t, d.write(a))
	due, err = w.store.TimersOf(ctx, d.id)
	must(t, err)
	same(t, "timers after DropTimer", len(due), 0)

	// A time beyond any nanosecond counter, and a timer that comes and goes in one write.
	far := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	a = d.touch()
	a.Out.Commands = []interp.Command{
		interp.SetTimer{Token: 70, At: far, Why: interp.WhyWait},
		interp.SetTimer{Token: 71, At: far, Why: interp.WhyWait},
		interp.DropTimer{Token: 71},
	}
	must(t, d.write(a))
	due, err = w.store.TimersOf(ctx, d.id)
	must(t, err)
	same(t, "a far timer", due, []ledger.Timer{{Execution: d.id, Token: 70, Kind: ledger.CoreTimer, Due: far}})

	n := w.newRun(worker, "n", askWorker)
	first := n.first(askWorker, `{}`)
	first.Timers = []ledger.Timer{{Token: n.task().Token, Kind: ledger.TimeoutTimer, Due: far}}
	n.id, err = w.store.Create(ctx, first)
	must(t, err)
	due, err = w.store.TimersOf(ctx, n.id)
	must(t, err)
	same(t, "a timer of the first step", due, []ledger.Timer{{Execution: n.id, Token: n.task().Token, Kind: ledger.TimeoutTimer, Due: far}})
}

func neighbours(t *testing.T, w *world) {
	arn := w.machine("m", tenTasks)
	var runs []*run
	for i := range 40 {
		runs = append(runs, w.start(arn, fmt.Sprint(i), tenTasks, `{}`))
	}
	var wg sync.WaitGroup
	results := make([]error, len(runs))
	for i, r := range runs {
		token := r.task().Token
		r.step(interp.TaskSucceeded{Token: token, Output: ok})
		a := ledger.Advance{ID: r.id, Base: r.rev, Exec: r.x, Out: r.out, Settled: []interp.Token{token}}
		switch i % 4 {
		case 1:
			a.Base += 5 // stale
		case 2:
			a.Out.Commands = append(a.Out.Commands, a.Out.Commands...) // the same job twice
		case 3:
			a.Decision = &ledger.Decision{TaskID: "none", At: begin}
		}
		wg.Add(1)
		w.store.Advance(a, func(err error) { results[i] = err; wg.Done() })
	}
	wg.Wait()
	for i, r := range runs {
		switch i % 4 {
		case 0:
			must(t, results[i])
			r.rev++
			r.check()
			continue
		case 1:
			answers(t, "a stale neighbour", results[i], ledger.ErrStale)
		case 2:
			if results[i] == nil {
				t.Error("a job that exists was made again")
			}
		case 3:
			answers(t, "a neighbour that decides nothing", results[i], ledger.ErrNotFound)
		}
		got, err := w.store.History(t.Context(), r.id, ledger.HistoryQuery{})
		must(t, err)
		same(t, "history of a write that failed", got, r.all[:len(r.all)-len(r.out.Events)])
		l, err := w.store.Load(t.Context(), r.id)
		must(t, err)
		same(t, "revision of a write that failed", l.Revision, ledger.FirstRevision)
		if j, err := w.store.JobsOf(t.Context(), r.id); err != nil || len(j) != 1 || j[0].Run.State != "T1" {
			t.Errorf("jobs of a write that failed: %v, %v", j, err)
		}
	}
}

func restart(t *testing.T, w *world) {
	ctx := t.Context()
	tasks, waits := w.machine("tasks", askWorker), w.machine("waits", waitMinute)
	a, b := w.start(tasks, "a", askWorker, `{"big":"payload payload payload"}`), w.start(waits, "b", waitMinute, `{}`)
	must(t, w.store.CreateTask(ctx, ledger.HumanTask{ID: "h", Execution: a.id, Token: a.task().Token, Title: "?", Created: begin}))
	_, err := w.store.SaveDraft(ctx, ledger.Draft{Name: "d", Text: "x"}, 0)
	must(t, err)
	w.close()
	w.open()

	l, err := w.store.Load(ctx, a.id)
	must(t, err)
	same(t, "execution after a restart", rowsOf(t, l.Exec), rowsOf(t, a.x))
	a.x = l.Exec
	j, err := w.store.JobByTaskToken(ctx, a.task().TaskToken)
	must(t, err)
	same(t, "job after a restart", j.Run, a.task())
	j, err = w.store.NextActivityJob(ctx, workerARN)
	must(t, err)
	same(t, "task token after a restart", j.Run.TaskToken, a.task().TaskToken)
	due, err := w.store.DueTimers(ctx, begin.Add(time.Hour), 0)
	must(t, err)
	same(t, "timers after a restart", len(due), 1)
	task, err := w.store.Task(ctx, "h")
	must(t, err)
	same(t, "human task after a restart", task.Status, ledger.TaskOpen)
	d, err := w.store.Draft(ctx, "d")
	must(t, err)
	same(t, "draft after a restart", d.Text, "x")
	a.do(interp.TaskSucceeded{Token: a.task().Token, Output: ok}, a.task().Token)
	b.when = due[0].Due
	b.do(interp.TimerFired{Token: due[0].Token}, due[0].Token)
	a.check()
	b.check()
	must(t, w.store.Ready(ctx))
}

func payloads(t *testing.T, w *world) {
	big := make([]byte, 250<<10) // AWS allows 256 KiB
	for i := range big {
		big[i] = 'a' + byte(i%26)
	}
	arn := w.machine("m", tenTasks)
	r := w.start(arn, "big", tenTasks, `{"text":"`+string(big)+`"}`)
	for r.x.Outcome == nil {
		token := r.task().Token
		r.do(interp.TaskSucceeded{Token: token, Output: value.Raw(`{"text":"` + string(big) + `","n":12345678901234567890.10,"é\u0000":"\"\\\u2028"}`)}, token)
	}
	r.check()
	e, err := w.store.Execution(t.Context(), r.arn)
	must(t, err)
	same(t, "number literal", e.Output.Get("n").JSON(), "12345678901234567890.10")
	if e.Output.Get("é\x00").Text() != "\"\\\u2028" {
		t.Errorf("odd characters became %q", e.Output.Get("é\x00").Text())
	}
}

func tokens(t *testing.T, w *world) {
	ctx := t.Context()
	for _, bad := range []string{"x", "!!", "WyJ4Il0", "W10"} {
		p := ledger.Page{Token: bad}
		_, _, err := w.store.ListMachines(ctx, ledger.MachineQuery{Page: p})
		answers(t, "ListMachines with token "+bad, err, ledger.ErrBadToken)
		_, _, err = w.store.ListWorkflows(ctx, ledger.WorkflowQuery{Page: p})
		answers(t, "ListWorkflows with token "+bad, err, ledger.ErrBadToken)
		_, _, err = w.store.ListExecutions(ctx, ledger.ExecutionQuery{Page: p})
		answers(t, "ListExecutions with token "+bad, err, ledger.ErrBadToken)
		_, _, err = w.store.ListActivities(ctx, p)
		answers(t, "ListActivities with token "+bad, err, ledger.ErrBadToken)
		_, _, err = w.store.ListTasks(ctx, ledger.TaskQuery{Page: p})
		answers(t, "ListTasks with token "+bad, err, ledger.ErrBadToken)
	}
	w.machine("a", passOnly)
	w.machine("b", passOnly)
	_, next, err := w.store.ListMachines(ctx, ledger.MachineQuery{Page: ledger.Page{Limit: 1}})
	must(t, err)
	_, _, err = w.store.ListActivities(ctx, ledger.Page{Token: next})
	answers(t, "a token of another list", err, ledger.ErrBadToken)
}

func contexts(t *testing.T, w *world) {
	arn := w.machine("m", taskThenDone)
	ctx, cancel := contextCancelled(t)
	defer cancel()
	_, err := w.store.Create(ctx, w.newRun(arn, "late", taskThenDone).first(taskThenDone, `{}`))
	if err == nil {
		t.Error("Create with an ended context worked")
	}
	if _, err := w.store.Machine(ctx, arn); err == nil || errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("Machine with an ended context answered %v", err)
	}
	w.start(arn, "next", taskThenDone, `{}`).check()
}
