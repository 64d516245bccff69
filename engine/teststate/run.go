package teststate

import (
	"context"
	"errors"
	"time"

	"statehouse/engine/clock"
	"statehouse/engine/interp"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// World is what a test may reach.
type World struct {
	Begin interp.Begin
	Now   func() time.Time // the time that the state sees
	Skip  bool             // a Wait takes no time
	// Do carries out a task that has no mock. It returns when ctx ends.
	Do func(ctx context.Context, run interp.RunTask) Work
}

// Work is what came of a task, and what went over the wire when it was an HTTP call.
type Work struct {
	Reply    task.Reply
	Request  *Message
	Response *Message
}

// Run does the state. The error is *Refused when a mock turns out not to fit the data, or
// the context's.
func (t *Test) Run(ctx context.Context, w World) (*Report, error) {
	r := &run{
		Test: t, world: w, trial: t.trial,
		deadline: time.Now().Add(Longest),
	}
	r.exec = interp.Try(t.machine, w.Begin, t.block, t.state.Name, &r.trial)
	input := t.request.Input
	if input.IsAbsent() {
		input = value.Object()
	}
	r.todo = []interp.Input{interp.Start{Input: input}}
	for r.exec.Outcome == nil && len(r.todo) > 0 {
		next := r.todo[0]
		r.todo = r.todo[1:]
		out, err := interp.Limits{}.StepWithin(ctx, t.machine, r.exec, next, w.Now())
		if err != nil {
			return nil, err
		}
		if r.exec.More() {
			r.todo = append(r.todo, interp.Continue{})
		}
		for _, c := range out.Commands {
			if err := r.do(ctx, c); err != nil {
				return nil, err
			}
		}
	}
	if r.trial.MaxConcurrency != nil { // an inline Map has its items
		if bad := r.tooManyFailures(r.trial.Iterations); bad != nil {
			return nil, bad
		}
	}
	return r.report(input), nil
}

// run is one test under way.
type run struct {
	*Test
	world    World
	trial    interp.Trial
	exec     *interp.Exec
	deadline time.Time // of the wall's clock
	todo     []interp.Input
	overdue  bool            // the test took longer than it may
	spec     *interp.MapSpec // of a Distributed Map
	stages   []interp.Stage  // that its run adds
	work     Work            // of a task that had no mock
}

// do carries out a command of the interpreter.
func (r *run) do(ctx context.Context, c interp.Command) error {
	switch c := c.(type) {
	case interp.RunTask:
		return r.task(ctx, c)
	case interp.SetTimer:
		if c.Why == interp.WhyWait {
			return r.wait(ctx, c)
		}
	case interp.StartMapRun:
		return r.mapRun(ctx, c)
	case interp.CancelTask, interp.DropTimer, interp.StopMapRun, interp.Close:
	}
	return nil
}

// task answers a task: by the mock, or by doing it.
func (r *run) task(ctx context.Context, c interp.RunTask) error {
	if a := r.answer; a != nil {
		if a.Output.IsAbsent() {
			r.next(interp.TaskFailed{Token: c.Token, Error: a.Error, Cause: a.Cause})
		} else {
			r.next(interp.TaskSucceeded{Token: c.Token, Output: a.Output})
		}
		return nil
	}
	left := time.Until(r.deadline)
	own := c.Timeout > 0 && c.Timeout < left
	if own {
		left = c.Timeout
	}
	limited, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	r.work = r.world.Do(limited, c)
	switch reply := r.work.Reply; {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(limited.Err(), context.DeadlineExceeded) && !reply.Done:
		r.overdue = !own
		r.next(interp.TaskTimedOut{Token: c.Token})
	case reply.Error != "":
		r.next(interp.TaskFailed{Token: c.Token, Error: reply.Error, Cause: reply.Cause, Submit: reply.SubmitFailed})
	default:
		r.next(interp.TaskSucceeded{Token: c.Token, Output: reply.Output})
	}
	return nil
}

// wait lets the time of a Wait pass. One that is longer than a test may take is over at
// once: how it ends is known.
func (r *run) wait(ctx context.Context, c interp.SetTimer) error {
	left := c.At.Sub(r.world.Now())
	if left > time.Until(r.deadline) {
		r.overdue = true
		return nil
	}
	if r.world.Skip {
		left = 0
	}
	if !clock.Pause(ctx, left) {
		return context.Cause(ctx)
	}
	r.next(interp.TimerFired{Token: c.Token})
	return nil
}

func (r *run) next(in interp.Input) { r.todo = append(r.todo, in) }
