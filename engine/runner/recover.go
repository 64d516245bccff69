package runner

import (
	"context"
	"iter"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/clock"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
)

// recover does again what a crash may have cut off: jobs that were not handed out for
// good, executions that stopped only to let others have their turn, and nested executions
// whose parent has not heard. Timers are read by their own loop. Rows say all of it; no
// execution is read for it.
func (r *Runner) recover(ctx context.Context) {
	began := r.clock()
	n := 0
	for j := range r.openJobs(ctx, true) {
		if j.Run.TestCase == "" && task.ParseResource(j.Run.Resource).Kind == task.Activity {
			continue // the workers ask for it
		}
		n++
		s := r.shard(j.Execution)
		s.post(func() { s.redispatch(j) })
	}
	for ctx.Err() == nil {
		ids, err := r.store.Continuing(ctx)
		if err == nil {
			for _, id := range ids {
				s := r.shard(id)
				s.post(func() { s.deliver(id, delivery{input: interp.Continue{}}) })
			}
			n += len(ids)
			break
		}
		if !r.pause(ctx, "cannot read executions that go on", err) {
			return
		}
	}
	for ctx.Err() == nil {
		children, err := r.store.ClosedChildren(ctx)
		if err == nil {
			for _, x := range children {
				r.tellParent(x)
			}
			n += len(children)
			break
		}
		if !r.pause(ctx, "cannot read closed children", err) {
			return
		}
	}
	r.skip.recall(ctx, r)
	if n > 0 {
		r.log.InfoContext(ctx, "went on after a restart", "jobs", n, "took", r.clock().Sub(began).String())
	}
	// Whoever is about to hear that his first step is stored, and whose job was seen here
	// meanwhile, has long heard it then.
	if clock.Pause(ctx, handedTime) {
		for _, s := range r.shards {
			s.post(func() { s.handed = nil })
		}
	}
}

// openJobs goes through the open jobs, or only those that are not handed out for good, as
// fast as the integrations can take them. It ends early when ctx does.
func (r *Runner) openJobs(ctx context.Context, pending bool) iter.Seq[ledger.Job] {
	return func(yield func(ledger.Job) bool) {
		q := ledger.JobQuery{Pending: pending, Limit: 500}
		for ctx.Err() == nil {
			jobs, err := r.store.OpenJobs(ctx, q)
			if err != nil {
				if !r.pause(ctx, "cannot read open jobs", err) {
					return
				}
				continue
			}
			for _, j := range jobs {
				q.After = ledger.JobKey{Execution: j.Execution, Token: j.Run.Token}
				if !yield(j) {
					return
				}
			}
			if len(jobs) < q.Limit || !r.room(ctx) {
				return
			}
		}
	}
}

// handedTime is how long after the recovery it is still known which jobs were handed out.
const handedTime = 2 * time.Second

// redispatch hands a job out again.
func (s *shard) redispatch(j ledger.Job) {
	l := s.get(j.Execution)
	if l.info.ARN == "" {
		l.info.ARN = j.ExecutionARN
		l.info.MachineName = machineName(j.ExecutionARN)
	}
	s.dispatch(l, j.Run, j.Created)
	s.after(l)
}

// room waits until the integrations have caught up, so that a long list of jobs does not
// fill the memory.
func (r *Runner) room(ctx context.Context) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, queued := r.pool.load(); queued < 10000 && r.busy.Load() < 10000 {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}

func (r *Runner) pause(ctx context.Context, what string, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	r.log.ErrorContext(ctx, what, "error", err)
	return clock.Pause(ctx, time.Second)
}

func machineName(executionARN string) string {
	a, err := arn.Parse(executionARN)
	if err != nil {
		return ""
	}
	return a.MachineName()
}
