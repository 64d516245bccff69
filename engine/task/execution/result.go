package execution

import (
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// End is how a nested execution ended.
type End struct {
	ARN, Name, MachineARN string
	Status                string // SUCCEEDED, FAILED, TIMED_OUT, ABORTED
	Input, Output         value.Value
	Error, Cause          *string
	Started, Stopped      time.Time
}

// Answer is what the task that waited for the execution is told: for .sync the data as
// JSON texts, for .sync:2 as JSON. What did not succeed fails the task with
// States.TaskFailed, and the cause is the description of the execution.
func Answer(pattern string, e End) task.Reply {
	d := describe(pattern, e)
	if e.Status == "SUCCEEDED" {
		return task.Result(d)
	}
	return task.Fail("States.TaskFailed", d.JSON())
}

func describe(pattern string, e End) value.Value {
	data := func(v value.Value) value.Value {
		if pattern == task.Sync2 || v.IsAbsent() {
			return v
		}
		return value.String(v.JSON())
	}
	included := value.Object(value.Member{Key: "Included", Value: value.Bool(true)})
	var m []value.Member
	add := func(key string, v value.Value) { m = append(m, value.Member{Key: key, Value: v}) }
	text := func(key string, s *string) {
		if s != nil {
			add(key, value.String(*s))
		}
	}
	text("Cause", e.Cause)
	text("Error", e.Error)
	add("ExecutionArn", value.String(e.ARN))
	add("Input", data(e.Input))
	add("InputDetails", included)
	add("Name", value.String(e.Name))
	if !e.Output.IsAbsent() {
		add("Output", data(e.Output))
		add("OutputDetails", included)
	}
	add("RedriveCount", value.Int(0))
	status, why := ledger.Redrivable, ledger.Unredrivable(interp.Status(e.Status))
	if why != "" {
		status = ledger.NotRedrivable
	}
	add("RedriveStatus", value.String(string(status)))
	if why != "" {
		add("RedriveStatusReason", value.String(why))
	}
	add("StartDate", millis(e.Started))
	add("StateMachineArn", value.String(e.MachineARN))
	add("Status", value.String(e.Status))
	add("StopDate", millis(e.Stopped))
	return value.Object(m...)
}
