package runner

import (
	"context"
	"sync/atomic"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// RunSync runs an execution in memory, to its end, and answers with how it ended. Its
// history is written at the end, when histories of Express executions are kept, or logged; that it
// cannot be written does not change the answer.
//
// Nobody waits any more when ctx ends: the caller has gone, or the server is about to stop. What
// does not end within Grace then is answered with ErrStopping, and goes on as long as the server
// does, which is no longer than Express executions may run.
func (r *Runner) RunSync(ctx context.Context, n Birth) (ledger.Execution, error) {
	if r.isStopping() {
		return ledger.Execution{}, ErrStopping
	}
	made, err := r.beget(context.WithoutCancel(ctx), n.Execution, n.Definition, true)
	if err != nil {
		return ledger.Execution{}, err
	}
	machine, err := r.machines.get(n.Definition)
	if err != nil {
		return ledger.Execution{}, err
	}
	e := &ending{runner: r, x: made.Execution, definition: n.Definition, ended: make(chan struct{})}
	// The store gives positive numbers.
	l := &live{
		id: ledger.ExecutionID(-r.syncs.Add(1)), info: e.x, machine: machine, exec: made.Exec, last: e.x.Started, sync: e.tell,
	}
	b := &batch{at: e.x.Started, first: true, out: made.Out, unkept: made.Unkept, settled: made.Settled, timers: made.Timers}
	r.counters.started.Add(1)
	s := r.shard(l.id)
	s.post(func() {
		s.live[l.id] = l
		r.counters.hot.Add(1)
		s.remember(l, b)
	})
	if !e.wait(ctx) {
		return ledger.Execution{}, ErrStopping
	}
	e.keep(ctx)
	return e.x, nil
}

// ending is the end of a synchronous execution, and who makes use of it: the caller, unless it
// left before.
type ending struct {
	runner     *Runner
	x          ledger.Execution
	definition string

	met   atomic.Bool // the caller has left, or the execution has ended: whichever was first
	ended chan struct{}
	exec  *interp.Exec  // once ended is closed
	out   interp.Output // as well
}

// tell hears of the end from the shard.
func (e *ending) tell(exec *interp.Exec, out interp.Output) {
	e.exec, e.out = exec, out
	if e.met.CompareAndSwap(false, true) {
		close(e.ended)
		return
	}
	e.runner.busy.Add(1) // the server does not stop before it is kept
	go func() {
		defer e.runner.done(1)
		e.keep(e.runner.background())
	}()
}

// wait waits for the end, and says whether it came.
func (e *ending) wait(ctx context.Context) bool {
	select {
	case <-e.ended:
		return true
	case <-e.runner.quit:
		return false
	case <-ctx.Done():
	}
	grace := time.NewTimer(e.runner.grace)
	defer grace.Stop()
	select {
	case <-e.ended:
		return true
	case <-e.runner.quit:
		return false
	case <-grace.C:
	}
	if e.met.CompareAndSwap(false, true) {
		return false
	}
	<-e.ended // it came at this moment
	return true
}

// keep writes the execution with its history, if that is wanted.
func (e *ending) keep(ctx context.Context) {
	r, o, x := e.runner, e.exec.Outcome, &e.x
	x.Status, x.Output, x.Error, x.Cause, x.Stopped = o.Status, o.Output, o.Error, o.Cause, o.At
	if !r.keep && !x.Logging.On() {
		return
	}
	r.counters.writes.Add(1)
	id, err := r.store.Create(context.WithoutCancel(ctx), ledger.New{
		Execution: *x, Definition: e.definition, Exec: e.exec, Out: e.out, Logged: x.Logging.Any(e.out.Events), Forget: !r.keep,
	})
	if err != nil {
		r.log.WarnContext(ctx, "the history of a synchronous execution was not kept", "execution", x.ARN, "error", err)
		return
	}
	x.ID = id
	if x.Logging.On() {
		r.logged(x.ARN, e.exec.Redrives, e.out.Events)
	}
}

// brokenSync ends a synchronous execution that panicked the interpreter: there is no
// stored one to try again with.
func (s *shard) brokenSync(l *live, b *batch) {
	if l.memory != nil {
		if events := l.memory.batch.out.Events; len(events) > 0 {
			l.exec.Next.Event = events[len(events)-1].ID + 1
		}
	} else {
		l.exec.Next.Event = history.ID(1)
	}
	b.out = end(l.exec, "The interpreter failed on this execution. The server's log has the stack.", b.at)
	b.late, l.inbox = append(b.late, l.inbox...), nil
	s.remember(l, b)
}
