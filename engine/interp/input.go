package interp

import "statehouse/engine/value"

// Input is something that happened in the world. The set is closed.
type Input interface{ input() }

type (
	// Start begins the execution.
	Start struct{ Input value.Value }
	// Continue lets an execution go on that stopped for the length of a step (Exec.More).
	Continue struct{}
	// TaskStarted says that a worker or an integration began.
	TaskStarted struct {
		Token  Token
		Worker string // of an activity, "" when it gave no name
	}
	// TaskSubmitted is the immediate answer of a .sync or .waitForTaskToken call.
	TaskSubmitted struct {
		Token  Token
		Output value.Value
	}
	// TaskSucceeded is the result of a task.
	TaskSucceeded struct {
		Token  Token
		Output value.Value
	}
	// TaskFailed is the failure of a task. An empty Error or Cause was not given.
	TaskFailed struct {
		Token        Token
		Error, Cause string
		Submit       bool // the call itself failed (TaskSubmitFailed)
	}
	// TaskTimedOut says that TimeoutSeconds or HeartbeatSeconds of a task have passed.
	TaskTimedOut struct {
		Token     Token
		Heartbeat bool
	}
	// TasksTimedOut says that several tasks timed out at the same moment. AWS records all of
	// them before the failure of the first one aborts the others.
	TasksTimedOut struct{ Tasks []TaskTimedOut }
	// TimerFired answers SetTimer.
	TimerFired struct{ Token Token }
	// MapRunClosed is the end of a Distributed Map's run. Output is Absent when it failed.
	MapRunClosed struct {
		Token        Token
		Output       value.Value
		Error, Cause string
	}
	// Stop aborts the execution.
	Stop struct{ Error, Cause *string }
	// Redrive lets a closed execution go on where it failed.
	Redrive struct{}
)

func (Start) input()         {}
func (Continue) input()      {}
func (TaskStarted) input()   {}
func (TaskSubmitted) input() {}
func (TaskSucceeded) input() {}
func (TaskFailed) input()    {}
func (TaskTimedOut) input()  {}
func (TasksTimedOut) input() {}
func (TimerFired) input()    {}
func (MapRunClosed) input()  {}
func (Stop) input()          {}
func (Redrive) input()       {}
