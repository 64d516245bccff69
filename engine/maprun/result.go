package maprun

import (
	"context"
	"errors"

	"statehouse/engine/intake"
	"statehouse/engine/items"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// Results are read a page at a time.
const (
	pageResults = 500
	pageBytes   = 4 << 20
)

// succeed writes the results and ends the run with them.
func (w *worker) succeed(ctx context.Context) error {
	output, written, err := w.results(ctx)
	if f, ok := errors.AsType[*items.Failure](err); ok {
		w.failure = f
		return w.finish(ctx, ledger.MapRunEnd{Status: ledger.MapRunFailed, Error: f.Code, Cause: f.Cause})
	}
	if err != nil {
		return err
	}
	return w.finish(ctx, ledger.MapRunEnd{Status: ledger.MapRunSucceeded, Output: output, Written: written})
}

// fail ends the run with its failure. Results that go to a bucket are written all the same.
func (w *worker) fail(ctx context.Context, now ledger.MapRun) error {
	e := ledger.MapRunEnd{Status: ledger.MapRunFailed, Error: w.failure.Code, Cause: w.failure.Cause}
	if spec := w.run.Spec.Writer; spec != nil && spec.Resource != "" && now.Children.Total() > 0 {
		_, written, err := w.results(ctx)
		if f, ok := errors.AsType[*items.Failure](err); ok {
			w.r.log.WarnContext(ctx, "the results of a failed map run were not written", "map_run", w.run.ARN, "error", f)
		} else if err != nil {
			return err
		}
		e.Written = written
	}
	return w.finish(ctx, e)
}

// finish ends the run in the ledger. One that was aborted meanwhile stays so.
func (w *worker) finish(ctx context.Context, e ledger.MapRunEnd) error {
	e.Run, e.At = w.id, w.r.clock().UTC()
	err := w.r.store.EndMapRun(ctx, e)
	if errors.Is(err, ledger.ErrClosed) {
		return nil
	}
	if err == nil {
		w.r.log.InfoContext(ctx, "map run closed", "map_run", w.run.ARN, "status", string(e.Status))
	}
	return err
}

// results writes what became of the children, in the order of their items, and counts
// those that went to a bucket.
func (w *worker) results(ctx context.Context) (output value.Value, written int64, err error) {
	o := intake.Output(&w.run.Spec, w.r.limits)
	out, err := items.NewWriter(ctx, w.r.objects, w.run.ARN, w.run.RedriveCount, o)
	if err != nil {
		return value.Value{}, 0, err
	}
	defer out.Abort()
	var after ledger.ExecutionID
	for {
		page, err := w.r.store.MapResults(ctx, w.id, after, pageResults, pageBytes)
		if err != nil {
			return value.Value{}, 0, err
		}
		if len(page) == 0 {
			break
		}
		for _, x := range page {
			if err := out.Write(ctx, resultOf(x)); err != nil {
				return value.Value{}, 0, intake.TooLarge(err, w.run.State, o)
			}
			after = x.ID
			written++
		}
	}
	if output, err = out.Close(ctx); err != nil {
		return value.Value{}, 0, err
	}
	if o.Resource == "" {
		written = 0
	}
	return output, written, nil
}

// resultOf is a child as the writers of results take it.
func resultOf(x ledger.Execution) items.Result {
	r := items.Result{
		ARN: x.ARN, Name: x.Name, StateMachine: x.MachineARN, Status: items.Status(x.Status),
		Input: x.Input, Output: x.Output, Start: x.Started, Stop: x.Stopped, RedriveStatus: string(ledger.RedrivableByMapRun),
	}
	if why := ledger.Unredrivable(x.Status); why != "" {
		r.RedriveStatus, r.RedriveReason = string(ledger.NotRedrivable), why
	}
	if x.Error != nil {
		r.Error = *x.Error
	}
	if x.Cause != nil {
		r.Cause = *x.Cause
	}
	return r
}
