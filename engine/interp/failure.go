package interp

import (
	"fmt"
	"slices"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// The error names that the interpreter itself uses.
const (
	errAll             = "States.ALL"
	errTaskFailed      = "States.TaskFailed"
	errTimeout         = "States.Timeout"
	errHeartbeat       = "States.HeartbeatTimeout"
	errRuntime         = "States.Runtime"
	errDataLimit       = "States.DataLimitExceeded"
	errReferencePath   = "States.ReferencePathConflict"
	errIntrinsic       = "States.IntrinsicFailure"
	errResultPath      = "States.ResultPathMatchFailure"
	errQueryEvaluation = "States.QueryEvaluationError"
	errNoChoice        = "States.NoChoiceMatched"
)

// failure is an error of the workflow, on its way to a Retry, a Catch or the end.
type failure struct {
	Error, Cause *string // nil when not given
	Also         string  // a second name that Retry and Catch may know it by
	Evaluated    bool    // a JSONata expression or its result was at fault: an event says so
	Location     string  // the field of that expression, empty for the state's input
}

// failed makes a failure with a name and a cause.
func failed(name, format string, args ...any) *failure {
	return &failure{Error: &name, Cause: new(fmt.Sprintf(format, args...))}
}

// stateFailed makes a failure whose cause begins as AWS's do.
func stateFailed(sc *Scope, name, format string, args ...any) *failure {
	cause := fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). ", sc.State, sc.Entered)
	return &failure{Error: &name, Cause: new(cause + fmt.Sprintf(format, args...))}
}

// runtime is a failure that nothing retries or catches.
func runtime(sc *Scope, format string, args ...any) *failure {
	return stateFailed(sc, errRuntime, format, args...)
}

func (f *failure) name() string {
	if f.Error == nil {
		return ""
	}
	return *f.Error
}

// final failures are never retried or caught.
func (f *failure) final() bool { return f.name() == errRuntime }

// matches reports whether an ErrorEquals list names the failure.
//
// The guide says that States.ALL leaves States.DataLimitExceeded out; the service catches it.
func (f *failure) matches(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		switch n {
		case errAll:
			return true
		case errTaskFailed:
			return f.name() != errTimeout
		case f.name():
			return f.Error != nil
		default:
			return f.Also != "" && n == f.Also
		}
	})
}

// output is the Error Output, the input of the state that a Catch leads to.
func (f *failure) output() value.Value {
	name, cause := value.Nil, value.Nil
	if f.Error != nil {
		name, cause = value.String(*f.Error), value.String("")
	}
	if f.Cause != nil {
		cause = value.String(*f.Cause)
	}
	return value.Object(value.Member{Key: "Error", Value: name}, value.Member{Key: "Cause", Value: cause})
}

// fail deals with the error of a state: another attempt, a Catch, or the end of its line
// of control.
func (st *step) fail(sc *Scope, s *asl.State, f *failure) {
	if t := st.x.trial; t != nil {
		t.Error, t.Cause = f.Error, f.Cause
	}
	st.evaluated(sc, s, f)
	if !f.final() && st.retry(sc, s, f) {
		return
	}
	st.gaveUp(sc, s)
	if !f.final() && st.catch(sc, s, f) {
		return
	}
	st.abandon(sc, s, f)
}

// notBegun deals with the error of a Parallel or a Map before its children run. Only when an
// evaluation was at fault does an event say that it failed as a whole.
func (st *step) notBegun(sc *Scope, s *asl.State, f *failure) {
	sc.Broken = f.Evaluated
	st.fail(sc, s, f)
}

// gaveUp publishes that a Parallel or a Map has failed for good. One that failed before
// its children ran has no such event.
func (st *step) gaveUp(sc *Scope, s *asl.State) {
	if !sc.Broken {
		return
	}
	sc.Broken = false
	if s.Type == asl.Map {
		st.follow(sc, history.MapStateFailed, history.Details{})
	} else {
		st.follow(sc, history.ParallelStateFailed, history.Details{})
	}
}

// catch leads a failure to the first Catcher that names it. When the way out of the Catch
// is broken, that is the error of the state now, and nothing catches it.
func (st *step) catch(sc *Scope, s *asl.State, f *failure) bool {
	for i := range s.Catch {
		c := &s.Catch[i]
		if !f.matches(c.ErrorEquals) {
			continue
		}
		if t := st.x.trial; t != nil {
			t.CatchIndex = &i
		}
		l, bad := st.language(sc, s).caught(c, f.output())
		if bad == nil {
			l.next = c.Next
			bad = st.leave(sc, s, l)
		}
		if bad != nil {
			st.evaluated(sc, s, bad)
			st.abandon(sc, s, bad)
		} else {
			st.taken()
		}
		return true
	}
	return false
}

// evaluated publishes that an evaluation failed. The event points to what came before the
// state, except for a Wait.
func (st *step) evaluated(sc *Scope, s *asl.State, f *failure) {
	if !f.Evaluated {
		return
	}
	previous := sc.Entry
	if s.Type == asl.Wait {
		previous = sc.Tip
	}
	sc.Tip = st.emit(previous, history.EvaluationFailed, history.Details{Error: f.Error, Cause: f.Cause, Location: f.Location, State: s.Name})
	sc.Last = sc.Tip
	st.touch(sc)
}

// abandon ends a line of control with an error that nothing here caught.
func (st *step) abandon(sc *Scope, s *asl.State, f *failure) {
	sc.Phase = Again // for a redrive: the state has been entered
	if sc.Kind == Root {
		st.closeFailed(sc.Tip, f)
		return
	}
	st.childFailed(sc, s, f)
}
