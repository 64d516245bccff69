package interp

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/history"
)

// A step that did this much lets others have their turn: the shell stores what there is
// and gives the input Continue. Endless loops end by themselves when the history is full.
const (
	stepEvents = 1024    // events of one step, roughly
	stepBytes  = 4 << 20 // payload bytes of one step, roughly
	stepWork   = 1 << 20 // steps of JSONata evaluations: some hundredths of a second
)

// usualEvents is how many events most steps have: one task answered, the next one scheduled.
const usualEvents = 5

// Step is Limits.Step with AWS's limits.
func Step(m *asl.Machine, x *Exec, in Input, at time.Time) Output {
	return Limits{}.Step(m, x, in, at)
}

// Step is StepWithin without a context.
func (l Limits) Step(m *asl.Machine, x *Exec, in Input, at time.Time) Output {
	out, _ := l.StepWithin(context.Background(), m, x, in, at) // which never ends
	return out
}

// StepWithin gives one input to an execution and runs it until only the world can go on, or
// until it has run for very long (Exec.More). Equal arguments give equal results, on
// every machine, for ever; the limits are an argument like the others.
//
// StepWithin owns the Exec it is given and changes it in place. A shell that cannot store the
// output throws the Exec away and restores the stored one: there is no half step. The end of
// ctx cuts JSONata evaluations off, and the step with them: the error is then the cause of that
// end, and the Exec is to be thrown away.
func (l Limits) StepWithin(ctx context.Context, m *asl.Machine, x *Exec, in Input, at time.Time) (Output, error) {
	if _, again := in.(Redrive); x.Outcome != nil && !again {
		return Output{}, nil
	}
	st := &step{ctx: ctx, limits: l.Filled(), m: m, x: x, at: at.UTC().Truncate(time.Millisecond), changed: map[ScopeID]struct{}{}, given: map[Token]int{}}
	st.take(in)
	st.run()
	if st.cut != nil {
		return Output{}, st.cut
	}
	if st.full && x.Outcome == nil {
		st.closeFull()
	}
	st.out.Commands = slices.DeleteFunc(st.out.Commands, func(c Command) bool { return c == nil })
	for id := range st.changed {
		st.out.Changed = append(st.out.Changed, id)
	}
	slices.Sort(st.out.Changed)
	return st.out, nil
}

// step is one call of StepWithin.
type step struct {
	ctx     context.Context
	limits  Limits
	m       *asl.Machine
	x       *Exec
	at      time.Time
	out     Output
	changed map[ScopeID]struct{}
	given   map[Token]int // place of RunTask and SetTimer in out.Commands
	bytes   int           // payload that went into events
	work    int64         // of JSONata evaluations
	cut     error         // why an evaluation was cut off: the step is void
	full    bool          // the history has no room left
	wreck   Wreck         // of the failure that is being dealt with
	random  *rand.ChaCha8
	drawn   stream // what random was made for
}

// take lets an input change the execution. Inputs that nobody waits for are late answers
// and do nothing.
func (st *step) take(in Input) {
	switch in := in.(type) {
	case Start:
		st.start(in)
	case Continue:
	case TaskStarted:
		if sc, s := st.task(in.Token); sc != nil {
			st.taskStarted(sc, s, in.Worker)
		}
	case TaskSubmitted:
		if sc, s := st.task(in.Token); sc != nil {
			st.taskSubmitted(sc, s, in.Output)
		}
	case TaskSucceeded:
		if sc, s := st.task(in.Token); sc != nil {
			st.taskSucceeded(sc, s, in.Output)
		}
	case TaskFailed:
		if sc, s := st.task(in.Token); sc != nil {
			st.taskFailed(sc, s, in)
		}
	case TaskTimedOut:
		if sc, s := st.task(in.Token); sc != nil {
			st.taskTimedOut(sc, s, in.Heartbeat)
		}
	case TasksTimedOut:
		st.tasksTimedOut(in)
	case TimerFired:
		st.timerFired(in.Token)
	case Stop:
		st.stop(in)
	case MapRunClosed:
		if sc := st.waiting(in.Token); sc != nil && sc.Phase == Awaiting && st.state(sc).Type == asl.Map {
			st.mapRunClosed(sc, st.state(sc), in)
		}
	case Redrive:
		st.redrive()
	}
}

// run goes on with scopes, first in, first out, until none is ready.
func (st *step) run() {
	for len(st.x.Ready) > 0 && st.x.Outcome == nil {
		if st.full || st.spent() {
			return
		}
		id := st.x.Ready[0]
		st.x.Ready = st.x.Ready[1:]
		if sc := st.x.Scopes[id]; sc != nil && sc.control() {
			st.advance(sc)
		}
	}
	if st.x.Outcome == nil {
		st.x.Ready = nil
	}
}

// spent reports whether this step has done its share.
func (st *step) spent() bool {
	return len(st.out.Events) >= stepEvents || st.bytes >= stepBytes || st.work >= stepWork || st.cut != nil
}

// advance walks one line of control until it waits or ends.
func (st *step) advance(sc *Scope) {
	for st.x.Outcome == nil && st.x.Scopes[sc.ID] == sc && sc.control() {
		if st.full || st.spent() {
			st.ready(sc)
			return
		}
		switch sc.Phase {
		case Entering:
			st.enter(sc)
		case Again:
			sc.Phase = Entering
			st.begin(sc, st.state(sc))
		case Joining:
			if sc.Fan.Open > 0 {
				return
			}
			st.join(sc)
		case Awaiting, Backoff:
			return
		}
	}
}

// control reports whether the scope is a line of control rather than data.
func (s *Scope) control() bool { return s.Kind <= Iteration }

// ready puts a scope at the end of the queue.
func (st *step) ready(sc *Scope) {
	st.touch(sc)
	st.x.Ready = append(st.x.Ready, sc.ID)
}

// touch notes that the row of a scope has to be written.
func (st *step) touch(sc *Scope) { st.changed[sc.ID] = struct{}{} }

// add makes a new scope.
func (st *step) add(sc *Scope) *Scope {
	st.x.Scopes[sc.ID] = sc
	st.touch(sc)
	return sc
}

// remove forgets a scope with the variables in it.
func (st *step) remove(sc *Scope) {
	st.x.Memory -= sizeOf(sc.Vars)
	delete(st.x.Scopes, sc.ID)
	st.touch(sc)
}

// scopeIDs hands out n numbers in a row.
func (st *step) scopeIDs(n int) ScopeID {
	id := st.x.Next.Scope
	st.x.Next.Scope += ScopeID(n)
	return id
}

// token hands out a new token, on which the scope waits from now on.
func (st *step) token(sc *Scope) Token {
	sc.Wait = st.x.Next.Token
	st.x.Next.Token++
	st.x.waits[sc.Wait] = sc.ID
	return sc.Wait
}

// answered forgets the token that a scope waited for.
func (st *step) answered(sc *Scope) {
	delete(st.x.waits, sc.Wait)
	sc.Wait = 0
}

// waiting finds the scope that waits for a token, nil when none does.
func (st *step) waiting(t Token) *Scope {
	id, ok := st.x.waits[t]
	if !ok {
		return nil
	}
	return st.x.Scopes[id]
}

// task finds the scope whose task a token stands for.
func (st *step) task(t Token) (*Scope, *asl.State) {
	sc := st.waiting(t)
	if sc == nil || sc.Phase != Awaiting {
		return nil, nil
	}
	s := st.state(sc)
	if s.Type != asl.Task {
		return nil, nil
	}
	return sc, s
}

// state is the definition of the state that a scope is in.
func (st *step) state(sc *Scope) *asl.State {
	return st.m.Block(sc.Def).States[sc.State]
}

// emit publishes an event that points to an earlier one and moves nothing.
func (st *step) emit(previous history.ID, t history.Type, d history.Details) history.ID {
	id := st.x.Next.Event
	if int(id) >= st.limits.History && !closing(t) {
		st.full = true
		return previous
	}
	st.x.Next.Event++
	if st.out.Events == nil {
		st.out.Events = make([]history.Event, 0, usualEvents)
	}
	st.out.Events = append(st.out.Events, history.Event{ID: id, Previous: previous, Type: t, At: st.at, Details: d})
	st.bytes += weigh(d.Input) + weigh(d.Output) + weigh(d.Parameters)
	return id
}

// follow publishes an event of a scope: it points to the scope's last one and becomes it.
func (st *step) follow(sc *Scope, t history.Type, d history.Details) history.ID {
	sc.Tip = st.emit(sc.Tip, t, d)
	sc.Last = sc.Tip
	st.touch(sc)
	return sc.Tip
}

// aside publishes an event of a scope that later events do not point to.
func (st *step) aside(sc *Scope, t history.Type, d history.Details) {
	sc.Last = st.emit(sc.Tip, t, d)
	st.touch(sc)
}

func closing(t history.Type) bool {
	switch t {
	case history.ExecutionFailed, history.ExecutionSucceeded, history.ExecutionTimedOut, history.ExecutionAborted:
		return true
	default:
		return false
	}
}
