package maprun

import (
	"context"
	"errors"
	"io"

	"statehouse/engine/interp"
	"statehouse/engine/items"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// source gives the inputs of children: items that were read, selected and batched.
type source struct {
	state   string
	reader  items.Reader
	maker   *interp.ItemMaker
	batcher *items.Batcher // nil: each item is an input
	taken   int64          // items that were given out
	ended   bool           // the reader has no more
	failure *items.Failure // the reader or a template failed: it stays so
}

// input is the input of one child, and how many items it holds.
type input struct {
	value value.Value
	items int64
}

// openSource opens the source of a run behind the items that were taken already.
func (w *worker) openSource(ctx context.Context, taken int64) (*source, error) {
	spec := w.run.Spec
	from := items.Source{Items: spec.Items}
	if r := spec.Reader; r != nil {
		from = items.Source{Resource: r.Resource, Arguments: r.Arguments, Config: r.Config}
	}
	maker, err := spec.ItemMaker(w.machine)
	if err != nil {
		return nil, err
	}
	s := &source{state: w.run.State, maker: maker, taken: taken}
	if b := spec.Batch; b != nil {
		s.batcher = items.NewBatcher(items.BatchConfig{MaxItems: b.MaxItems, MaxBytes: b.MaxBytes, Input: b.Input})
	}
	if s.reader, err = items.Open(ctx, w.r.objects, from); err != nil {
		return nil, err
	}
	if taken > 0 {
		if err := s.reader.Skip(ctx, taken); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

func (s *source) close() {
	if s.reader != nil {
		_ = s.reader.Close() // it only reads
	}
}

// next is the next input; io.EOF after the last one. *items.Failure ends the run.
func (s *source) next(ctx context.Context) (input, error) {
	for !s.ended && s.failure == nil {
		it, err := s.reader.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			s.ended = true
			continue
		case err != nil:
			return input{}, s.broken(err)
		}
		v, bad := s.maker.Input(interp.MapItem{Index: it.Index, Value: it.Value, Key: it.Key, Source: it.Source})
		if bad != nil {
			return input{}, s.broken(&items.Failure{Code: bad.Code, Cause: bad.Cause})
		}
		if s.batcher == nil {
			return s.give(input{v, 1})
		}
		batch, full, err := s.batcher.Add(v)
		if err != nil {
			return input{}, s.broken(err)
		}
		if full {
			return s.give(input{batch.Input, batch.Items})
		}
	}
	if s.failure != nil {
		return input{}, s.failure
	}
	if s.batcher != nil {
		if batch, ok := s.batcher.Flush(); ok {
			return s.give(input{batch.Input, batch.Items})
		}
	}
	return input{}, io.EOF
}

// broken keeps a failure for ever, so that it is told again after the items before it.
func (s *source) broken(err error) error {
	if f, ok := errors.AsType[*items.Failure](err); ok {
		s.failure = f
	}
	return err
}

// give hands an input out, unless it is too large for an execution.
func (s *source) give(in input) (input, error) {
	if bad := interp.Oversized(s.state, in.value); bad != nil {
		return input{}, s.broken(&items.Failure{Code: bad.Code, Cause: bad.Cause})
	}
	s.taken += in.items
	return in, nil
}

// A group of children is bounded so that memory is, and so that others have their turn.
const (
	groupChildren = 256
	groupBytes    = 2 << 20
)

// begin starts the next group of children: as many as may run, and all that are over after
// their first step on the way.
func (w *worker) begin(ctx context.Context, now ledger.MapRun, room int64) error {
	if w.source != nil && w.source.taken != now.Taken {
		w.close() // a group was refused
	}
	if w.source == nil {
		var err error
		if w.source, err = w.openSource(ctx, now.Taken); err != nil {
			return w.unreadable(err)
		}
	}
	g := ledger.ItemGroup{Run: w.id, Base: now.Taken}
	number, bytes := now.Children.Total(), 0
	at := w.r.clock().UTC().Truncate(1e6)
	for room > 0 && len(g.Children) < groupChildren && bytes < groupBytes {
		in, err := w.source.next(ctx)
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
		child, err := w.r.runner.First(w.kind.child(number, in.value, in.items, at), w.kind.definition)
		if err != nil {
			return err
		}
		if child.Execution.Status == interp.Running {
			room--
		}
		number++
		bytes += in.value.Size() + 1024
		g.Children = append(g.Children, child)
	}
	g.Taken = w.source.taken
	return w.store(ctx, g)
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
