package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// activities lets the workers of each activity take turns.
type activities struct {
	limit int // workers that wait for one activity
	mu    sync.Mutex
	byARN map[string]*turns
}

// turns is the line of workers of one activity. The first one looks for a job and waits
// for it; the others wait behind, first come, first served.
type turns struct {
	turn    chan struct{} // holds one: who has put it in is the first
	fresh   chan struct{} // has one when a job came since somebody looked
	workers int           // that wait; guarded by activities.mu
}

func newActivities(limit int) *activities {
	return &activities{limit: limit, byARN: map[string]*turns{}}
}

// enter puts a worker into the line of an activity; false: it is as long as it may be.
func (a *activities) enter(activityARN string) (*turns, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.byARN[activityARN]
	if t == nil {
		t = &turns{turn: make(chan struct{}, 1), fresh: make(chan struct{}, 1)}
		a.byARN[activityARN] = t
	}
	if t.workers >= a.limit {
		return nil, false
	}
	t.workers++
	return t, true
}

func (a *activities) leave(t *turns) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t.workers--
}

// wake says that there is a job.
func (a *activities) wake(activityARN string) {
	a.mu.Lock()
	t := a.byARN[activityARN]
	a.mu.Unlock()
	if t == nil {
		return // nobody has ever asked
	}
	select {
	case t.fresh <- struct{}{}:
	default:
	}
}

// NextActivity hands out the oldest job of an activity and waits for one until ctx ends.
// When it returns the history says that this worker has it. ErrTooManyPollers at once.
func (r *Runner) NextActivity(ctx context.Context, activityARN, worker string) (ledger.Job, error) {
	t, ok := r.activities.enter(activityARN)
	if !ok {
		return ledger.Job{}, ErrTooManyPollers
	}
	defer r.activities.leave(t)
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return ledger.Job{}, ctx.Err()
	case <-r.stopping:
		return ledger.Job{}, ErrStopping
	}
	for {
		select { // what came before this look is seen by it
		case <-t.fresh:
		default:
		}
		j, err := r.store.NextActivityJob(ctx, activityARN)
		if err == nil {
			err = r.give(ctx, j.Execution, delivery{
				input: interp.TaskStarted{Token: j.Run.Token, Worker: worker}, run: &j.Run, mark: true,
			})
			if err == nil {
				return j, nil
			}
			if !errors.Is(err, ErrLate) {
				return ledger.Job{}, err
			}
			// It was cancelled in between; or, after a crash, had started before.
			if err := r.remark(ctx, j); err != nil {
				return ledger.Job{}, err
			}
			continue
		}
		if !errors.Is(err, ledger.ErrNotFound) {
			return ledger.Job{}, err
		}
		select {
		case <-t.fresh:
		case <-ctx.Done():
			return ledger.Job{}, ctx.Err()
		case <-r.stopping:
			return ledger.Job{}, ErrStopping
		}
	}
}

// remark waits a moment before the next look when a job is still there that its
// execution does not wait for, so that no fault of ours makes a busy loop.
func (r *Runner) remark(ctx context.Context, j ledger.Job) error {
	_, err := r.store.Job(ctx, ledger.JobKey{Execution: j.Execution, Token: j.Run.Token})
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	wait := time.NewTimer(100 * time.Millisecond)
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
