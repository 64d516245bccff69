package runner

import (
	"context"
	"sync"
	"sync/atomic"

	"statehouse/engine/clock"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
)

// skip lets a virtual clock jump to the next timer when nothing can happen before it:
// nothing is stepped or stored, no integration runs, and nobody outside – a worker of an
// activity, a person, the one who has a task token – is expected to answer. A nil skip
// never jumps.
type skip struct {
	clock *clock.Virtual
	idle  chan struct{} // has one when the runner may have become idle
	ready atomic.Bool   // what waits outside since the last start is known

	mu      sync.Mutex
	outside map[ledger.ExecutionID]map[interp.Token]struct{} // tasks that somebody outside answers
}

func newSkip(c *clock.Virtual) *skip {
	if c == nil {
		return nil
	}
	return &skip{clock: c, idle: make(chan struct{}, 1), outside: map[ledger.ExecutionID]map[interp.Token]struct{}{}}
}

// nudge has the timers look again whether the clock may jump.
func (k *skip) nudge() {
	if k == nil {
		return
	}
	select {
	case k.idle <- struct{}{}:
	default:
	}
}

// idled is where nudges arrive; nil, which never does, when the clock does not jump.
func (k *skip) idled() <-chan struct{} {
	if k == nil {
		return nil
	}
	return k.idle
}

// may tells whether nothing can happen before the next timer.
func (k *skip) may(r *Runner) bool {
	if k == nil || !k.ready.Load() || r.busy.Load() > 0 || r.isStopping() {
		return false
	}
	if active, queued := r.pool.load(); active+queued > 0 {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.outside) == 0
}

// opened notes a task that somebody outside will answer.
func (k *skip) opened(id ledger.ExecutionID, run interp.RunTask) {
	if k == nil || !answeredOutside(run) {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.outside[id] == nil {
		k.outside[id] = map[interp.Token]struct{}{}
	}
	k.outside[id][run.Token] = struct{}{}
}

// closed forgets a task that nobody waits for any more.
func (k *skip) closed(id ledger.ExecutionID, token interp.Token) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if open := k.outside[id]; open != nil {
		delete(open, token)
		if len(open) == 0 {
			delete(k.outside, id)
		}
	}
}

// over forgets all tasks of an execution.
func (k *skip) over(id ledger.ExecutionID) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.outside, id)
}

// answeredOutside tells whether the end of a task comes from outside of this server. That
// of a nested execution does not, and mocks answer at once or never.
func answeredOutside(run interp.RunTask) bool {
	if run.TestCase != "" {
		return false
	}
	r := task.ParseResource(run.Resource)
	return r.Kind == task.Activity || r.Service == "human" || r.Pattern == task.WaitForTaskToken
}

// recall finds the tasks that waited outside before this start. A task is looked at again
// by the owner of its execution: it may have been answered since it was listed.
func (k *skip) recall(ctx context.Context, r *Runner) {
	if k == nil {
		return
	}
	for j := range r.openJobs(ctx, false) {
		r.shard(j.Execution).post(func() {
			if _, err := r.store.Job(r.background(), ledger.JobKey{Execution: j.Execution, Token: j.Run.Token}); err == nil {
				k.opened(j.Execution, j.Run)
			}
		})
	}
	if ctx.Err() == nil {
		k.ready.Store(true)
		k.nudge()
	}
}
