package logging

import (
	"slices"

	"statehouse/engine/history"
)

// Logs tells whether an event is logged at this level. ALL has all events, ERROR those of
// failures, time-outs and aborts with the entry of Fail states, FATAL the ends of executions
// that did not succeed.
func (l Level) Logs(t history.Type) bool {
	switch l {
	case All:
		return true
	case Error:
		return failures[t]
	case Fatal:
		return fatal[t]
	case Off:
	}
	return false
}

// Any tells whether one of the events is logged.
func (c Config) Any(events []history.Event) bool {
	if !c.On() || len(events) == 0 {
		return false
	}
	return c.Level == All || slices.ContainsFunc(events, func(e history.Event) bool { return c.Level.Logs(e.Type) })
}

var fatal = set(history.ExecutionFailed, history.ExecutionAborted, history.ExecutionTimedOut)

var failures = set(
	history.ExecutionFailed, history.ExecutionAborted, history.ExecutionTimedOut,
	history.FailStateEntered, history.EvaluationFailed,
	history.ActivityFailed, history.ActivityScheduleFailed, history.ActivityTimedOut,
	history.LambdaFunctionFailed, history.LambdaFunctionScheduleFailed, history.LambdaFunctionStartFailed, history.LambdaFunctionTimedOut,
	history.TaskFailed, history.TaskStartFailed, history.TaskSubmitFailed, history.TaskTimedOut,
	history.MapIterationFailed, history.MapIterationAborted, history.MapStateFailed, history.MapStateAborted,
	history.MapRunFailed, history.MapRunAborted,
	history.ParallelStateFailed, history.ParallelStateAborted,
	history.TaskStateAborted, history.WaitStateAborted,
)

func set(types ...history.Type) map[history.Type]bool {
	m := make(map[history.Type]bool, len(types))
	for _, t := range types {
		m[t] = true
	}
	return m
}
