package meter_test

import (
	"testing"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/meter"
)

// BenchmarkTenTasks is what counting an execution of ten tasks costs.
func BenchmarkTenTasks(b *testing.B) {
	m := meter.New(meter.Config{})
	x := ledger.Execution{MachineARN: "arn:aws:states:us-east-1:000000000000:stateMachine:steps", Type: "STANDARD", Started: time.Now()}
	resource := history.Details{ResourceType: "aws-sdk:noop", Resource: "run"}
	var steps []feed.Step
	id := history.ID(1)
	event := func(t history.Type, d history.Details) history.Event {
		id++
		return history.Event{ID: id, Previous: id - 1, Type: t, At: x.Started, Details: d}
	}
	enter := func() []history.Event {
		return []history.Event{event(history.TaskStateEntered, history.Details{}), event(history.TaskScheduled, resource)}
	}
	steps = append(steps, feed.Step{Execution: &x, Began: true, Events: append([]history.Event{{ID: 1, Type: history.ExecutionStarted, At: x.Started}}, enter()...)})
	for i := range 10 {
		events := []history.Event{event(history.TaskStarted, resource), event(history.TaskSucceeded, resource), event(history.TaskStateExited, history.Details{})}
		s := feed.Step{Execution: &x}
		if i < 9 {
			s.Events = append(events, enter()...)
		} else {
			s.Events = append(events, event(history.ExecutionSucceeded, history.Details{}))
			s.Outcome = &interp.Outcome{Status: interp.Succeeded, At: x.Started}
		}
		steps = append(steps, s)
	}
	for b.Loop() {
		x.ID++
		for _, s := range steps {
			m.Stepped(s)
		}
	}
}
