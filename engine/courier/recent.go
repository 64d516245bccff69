package courier

import (
	"sync"

	"statehouse/engine/history"
)

// recent has the events of steps that were just committed: what is brought while it is here
// need not be read again. What does not fit is read.
type recent struct {
	mu    sync.Mutex
	steps map[step][]history.Event
	bytes int
}

type step struct {
	executionARN string
	redrives     int
	first        history.ID
}

const (
	recentBytes = 16 << 20
	eventBytes  = 400 // of an event beside its payloads, about
)

func weigh(events []history.Event) int {
	n := 0
	for i := range events {
		n += events[i].Size() + eventBytes
	}
	return n
}

func (r *recent) keep(s step, events []history.Event) {
	n := weigh(events)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bytes+n > recentBytes {
		return
	}
	if r.steps == nil {
		r.steps = map[step][]history.Event{}
	}
	if old, ok := r.steps[s]; ok {
		r.bytes -= weigh(old)
	}
	r.steps[s] = events
	r.bytes += n
}

// take gives the events of a step, once.
func (r *recent) take(s step) []history.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	events, ok := r.steps[s]
	if ok {
		delete(r.steps, s)
		r.bytes -= weigh(events)
	}
	return events
}

// clear lets go of what nobody asked for: it was brought before it came here.
func (r *recent) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.steps)
	r.bytes = 0
}
