package items

import (
	"context"
	"io"

	"statehouse/engine/value"
)

// stateData reads the items that came with the state's input: those of an array, or the
// members of an object.
type stateData struct {
	of   value.Value
	at   int
	from string
}

// notIterable is AWS's sentence for data that is neither array nor object.
const notIterable = "Attempting to map over non-iterable node."

func newStateData(v value.Value) (*stateData, error) {
	if v.Kind() != value.KindArray && v.Kind() != value.KindObject {
		return nil, unreadable(notIterable)
	}
	return &stateData{of: v, from: StateData}, nil
}

func (r *stateData) next(context.Context) (Item, error) {
	if r.at >= r.of.Len() {
		return Item{}, io.EOF
	}
	i := r.at
	r.at++
	if r.of.Kind() == value.KindArray {
		return Item{Value: r.of.Items()[i], Source: r.from}, nil
	}
	m := r.of.Members()[i]
	return Item{Value: m.Value, Key: &m.Key, Source: r.from}, nil
}

func (r *stateData) skip(_ context.Context, n int64) (int64, error) {
	n = min(n, int64(r.of.Len()-r.at))
	r.at += int(n)
	return n, nil
}

func (r *stateData) close() error { return nil }
