package interp

import (
	"math"
	"time"

	"statehouse/engine/asl"
)

// retry sets the timer for another attempt when a Retrier names the failure and has
// attempts left. Each Retrier counts for itself.
func (st *step) retry(sc *Scope, s *asl.State, f *failure) bool {
	for i := range s.Retry {
		r := &s.Retry[i]
		if !f.matches(r.ErrorEquals) {
			continue
		}
		if len(sc.Attempts) == 0 {
			sc.Attempts = make([]int, len(s.Retry))
		}
		done := sc.Attempts[i]
		if t := st.x.trial; t != nil {
			done, t.RetryIndex = t.Attempts, &i
		}
		if int64(done) >= r.MaxAttempts {
			return false
		}
		if t := st.x.trial; t != nil {
			t.Retriable, t.Backoff = true, st.delay(sc, r, done)
			st.closeFailed(sc.Tip, f)
			return true
		}
		st.taken()
		sc.Attempts[i]++
		sc.Retries++
		sc.Broken = false
		sc.Phase = Backoff
		at := st.at.Add(st.delay(sc, r, done))
		st.command(SetTimer{Token: st.token(sc), At: at, Why: WhyRetry})
		st.touch(sc)
		return true
	}
	return false
}

// delay is how long attempt number done+1 of a Retrier waits.
func (st *step) delay(sc *Scope, r *asl.Retrier, done int) time.Duration {
	// A year is the longest that an execution can take.
	const most = 366 * 24 * 3600.0
	d := float64(r.IntervalSeconds) * math.Pow(r.BackoffRate, float64(done))
	if r.MaxDelaySeconds != nil {
		d = math.Min(d, float64(*r.MaxDelaySeconds))
	}
	d = math.Min(d, most)
	if r.FullJitter {
		d *= float64(st.draw(sc)>>11) / (1 << 53)
	}
	return time.Duration(d * float64(time.Second))
}
