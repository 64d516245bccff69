package sim

import (
	"container/heap"
	"context"
	"errors"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/object"
	"statehouse/engine/value"
)

// Options say how an execution is run.
type Options struct {
	Input value.Value // Absent means {}
	Begin interp.Begin
	Start time.Time // the clock at the beginning; zero is 2026-01-01
	// Task answers the calls of tasks. With nil, and for an Open answer, a task stays open.
	Task func(interp.RunTask) Answer
	// Objects are what Distributed Maps read and write; default: no buckets.
	Objects object.Store
}

// Answer is what a mocked task does.
type Answer struct {
	Worker       string        // that started an activity
	Submitted    value.Value   // immediate answer of a call whose result comes later, or Absent
	Output       value.Value   // result; Absent when the task fails
	Error, Cause string        // failure, when Output is Absent
	SubmitFailed bool          // the failure is that of the call itself
	Open         bool          // no result comes: the time-out fires, or the execution waits for ever
	After        time.Duration // how long the task takes
}

// Result is what became of the execution.
type Result struct {
	Status       interp.Status // RUNNING when it waits for something that never comes
	Output       value.Value
	Error, Cause *string
	Events       []history.Event
	Open         []interp.RunTask // calls that nobody answered
	Stopped      time.Time        // the clock at the end
}

// Run starts an execution and follows it until it ends or nothing more can happen.
func Run(ctx context.Context, m *asl.Machine, o Options) (Result, error) {
	if m == nil {
		return Result{}, errors.New("simulate: no machine")
	}
	s := newSim(m, o)
	s.step(ctx, interp.Start{Input: s.input})
	for s.x.Outcome == nil {
		if err := ctx.Err(); err != nil {
			return s.result(), context.Cause(ctx)
		}
		if s.x.More() {
			s.step(ctx, interp.Continue{})
			continue
		}
		if s.queue.Len() == 0 {
			break
		}
		e := heap.Pop(&s.queue).(due)
		if e.at.After(s.now) {
			s.now = e.at
		}
		if s.timeOuts(ctx, e) {
			continue
		}
		if err := s.happen(ctx, e); err != nil {
			return s.result(), err
		}
	}
	return s.result(), nil
}

// sim is one execution under the virtual clock.
type sim struct {
	m      *asl.Machine
	x      *interp.Exec
	task   func(interp.RunTask) Answer
	input  value.Value
	now    time.Time
	queue  queue
	seq    int
	open   map[interp.Token]interp.RunTask
	order  []interp.Token
	events []history.Event

	objects object.Store
	orphans []interp.RunTask // open calls of children of map runs
}

func newSim(m *asl.Machine, o Options) *sim {
	now := o.Start
	if now.IsZero() {
		now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	b := o.Begin
	if b.Started.IsZero() {
		b.Started = now
	}
	in := o.Input
	if in.IsAbsent() {
		in = value.Object()
	}
	if o.Objects == nil {
		o.Objects = object.None{}
	}
	return &sim{
		objects: o.Objects,
		m:       m, x: interp.New(m, b), task: o.Task, input: in, now: now,
		open: map[interp.Token]interp.RunTask{},
	}
}

// step gives an input to the core and does what it commands: nothing when ctx has ended.
func (s *sim) step(ctx context.Context, in interp.Input) {
	out, _ := interp.Limits{}.StepWithin(ctx, s.m, s.x, in, s.now) // Run looks at ctx
	s.events = append(s.events, out.Events...)
	for _, c := range out.Commands {
		switch c := c.(type) {
		case interp.RunTask:
			s.open[c.Token] = c
			s.order = append(s.order, c.Token)
			s.later(s.now, called{c})
		case interp.SetTimer:
			s.later(c.At, input{interp.TimerFired{Token: c.Token}})
		case interp.CancelTask:
			delete(s.open, c.Token)
		case interp.StartMapRun:
			s.later(s.now, began{c})
		case interp.DropTimer, interp.StopMapRun, interp.Close:
			// A timer that was dropped, and a run that was stopped, find nobody who waits.
		}
	}
}

// happen lets the next thing in time come to pass.
func (s *sim) happen(ctx context.Context, e due) error {
	switch e := e.what.(type) {
	case called:
		s.call(ctx, e.run)
	case input:
		s.step(ctx, e.in)
	case answered:
		s.answer(ctx, e.run, e.answer)
	case began:
		return s.runMap(ctx, e.run)
	}
	return nil
}

// timeOuts gives the time-outs of one moment as one input, when the first thing that
// happens is one.
func (s *sim) timeOuts(ctx context.Context, first due) bool {
	t, ok := first.timeOut()
	if !ok {
		return false
	}
	together := interp.TasksTimedOut{Tasks: []interp.TaskTimedOut{t}}
	for s.queue.Len() > 0 && s.queue[0].at.Equal(first.at) {
		if t, ok = s.queue[0].timeOut(); !ok {
			break
		}
		heap.Pop(&s.queue)
		together.Tasks = append(together.Tasks, t)
	}
	s.step(ctx, together)
	return true
}

// call begins the work of a task.
func (s *sim) call(ctx context.Context, run interp.RunTask) {
	if _, ok := s.open[run.Token]; !ok || s.task == nil {
		return
	}
	a := s.task(run)
	s.step(ctx, interp.TaskStarted{Token: run.Token, Worker: a.Worker})
	if !a.Submitted.IsAbsent() {
		s.step(ctx, interp.TaskSubmitted{Token: run.Token, Output: a.Submitted})
	}
	if !a.Open {
		s.later(s.now.Add(a.After), answered{run, a})
	}
	if run.Heartbeat > 0 {
		s.later(s.now.Add(run.Heartbeat), input{interp.TaskTimedOut{Token: run.Token, Heartbeat: true}})
	}
	if run.Timeout > 0 {
		s.later(s.now.Add(run.Timeout), input{interp.TaskTimedOut{Token: run.Token}})
	}
}

// answer ends the work of a task.
func (s *sim) answer(ctx context.Context, run interp.RunTask, a Answer) {
	if _, ok := s.open[run.Token]; !ok {
		return
	}
	delete(s.open, run.Token)
	if a.Output.IsAbsent() {
		s.step(ctx, interp.TaskFailed{Token: run.Token, Error: a.Error, Cause: a.Cause, Submit: a.SubmitFailed})
		return
	}
	s.step(ctx, interp.TaskSucceeded{Token: run.Token, Output: a.Output})
}

func (s *sim) result() Result {
	r := Result{Status: s.x.Status(), Events: s.events, Stopped: s.now}
	if o := s.x.Outcome; o != nil {
		r.Output, r.Error, r.Cause = o.Output, o.Error, o.Cause
	}
	r.Open = append(r.Open, s.orphans...)
	for _, t := range s.order {
		if run, ok := s.open[t]; ok {
			r.Open = append(r.Open, run)
		}
	}
	return r
}

// The things that can happen.
type (
	called   struct{ run interp.RunTask }
	input    struct{ in interp.Input }
	began    struct{ run interp.StartMapRun }
	answered struct {
		run    interp.RunTask
		answer Answer
	}
)

func (s *sim) later(at time.Time, what any) {
	s.seq++
	heap.Push(&s.queue, due{at, s.seq, what})
}

// due is something that happens at a time; equal times keep their order.
type due struct {
	at   time.Time
	seq  int
	what any
}

// timeOut is the time-out of a task that happens, if it is one.
func (d due) timeOut() (interp.TaskTimedOut, bool) {
	in, _ := d.what.(input)
	t, ok := in.in.(interp.TaskTimedOut)
	return t, ok
}

type queue []due

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].seq < q[j].seq
	}
	return q[i].at.Before(q[j].at)
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(due)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	*q = (*q)[:last]
	return d
}
