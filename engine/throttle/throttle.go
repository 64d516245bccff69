// Package throttle lets calls of the API through as fast as token buckets allow, as AWS does
// for each action of an account and a region. Without buckets everything passes.
package throttle

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Rate is the bucket of one action.
type Rate struct {
	Bucket int     // calls at once, at least 1
	Refill float64 // calls that come back every second, more than 0
}

// ParseRate reads BUCKET/REFILL, such as 1300/300.
func ParseRate(text string) (Rate, error) {
	bucket, refill, ok := strings.Cut(text, "/")
	n, err := strconv.Atoi(bucket)
	f, ferr := strconv.ParseFloat(refill, 64)
	if !ok || err != nil || ferr != nil || n < 1 || n > 1e9 || !(f > 0 && f <= 1e9) {
		return Rate{}, fmt.Errorf("a rate is BUCKET/REFILL, such as 1300/300 (calls at once, calls a second), not %q", text)
	}
	return Rate{Bucket: n, Refill: f}, nil
}

// Config is what a Throttle needs.
type Config struct {
	Rates map[string]Rate  // by action; one that is missing has no bucket
	Clock func() time.Time // default time.Now
}

// Throttle has the buckets. It is safe for concurrent use.
type Throttle struct {
	clock   func() time.Time
	buckets map[string]*bucket // of all actions; does not change
}

type bucket struct {
	rate              *Rate // nil: everything passes
	limiter           *rate.Limiter
	passed, throttled atomic.Int64
}

// New makes a Throttle for these actions; those of others never pass.
func New(actions []string, c Config) (*Throttle, error) {
	t := &Throttle{clock: c.Clock, buckets: map[string]*bucket{}}
	if t.clock == nil {
		t.clock = time.Now
	}
	for _, a := range actions {
		t.buckets[a] = &bucket{}
	}
	for a, r := range c.Rates {
		b := t.buckets[a]
		if b == nil {
			return nil, fmt.Errorf("there is no action %q to throttle", a)
		}
		b.rate, b.limiter = &r, rate.NewLimiter(rate.Limit(r.Refill), r.Bucket)
	}
	return t, nil
}

// Take tells whether a call may pass, which takes a token from its bucket.
func (t *Throttle) Take(action string) bool {
	b := t.buckets[action]
	if b == nil {
		return false
	}
	if b.limiter != nil && !b.limiter.AllowN(t.clock(), 1) {
		b.throttled.Add(1)
		return false
	}
	b.passed.Add(1)
	return true
}

// Knows tells whether an action is one of the throttle's.
func (t *Throttle) Knows(action string) bool { return t.buckets[action] != nil }

// Spend takes n tokens, the ones that will only come back later as well, and says how long that
// takes: who cannot be refused waits so long before it goes on.
func (t *Throttle) Spend(action string, n int) (wait time.Duration) {
	b := t.buckets[action]
	if b == nil {
		return 0
	}
	b.passed.Add(int64(n))
	if b.limiter == nil {
		return 0
	}
	for now := t.clock(); n > 0; n -= b.rate.Bucket {
		wait = b.limiter.ReserveN(now, min(n, b.rate.Bucket)).DelayFrom(now)
	}
	if wait > 0 {
		b.throttled.Add(1)
	}
	return wait
}

// Count is what became of the calls of one action.
type Count struct {
	Action            string
	Rate              *Rate // nil: no bucket
	Passed, Throttled int64
}

// Counts lists all actions by name.
func (t *Throttle) Counts() []Count {
	list := make([]Count, 0, len(t.buckets))
	for a, b := range t.buckets {
		list = append(list, Count{Action: a, Rate: b.rate, Passed: b.passed.Load(), Throttled: b.throttled.Load()})
	}
	slices.SortFunc(list, func(a, b Count) int { return strings.Compare(a.Action, b.Action) })
	return list
}
