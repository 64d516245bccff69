package runner

import (
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
)

// charge has the state transitions of a step paid, and notes how long the execution is held back
// for them. EXPRESS executions have as many as they like.
func (s *shard) charge(l *live, events []history.Event) {
	if s.r.spend == nil || l.isExpress() {
		return
	}
	if n := transitions(events); n > 0 {
		l.until = time.Now().Add(s.r.spend(n))
	}
}

// transitions counts them as AWS bills them: states that were entered. Repeated attempts cost
// nothing here: they have waited already.
func transitions(events []history.Event) (n int) {
	for i := range events {
		if events[i].Type.Enters() {
			n++
		}
	}
	return n
}

// hold tells whether an execution is held back, and has it woken when the time has come. One that
// shall stop is not: it stops before anything else happens to it. Nor is any when the server stops.
func (s *shard) hold(l *live) bool {
	wait := time.Until(l.until)
	if l.until.IsZero() || wait <= 0 || s.r.isStopping() {
		return false
	}
	for i, d := range l.inbox {
		if _, stop := d.input.(interp.Stop); stop {
			copy(l.inbox[1:i+1], l.inbox[:i])
			l.inbox[0] = d
			return false
		}
	}
	l.held = true
	time.AfterFunc(wait, func() {
		s.post(func() {
			l.held = false
			s.line(l)
		})
	})
	return true
}
