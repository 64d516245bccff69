package interp

import (
	"maps"
	"slices"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// stop aborts the execution. AWS lets the event point to 0.
func (st *step) stop(in Stop) {
	st.abortRuns()
	st.emit(0, history.ExecutionAborted, history.Details{Error: in.Error, Cause: in.Cause})
	st.close(Outcome{Status: Aborted, Error: in.Error, Cause: in.Cause})
}

// timedOut ends the execution because TimeoutSeconds of the machine have passed.
func (st *step) timedOut() {
	st.x.Deadline = 0
	st.abortRuns()
	e := errTimeout
	st.emit(0, history.ExecutionTimedOut, history.Details{Error: &e})
	st.close(Outcome{Status: TimedOut, Error: &e})
}

// closeFailed ends the execution with an error that nobody caught.
func (st *step) closeFailed(tip history.ID, f *failure) {
	st.emit(tip, history.ExecutionFailed, history.Details{Error: f.Error, Cause: f.Cause})
	st.close(Outcome{Status: Failed, Error: f.Error, Cause: f.Cause})
}

// closeFull ends the execution because its history is full.
func (st *step) closeFull() {
	f := failed(errRuntime, "The execution reached the maximum number of history events (%d).", st.limits.History)
	st.closeFailed(st.x.Next.Event-1, f)
}

// close ends the execution: it takes back what the world was asked for and forgets all scopes.
func (st *step) close(o Outcome) {
	x := st.x
	o.At = st.at
	x.Outcome = &o
	x.Ready = nil
	x.Wreck = st.leftover(o.Status)
	for _, id := range slices.Sorted(maps.Keys(x.Scopes)) {
		sc := x.Scopes[id]
		if sc.control() {
			st.release(sc)
		}
		st.remove(sc)
	}
	if x.Deadline != 0 {
		st.withdraw(x.Deadline, DropTimer{Token: x.Deadline})
		x.Deadline = 0
	}
	st.command(Close{Outcome: o})
}

// release tells the world that a scope waits no more.
func (st *step) release(sc *Scope) {
	t := sc.Wait
	if t == 0 {
		return
	}
	st.answered(sc)
	switch s := st.state(sc); {
	case sc.Phase == Backoff, s.Type == asl.Wait:
		st.withdraw(t, DropTimer{Token: t})
	case s.Type == asl.Map:
		st.command(StopMapRun{Token: t})
	default:
		st.withdraw(t, CancelTask{Token: t})
	}
}

func (st *step) command(c Command) {
	switch c := c.(type) {
	case RunTask:
		st.given[c.Token] = len(st.out.Commands)
	case SetTimer:
		st.given[c.Token] = len(st.out.Commands)
	}
	st.out.Commands = append(st.out.Commands, c)
}

// withdraw takes a command back: by forgetting it when it was given in this very step, by
// another command otherwise.
func (st *step) withdraw(t Token, by Command) {
	if i, ok := st.given[t]; ok {
		st.out.Commands[i] = nil
		delete(st.given, t)
		return
	}
	st.command(by)
}

// timerFired goes on with what a timer was set for.
func (st *step) timerFired(t Token) {
	if t == st.x.Deadline && t != 0 {
		st.timedOut()
		return
	}
	sc := st.waiting(t)
	if sc == nil {
		return
	}
	s := st.state(sc)
	switch {
	case sc.Phase == Backoff:
		st.answered(sc)
		sc.Phase = Again
		st.ready(sc)
	case s.Type == asl.Wait:
		st.answered(sc)
		sc.Phase = Entering
		st.waited(sc, s)
		st.resume(sc)
	}
}

// weigh is what a value costs in an event, for the budget of a step.
func weigh(v value.Value) int {
	if v.IsAbsent() {
		return 0
	}
	return v.Size()
}
