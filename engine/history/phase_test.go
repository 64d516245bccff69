package history_test

import (
	"testing"

	"statehouse/engine/history"
)

func TestWhatEventsSayAboutTasks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ    history.Type
		family history.Family
		phase  history.Phase
	}{
		{history.TaskSubmitFailed, history.Service, history.Failed},
		{history.ActivityScheduled, history.Activity, history.Scheduled},
		{history.LambdaFunctionTimedOut, history.Function, history.TimedOut},
		{history.TaskStateEntered, history.NoTask, history.Scheduled},
		{history.TaskStateAborted, history.NoTask, history.Scheduled},
	} {
		if f, p := c.typ.Task(); f != c.family || p != c.phase {
			t.Errorf("%s is %d, %d", c.typ, f, p)
		}
	}
	if !history.FailStateEntered.Enters() || history.TaskScheduled.Enters() || !history.MapStateExited.Exits() || history.MapStateSucceeded.Exits() {
		t.Error("states are not entered and left as their events say")
	}
}
