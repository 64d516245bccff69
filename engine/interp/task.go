package interp

import (
	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// schedule asks the world to run the task.
func (st *step) schedule(sc *Scope, s *asl.State) {
	// The token comes first: the parameters may hold it.
	token := st.token(sc)
	l := st.language(sc, s)
	in, f := l.input()
	if f == nil && s.Language == asl.JSONata {
		st.saw(AfterArguments, in)
	}
	if f == nil && st.limits.TooLarge(in) {
		f = st.dataLimit(s.Name)
	}
	var timeout, heartbeat *int64
	if f == nil {
		timeout, heartbeat, f = l.limits()
	}
	var credentials value.Value
	if f == nil {
		credentials, f = l.credentials()
	}
	if f != nil {
		st.answered(sc)
		st.fail(sc, s, f)
		return
	}
	k := kindOf(s.Resource)
	d := history.Details{
		Resource: k.resource, ResourceType: k.service, TimeoutInSeconds: timeout, HeartbeatInSeconds: heartbeat,
		TaskCredentials: shownCredentials(credentials),
	}
	if k.family == service {
		d.Region = k.region(st.x.Begin.ExecutionARN)
		d.Parameters = in
	} else {
		d.Input = in
	}
	st.follow(sc, k.events().scheduled, d)
	sc.Phase, sc.Started = Awaiting, false
	run := RunTask{
		Token: token, TaskToken: st.taskToken(token), State: s.Name, Scope: sc.ID, Attempt: sc.Retries,
		Resource: s.Resource, Input: in, Credentials: credentials, Entered: sc.Entered,
	}
	st.count(&run)
	if timeout != nil {
		run.Timeout = seconds(*timeout)
	}
	if heartbeat != nil {
		run.Heartbeat = seconds(*heartbeat)
	}
	st.command(run)
}

// count numbers the calls of a state in an execution whose tasks are mocked.
func (st *step) count(run *RunTask) {
	x := st.x
	if x.Begin.TestCase == "" {
		return
	}
	if x.Calls == nil {
		x.Calls = map[string]int{}
	}
	run.TestCase, run.Call = x.Begin.TestCase, x.Calls[run.State]
	x.Calls[run.State]++
}

// taskStarted notes that somebody works on the task.
func (st *step) taskStarted(sc *Scope, s *asl.State, worker string) {
	if sc.Started {
		return
	}
	sc.Started = true
	k := kindOf(s.Resource)
	d := k.details()
	d.WorkerName = worker
	st.follow(sc, k.events().started, d)
}

// taskSubmitted notes that the call was made whose result comes later.
func (st *step) taskSubmitted(sc *Scope, s *asl.State, out value.Value) {
	st.taskStarted(sc, s, "")
	k := kindOf(s.Resource)
	if k.family != service {
		return
	}
	d := k.details()
	d.Output = out
	st.follow(sc, history.TaskSubmitted, d)
}

// taskSucceeded leaves the state with the result of the task.
func (st *step) taskSucceeded(sc *Scope, s *asl.State, out value.Value) {
	st.taskStarted(sc, s, "")
	k := kindOf(s.Resource)
	if st.limits.TooLarge(out) {
		f := resultLimit(k.resource)
		st.taskBroke(sc, s, k.events().failed, f)
		return
	}
	d := k.details()
	d.Output = out
	st.follow(sc, k.events().succeeded, d)
	st.saw(ResultStage, out)
	st.answered(sc)
	sc.Phase = Entering
	st.exit(sc, s, out)
	st.resume(sc)
}

// taskFailed is the error that the world answered with.
func (st *step) taskFailed(sc *Scope, s *asl.State, in TaskFailed) {
	st.taskStarted(sc, s, "")
	k := kindOf(s.Resource)
	t := k.events().failed
	if in.Submit && k.family == service {
		t = history.TaskSubmitFailed
	}
	st.taskBroke(sc, s, t, in.failure())
}

// failure is the error as the state has it.
func (in TaskFailed) failure() *failure {
	f := &failure{}
	if in.Error != "" {
		f.Error = &in.Error
	}
	if in.Cause != "" {
		f.Cause = &in.Cause
	}
	return f
}

// taskTimedOut is the end of TimeoutSeconds or HeartbeatSeconds.
func (st *step) taskTimedOut(sc *Scope, s *asl.State, heartbeat bool) {
	st.broken(sc, s, st.recordTimeOut(sc, s, heartbeat))
}

// recordTimeOut publishes that a task has timed out. AWS records both limits under the
// same name.
func (st *step) recordTimeOut(sc *Scope, s *asl.State, heartbeat bool) *failure {
	f := &failure{Error: new(errTimeout)}
	if heartbeat {
		f.Also = errHeartbeat
	}
	// The world may still be at work: tell it that nobody waits any more.
	st.withdraw(sc.Wait, CancelTask{Token: sc.Wait})
	st.recordFailure(sc, s, kindOf(s.Resource).events().timedOut, f)
	return f
}

// tasksTimedOut is the end of several tasks at once: what follows for each comes after all
// of them are recorded, as long as nothing that came before has ended its line of control.
func (st *step) tasksTimedOut(in TasksTimedOut) {
	var after []func()
	for _, t := range in.Tasks {
		sc, s := st.task(t.Token)
		if sc == nil {
			continue
		}
		f := st.recordTimeOut(sc, s, t.Heartbeat)
		after = append(after, func() {
			if st.x.Outcome == nil && st.x.Scopes[sc.ID] == sc {
				st.broken(sc, s, f)
			}
		})
	}
	for _, do := range after {
		do()
	}
}

// taskBroke publishes the failure of a task and deals with it.
func (st *step) taskBroke(sc *Scope, s *asl.State, t history.Type, f *failure) {
	st.recordFailure(sc, s, t, f)
	st.broken(sc, s, f)
}

// recordFailure publishes the failure of a task.
func (st *step) recordFailure(sc *Scope, s *asl.State, t history.Type, f *failure) {
	d := kindOf(s.Resource).details()
	d.Error, d.Cause = f.Error, f.Cause
	st.follow(sc, t, d)
	st.answered(sc)
}

// broken deals with the failure of a task.
func (st *step) broken(sc *Scope, s *asl.State, f *failure) {
	sc.Phase = Entering
	st.fail(sc, s, f)
	st.resume(sc)
}

// resume lets a scope that an answer woke go on, when there is something to go on with.
func (st *step) resume(sc *Scope) {
	if st.x.Outcome == nil && st.x.Scopes[sc.ID] == sc && sc.control() && sc.Phase == Entering {
		st.ready(sc)
	}
}

// shownCredentials are the credentials as the history shows them.
func shownCredentials(v value.Value) value.Value {
	role := v.Get("RoleArn")
	if role.IsAbsent() {
		return value.Value{}
	}
	return value.Object(member("roleArn", role))
}
