package interp

import (
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// expressSeconds is how long an Express execution may take.
const expressSeconds = 300

// start is the first step of an execution.
func (st *step) start(in Start) {
	x := st.x
	if x.Next.Event > 1 {
		return // it has begun already
	}
	root, origin := x.Scopes[RootScope], x.Scopes[OriginScope]
	origin.Raw, root.Raw = in.Input, in.Input
	st.touch(origin)
	// AWS lets the first state point to 0 rather than to ExecutionStarted.
	b := &x.Begin
	root.Last = st.emit(0, history.ExecutionStarted, history.Details{
		Input: in.Input, RoleArn: b.RoleARN, StateMachineVersionArn: b.VersionARN, StateMachineAliasArn: b.AliasARN,
	})
	st.deadline()
	st.ready(root)
}

// deadline starts the clock of the machine's TimeoutSeconds.
func (st *step) deadline() {
	t := st.m.TimeoutSeconds
	if st.x.Begin.Express && (t == nil || *t > expressSeconds) {
		t = new(int64(expressSeconds))
	}
	if t == nil {
		return
	}
	st.x.Deadline = st.x.Next.Token
	st.x.Next.Token++
	st.command(SetTimer{Token: st.x.Deadline, At: st.at.Add(seconds(*t)), Why: WhyDeadline})
}

// enter begins the state that a scope has come to.
func (st *step) enter(sc *Scope) {
	s := st.state(sc)
	sc.Entry, sc.EnteredAt = sc.Tip, st.at
	sc.Attempts, sc.Retries = nil, 0
	sc.Run, sc.Redrives = "", 0
	sc.Entered = st.follow(sc, entered[s.Type], history.Details{Name: s.Name, Input: sc.Raw})
	st.begin(sc, s)
}

// begin does the work of a state: at once after entering it, or for another attempt.
func (st *step) begin(sc *Scope, s *asl.State) {
	switch s.Type {
	case asl.Pass:
		st.pass(sc, s)
	case asl.Choice:
		st.choice(sc, s)
	case asl.Wait:
		st.wait(sc, s)
	case asl.Succeed:
		st.succeed(sc, s)
	case asl.Fail:
		st.failState(sc, s)
	case asl.Task:
		st.schedule(sc, s)
	case asl.Parallel:
		st.parallel(sc, s)
	case asl.Map:
		st.mapState(sc, s)
	}
}

// exit leaves the state with a result, through everything that the definition does to it.
func (st *step) exit(sc *Scope, s *asl.State, result value.Value) {
	if f := st.wayOut(sc, s, result); f != nil {
		st.fail(sc, s, f)
	}
}

// wayOut is exit, without what follows when it fails.
func (st *step) wayOut(sc *Scope, s *asl.State, result value.Value) *failure {
	l, f := st.language(sc, s).output(result)
	if f != nil {
		return f
	}
	return st.leave(sc, s, l)
}

// leave ends the state: it publishes …StateExited and goes to the next state, or ends the
// line of control.
func (st *step) leave(sc *Scope, s *asl.State, l leaving) *failure {
	if st.limits.TooLarge(l.output) {
		return st.dataLimit(s.Name)
	}
	vars, f := st.assign(sc, l.assign)
	if f != nil {
		return f
	}
	st.follow(sc, exited[s.Type], history.Details{Name: s.Name, Output: l.output, AssignedVariables: vars})
	sc.Raw, sc.Phase = l.output, Entering
	if t := st.x.trial; t != nil {
		t.left(l.next, sc.Vars)
		l.next = ""
	}
	if l.next == "" {
		st.finish(sc)
	} else {
		sc.State = l.next
	}
	return nil
}

// finish ends a line of control that succeeded; its output is Scope.Raw.
func (st *step) finish(sc *Scope) {
	if sc.Kind == Root {
		st.emit(sc.Tip, history.ExecutionSucceeded, history.Details{Output: sc.Raw})
		st.close(Outcome{Status: Succeeded, Output: sc.Raw})
		return
	}
	st.childDone(sc)
}

// seconds is a duration of whole seconds, as long as a Duration can be at most.
func seconds(n int64) time.Duration {
	const most = int64(1<<63-1) / int64(time.Second)
	return time.Duration(min(max(n, 0), most)) * time.Second
}

var entered = map[asl.Type]history.Type{
	asl.Task: history.TaskStateEntered, asl.Pass: history.PassStateEntered, asl.Choice: history.ChoiceStateEntered,
	asl.Wait: history.WaitStateEntered, asl.Succeed: history.SucceedStateEntered, asl.Fail: history.FailStateEntered,
	asl.Parallel: history.ParallelStateEntered, asl.Map: history.MapStateEntered,
}

// A Fail state is never left.
var exited = map[asl.Type]history.Type{
	asl.Task: history.TaskStateExited, asl.Pass: history.PassStateExited, asl.Choice: history.ChoiceStateExited,
	asl.Wait: history.WaitStateExited, asl.Succeed: history.SucceedStateExited,
	asl.Parallel: history.ParallelStateExited, asl.Map: history.MapStateExited,
}
