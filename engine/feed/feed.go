// Package feed tells watchers what an execution did, after it was committed. It lives in
// memory and promises nothing beyond it: a watcher reads the history from the ledger up
// to some id, and the feed carries on from there.
//
// A watcher must not slow anybody down. Publish never waits; a watcher that falls behind
// by more than its queue is let go, and begins again from the ledger.
//
// Beside watchers, who look at one execution for a while, there are observers, who hear of
// every step of every execution as long as the server runs: see Observer.
package feed

import (
	"sync"

	"statehouse/engine/history"
	"statehouse/engine/interp"
)

// queue is how many changes a watcher may be behind.
const queue = 32

// Change is what one committed step showed.
type Change struct {
	Events []history.Event // ascending ids; never changed by anybody
	Status interp.Status
}

// Feed knows who watches what. The zero Feed is not usable: see New.
type Feed struct {
	mu       sync.Mutex
	watchers map[string]map[*Subscription[Change]]struct{} // by execution ARN
	inbox    map[*Signal]struct{}

	observers []Observer // does not change while the runner runs
}

// New is a feed without watchers.
func New() *Feed {
	return &Feed{
		watchers: map[string]map[*Subscription[Change]]struct{}{},
		inbox:    map[*Signal]struct{}{},
	}
}

// Publish tells the watchers of an execution. It does not wait. Calls for the same
// execution must come in the order of its history.
func (f *Feed) Publish(executionARN string, c Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.watchers[executionARN] {
		s.Offer(c)
	}
}

// Subscribe watches an execution from now on. The caller closes the subscription.
func (f *Feed) Subscribe(executionARN string) *Subscription[Change] {
	f.mu.Lock()
	defer f.mu.Unlock()
	set := f.watchers[executionARN]
	if set == nil {
		set = map[*Subscription[Change]]struct{}{}
		f.watchers[executionARN] = set
	}
	s := NewSubscription(queue, &f.mu, func(s *Subscription[Change]) {
		if delete(set, s); len(set) == 0 {
			delete(f.watchers, executionARN)
		}
	})
	set[s] = struct{}{}
	return s
}

// PublishInbox says that the human tasks have changed. It does not wait.
func (f *Feed) PublishInbox() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.inbox {
		select {
		case s.c <- struct{}{}:
		default: // one is waiting already, and one is enough
		}
	}
}

// SubscribeInbox watches the human tasks from now on. The caller closes the signal.
func (f *Feed) SubscribeInbox() *Signal {
	c := make(chan struct{}, 1)
	s := &Signal{C: c, c: c, feed: f}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inbox[s] = struct{}{}
	return s
}

// Signal says that something changed, not what: many changes become one signal.
type Signal struct {
	// C has a value when something changed since the last receive. Close closes it.
	C <-chan struct{}

	c    chan struct{}
	feed *Feed
}

// Close ends the subscription. It may be called twice.
func (s *Signal) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	if _, ok := s.feed.inbox[s]; ok {
		delete(s.feed.inbox, s)
		close(s.c)
	}
}
