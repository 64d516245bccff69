package feed

import (
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// Observer hears of every step of every execution: metrics, logs, events and traces are
// made of what it is told, and of nothing else.
//
// It is told after the step was committed; of an Express execution, whose steps are done
// before they are written, as soon as it is done (such a step may come twice when a write
// fails, as Express executions may do twice what they did). The first steps of children of
// map runs come from another goroutine than the rest, everything else of one execution from
// the one that owns it: Stepped is called by many goroutines at once, and of one execution
// in the order of its history.
//
// Stepped is in the way of every execution. It must not block, must not read the store, and
// must keep nothing of a Step but values and Events: whoever has more to do copies what it
// needs into a bounded queue of its own and lets go of what does not fit.
type Observer interface{ Stepped(Step) }

// Step is what one committed step did to an execution.
type Step struct {
	// Execution is what the runner knows of it. It belongs to the runner: read it during the
	// call. Status, Output, Error, Cause, Stopped and Events are not those of this step; ID
	// is negative for a synchronous execution, which is in no store while it runs.
	Execution *ledger.Execution
	Began     bool            // it is the first step, or the first one after a redrive
	Outcome   *interp.Outcome // how the execution ended with this step; nil: it goes on
	Events    []history.Event // ascending ids; never changed by anybody; kept in histories or not
	Deleting  bool            // the execution ended, and its state machine is being deleted
}

// Ended is the execution as the step left it: with its status, and with what came out of it.
func (s Step) Ended() ledger.Execution {
	x := *s.Execution
	x.Status = interp.Running
	if o := s.Outcome; o != nil {
		x.Status, x.Output, x.Error, x.Cause, x.Stopped = o.Status, o.Output, o.Error, o.Cause, o.At
	}
	return x
}

// Observe has o told of all steps. It is called before the runner runs.
func (f *Feed) Observe(o Observer) { f.observers = append(f.observers, o) }

// Observed says whether anybody is told of steps.
func (f *Feed) Observed() bool { return len(f.observers) > 0 }

// Stepped tells the observers.
func (f *Feed) Stepped(s Step) {
	for _, o := range f.observers {
		o.Stepped(s)
	}
}
