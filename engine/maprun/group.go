package maprun

import (
	"context"
	"errors"
	"io"
	"time"

	"statehouse/engine/intake"
	"statehouse/engine/interp"
	"statehouse/engine/items"
	"statehouse/engine/ledger"
)

// A group of children is bounded so that memory is, and so that others have their turn.
const (
	groupChildren = 256
	groupBytes    = 2 << 20
	groupTime     = 200 * time.Millisecond // of making it
)

// begin starts the next group of children: as many as may run, and all that are over after
// their first step on the way.
func (w *worker) begin(ctx context.Context, now ledger.MapRun, room int64) error {
	if w.source != nil && w.source.Taken() != now.Taken {
		w.close() // a group was refused
	}
	if w.source == nil {
		var err error
		if w.source, err = intake.Open(ctx, w.reads(), now.Taken); err != nil {
			return w.unreadable(err)
		}
	}
	g := ledger.ItemGroup{Run: w.id, Base: now.Taken}
	number, bytes := now.Children.Total(), 0
	at := w.r.clock().UTC().Truncate(time.Millisecond)
	for began := time.Now(); room > 0 && len(g.Children) < groupChildren && bytes < groupBytes && time.Since(began) < groupTime; {
		in, err := w.source.Next(ctx)
		if errors.Is(err, io.EOF) {
			g.Exhausted = true
			break
		}
		if err != nil {
			if len(g.Children) > 0 {
				break // those before it begin first
			}
			return w.unreadable(err)
		}
		child, err := w.r.runner.First(ctx, w.kind.child(number, in.Value, in.Items, at), w.kind.definition)
		if err != nil {
			return err
		}
		if child.Execution.Status == interp.Running {
			room--
		}
		number++
		bytes += in.Value.Size() + 1024
		g.Children = append(g.Children, child)
	}
	g.Taken = w.source.Taken()
	return w.store(ctx, g)
}

// reads is what the run reads.
func (w *worker) reads() intake.Run {
	return intake.Run{Machine: w.machine, State: w.run.State, Spec: &w.run.Spec, Objects: w.r.objects, Limits: w.r.limits}
}

// unreadable makes the run fail when the data are to blame rather than the server.
func (w *worker) unreadable(err error) error {
	if f, ok := errors.AsType[*items.Failure](err); ok {
		w.failure = f
		return nil
	}
	return err
}

// store stores a group and lets its children go on.
func (w *worker) store(ctx context.Context, g ledger.ItemGroup) error {
	ids, err := w.r.store.BeginItems(ctx, g)
	if errors.Is(err, ledger.ErrStale) || errors.Is(err, ledger.ErrClosed) {
		w.close()
		return nil // the row says why
	}
	if err != nil {
		return err
	}
	for i := range g.Children {
		child := &g.Children[i]
		child.Execution.ID = ids[i]
		if child.Execution.Status == interp.Running {
			w.r.runner.Adopt(*child)
		} else {
			w.r.runner.AdoptClosed(*child)
		}
	}
	return nil
}
