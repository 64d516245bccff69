// Package history holds the events of an execution as AWS Step Functions publishes
// them: their types, their ids and their JSON. The interpreter writes them, everyone
// else only reads.
package history

import (
	"time"

	"statehouse/engine/value"
)

// ID numbers the events of one execution, from 1. An event that follows none points to 0.
type ID int64

// Event is one line of an execution's history.
type Event struct {
	ID, Previous ID
	Type         Type
	At           time.Time
	Details      Details
}

// Details is what an event tells beside its type. One struct serves all types; a type
// has only the members that its row in the table of types.go names.
type Details struct {
	Name          string // of a state or of a Map
	Input, Output value.Value

	Resource, ResourceType, Region string
	Parameters                     value.Value
	TimeoutInSeconds               *int64
	HeartbeatInSeconds             *int64
	TaskCredentials                value.Value
	WorkerName                     string

	Error, Cause    *string
	Location, State string // of EvaluationFailed

	Index, Length *int64
	MapRunArn     string
	RedriveCount  *int64

	RoleArn                string
	StateMachineAliasArn   string
	StateMachineVersionArn string

	// AssignedVariables are the variables that a state set on leaving, sorted by name.
	AssignedVariables []Variable
}

// Variable is one assigned variable; AWS shows its value as JSON text.
type Variable struct {
	Name  string
	Value value.Value
}

// Size counts the bytes of what the event carries.
func (e Event) Size() int {
	return e.Details.Input.Size() + e.Details.Output.Size() + e.Details.Parameters.Size()
}

// WithoutData is the event as GetExecutionHistory shows it with includeExecutionData=false:
// errors stay, payloads go.
func (e Event) WithoutData() Event {
	d := &e.Details
	d.Input, d.Output, d.Parameters = value.Value{}, value.Value{}, value.Value{}
	d.AssignedVariables = nil
	return e
}
