package runner

import (
	"errors"
	"slices"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// batch is what one write stores: the steps of several inputs, merged.
type batch struct {
	deliveries []delivery
	late       []delivery // had no effect; told so once the others are stored
	out        interp.Output
	settled    []interp.Token
	started    []interp.Token
	timers     []ledger.Timer
	decision   *ledger.Decision
	orphans    []string        // nested executions whose parent no longer waits
	acted      bool            // what it says was done, and told to observers, before it was written
	first      bool            // of the execution, or after a redrive
	unkept     []history.Event // that happened and are not stored; nil: out has all
	at         time.Time
}

// longStep is how long an execution may think before others have their turn, and before what
// came of it is stored: the inputs that are left come next time.
const longStep = 100 * time.Millisecond

// step gives an execution its waiting inputs and begins to store what comes out.
func (s *shard) step(l *live) {
	if l.flying || len(l.inbox) == 0 || s.hold(l) {
		return
	}
	if l.exec == nil && !s.load(l) {
		return
	}
	b := &batch{at: s.now(l)}
	for began := time.Now(); len(l.inbox) > 0 && time.Since(began) < longStep; {
		d := l.inbox[0]
		if d.decision != nil && b.decision != nil {
			break // one decision a write
		}
		l.inbox[0] = delivery{}
		l.inbox = l.inbox[1:]
		if d.input == nil {
			continue
		}
		in, given := together(l, b, d)
		if len(given) == 0 {
			continue
		}
		out, err := s.think(l, in, b.at)
		switch {
		case errors.Is(err, errPanicked):
			s.panicked(l, slices.Concat(b.deliveries, b.late, given))
			return
		case err != nil:
			l.cutOff(slices.Concat(b.deliveries, b.late, given))
			return
		}
		s.charge(l, out.Events)
		b.add(l, given[0], out)
		for _, d := range given[1:] {
			b.deliveries = append(b.deliveries, d)
			b.settled = append(b.settled, tokenOf(d.input))
		}
	}
	if len(l.inbox) == 0 {
		l.inbox = nil
	}
	s.write(l, b)
}

// together makes one input of the time-outs that came at the same moment. It answers the
// input, and the deliveries that it consists of: none when nobody waits for them.
func together(l *live, b *batch, first delivery) (interp.Input, []delivery) {
	given := []delivery{first}
	if _, ok := first.input.(interp.TaskTimedOut); !ok {
		return first.input, given
	}
	for len(l.inbox) > 0 {
		if _, ok := l.inbox[0].input.(interp.TaskTimedOut); !ok {
			break
		}
		given = append(given, l.inbox[0])
		l.inbox = l.inbox[1:]
	}
	if len(given) == 1 {
		return first.input, given
	}
	var in interp.TasksTimedOut
	given = slices.DeleteFunc(given, func(d delivery) bool {
		t := d.input.(interp.TaskTimedOut)
		if !l.exec.Waits(t.Token) {
			b.late = append(b.late, d)
			return true
		}
		in.Tasks = append(in.Tasks, t)
		return false
	})
	return in, given
}

// now is the time of the next step. When somebody sets the clock back it stands still.
func (s *shard) now(l *live) time.Time {
	now := s.r.clock().Round(0).UTC()
	if now.Before(l.last) {
		return l.last
	}
	l.last = now
	return now
}

// add merges the output of one input into the batch.
func (b *batch) add(l *live, d delivery, out interp.Output) {
	if len(out.Events) == 0 && len(out.Commands) == 0 && len(out.Changed) == 0 {
		b.late = append(b.late, d)
		return
	}
	b.deliveries = append(b.deliveries, d)
	if len(b.out.Events) == 0 {
		b.out.Events = out.Events
	} else {
		b.out.Events = append(b.out.Events, out.Events...)
	}
	b.out.Commands = append(b.out.Commands, out.Commands...)
	switch {
	case len(b.deliveries) == 1:
		b.out.Changed = out.Changed
	default:
		b.merge(out.Changed)
	}
	token := tokenOf(d.input)
	if settles(d.input) {
		b.settled = append(b.settled, token)
	}
	if d.mark {
		b.started = append(b.started, token)
	}
	if d.decision != nil {
		b.decision = d.decision
	}
	if d.run != nil {
		b.clocks(l.id, *d.run)
	}
}

func (b *batch) merge(changed []interp.ScopeID) {
	all := append(slices.Clone(b.out.Changed), changed...)
	slices.Sort(all)
	b.out.Changed = slices.Compact(all)
}

// clocks starts TimeoutSeconds and HeartbeatSeconds of a task that has started.
func (b *batch) clocks(id ledger.ExecutionID, run interp.RunTask) {
	if run.Timeout > 0 {
		b.timers = append(b.timers, ledger.Timer{
			Execution: id, Token: run.Token, Kind: ledger.TimeoutTimer, Due: ceil(b.at.Add(run.Timeout)),
		})
	}
	if run.Heartbeat > 0 {
		b.timers = append(b.timers, ledger.Timer{
			Execution: id, Token: run.Token, Kind: ledger.HeartbeatTimer, Due: ceil(b.at.Add(run.Heartbeat)),
		})
	}
}

// tidy takes out what came and went within the batch, and what an execution that is over
// needs no more.
func (b *batch) tidy() {
	gone := map[interp.Token]bool{}
	over := false
	for _, c := range b.out.Commands {
		switch c := c.(type) {
		case interp.CancelTask:
			gone[c.Token] = true
		case interp.DropTimer:
			gone[c.Token] = true
		case interp.Close:
			over = true
		}
	}
	if len(gone) == 0 && !over {
		for _, t := range b.settled {
			b.dropTimers(t)
		}
		return
	}
	born := map[interp.Token]bool{}
	for _, c := range b.out.Commands {
		switch c := c.(type) {
		case interp.RunTask:
			born[c.Token] = true
		case interp.SetTimer:
			born[c.Token] = true
		}
	}
	b.out.Commands = slices.DeleteFunc(slices.Clone(b.out.Commands), func(c interp.Command) bool {
		switch c := c.(type) {
		case interp.RunTask:
			return over || gone[c.Token]
		case interp.SetTimer:
			return over || gone[c.Token]
		case interp.CancelTask:
			return born[c.Token]
		case interp.DropTimer:
			return born[c.Token]
		}
		return false
	})
	if over {
		b.timers = nil
		return
	}
	for _, t := range b.settled {
		b.dropTimers(t)
	}
	for t := range gone {
		b.dropTimers(t)
	}
}

func (b *batch) dropTimers(token interp.Token) {
	if len(b.timers) > 0 {
		b.timers = slices.DeleteFunc(b.timers, func(t ledger.Timer) bool { return t.Token == token })
	}
}

// write begins to store a batch. Nothing of it is shown or done before it is stored,
// except in Express executions.
func (s *shard) write(l *live, b *batch) {
	if len(b.deliveries) == 0 {
		s.late(l, b.late)
		s.after(l)
		return
	}
	b.tidy()
	roundUp(b.out.Commands)
	s.r.mark(l.info.MachineName, b.out.Commands)
	if l.isExpress() {
		s.remember(l, b)
		return
	}
	b.orphans = s.orphans(l, b)
	s.store(l, b)
}

// store begins to store a batch.
func (s *shard) store(l *live, b *batch) {
	l.flying = true
	s.r.busy.Add(1)
	s.r.counters.writes.Add(1)
	s.r.store.Advance(ledger.Advance{
		ID: l.id, Base: l.rev, Exec: l.exec, Out: b.out,
		Settled: b.settled, Started: b.started, Timers: b.timers, Decision: b.decision,
		Logged: l.info.Logging.Any(b.out.Events), Forget: s.r.forgets(l.info),
	}, func(err error) {
		s.post(func() {
			s.r.done(1)
			s.landed(l, b, err)
		})
	})
}

// late tells that nobody waits for an input.
func (s *shard) late(l *live, deliveries []delivery) {
	for _, d := range deliveries {
		s.r.counters.late.Add(1)
		switch in := d.input.(type) {
		case interp.TimerFired:
			s.r.timers.drop(l.id, in.Token)
		case interp.TaskTimedOut:
			s.r.timers.drop(l.id, in.Token)
		}
		d.answer(ErrLate)
	}
}

// load reads an execution that is not in memory. It answers false when there is nothing
// to step: then those who wait were told, or it is tried again later.
func (s *shard) load(l *live) bool {
	got, err := s.r.store.Load(s.r.background(), l.id)
	switch {
	case errors.Is(err, ledger.ErrClosed), errors.Is(err, ledger.ErrNotFound):
		s.over(l)
		return false
	case err != nil:
		s.r.log.Error("cannot read an execution", "execution_id", int64(l.id), "error", err)
		waiting := l.inbox
		l.inbox = nil
		s.again(l, waiting, err)
		return false
	}
	l.info, l.rev, l.exec = got.Execution, got.Revision, got.Exec
	for _, sc := range l.exec.Scopes {
		if sc.EnteredAt.After(l.last) {
			l.last = sc.EnteredAt
		}
	}
	l.machine, err = s.r.machines.get(got.Definition)
	if err != nil {
		s.r.log.Error("a stored definition is not understood", "execution", l.info.ARN, "error", err)
		s.fail(l, "The definition that this execution began with is not understood: "+err.Error())
		return false
	}
	return true
}

// over tells everybody that an execution has ended, and forgets it.
func (s *shard) over(l *live) {
	s.late(l, l.inbox)
	l.inbox, l.exec = nil, nil
	s.r.skip.over(l.id)
	s.drop(l)
}

// roundUp makes timers due at whole milliseconds, which is what stores keep: never early.
func roundUp(commands []interp.Command) {
	for i, c := range commands {
		if t, ok := c.(interp.SetTimer); ok {
			t.At = ceil(t.At)
			commands[i] = t
		}
	}
}

func ceil(t time.Time) time.Time {
	if down := t.Truncate(time.Millisecond); down.Before(t) {
		return down.Add(time.Millisecond)
	}
	return t
}
