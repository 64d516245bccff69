package runner

import (
	"context"
	"fmt"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// Redrive lets an execution that did not succeed go on where it failed; it is on disk when
// this returns. Token is the caller's name for the redrive, "" for none. The errors are
// those of ledger.Redrives.
func (r *Runner) Redrive(ctx context.Context, id ledger.ExecutionID, token string) (ledger.Execution, error) {
	if r.isStopping() {
		return ledger.Execution{}, ErrStopping
	}
	defer r.Busy()()
	got, err := r.store.Redrivable(ctx, id)
	if err != nil {
		return ledger.Execution{}, err
	}
	m, err := r.machines.get(got.Definition)
	if err != nil {
		return ledger.Execution{}, err
	}
	x := got.Execution
	b := &batch{at: r.clock().Round(0).UTC(), first: true}
	if b.at.Before(x.Stopped) { // somebody set the clock back: a history does not go back in time
		b.at = x.Stopped
	}
	if b.out, err = r.revive(ctx, m, got, b); err != nil {
		return ledger.Execution{}, err
	}
	b.tidy()
	roundUp(b.out.Commands)
	r.mark(x.MachineName, b.out.Commands)
	if err := r.store.Redrive(ctx, ledger.Redrive{
		ID: id, Exec: got.Exec, Out: b.out, Token: token, Settled: b.settled, Timers: b.timers, Logged: x.Logging.Any(b.out.Events),
	}); err != nil {
		return ledger.Execution{}, err
	}
	x.Status, x.Redrives, x.Redriven, x.Wrecked = got.Exec.Status(), got.Exec.Redrives, got.Exec.Redriven, false
	x.Error, x.Cause, x.Stopped = nil, nil, time.Time{}
	if o := got.Exec.Outcome; o != nil {
		x.Output, x.Error, x.Cause, x.Stopped = o.Output, o.Error, o.Cause, o.At
	}
	r.counters.writes.Add(1)
	l := &live{id: id, info: x, machine: m, rev: ledger.FirstRevision, last: b.at, exec: got.Exec}
	s := r.shard(id)
	s.post(func() { s.born(l, b) })
	return x, nil
}

// revive makes the first step of a redrive. An execution that panics the interpreter stays
// as it is.
func (r *Runner) revive(ctx context.Context, m *asl.Machine, l ledger.Loaded, b *batch) (out interp.Output, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			r.logPanic("the interpreter panicked", l.Execution.ARN, cause)
			err = fmt.Errorf("redrive %s: the interpreter panicked", l.Execution.ARN)
		}
	}()
	ctx, done := r.within(ctx)
	defer done()
	r.counters.steps.Add(1)
	return r.limits.StepWithin(ctx, m, l.Exec, interp.Redrive{}, b.at)
}
