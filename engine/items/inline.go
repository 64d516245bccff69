package items

import (
	"context"
	"fmt"

	"statehouse/engine/value"
)

// inline collects results as the output of the state: an array, or one text with a line for
// each when the WriterConfig asks for JSONL.
type inline struct {
	shape  shape
	lines  bool
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

func (w *inline) Close(context.Context) (value.Value, error) {
	if !w.lines {
		return value.Array(w.values...), nil
	}
	var text []byte
	for _, v := range w.values {
		text = append(v.AppendJSON(text), '\n')
	}
	return value.String(string(text)), nil
}

func (w *inline) Abort() {}
