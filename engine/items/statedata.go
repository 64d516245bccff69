package items

import (
	"context"
	"io"

	"statehouse/engine/value"
)

// stateData reads the items that came with the state's input: those of an array, or the
// members of an object, each as {"Key": …, "Value": …}.
type stateData struct {
	of   value.Value
	next int64
}

func newStateData(v value.Value) (*stateData, error) {
	if v.Kind() != value.KindArray && v.Kind() != value.KindObject {
		return nil, unreadable("%s", notIterable)
	}
	return &stateData{of: v}, nil
}

// notIterable is AWS's sentence for data that is neither array nor object.
const notIterable = "Attempting to map over non-iterable node."

func (r *stateData) Next(context.Context) (Item, error) {
	if r.next >= int64(r.of.Len()) {
		return Item{}, io.EOF
	}
	i := r.next
	r.next++
	if r.of.Kind() == value.KindArray {
		return Item{Index: i, Value: r.of.Items()[i], Source: StateData}, nil
	}
	m := r.of.Members()[i]
	return Item{Index: i, Value: m.Value, Key: &m.Key, Source: StateData}, nil
}

func (r *stateData) Skip(_ context.Context, n int64) error {
	r.next += n
	return nil
}

func (r *stateData) Close() error { return nil }
