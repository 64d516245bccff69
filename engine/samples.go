package engine

import (
	"context"
	"slices"
	"sync"

	"statehouse/engine/history"
	"statehouse/engine/ledger"
)

// What is read of executions to learn what data looks like.
const (
	sampledRuns   = 3 // of a workflow
	sampledEvents = 1000
	sampledBytes  = 1 << 20
	sampledKept   = 8 // executions of all workflows: histories of 8 MiB at the most
)

// sample is an execution with its input, and how its history begins: sampledEvents or
// sampledBytes of it at the most.
type sample struct {
	execution ledger.Execution
	events    []history.Event
}

// shows tells whether the sample is still what there is to know of x. A history only grows:
// its beginning changes as long as it is the whole.
func (s sample) shows(x ledger.Execution) bool {
	if s.execution.ID != x.ID || s.execution.ARN != x.ARN {
		return false
	}
	n := len(s.events)
	whole := n == 0 || int64(s.events[n-1].ID) >= s.execution.Events
	return !whole || s.execution.Events == x.Events
}

// samples keeps those that were asked for last: whoever types asks at every key.
type samples struct {
	mu   sync.Mutex
	kept []sample // the one that was asked for last comes last
}

// find is the kept sample of an execution as a list shows it; ok is false when there is
// none, and when the execution has gone on since.
func (s *samples) find(x ledger.Execution) (k sample, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.kept, func(k sample) bool { return k.shows(x) })
	if i < 0 {
		return sample{}, false
	}
	k = s.kept[i]
	s.put(k)
	return k, true
}

func (s *samples) keep(k sample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(k)
}

// put has k instead of another sample of the same execution, and no more than sampledKept.
// It needs s.mu.
func (s *samples) put(k sample) {
	s.kept = slices.DeleteFunc(s.kept, func(old sample) bool { return old.execution.ID == k.execution.ID })
	if len(s.kept) == sampledKept {
		s.kept = slices.Delete(s.kept, 0, 1)
	}
	s.kept = append(s.kept, k)
}

// sample reads what is not kept of an execution.
func (e *Engine) sample(ctx context.Context, x ledger.Execution) (sample, error) {
	if k, ok := e.sampled.find(x); ok {
		return k, nil
	}
	x, err := e.Execution(ctx, x.ARN) // with its input
	if err != nil {
		return sample{}, err
	}
	events, err := e.store.History(ctx, x.ID, ledger.HistoryQuery{Limit: sampledEvents, Bytes: sampledBytes})
	if err != nil {
		return sample{}, stored("read history of "+x.ARN, err)
	}
	k := sample{x, events}
	e.sampled.keep(k)
	return k, nil
}
