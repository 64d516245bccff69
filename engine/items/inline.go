package items

import (
	"context"
	"fmt"

	"statehouse/engine/object"
	"statehouse/engine/value"
)

// inline collects results as the output of the state.
type inline struct {
	shape  shape
	limit  int // bytes
	size   int
	values []value.Value
}

func (w *inline) Write(_ context.Context, r Result) error {
	for _, v := range w.shape.of(r) {
		w.size += v.Size() + 1
		if w.size+1 > w.limit {
			return &Failure{Code: DataLimit, Cause: fmt.Sprintf(
				"The results of the map run exceed the limit of %d bytes: export them with a ResultWriter.", w.limit)}
		}
		w.values = append(w.values, v)
	}
	return nil
}

func (w *inline) Close(context.Context) (value.Value, error) { return value.Array(w.values...), nil }

func (w *inline) Abort() {}

// NewWriter begins to write the results of the map run with this ARN, whose last part names
// the folder of an export. Writing again gives the same keys, so that a run that was
// interrupted can write from the beginning.
func NewWriter(_ context.Context, _ object.Store, _ string, o Output) (Writer, error) {
	if o.Resource == "" {
		return &inline{shape: shapeOf(o), limit: MaxInput}, nil
	}
	return nil, &Failure{Code: WriterFailed, Cause: "The resource " + o.Resource + " is not supported"}
}
