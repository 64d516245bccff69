package interp

import (
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/value"
)

// language is how a state reads and shapes its data: one implementation for each query
// language. It decides nothing about the flow of control.
type language interface {
	// input is what the state works on: for a Task and a Parallel after their parameters.
	input() (value.Value, *failure)
	// output is how the state is left with a result.
	output(result value.Value) (leaving, *failure)
	// caught is how the state is left by a Catcher; next is the caller's.
	caught(c *asl.Catcher, err value.Value) (leaving, *failure)
	// choose finds the way out of a Choice.
	choose() (leaving, *failure)
	// until is the end of a Wait.
	until() (time.Time, *failure)
	// cause is what a Fail fails with.
	cause() (*failure, *failure)
	// limits are timeout and heartbeat of a Task in seconds, nil when it has none.
	limits() (timeout, heartbeat *int64, f *failure)
	// credentials of a Task, Absent when it has none.
	credentials() (value.Value, *failure)
	// items are what a Map goes through when it has no ItemReader.
	items() (value.Value, *failure)
	// concurrency is how many items of a Map are worked on at once; 0 is no limit.
	concurrency() (int64, *failure)
	// item is the input of an iteration.
	item(it mapItem) (value.Value, *failure)
	// filled evaluates what the definition says in a field of ItemReader, ItemBatcher or
	// ResultWriter, at any depth.
	filled(field string, v value.Value) (value.Value, *failure)
	// figure is what a field for a number gives, of whatever kind; Absent when n is nil.
	figure(n *asl.Number) (value.Value, *failure)
}

// leaving says how a state is left.
type leaving struct {
	output value.Value
	assign value.Value // object: variable → value, Absent when none
	next   string      // "" ends the line of control
}

// language is the language of a state.
func (st *step) language(sc *Scope, s *asl.State) language {
	if s.Language == asl.JSONata {
		return &queryLanguage{env{st: st, sc: sc, s: s}}
	}
	return &pathLanguage{env{st: st, sc: sc, s: s}}
}
