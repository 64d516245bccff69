package feed

import "sync"

// Subscription is the queue between one who tells and one who listens. The teller never
// waits: a listener that falls behind by more than the queue is let go.
type Subscription[E any] struct {
	// C has what was told, in order. It is closed after Close, and before when the listener
	// was let go.
	C <-chan E

	c      chan E
	mu     sync.Locker            // the teller's
	forget func(*Subscription[E]) // nil once the listener is gone
}

// NewSubscription is a queue of n elements. The teller's lock is mu: it is held during
// Offer, and when forget is called, once, to take the subscription out of the teller's books.
func NewSubscription[E any](n int, mu sync.Locker, forget func(*Subscription[E])) *Subscription[E] {
	c := make(chan E, n)
	return &Subscription[E]{C: c, c: c, mu: mu, forget: forget}
}

// Offer puts e into the queue, or lets the listener go when it is full. It does not wait,
// needs the teller's lock, and is not called once the subscription was forgotten.
func (s *Subscription[E]) Offer(e E) {
	select {
	case s.c <- e:
	default:
		s.end()
	}
}

// Close ends the subscription. It may be called twice.
func (s *Subscription[E]) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
}

// end needs the teller's lock; a second call does nothing.
func (s *Subscription[E]) end() {
	if s.forget == nil {
		return
	}
	s.forget(s)
	s.forget = nil
	close(s.c)
}
