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
	r.busy.Add(1)
	defer r.done(1)
	m, err := r.machines.get(n.Definition)
	if err != nil {
		return ledger.Execution{}, err
	}
	x := n.Execution
	begin := interp.Begin{
		ExecutionARN: x.ARN, ExecutionName: x.Name, MachineARN: x.MachineARN, MachineName: x.MachineName,
		VersionARN: x.VersionARN(), AliasARN: x.AliasARN(), RoleARN: x.RoleARN, Started: x.Started, TestCase: x.TestCase,
	}
	_, _ = rand.Read(begin.Seed[:]) // never fails
	l := &live{machine: m, rev: ledger.FirstRevision, last: x.Started, exec: interp.New(m, begin)}
	b := &batch{at: x.Started}
	b.out = r.first(m, l, x)
	b.tidy()
	roundUp(b.out.Commands)
	r.mark(x.MachineName, b.out.Commands)
	x.Status = l.exec.Status()
	if o := l.exec.Outcome; o != nil {
		x.Output, x.Error, x.Cause, x.Stopped = o.Output, o.Error, o.Cause, o.At
	}
	r.counters.writes.Add(1)
	x.ID, err = r.store.Create(ctx, ledger.New{
		Execution: x, Definition: n.Definition, Exec: l.exec, Out: b.out, Settled: b.settled, Timers: b.timers,
	})
	if err != nil {
		return ledger.Execution{}, err
	}
	r.counters.started.Add(1)
	l.id, l.info = x.ID, x
	s := r.shard(x.ID)
	s.post(func() { s.born(l, b) })
	return x, nil
}

// first makes the first step. An execution that panics the interpreter at once is failed
// at once: nothing else would come out of it a second time.
func (r *Runner) first(m *asl.Machine, l *live, x ledger.Execution) (out interp.Output) {
	defer func() {
		if cause := recover(); cause != nil {
			r.logPanic("the interpreter panicked", x.ARN, cause)
			l.exec = interp.New(m, l.exec.Begin)
			out = end(l.exec, "The interpreter failed on this execution. The server's log has the stack.", x.Started)
		}
	}()
	r.counters.steps.Add(1)
	return interp.Step(m, l.exec, interp.Start{Input: x.Input}, x.Started)
}

// born takes over an execution whose first step is stored. Somebody may have answered it
// already: then it was read from the store, and that one is the execution.
func (s *shard) born(l *live, b *batch) {
	if other := s.live[l.id]; other != nil {
		if other.exec != nil {
			l.exec, l.rev = other.exec, other.rev
			other.info = l.info
			s.act(other, b)
			return
		}
		other.exec, other.machine, other.rev, other.info = l.exec, l.machine, l.rev, l.info
		l = other
	} else {
		s.live[l.id] = l
		s.r.counters.hot.Add(1)
	}
	s.act(l, b)
	s.goOn(l)
}
