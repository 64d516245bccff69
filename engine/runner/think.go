package runner

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"runtime/debug"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
)

// maxPanics is how often an execution may panic the interpreter before it is failed.
const maxPanics = 3

// errPanicked says that the interpreter panicked.
var errPanicked = errors.New("the interpreter panicked")

// think steps an execution. A panic is this server's fault, not the neighbours': it is
// written to the log and answered with errPanicked. The other error is ErrStopping.
func (s *shard) think(l *live, in interp.Input, at time.Time) (out interp.Output, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			l.panics++
			s.r.logPanic("the interpreter panicked", l.info.ARN, cause)
			out, err = interp.Output{}, errPanicked
		}
	}()
	out, err = s.r.limits.StepWithin(s.r.thinking, l.machine, l.exec, in, at)
	s.r.counters.steps.Add(1)
	return out, err
}

// cutOff throws the execution in memory away, because the server stops in the middle of a
// step. Whoever waits is told so when the shard is left; the rest is in the store.
func (l *live) cutOff(deliveries []delivery) {
	l.exec = nil
	l.inbox = append(append(l.takeBack(), deliveries...), l.inbox...)
}

// within is a context that ends with ctx, and when steps are cut off because the server stops.
func (r *Runner) within(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	end := func() { cancel(context.Cause(r.thinking)) }
	if r.thinking.Err() != nil {
		end()
	}
	stop := context.AfterFunc(r.thinking, end)
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// panicked throws the execution in memory away. The inputs are tried again on what the
// store has; the third time the execution is failed.
func (s *shard) panicked(l *live, deliveries []delivery) {
	if l.sync != nil {
		s.brokenSync(l, &batch{at: s.now(l), deliveries: deliveries})
		return
	}
	l.exec = nil
	l.inbox = append(append(l.takeBack(), deliveries...), l.inbox...)
	if l.panics < maxPanics {
		s.line(l)
		return
	}
	got, err := s.r.store.Load(s.r.background(), l.id)
	if err != nil {
		waiting := l.inbox
		l.inbox = nil
		s.again(l, waiting, err)
		return
	}
	l.info, l.rev, l.exec = got.Execution, got.Revision, got.Exec
	s.fail(l, "The interpreter failed on this execution three times. The server's log has the stack.")
}

// fail ends an execution that the interpreter cannot go on with, with States.Runtime.
func (s *shard) fail(l *live, why string) {
	id := newID()
	s.r.log.Error("an execution was failed by the server", "execution", l.info.ARN, "id", id, "why", why)
	b := &batch{at: s.now(l)}
	b.out = end(l.exec, why+" ("+id+")", b.at)
	b.deliveries = []delivery{{}}
	b.late, l.inbox = l.inbox, nil
	s.write(l, b)
}

// end is the last step of an execution that the interpreter cannot make.
func end(x *interp.Exec, cause string, at time.Time) interp.Output {
	name := "States.Runtime"
	outcome := interp.Outcome{Status: interp.Failed, Error: &name, Cause: &cause, At: at}
	var out interp.Output
	for id := range x.Scopes {
		out.Changed = append(out.Changed, id)
	}
	out.Events = []history.Event{{
		ID: x.Next.Event, Previous: x.Next.Event - 1, Type: history.ExecutionFailed, At: at,
		Details: history.Details{Error: &name, Cause: &cause},
	}}
	out.Commands = []interp.Command{interp.Close{Outcome: outcome}}
	x.Next.Event++
	x.Outcome = &outcome
	x.Ready = nil
	clear(x.Scopes)
	return out
}

func (r *Runner) logPanic(what, executionARN string, cause any) {
	r.counters.panics.Add(1)
	r.log.Error(what, "execution", executionARN, "id", newID(), "panic", cause, "stack", string(debug.Stack()))
}

// newID names something in the log.
func newID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// background is the context of what nobody outside waits for.
func (r *Runner) background() context.Context { return context.Background() }
