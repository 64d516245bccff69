package runner

import (
	"context"
	"crypto/rand"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// Birth is an execution that shall begin.
type Birth struct {
	Execution  ledger.Execution // ID is ignored
	Definition string
}

// Start makes the first step of a new execution and stores both in one write; it is on
// disk when this returns. The errors are those of ledger.Create.
func (r *Runner) Start(ctx context.Context, n Birth) (ledger.Execution, error) {
	if r.isStopping() {
		return ledger.Execution{}, ErrStopping
	}
	defer r.Busy()()
	made, err := r.First(ctx, n.Execution, n.Definition)
	if err != nil {
		return ledger.Execution{}, err
	}
	made.Execution.ID, err = r.store.Create(ctx, made)
	if err != nil {
		return ledger.Execution{}, err
	}
	r.Adopt(made)
	return made.Execution, nil
}

// First makes the first step of an execution that is not stored yet. The end of ctx cuts it
// off.
func (r *Runner) First(ctx context.Context, x ledger.Execution, definition string) (ledger.New, error) {
	return r.beget(ctx, x, definition, false)
}

// beget makes the first step of an execution, for somebody who waits for its end or not.
func (r *Runner) beget(ctx context.Context, x ledger.Execution, definition string, sync bool) (ledger.New, error) {
	m, err := r.machines.get(definition)
	if err != nil {
		return ledger.New{}, err
	}
	begin := interp.Begin{
		ExecutionARN: x.ARN, ExecutionName: x.Name, MachineARN: x.MachineARN, MachineName: x.MachineName,
		VersionARN: x.VersionARN(), AliasARN: x.AliasARN(), RoleARN: x.RoleARN, Started: x.Started, TestCase: x.TestCase,
		Express: x.Type == expressType, Sync: sync,
	}
	_, _ = rand.Read(begin.Seed[:]) // never fails
	l := &live{machine: m, exec: interp.New(m, begin)}
	if x.Redrives > 0 { // it begins again: late answers to what it was before find no token
		l.exec.Redrives, l.exec.Redriven = x.Redrives, x.Redriven
		l.exec.Next.Token += interp.Token(x.Redrives) << 32
	}
	b := &batch{at: x.Started}
	if b.out, err = r.first(ctx, m, l, x); err != nil {
		return ledger.New{}, err
	}
	b.tidy()
	roundUp(b.out.Commands)
	r.mark(x.MachineName, b.out.Commands)
	if r.forgets(x) && !x.Logging.On() {
		b.unkept, b.out.Events = b.out.Events, nil
	}
	x.Status = l.exec.Status()
	if o := l.exec.Outcome; o != nil {
		x.Output, x.Error, x.Cause, x.Stopped = o.Output, o.Error, o.Cause, o.At
	}
	return ledger.New{
		Execution: x, Definition: definition, Exec: l.exec, Out: b.out, Unkept: b.unkept, Settled: b.settled, Timers: b.timers,
		Logged: x.Logging.Any(b.out.Events), Forget: r.forgets(x),
	}, nil
}

// forgets tells whether the history of an execution is not kept.
func (r *Runner) forgets(x ledger.Execution) bool { return x.Type == expressType && !r.keep }

// Adopt takes over an execution whose first step has just been stored, under
// n.Execution.ID.
func (r *Runner) Adopt(n ledger.New) {
	r.counters.writes.Add(1)
	r.counters.started.Add(1)
	x := n.Execution
	m, err := r.machines.get(n.Definition)
	if err != nil {
		return // First has understood it
	}
	l := &live{id: x.ID, info: x, machine: m, rev: ledger.FirstRevision, last: x.Started, exec: n.Exec}
	b := &batch{at: x.Started, first: true, out: n.Out, unkept: n.Unkept, settled: n.Settled, timers: n.Timers}
	s := r.shard(x.ID)
	s.post(func() { s.born(l, b) })
}

// AdoptClosed notes an execution that was over after its first step, and is stored.
func (r *Runner) AdoptClosed(n ledger.New) {
	r.counters.started.Add(1)
	r.counters.events.Add(int64(len(n.Out.Events)))
	r.counters.close(n.Execution.Status)
	if r.spend != nil && n.Execution.Type != expressType {
		r.spend(transitions(n.Out.Events)) // others wait for it: this one is over
	}
	if n.Logged {
		r.logged(n.Execution.ARN, n.Exec.Redrives, n.Out.Events)
	}
	r.observed(&n.Execution, &batch{first: true, out: n.Out, unkept: n.Unkept})
}

// first makes the first step. An execution that panics the interpreter at once is failed
// at once: nothing else would come out of it a second time.
func (r *Runner) first(ctx context.Context, m *asl.Machine, l *live, x ledger.Execution) (out interp.Output, err error) {
	ctx, done := r.within(ctx)
	defer done()
	defer func() {
		if cause := recover(); cause != nil {
			r.logPanic("the interpreter panicked", x.ARN, cause)
			l.exec = interp.New(m, l.exec.Begin)
			out, err = end(l.exec, "The interpreter failed on this execution. The server's log has the stack.", x.Started), nil
		}
	}()
	r.counters.steps.Add(1)
	return r.limits.StepWithin(ctx, m, l.exec, interp.Start{Input: x.Input}, x.Started)
}

// born takes over an execution whose first step is stored. Somebody may have answered it
// already: then it was read from the store, and that one is the execution.
func (s *shard) born(l *live, b *batch) {
	s.charge(l, b.out.Events)
	if other := s.live[l.id]; other != nil {
		if other.exec != nil {
			l.exec, l.rev = other.exec, other.rev
			other.info = l.info
			s.act(other, b)
			s.tell(other, b)
			return
		}
		other.exec, other.machine, other.rev, other.info = l.exec, l.machine, l.rev, l.info
		l = other
	} else {
		s.live[l.id] = l
		s.r.counters.hot.Add(1)
	}
	s.act(l, b)
	s.tell(l, b)
	s.goOn(l)
}
