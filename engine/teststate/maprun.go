package teststate

import (
	"context"
	"errors"
	"io"

	"statehouse/engine/interp"
	"statehouse/engine/items"
	"statehouse/engine/object"
	"statehouse/engine/value"
)

// The error of a Map in which more iterations failed than it tolerates, in AWS's words.
const (
	exceeded      = "States.ExceedToleratedFailureThreshold"
	exceededCause = "The specified tolerated failure threshold was exceeded"
)

// mapRun makes the inputs of a Distributed Map's children, as far as its items are known,
// and lets the mock stand for what becomes of them.
func (r *run) mapRun(ctx context.Context, c interp.StartMapRun) error {
	r.spec = &c.Spec
	inputs, err := r.inputs(ctx, &c.Spec)
	if bad, ok := errors.AsType[*interp.ItemError](err); ok {
		r.next(interp.MapRunClosed{Token: c.Token, Error: bad.Code, Cause: bad.Cause})
		return nil
	}
	if err != nil {
		return err
	}
	if inputs != nil {
		if bad := r.tooManyFailures(len(inputs)); bad != nil {
			return bad
		}
	}
	closed := interp.MapRunClosed{Token: c.Token, Output: r.answer.Output, Error: r.answer.Error, Cause: r.answer.Cause}
	if !closed.Output.IsAbsent() && r.exceeds(&c.Spec, len(inputs)) {
		closed = interp.MapRunClosed{Token: c.Token, Error: exceeded, Cause: exceededCause}
	}
	r.next(closed)
	return nil
}

// tooManyFailures refuses more failed iterations than there are.
func (r *run) tooManyFailures(iterations int) error {
	if r.request.Config.MapIterationFailureCount > iterations {
		return refused("stateConfiguration", "Map iteration failure count must be less than or equal to the number of Map iterations")
	}
	return nil
}

// exceeds tells whether more iterations failed than the Map tolerates. As on AWS, a Map that
// says nothing about it takes the mocked result whatever failed.
func (r *run) exceeds(spec *interp.MapSpec, iterations int) bool {
	failed := r.request.Config.MapIterationFailureCount
	if n := spec.ToleratedCount; n != nil && int64(failed) > *n {
		return true
	}
	p := spec.ToleratedPercentage
	return p != nil && iterations > 0 && float64(failed)*100/float64(iterations) > *p
}

// inputs are those of all children; nil when nobody said what the ItemReader reads.
func (r *run) inputs(ctx context.Context, spec *interp.MapSpec) ([]value.Value, error) {
	list, err := r.items(ctx, spec)
	if err != nil || list == nil {
		return nil, err
	}
	maker, err := spec.ItemMaker(r.machine)
	if err != nil {
		return nil, err
	}
	maker.During(&r.trial)
	inputs := make([]value.Value, 0, len(list))
	for _, it := range list {
		in, err := maker.Input(ctx, interp.MapItem{Index: it.Index, Value: it.Value, Key: it.Key, Source: it.Source})
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, in)
	}
	if r.state.ItemSelector != nil {
		r.saw(interp.AfterItemSelector, inputs)
	}
	if spec.Batch == nil {
		return inputs, nil
	}
	if inputs, err = batches(spec.Batch, inputs); err == nil {
		r.saw(interp.AfterItemBatcher, inputs)
	}
	return inputs, err
}

func (r *run) saw(name interp.StageName, list []value.Value) {
	r.stages = append(r.stages, interp.Stage{Name: name, Data: value.Array(list...)})
}

// items are what the Map goes through.
func (r *run) items(ctx context.Context, spec *interp.MapSpec) ([]items.Item, error) {
	source := items.Source{Items: spec.Items}
	var store object.Store
	if spec.Reader != nil {
		if r.reader.IsAbsent() {
			return nil, nil
		}
		source, store = r.read(spec.Reader)
	}
	reader, err := items.Open(ctx, store, source)
	if err != nil {
		return nil, itemError(err)
	}
	defer func() { _ = reader.Close() }()
	list := []items.Item{}
	for {
		it, err := reader.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, itemError(err)
		}
		list = append(list, it)
	}
	if spec.Reader != nil && !spec.Reader.Config.Get("ItemsPointer").IsAbsent() {
		values := make([]value.Value, len(list))
		for i, it := range list {
			values[i] = it.Value
		}
		r.saw(interp.AfterItemsPointer, values)
	}
	return list, nil
}

// batches are the inputs of the children that get many items each.
func batches(c *interp.MapBatch, inputs []value.Value) ([]value.Value, error) {
	b := items.NewBatcher(items.BatchConfig{MaxItems: c.MaxItems, MaxBytes: c.MaxBytes, Input: c.Input})
	var out []value.Value
	for _, in := range inputs {
		full, ok, err := b.Add(in)
		if err != nil {
			return nil, itemError(err)
		}
		if ok {
			out = append(out, full.Input)
		}
	}
	if last, ok := b.Flush(); ok {
		out = append(out, last.Input)
	}
	return out, nil
}

// itemError makes what the readers and batchers say an error of the state.
func itemError(err error) error {
	if f, ok := errors.AsType[*items.Failure](err); ok {
		return &interp.ItemError{Code: f.Code, Cause: f.Cause}
	}
	return err
}
