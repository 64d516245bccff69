package maprun

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/feed"
	"statehouse/engine/intake"
	"statehouse/engine/interp"
	"statehouse/engine/items"
	"statehouse/engine/ledger"
)

// worker carries out one run.
type worker struct {
	r         *Runs
	id        ledger.MapRunID
	execution ledger.ExecutionID // guarded by Runs.mu

	wake   chan struct{}
	mu     sync.Mutex
	nudged func() // of a nudge that was not heard yet; nil: none
	over   bool
	busy   func() // of the turn under way

	// What stays as it is while the run goes on.
	run     ledger.MapRun
	parent  ledger.Execution
	machine *asl.Machine
	kind    kind // of the children

	source   *intake.Source // nil: to be opened
	failure  *items.Failure // why the run fails as soon as its children have stopped
	stopped  bool           // the children were told to stop
	told     bool           // the execution that waits has heard
	attempts int            // of turns that failed in a row
}

func newWorker(r *Runs, id ledger.MapRunID) *worker {
	return &worker{r: r, id: id, wake: make(chan struct{}, 1), busy: r.runner.Busy()}
}

// nudge has the worker look at the row again. It does not block.
func (w *worker) nudge() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.nudged != nil || w.over {
		return
	}
	w.nudged = w.r.runner.Busy()
	w.wake <- struct{}{}
}

// rest sleeps until a nudge, or for a time that is not zero. It answers false when ctx ended.
func (w *worker) rest(ctx context.Context, most time.Duration) bool {
	w.busy()
	var after <-chan time.Time
	if most > 0 {
		t := time.NewTimer(most)
		defer t.Stop()
		after = t.C
	}
	select {
	case <-w.wake:
		w.mu.Lock()
		w.busy, w.nudged = w.nudged, nil
		w.mu.Unlock()
	case <-after:
		w.busy = w.r.runner.Busy()
	case <-ctx.Done():
		return false
	}
	return true
}

// work takes turns until the run is done with.
func (w *worker) work(ctx context.Context) {
	defer w.end()
	for ctx.Err() == nil {
		next, err := w.guarded(ctx)
		if err != nil {
			if errors.Is(err, ledger.ErrNotFound) {
				return
			}
			w.attempts++
			if errors.Is(err, errPanicked) && w.attempts >= maxPanics {
				w.failure = &items.Failure{Code: "States.Runtime", Cause: "The map run failed on this server three times. The server's log has the stack."}
			}
			w.r.log.ErrorContext(ctx, "a map run cannot go on", "map_run", w.run.ARN, "error", err)
			w.close()
			if !w.rest(ctx, min(100*time.Millisecond<<min(w.attempts, 5), 2*time.Second)) {
				return
			}
			continue
		}
		w.attempts = 0
		switch next {
		case again:
		case wait:
			if !w.rest(ctx, 0) {
				return
			}
		case done:
			return
		}
	}
}

// end lets go of everything.
func (w *worker) end() {
	w.close()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.nudged != nil {
		w.nudged()
	}
	w.busy()
}

func (w *worker) close() {
	s := w.source
	if s == nil {
		return
	}
	w.source = nil
	defer w.recovered(nil)
	s.Close()
}

// maxPanics is how often in a row a run may panic before it is failed.
const maxPanics = 3

// errPanicked says that a turn ended in a panic.
var errPanicked = errors.New("it panicked")

// guarded is a turn whose panic is an error: it is this server's fault, and must not end the
// server, which would come upon the same run whenever it starts.
func (w *worker) guarded(ctx context.Context) (n next, err error) {
	defer w.recovered(&err)
	return w.turn(ctx)
}

// recovered writes a panic to the log, and makes it errPanicked. It is deferred.
func (w *worker) recovered(err *error) {
	cause := recover()
	if cause == nil {
		return
	}
	w.r.log.Error("a map run panicked", "map_run", w.run.ARN, "panic", cause, "stack", string(debug.Stack()))
	if err != nil {
		*err = errPanicked
	}
}

// next is what comes after a turn.
type next uint8

const (
	again next = iota // there is more to do
	wait              // only others can go on
	done              // the run is done with
)

// turn looks at the row and does the next thing.
func (w *worker) turn(ctx context.Context) (next, error) {
	if w.kind.definition == "" {
		if err := w.load(ctx); err != nil {
			return wait, err
		}
	}
	now, err := w.r.store.MapRunNow(ctx, w.id)
	if err != nil {
		return wait, err
	}
	if now.RedriveCount != w.run.RedriveCount { // it was over, and begins once more
		w.kind = kind{}
		w.close()
		w.failure, w.stopped, w.told = nil, false, false
		return again, nil
	}
	w.publish(now.Status)
	if now.Status != ledger.MapRunRunning {
		return w.after(ctx, now)
	}
	if w.failure == nil && w.exceeded(now) {
		w.failure = &items.Failure{Code: interp.ErrThreshold, Cause: interp.ThresholdExceeded}
	}
	limit := int64(maxConcurrency)
	if now.MaxConcurrency > 0 && now.MaxConcurrency < limit {
		limit = now.MaxConcurrency
	}
	switch running := now.Children.Running; {
	case w.failure != nil && running > 0:
		return wait, w.stopChildren(ctx)
	case w.failure != nil:
		return again, w.fail(ctx, now)
	case now.Children.PendingRedrive > 0 && running < limit:
		return again, w.redrive(ctx, limit-running)
	case now.Children.PendingRedrive > 0:
		return wait, nil
	case now.Exhausted && running == 0:
		return again, w.succeed(ctx)
	case !now.Exhausted && running < limit:
		return again, w.begin(ctx, now, limit-running)
	}
	return wait, nil
}

// load reads what stays as it is.
func (w *worker) load(ctx context.Context) error {
	run, err := w.r.store.MapRunByID(ctx, w.id)
	if err != nil {
		return err
	}
	w.run = run
	w.r.belongs(w, run.Execution)
	if w.parent, err = w.r.store.ExecutionByID(ctx, run.Execution); err != nil {
		return err
	}
	text, err := w.r.store.Definition(ctx, run.Execution)
	if err != nil {
		return err
	}
	if w.machine, err = w.r.runner.Machine(text); err != nil {
		return err
	}
	w.kind, err = kindOf(w.machine, w.parent, run, w.r.tracing)
	return err
}

// publish tells whoever watches that something has changed.
func (w *worker) publish(s ledger.MapRunStatus) {
	w.r.feed.Publish(w.run.ARN, feed.Change{Status: interp.Status(s)})
}

// exceeded reports whether more items have failed than the run tolerates.
func (w *worker) exceeded(now ledger.MapRun) bool {
	total, known := now.Taken, now.Exhausted
	if w.run.Spec.Reader == nil {
		total, known = int64(w.run.Spec.Items.Len()), true
	}
	return interp.ToleranceExceeded(now.ToleratedCount, now.ToleratedPercentage, now.Items.Failed+now.Items.TimedOut, total, known)
}

// stopChildren aborts the children that run. When they have all closed there is a nudge.
func (w *worker) stopChildren(ctx context.Context) error {
	if w.stopped {
		return nil
	}
	w.close()
	var after ledger.ExecutionID
	for {
		ids, err := w.r.store.RunningItems(ctx, w.id, after, stopAtOnce)
		if err != nil {
			return err
		}
		var group sync.WaitGroup
		failed := make(chan error, len(ids))
		for _, id := range ids {
			after = id
			group.Go(func() { failed <- w.r.runner.Tell(ctx, id, interp.Stop{}) })
		}
		group.Wait()
		close(failed)
		for err := range failed {
			if err != nil {
				return err
			}
		}
		if len(ids) < stopAtOnce {
			w.stopped = true
			return nil
		}
	}
}

// stopAtOnce is how many children are stopped at a time: their ends become one write.
const stopAtOnce = 256

// after is what is left to do for a run that is over.
func (w *worker) after(ctx context.Context, now ledger.MapRun) (next, error) {
	if !w.told && now.Status != ledger.MapRunAborted {
		if err := w.tell(ctx); err != nil {
			return wait, err
		}
		w.told = true
	}
	if now.Children.Running == 0 {
		return done, nil
	}
	return wait, w.stopChildren(ctx)
}

// tell gives the end of the run to the execution that waits for it.
func (w *worker) tell(ctx context.Context) error {
	run, err := w.r.store.MapRunByID(ctx, w.id)
	if err != nil {
		return err
	}
	return w.r.runner.Tell(ctx, run.Execution, interp.MapRunClosed{
		Token: run.Token, Output: run.Output, Error: run.Error, Cause: run.Cause,
	})
}
