// Package clock is about time that passes: a pause on the wall's clock, and a clock that
// somebody may set forward and that runs like the wall's between two jumps. Workflows that
// wait for a year are tried out with it in a second.
package clock

import (
	"context"
	"sync/atomic"
	"time"
)

// Virtual is a clock that can jump. Its zero value shows the time of the wall.
type Virtual struct{ set atomic.Pointer[setting] }

// setting says that the clock showed a time when the wall showed another.
type setting struct{ shown, wall time.Time }

// Now is the virtual time.
func (v *Virtual) Now() time.Time {
	now := time.Now()
	if s := v.set.Load(); s != nil {
		return s.shown.Add(now.Sub(s.wall))
	}
	return now
}

// JumpTo sets the clock forward. A time that has passed already changes nothing. Only one
// goroutine may call it.
func (v *Virtual) JumpTo(at time.Time) {
	if at.After(v.Now()) {
		v.set.Store(&setting{shown: at.Round(0), wall: time.Now()})
	}
}

// Pause waits for d on the wall's clock, or until ctx ends; it says whether the whole time
// has passed. A d that is not positive is over at once.
func Pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
