package pages

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"statehouse/engine/history"
	"statehouse/engine/value"
)

var began = time.Date(2026, 5, 6, 9, 41, 0, 0, time.UTC)

// events makes a history of lines; ids count from 1, an event a second.
func events(lines ...history.Event) []history.Event {
	for i := range lines {
		lines[i].ID = history.ID(i + 1)
		lines[i].At = began.Add(time.Duration(i) * time.Second)
	}
	return lines
}

func at(previous history.ID, kind history.Type, name string) history.Event {
	return history.Event{Previous: previous, Type: kind, Details: history.Details{Name: name}}
}

func failed(previous history.ID, kind history.Type, name string) history.Event {
	return history.Event{Previous: previous, Type: kind, Details: history.Details{Error: &name}}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	submitted := history.Event{Previous: 4, Type: history.TaskSubmitted, Details: history.Details{
		ResourceType: "human", Output: value.Object(value.Member{Key: "TaskId", Value: value.String("t1")}),
	}}
	for _, tt := range []struct {
		name   string
		events []history.Event
		want   []Step
	}{
		{"a human task waits", events(
			at(0, history.ExecutionStarted, ""), at(0, history.TaskStateEntered, "Ask"), at(2, history.TaskScheduled, ""),
			at(3, history.TaskStarted, ""), submitted,
		), []Step{{Name: "Ask", Type: "Task", Status: StepWaiting, Attempts: 1, TaskID: "t1"}}},
		{"a retry, then a catch", events(
			at(0, history.ExecutionStarted, ""), at(0, history.TaskStateEntered, "Call"), at(2, history.TaskScheduled, ""),
			failed(3, history.TaskFailed, "E"), at(4, history.TaskScheduled, ""), failed(5, history.TaskFailed, "E"),
			at(6, history.TaskStateExited, "Call"), at(7, history.PassStateEntered, "Mend"),
		), []Step{
			{Name: "Call", Type: "Task", Status: StepCaught, Attempts: 2, Error: "E"},
			{Name: "Mend", Type: "Pass", Status: StepRunning},
		}},
		{"a retry that helps leaves no error", events(
			at(0, history.ExecutionStarted, ""), at(0, history.TaskStateEntered, "Call"), at(2, history.TaskScheduled, ""),
			failed(3, history.TaskFailed, "E"), at(4, history.TaskScheduled, ""), at(5, history.TaskSucceeded, ""), at(6, history.TaskStateExited, "Call"),
		), []Step{{Name: "Call", Type: "Task", Status: StepSucceeded, Attempts: 2}}},
		{"an expression that fails belongs to the state it names, not to the one before", events(
			at(0, history.ExecutionStarted, ""), at(0, history.PassStateEntered, "First"), at(2, history.PassStateExited, "First"),
			at(3, history.PassStateEntered, "Then"),
			history.Event{Previous: 3, Type: history.EvaluationFailed, Details: history.Details{State: "Then", Error: new("E")}},
			failed(5, history.ExecutionFailed, "E"),
		), []Step{
			{Name: "First", Type: "Pass", Status: StepSucceeded},
			{Name: "Then", Type: "Pass", Status: StepFailed, Error: "E"},
		}},
		{"a redrive goes on with what failed", events(
			at(0, history.ExecutionStarted, ""), at(0, history.TaskStateEntered, "Call"), at(2, history.TaskScheduled, ""),
			failed(3, history.TaskFailed, "E"), failed(4, history.ExecutionFailed, "E"), at(5, history.ExecutionRedriven, ""), at(4, history.TaskScheduled, ""),
		), []Step{{Name: "Call", Type: "Task", Status: StepRunning, Attempts: 2}}},
		{"a Fail state is entered again", events(
			at(0, history.ExecutionStarted, ""), at(0, history.FailStateEntered, "No"), failed(2, history.ExecutionFailed, "E"),
			at(3, history.ExecutionRedriven, ""), at(2, history.FailStateEntered, "No"), failed(5, history.ExecutionFailed, "E"),
		), []Step{{Name: "No", Type: "Fail", Status: StepFailed, Error: "E"}, {Name: "No", Type: "Fail", Status: StepFailed, Error: "E"}}},
		{"branches are inside; their Parallel ends after the last of them", events(
			at(0, history.ExecutionStarted, ""), at(0, history.ParallelStateEntered, "Both"), at(2, history.ParallelStateStarted, ""),
			at(3, history.PassStateEntered, "A"), at(3, history.PassStateEntered, "B"), at(4, history.PassStateExited, "A"),
			at(5, history.PassStateExited, "B"), at(7, history.ParallelStateSucceeded, ""), at(7, history.ParallelStateExited, "Both"),
			at(9, history.SucceedStateEntered, "Done"), at(10, history.SucceedStateExited, "Done"), at(11, history.ExecutionSucceeded, ""),
		), []Step{
			{Name: "Both", Type: "Parallel", Status: StepSucceeded, Attempts: 1},
			{Name: "A", Type: "Pass", Status: StepSucceeded, Depth: 1},
			{Name: "B", Type: "Pass", Status: StepSucceeded, Depth: 1},
			{Name: "Done", Type: "Succeed", Status: StepSucceeded},
		}},
		{"a failed execution blames the step that failed and cancels the others", events(
			at(0, history.ExecutionStarted, ""), at(0, history.ParallelStateEntered, "Both"), at(2, history.ParallelStateStarted, ""),
			at(3, history.WaitStateEntered, "Slow"), at(3, history.FailStateEntered, "Broken"), failed(5, history.ParallelStateFailed, "E"),
			failed(6, history.ExecutionFailed, "E"),
		), []Step{
			{Name: "Both", Type: "Parallel", Status: StepFailed, Attempts: 1, Error: "E"},
			{Name: "Slow", Type: "Wait", Status: StepCancelled, Depth: 1},
			{Name: "Broken", Type: "Fail", Status: StepCancelled, Depth: 1},
		}},
		{"a stopped execution cancels what ran", events(
			at(0, history.ExecutionStarted, ""), at(0, history.WaitStateEntered, "Slow"), at(0, history.ExecutionAborted, ""),
		), []Step{{Name: "Slow", Type: "Wait", Status: StepCancelled}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Steps(tt.events)
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(Step{}, "Entered", "Exited"), cmpopts.IgnoreUnexported(Step{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
