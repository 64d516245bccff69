// Package intake makes the inputs of the children of a map run: it reads items, applies the
// ItemSelector and fills batches. A source can begin anywhere, so a run can be cut off and
// go on.
package intake

import (
	"context"
	"errors"
	"io"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/items"
	"statehouse/engine/object"
	"statehouse/engine/value"
)

// Source gives the inputs of children, one after the other. It belongs to one goroutine.
type Source struct {
	state   string
	limits  interp.Limits
	reader  items.Reader
	maker   *interp.ItemMaker
	batcher *items.Batcher // nil: each item is an input
	taken   int64          // items that were given out
	ended   bool           // the reader has no more
	failure *items.Failure // the reader or a template failed: it stays so
}

// Input is the input of one child, and how many items it holds.
type Input struct {
	Value value.Value
	Items int64
}

// Run is what is read, for whom.
type Run struct {
	Machine *asl.Machine // of the execution
	State   string       // name of the Map
	Spec    *interp.MapSpec
	Objects object.Store
	Limits  interp.Limits // of the inputs; zero is AWS's
}

// Open opens the source of a run behind the items that were taken already. What is to be
// blamed on the data, here and at Next, is an *items.Failure: it ends the run.
func Open(ctx context.Context, run Run, taken int64) (*Source, error) {
	spec := run.Spec
	from := items.Source{Items: spec.Items}
	if r := spec.Reader; r != nil {
		from = items.Source{Resource: r.Resource, Arguments: r.Arguments, Config: r.Config}
	}
	maker, err := spec.ItemMaker(run.Machine)
	if err != nil {
		return nil, err
	}
	s := &Source{state: run.State, limits: run.Limits.Filled(), maker: maker, taken: taken}
	if b := spec.Batch; b != nil {
		s.batcher = items.NewBatcher(items.BatchConfig{MaxItems: b.MaxItems, MaxBytes: b.MaxBytes, Most: int64(s.limits.Payload), Input: b.Input})
	}
	if s.reader, err = items.Open(ctx, run.Objects, from); err != nil {
		return nil, err
	}
	if taken > 0 {
		if err := s.reader.Skip(ctx, taken); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// Taken is how many items were given out, those of before Open included.
func (s *Source) Taken() int64 { return s.taken }

// Close lets go of what is read.
func (s *Source) Close() {
	if s.reader != nil {
		_ = s.reader.Close() // it only reads
	}
}

// Next is the next input; io.EOF after the last one.
func (s *Source) Next(ctx context.Context) (Input, error) {
	for !s.ended && s.failure == nil {
		it, err := s.reader.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			s.ended = true
			continue
		case err != nil:
			return Input{}, s.broken(err)
		}
		v, err := s.maker.Input(ctx, interp.MapItem{Index: it.Index, Value: it.Value, Key: it.Key, Source: it.Source})
		if bad, ok := errors.AsType[*interp.ItemError](err); ok {
			return Input{}, s.broken(&items.Failure{Code: bad.Code, Cause: bad.Cause})
		}
		if err != nil {
			return Input{}, s.broken(err)
		}
		if s.batcher == nil {
			return s.give(Input{v, 1})
		}
		batch, full, err := s.batcher.Add(v)
		if err != nil {
			return Input{}, s.broken(err)
		}
		if full {
			return s.give(Input{batch.Input, batch.Items})
		}
	}
	if s.failure != nil {
		return Input{}, s.failure
	}
	if s.batcher != nil {
		if batch, ok := s.batcher.Flush(); ok {
			return s.give(Input{batch.Input, batch.Items})
		}
	}
	return Input{}, io.EOF
}

// broken keeps a failure for ever, so that it is told again after the items before it.
func (s *Source) broken(err error) error {
	if f, ok := errors.AsType[*items.Failure](err); ok {
		s.failure = f
	}
	return err
}

// give hands an input out, unless it is too large for an execution.
func (s *Source) give(in Input) (Input, error) {
	if bad := s.limits.Oversized(s.state, in.Value); bad != nil {
		return Input{}, s.broken(&items.Failure{Code: bad.Code, Cause: bad.Cause})
	}
	s.taken += in.Items
	return in, nil
}

// Output is where the results of a run go; the limits, of which zero is AWS's, are those of the
// state's output.
func Output(spec *interp.MapSpec, l interp.Limits) items.Output {
	out := items.Output{MaxOutput: l.Filled().Payload}
	if w := spec.Writer; w != nil {
		out.Resource, out.Arguments, out.Config = w.Resource, w.Arguments, w.Config
	}
	return out
}

// TooLarge puts the failure of a run whose results are too many for the output of its state
// into AWS's words. Other errors stay as they are.
func TooLarge(err error, state string, o items.Output) error {
	f, ok := errors.AsType[*items.Failure](err)
	if !ok || f.Code != items.DataLimit || o.Resource != "" {
		return err
	}
	bad := interp.Oversize(state)
	return &items.Failure{Code: bad.Code, Cause: bad.Cause, Err: err}
}
