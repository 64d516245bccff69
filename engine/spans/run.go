package spans

import (
	"context"
	"maps"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/trace"
)

// run is an execution of which spans are made.
type run struct {
	x      ledger.Execution
	since  time.Time // of this drive
	place  trace.Context
	last   history.ID
	tips   map[history.ID]place  // where each event stands
	states map[history.ID]*state // that were not left, by the event of their entry
	broken map[history.ID]*state // that a failure ended: a redrive goes on in them
}

// place is where an event stands: what follows it is in this state, or within it.
type place struct {
	state  *state // nil: the execution itself
	within bool
	index  *int64 // of the Map's iteration
}

// state is a state that was entered.
type state struct {
	id, before history.ID // of the entry, and of the event before it
	name, kind string     // kind as in Type
	at         time.Time
	parent     *state // a Parallel or a Map, nil: the execution
	index      *int64
	attempt    *attempt
	attempts   int
}

// attempt is a try at a task that is under way.
type attempt struct {
	id       history.ID
	at       time.Time
	resource string
	marks    []mark
}

type mark struct {
	name string
	at   time.Time
}

func newRun(x ledger.Execution) *run {
	r := &run{tips: map[history.ID]place{}, states: map[history.ID]*state{}, broken: map[history.ID]*state{}}
	r.place, _ = trace.Parse(x.TraceHeader)
	r.begin(x)
	return r
}

// begin notes the beginning of a drive.
func (r *run) begin(x ledger.Execution) {
	r.x, r.since = x, x.Started
	if x.Redrives > 0 {
		r.since = x.Redriven
	}
}

// event follows one event. Without a tracer nothing is told.
func (r *run) event(e *history.Event, tracer oteltrace.Tracer) {
	r.last = e.ID
	at := r.tips[e.Previous]
	switch {
	case e.Type.Enters():
		at = r.enter(e, at)
		if e.Type == history.FailStateEntered { // it is never left
			r.leave(at.state, e.At, "States.Fail", tracer)
			at = place{at.state, true, nil}
		}
	case e.Type.Exits():
		s := at.climb(func(s *state) bool { return s.name == e.Details.Name })
		r.leave(s, e.At, "", tracer)
		r.mend(s)
		at = s.beside()
	default:
		at = r.inside(e, at, tracer)
	}
	if e.Type == history.ExecutionRedriven { // what it was in it is in again
		maps.Copy(r.states, r.broken)
		clear(r.broken)
		for _, s := range r.states {
			s.at, s.attempts = e.At, 0
		}
	}
	r.tips[e.ID] = at
}

func (r *run) enter(e *history.Event, at place) place {
	s := &state{
		id: e.ID, before: e.Previous, name: e.Details.Name, kind: strings.TrimSuffix(string(e.Type), "StateEntered"),
		at: e.At, parent: at.state, index: at.index,
	}
	if at.state != nil && !at.within { // after a failure that a redrive goes on from
		s.parent, s.index = at.state.parent, at.state.index
	}
	r.states[e.ID] = s
	return place{state: s}
}

// inside follows an event that neither enters nor leaves a state.
func (r *run) inside(e *history.Event, at place, tracer oteltrace.Tracer) place {
	if family, phase := e.Type.Task(); family != history.NoTask {
		if at.state != nil {
			r.task(at.state, e, phase, tracer)
		}
		return at
	}
	switch e.Type { //nolint:exhaustive // the rest stays where it is
	case history.ParallelStateStarted, history.MapStateStarted:
		r.mend(at.state)
		return place{state: at.state, within: true}
	case history.MapIterationStarted:
		s := at.climb(func(s *state) bool { return s.kind == "Map" && s.name == e.Details.Name })
		return place{state: s, within: true, index: e.Details.Index}
	case history.ParallelStateFailed, history.MapStateFailed:
		return r.fail(e, at, tracer)
	case history.EvaluationFailed:
		for _, s := range r.states {
			if s.name == e.Details.State && (s.before == e.Previous || s.id == e.Previous) {
				return place{state: s}
			}
		}
	}
	return at
}

// fail ends what is within a Parallel or a Map that failed.
func (r *run) fail(e *history.Event, at place, tracer oteltrace.Tracer) place {
	s := at.climb(func(s *state) bool { return strings.HasPrefix(string(e.Type), s.kind) && (s != at.state || at.within) })
	for _, inner := range r.states {
		if inner.below(s) {
			r.leave(inner, e.At, "States.Aborted", tracer)
		}
	}
	return place{state: s}
}

// task follows an attempt at the task of a state.
func (r *run) task(s *state, e *history.Event, phase history.Phase, tracer oteltrace.Tracer) {
	switch phase {
	case history.Scheduled:
		resource := e.Details.Resource
		if e.Details.ResourceType != "" {
			resource = e.Details.ResourceType + ":" + resource
		}
		s.attempt = &attempt{id: e.ID, at: e.At, resource: resource}
		s.attempts++
	case history.Started, history.Submitted:
		if s.attempt != nil {
			s.attempt.marks = append(s.attempt.marks, mark{string(e.Type), e.At})
		}
	case history.Succeeded, history.Failed, history.TimedOut:
		failure := ""
		if phase != history.Succeeded {
			if failure = string(e.Type); e.Details.Error != nil {
				failure = *e.Details.Error
			}
		}
		r.endAttempt(s, e.At, failure, tracer)
	}
}

// endAttempt tells an attempt; failure is its error, "" when it succeeded.
func (r *run) endAttempt(s *state, at time.Time, failure string, tracer oteltrace.Tracer) {
	a := s.attempt
	if s.attempt = nil; a == nil || tracer == nil {
		return
	}
	span := r.span(tracer, a.resource, a.id, r.id(s.id), a.at, oteltrace.SpanKindClient,
		attribute.String("statehouse.resource", a.resource), attribute.Int("statehouse.attempt", s.attempts))
	for _, m := range a.marks {
		span.AddEvent(m.name, oteltrace.WithTimestamp(m.at))
	}
	finish(span, at, failure)
}

// leave tells a state that was left, or that an end came over.
func (r *run) leave(s *state, at time.Time, failure string, tracer oteltrace.Tracer) {
	if s == nil || r.states[s.id] == nil {
		return
	}
	delete(r.states, s.id)
	if failure != "" {
		r.broken[s.id] = s
	}
	r.endAttempt(s, at, failure, tracer)
	if tracer == nil {
		return
	}
	parent := r.id(0)
	if s.parent != nil {
		parent = r.id(s.parent.id)
	}
	attributes := []attribute.KeyValue{
		attribute.String("statehouse.state.name", s.name), attribute.String("statehouse.state.type", s.kind),
		attribute.String("statehouse.execution.arn", r.x.ARN),
	}
	if s.index != nil {
		attributes = append(attributes, attribute.Int64("statehouse.map.index", *s.index))
	}
	finish(r.span(tracer, s.name, s.id, parent, s.at, oteltrace.SpanKindInternal, attributes...), at, failure)
}

// mend says that what broke within a state was caught, or is tried again.
func (r *run) mend(s *state) {
	for id, inner := range r.broken {
		if inner.below(s) {
			delete(r.broken, id)
		}
	}
}

// end tells the execution, and the states that it was still in.
func (r *run) end(o *interp.Outcome, tracer oteltrace.Tracer) {
	failure := ""
	if o.Status != interp.Succeeded {
		if failure = string(o.Status); o.Error != nil {
			failure = *o.Error
		}
	}
	for _, s := range r.states {
		r.leave(s, o.At, failure, tracer)
	}
	attributes := []attribute.KeyValue{
		attribute.String("statehouse.execution.arn", r.x.ARN), attribute.String("statehouse.state_machine.arn", r.x.MachineARN),
		attribute.String("statehouse.execution.status", string(o.Status)),
	}
	if r.x.Redrives > 0 {
		attributes = append(attributes, attribute.Int("statehouse.execution.redrive_count", r.x.Redrives))
	}
	if r.x.MapRunARN != "" {
		attributes = append(attributes, attribute.String("statehouse.map_run.arn", r.x.MapRunARN))
	}
	finish(r.span(tracer, r.x.MachineName, 0, r.place.Parent, r.since, oteltrace.SpanKindServer, attributes...), o.At, failure)
}

// id is the span of an event of this execution; 0 is the execution itself.
func (r *run) id(event history.ID) trace.SpanID {
	return trace.Span(r.x.ARN, r.x.Redrives, int64(event))
}

// span begins a span with the id of an event.
func (r *run) span(tracer oteltrace.Tracer, name string, event history.ID, parent trace.SpanID, at time.Time, kind oteltrace.SpanKind, attributes ...attribute.KeyValue) oteltrace.Span {
	ctx := withID(context.Background(), r.place.Trace, r.id(event))
	if parent != (trace.SpanID{}) {
		ctx = oteltrace.ContextWithRemoteSpanContext(ctx, oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
			TraceID: r.place.Trace, SpanID: oteltrace.SpanID(parent), TraceFlags: oteltrace.FlagsSampled, Remote: true,
		}))
	}
	_, span := tracer.Start(ctx, name, oteltrace.WithTimestamp(at), oteltrace.WithSpanKind(kind), oteltrace.WithAttributes(attributes...))
	return span
}

func finish(span oteltrace.Span, at time.Time, failure string) {
	if failure != "" {
		span.SetStatus(codes.Error, failure)
		span.SetAttributes(attribute.String("error.type", failure))
	}
	span.End(oteltrace.WithTimestamp(at))
}

// climb is the innermost state from here outwards that is right, nil when none is.
func (p place) climb(right func(*state) bool) *state {
	for s := p.state; s != nil; s = s.parent {
		if right(s) {
			return s
		}
	}
	return nil
}

// beside is where the state that follows stands.
func (s *state) beside() place {
	if s == nil {
		return place{}
	}
	return place{state: s.parent, within: true, index: s.index}
}

// below tells whether a state is within another one.
func (s *state) below(outer *state) bool {
	for p := s.parent; p != nil; p = p.parent {
		if p == outer {
			return true
		}
	}
	return false
}
