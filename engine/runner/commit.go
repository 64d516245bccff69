package runner

import (
	"errors"
	"log/slog"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/task/execution"
)

// landed carries on after a write: now what was decided may be done and seen.
func (s *shard) landed(l *live, b *batch, err error) {
	l.flying = false
	if err != nil {
		s.refused(l, b, err)
		return
	}
	l.rev++
	l.panics = 0
	if !b.acted {
		s.act(l, b)
	}
	s.tell(l, b)
	for _, d := range b.deliveries {
		d.answer(nil)
	}
	s.late(l, b.late)
	s.goOn(l)
}

// goOn is what follows a stored step: the execution is over, has more to do by itself, or
// waits for its inputs.
func (s *shard) goOn(l *live) {
	if l.exec.Outcome != nil {
		s.closed(l)
		return
	}
	if l.exec.More() && !s.r.isStopping() {
		l.inbox = append(l.inbox, delivery{input: interp.Continue{}})
	}
	s.after(l)
}

// after lines an execution up again, or lets it rest.
func (s *shard) after(l *live) {
	s.line(l)
	if !l.queued && !l.flying {
		s.rest(l)
	}
}

// act does what a batch says.
func (s *shard) act(l *live, b *batch) {
	r := s.r
	r.counters.events.Add(int64(len(b.out.Events)))
	for _, t := range b.settled {
		s.forget(l, t)
	}
	for _, c := range b.out.Commands {
		switch c := c.(type) {
		case interp.RunTask:
			r.skip.opened(l.id, c)
			s.dispatch(l, c, b.at)
		case interp.CancelTask:
			s.forget(l, c.Token)
		case interp.SetTimer:
			s.arm(l, ledger.Timer{Execution: l.id, Token: c.Token, Kind: ledger.CoreTimer, Due: c.At})
		case interp.DropTimer:
			r.timers.drop(l.id, c.Token)
		case interp.StartMapRun:
			r.mapRuns.Began(l.id, c.ARN)
		case interp.RedriveMapRun:
			r.mapRuns.Began(l.id, c.ARN)
		case interp.StopMapRun:
			r.mapRuns.Stopped(l.id)
		case interp.Close:
		}
	}
	for _, t := range b.timers {
		s.arm(l, t)
	}
	r.stopChildren(b.orphans)
}

// arm sets a timer. Those of an execution that is not in the store are kept in memory.
func (s *shard) arm(l *live, t ledger.Timer) {
	if l.isExpress() {
		t.Execution = l.id
		s.r.timers.hold(t)
		return
	}
	s.r.timers.set(t)
}

// tell shows a stored batch to those who watch.
func (s *shard) tell(l *live, b *batch) {
	r := s.r
	inbox := b.decision != nil
	for _, c := range b.out.Commands {
		switch c := c.(type) {
		case interp.CancelTask:
			inbox = true
		case interp.Close:
			inbox = inbox || c.Outcome.Status != interp.Succeeded
		}
	}
	if l.info.Logging.Any(b.out.Events) {
		r.logged(l.info.ARN, l.exec.Redrives, b.out.Events)
	}
	r.feed.Publish(l.info.ARN, feed.Change{Events: b.out.Events, Status: l.exec.Status()})
	if inbox {
		r.feed.PublishInbox()
	}
	if !b.acted {
		r.observed(&l.info, b)
	}
}

// observed tells those who hear of every step.
func (r *Runner) observed(x *ledger.Execution, b *batch) {
	if !r.feed.Observed() {
		return
	}
	step := feed.Step{Execution: x, Began: b.first, Events: b.out.Events}
	if b.unkept != nil {
		step.Events = b.unkept
	}
	for _, c := range b.out.Commands {
		if c, ok := c.(interp.Close); ok {
			step.Outcome, step.Deleting = &c.Outcome, r.deleting(x.MachineARN)
		}
	}
	r.feed.Stepped(step)
}

// forget lets go of a token: its integration is told to stop, its timers do not fire.
func (s *shard) forget(l *live, token interp.Token) {
	s.r.timers.drop(l.id, token)
	s.r.skip.closed(l.id, token)
	j := l.jobs[token]
	if j == nil {
		return
	}
	delete(l.jobs, token)
	j.cancel()
	s.late(l, j.held)
}

// closed lets go of an execution that is over, and tells the one that waits for it.
func (s *shard) closed(l *live) {
	o := l.exec.Outcome
	s.r.counters.close(o.Status)
	level := slog.LevelInfo
	if l.info.MapRun != 0 {
		level = slog.LevelDebug // there may be a million of them
		s.r.mapRuns.ChildClosed(l.info.MapRun)
	}
	s.r.mapRuns.Stopped(l.id)
	s.r.log.Log(s.r.background(), level, "execution closed", "execution", l.info.ARN, "status", string(o.Status),
		"events", int64(l.exec.Next.Event)-1, "took", o.At.Sub(l.info.Started).String())
	if p := l.info.Parent; p != nil {
		x := l.info
		x.Status, x.Output, x.Error, x.Cause, x.Stopped = o.Status, o.Output, o.Error, o.Cause, o.At
		s.r.tellParent(x)
	}
	for token := range l.jobs {
		s.forget(l, token)
	}
	s.over(l)
}

// orphans names the nested executions that a batch leaves without a parent. After the
// write their jobs are gone.
func (s *shard) orphans(l *live, b *batch) []string {
	var children []string
	for _, c := range b.out.Commands {
		cancel, ok := c.(interp.CancelTask)
		if !ok {
			continue
		}
		j, err := s.r.store.Job(s.r.background(), ledger.JobKey{Execution: l.id, Token: cancel.Token})
		if err != nil || j.Run.TestCase != "" {
			continue // best effort; a mocked one has no child
		}
		child, ok := execution.Child(task.Request{
			TaskToken: j.Run.TaskToken, Resource: task.ParseResource(j.Run.Resource), Input: j.Run.Input,
		})
		if ok {
			children = append(children, child)
		}
	}
	return children
}

// stopChildren stops nested executions that nobody waits for any more.
func (r *Runner) stopChildren(arns []string) {
	if len(arns) == 0 {
		return
	}
	r.busy.Add(1)
	r.helpers.Go(func() {
		defer r.done(1)
		for _, child := range arns {
			if err := r.stopChild(r.background(), child); err != nil {
				r.log.Warn("a nested execution was not stopped", "execution", child, "error", err)
			}
		}
	})
}

// tellParent gives the end of a nested execution to the task that waits for it.
func (r *Runner) tellParent(x ledger.Execution) {
	reply := execution.Answer(x.Parent.Pattern, execution.End{
		ARN: x.ARN, Name: x.Name, MachineARN: x.MachineARN, Status: string(x.Status),
		Input: x.Input, Output: x.Output, Error: x.Error, Cause: x.Cause,
		Started: x.Started, Stopped: x.Stopped,
	})
	id, in := x.Parent.Execution, answerOf(x.Parent.Token, reply)
	s := r.shard(id)
	s.post(func() { s.deliver(id, delivery{input: in}) })
}

// answerOf turns the reply of an integration into an input; nil when there is none yet.
func answerOf(t interp.Token, reply task.Reply) interp.Input {
	switch {
	case reply.Error != "":
		return interp.TaskFailed{Token: t, Error: reply.Error, Cause: reply.Cause, Submit: reply.SubmitFailed}
	case reply.Done:
		return interp.TaskSucceeded{Token: t, Output: reply.Output}
	case reply.Submitted:
		return interp.TaskSubmitted{Token: t, Output: reply.Output}
	}
	return nil
}

// refused handles a write that failed: nothing happened, or nobody knows. The execution
// in memory is thrown away; what nobody waits for is tried again on what the store has.
func (s *shard) refused(l *live, b *batch, err error) {
	l.exec = nil
	s.r.counters.retries.Add(1)
	all := append(b.deliveries, b.late...)
	switch {
	case errors.Is(err, ledger.ErrClosed), errors.Is(err, ledger.ErrNotFound):
		l.inbox = append(all, l.inbox...)
		s.over(l)
	case errors.Is(err, ledger.ErrConflict):
		var others []delivery
		for _, d := range all {
			if d.decision != nil && d.decision == b.decision {
				d.answer(err)
				continue
			}
			others = append(others, d)
		}
		l.inbox = append(others, l.inbox...)
		s.after(l)
	case errors.Is(err, ledger.ErrStale) && all[0].tries < maxPanics:
		for i := range all {
			all[i].tries++
		}
		l.inbox = append(all, l.inbox...)
		s.after(l)
	default:
		s.r.log.Error("cannot store a step", "execution", l.info.ARN, "error", err)
		s.again(l, all, err)
		s.after(l)
	}
}

// again tells those who wait that it did not work, and tries the rest once more, later.
func (s *shard) again(l *live, deliveries []delivery, err error) {
	var rest []delivery
	for _, d := range deliveries {
		if d.done != nil {
			d.answer(err)
			continue
		}
		if d.input != nil {
			d.tries++
			d.ours = true
			rest = append(rest, d)
		}
	}
	if len(rest) == 0 {
		return
	}
	wait := min(100*time.Millisecond<<min(rest[0].tries, 5), 2*time.Second)
	id := l.id
	s.r.busy.Add(1)
	time.AfterFunc(wait, func() {
		defer s.r.done(1)
		s.post(func() {
			for _, d := range rest {
				s.deliver(id, d)
			}
		})
	})
}
