// Package bus tells that executions have changed their status, in the words of AWS: an event
// "Step Functions Execution Status Change" of aws.states for each one that starts, ends, or
// is redriven. As on AWS these are executions of STANDARD machines and the children of map
// runs; other EXPRESS executions have none.
//
// Events are published after commit and kept in memory: the latest ones can be read again,
// those from before a restart are gone, and an event is lost when the server ends between a
// commit and its event. AWS promises no more.
//
// Nobody slows executions down: a subscriber that falls behind by more than its queue is let
// go, and reads on from the latest event that it has.
package bus

import (
	"cmp"
	"strings"
	"sync"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// What a Bus keeps unless its Config says otherwise.
const (
	DefaultRecent = 1000
	recentBytes   = 32 << 20
	queue         = 256 // events that a subscriber may be behind
)

// Config is what a Bus needs.
type Config struct {
	Recent int // events that are kept, as long as they take less than 32 MiB; default 1000
}

// Bus has the events. It is a feed.Observer.
type Bus struct {
	limit int

	mu          sync.Mutex
	recent      []Event // oldest first
	bytes       int
	subscribers map[*feed.Subscription[Event]]Filter
}

// New is a bus without subscribers.
func New(c Config) *Bus {
	return &Bus{limit: max(1, cmp.Or(c.Recent, DefaultRecent)), subscribers: map[*feed.Subscription[Event]]Filter{}}
}

// Stepped implements feed.Observer.
func (b *Bus) Stepped(s feed.Step) {
	if !s.Began && s.Outcome == nil || s.Execution.Type == "EXPRESS" && s.Execution.MapRun == 0 {
		return
	}
	var events int64
	if n := len(s.Events); n > 0 {
		events = int64(s.Events[n-1].ID)
	}
	x := s.Ended()
	if s.Began {
		began := x
		began.Status, began.Output, began.Error, began.Cause, began.Stopped = interp.Running, value.Value{}, nil, nil, time.Time{}
		b.Publish(newEvent(began, events, false))
	}
	if s.Outcome != nil {
		b.Publish(newEvent(x, events, s.Deleting))
	}
}

// Publish gives an event to the subscribers and keeps it for a while. It does not wait.
func (b *Bus) Publish(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.recent = append(b.recent, e)
	b.bytes += e.size()
	for len(b.recent) > b.limit || b.bytes > recentBytes && len(b.recent) > 1 {
		b.bytes -= b.recent[0].size()
		b.recent[0] = Event{}
		b.recent = b.recent[1:]
	}
	for s, filter := range b.subscribers {
		if filter.Matches(&e) {
			s.Offer(e)
		}
	}
}

// Since lists the events that are kept and came after the one with this id, oldest first.
// Without an id, or with one that is not kept any more, these are all.
func (b *Bus) Since(id string, f Filter) []Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.since(id, f)
}

func (b *Bus) since(id string, f Filter) []Event {
	first := 0
	for i := len(b.recent) - 1; i >= 0 && id != ""; i-- {
		if b.recent[i].ID == id {
			first = i + 1
			break
		}
	}
	var list []Event
	for i := first; i < len(b.recent); i++ {
		if f.Matches(&b.recent[i]) {
			list = append(list, b.recent[i])
		}
	}
	return list
}

// Subscribe hands out events from now on, and what came since an id before: between the two
// nothing is missing. The caller closes the subscription.
func (b *Bus) Subscribe(since string, f Filter) ([]Event, *feed.Subscription[Event]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := feed.NewSubscription(queue, &b.mu, func(s *feed.Subscription[Event]) { delete(b.subscribers, s) })
	b.subscribers[s] = f
	return b.since(since, f), s
}

// Filter chooses among events. Empty fields do not choose.
type Filter struct {
	Machine string        // name or ARN of a state machine
	Status  interp.Status // that the execution has now
}

// Matches tells whether the filter lets an event through.
func (f Filter) Matches(e *Event) bool {
	of := e.Detail.MachineARN
	return (f.Machine == "" || f.Machine == of || strings.HasSuffix(of, ":stateMachine:"+f.Machine)) &&
		(f.Status == "" || f.Status == e.Detail.Status)
}
