package maprun

import (
	"context"
	"errors"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// redriveAtOnce is how many children are redriven in one turn.
const redriveAtOnce = 256

// redrive lets children go on that wait for it, as many as may run. A STANDARD child goes on
// where it failed; an EXPRESS one, and one of which nothing is left, begins again.
func (w *worker) redrive(ctx context.Context, room int64) error {
	ids, err := w.r.store.PendingItems(ctx, w.id, int(min(room, redriveAtOnce)))
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := w.redriveOne(ctx, id)
		if err != nil && !errors.Is(err, ledger.ErrStale) {
			return err
		}
	}
	return nil
}

func (w *worker) redriveOne(ctx context.Context, id ledger.ExecutionID) error {
	if w.run.Spec.ExecutionType != "EXPRESS" {
		_, err := w.r.runner.Redrive(ctx, id, "")
		if !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
	}
	x, err := w.r.store.ExecutionByID(ctx, id)
	if err != nil {
		return err
	}
	x.Status, x.Started = interp.Running, w.r.clock().UTC().Truncate(time.Millisecond)
	x.Redrives, x.Redriven = x.Redrives+1, x.Started
	x.Output, x.Error, x.Cause, x.Stopped = value.Value{}, nil, nil, time.Time{}
	child, err := w.r.runner.First(ctx, x, w.kind.definition)
	if err != nil {
		return err
	}
	if err := w.r.store.RestartItem(ctx, child); err != nil {
		return err
	}
	if child.Execution.Status == interp.Running {
		w.r.runner.Adopt(child)
	} else {
		w.r.runner.AdoptClosed(child)
	}
	return nil
}
