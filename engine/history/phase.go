package history

import "strings"

// Family is a kind of tasks: each has events of its own.
type Family uint8

// The families.
const (
	NoTask   Family = iota
	Service         // Task…
	Function        // LambdaFunction…
	Activity        // Activity…
)

// Phase is how far a task has come.
type Phase uint8

// The phases, from the first one on; those from Succeeded on are the last of an attempt.
const (
	Scheduled Phase = iota
	Started
	Submitted
	Succeeded
	Failed
	TimedOut
)

type taskEvent struct {
	family Family
	phase  Phase
}

var taskEvents = map[Type]taskEvent{
	TaskScheduled: {Service, Scheduled}, TaskStarted: {Service, Started}, TaskSubmitted: {Service, Submitted}, TaskSucceeded: {Service, Succeeded},
	TaskFailed: {Service, Failed}, TaskStartFailed: {Service, Failed}, TaskSubmitFailed: {Service, Failed}, TaskTimedOut: {Service, TimedOut},

	LambdaFunctionScheduled: {Function, Scheduled}, LambdaFunctionStarted: {Function, Started}, LambdaFunctionSucceeded: {Function, Succeeded},
	LambdaFunctionFailed: {Function, Failed}, LambdaFunctionScheduleFailed: {Function, Failed}, LambdaFunctionStartFailed: {Function, Failed},
	LambdaFunctionTimedOut: {Function, TimedOut},

	ActivityScheduled: {Activity, Scheduled}, ActivityStarted: {Activity, Started}, ActivitySucceeded: {Activity, Succeeded},
	ActivityFailed: {Activity, Failed}, ActivityScheduleFailed: {Activity, Failed}, ActivityTimedOut: {Activity, TimedOut},
}

// Task tells what an event says about an attempt at a task; NoTask when it says nothing.
func (t Type) Task() (Family, Phase) {
	e := taskEvents[t]
	return e.family, e.phase
}

// Enters tells whether a state was entered.
func (t Type) Enters() bool { return strings.HasSuffix(string(t), "StateEntered") }

// Exits tells whether a state was left in peace. Fail is never left.
func (t Type) Exits() bool { return strings.HasSuffix(string(t), "StateExited") }
