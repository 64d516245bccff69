package sim

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/intake"
	"statehouse/engine/interp"
	"statehouse/engine/items"
	"statehouse/engine/value"
)

// mostAtOnce is how many children of a map run AWS runs at a time.
const mostAtOnce = 10_000

// mapRun is a Distributed Map that is carried out in memory: child after child, each under a
// clock of its own that begins when a slot becomes free.
type mapRun struct {
	sim      *sim
	c        interp.StartMapRun
	machine  *asl.Machine // of the children
	children intake.Children
	slots    []time.Time // when each slot becomes free
	out      items.Writer

	number     int64 // of the next child
	failed     int64 // items
	total      int64 // items, when that is known
	known      bool
	end        time.Time
	stuck      bool // a child waits for something that never comes
	unanswered []interp.RunTask
	failure    *items.Failure
}

// runMap carries out a run and, when it ends, tells the execution in its time.
func (s *sim) runMap(ctx context.Context, c interp.StartMapRun) error {
	r := &mapRun{sim: s, c: c, end: s.now}
	if c.Spec.Reader == nil {
		r.total, r.known = int64(c.Spec.Items.Len()), true
	}
	err := r.run(ctx)
	if f, ok := errors.AsType[*items.Failure](err); ok {
		r.failure, err = f, nil
	}
	s.orphans = append(s.orphans, r.unanswered...)
	if err != nil || r.stuck && r.failure == nil {
		return err
	}
	return r.close(ctx)
}

func (r *mapRun) run(ctx context.Context) error {
	s, spec := r.sim, &r.c.Spec
	text, err := s.m.Inner(spec.Block)
	if err != nil {
		return err
	}
	if r.machine, _ = asl.Parse(text); r.machine == nil {
		return errors.New("simulate: the body of the Map is no machine")
	}
	if r.children, err = intake.NewChildren(s.x.Begin.ExecutionARN, spec.Label, r.c.ARN); err != nil {
		return err
	}
	if r.out, err = items.NewWriter(ctx, s.objects, r.c.ARN, 0, intake.Output(spec, interp.Limits{})); err != nil {
		return err
	}
	source, err := intake.Open(ctx, intake.Run{Machine: s.m, State: r.c.State, Spec: spec, Objects: s.objects}, 0)
	if err != nil {
		return err
	}
	defer source.Close()
	for {
		in, err := source.Next(ctx)
		if errors.Is(err, io.EOF) {
			r.total, r.known = source.Taken(), true
			return r.exceeded()
		}
		if err != nil {
			return err
		}
		if err := r.child(ctx, in); err != nil {
			return err
		}
	}
}

// child runs one child from beginning to end.
func (r *mapRun) child(ctx context.Context, in intake.Input) error {
	s, n := r.sim, r.number
	slot := r.slot()
	begin := interp.Begin{
		ExecutionARN: r.children.ARN(n), ExecutionName: r.children.Name(n),
		MachineARN: r.children.MachineARN, MachineName: r.children.MachineName, RoleARN: s.x.Begin.RoleARN,
		Seed: sha256.Sum256([]byte(r.children.ARN(n))), TestCase: s.x.Begin.TestCase,
		Express: r.c.Spec.ExecutionType == "EXPRESS",
	}
	r.number++
	got, err := Run(ctx, r.machine, Options{Input: in.Value, Begin: begin, Start: r.slots[slot], Task: s.task, Objects: s.objects})
	if err != nil {
		return err
	}
	r.slots[slot] = got.Stopped
	if got.Stopped.After(r.end) {
		r.end = got.Stopped
	}
	switch got.Status {
	case interp.Running:
		r.stuck = true
		r.unanswered = append(r.unanswered, got.Open...)
		return nil
	case interp.Failed, interp.TimedOut:
		r.failed += in.Items
		if err := r.exceeded(); err != nil {
			return err
		}
	case interp.Succeeded, interp.Aborted:
	}
	return intake.TooLarge(r.out.Write(ctx, result(got, begin, in.Value)), r.c.State, intake.Output(&r.c.Spec, interp.Limits{}))
}

// slot is the one that becomes free first.
func (r *mapRun) slot() int {
	most := int64(mostAtOnce)
	if n := r.c.Spec.MaxConcurrency; n > 0 {
		most = min(n, most)
	}
	if int64(len(r.slots)) < most {
		r.slots = append(r.slots, r.sim.now)
		return len(r.slots) - 1
	}
	first := 0
	for i, at := range r.slots {
		if at.Before(r.slots[first]) {
			first = i
		}
	}
	return first
}

// exceeded fails the run when more items have failed than it tolerates.
func (r *mapRun) exceeded() error {
	if !interp.ToleranceExceeded(r.c.Spec.ToleratedCount, r.c.Spec.ToleratedPercentage, r.failed, r.total, r.known) {
		return nil
	}
	return &items.Failure{Code: interp.ErrThreshold, Cause: interp.ThresholdExceeded}
}

// close ends the run.
func (r *mapRun) close(ctx context.Context) error {
	in := interp.MapRunClosed{Token: r.c.Token}
	if r.failure == nil {
		var err error
		in.Output, err = r.out.Close(ctx)
		if f, ok := errors.AsType[*items.Failure](err); ok {
			r.failure = f
		} else if err != nil {
			return err
		}
	}
	if r.failure != nil {
		if r.out != nil {
			r.out.Abort()
		}
		in.Output, in.Error, in.Cause = value.Value{}, r.failure.Code, r.failure.Cause
	}
	r.sim.later(r.end, input{in})
	return nil
}

// result is a child as the writers of results take it.
func result(got Result, b interp.Begin, in value.Value) items.Result {
	r := items.Result{
		ARN: b.ExecutionARN, Name: b.ExecutionName, StateMachine: b.MachineARN, Status: items.Status(got.Status),
		Input: in, Output: got.Output, Stop: got.Stopped,
	}
	if len(got.Events) > 0 {
		r.Start = got.Events[0].At
	}
	if got.Error != nil {
		r.Error = *got.Error
	}
	if got.Cause != nil {
		r.Cause = *got.Cause
	}
	return r
}
