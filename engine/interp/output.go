package interp

import (
	"time"

	"statehouse/engine/history"
	"statehouse/engine/value"
)

// Output is what one step produced; a shell stores all of it in one transaction.
type Output struct {
	Events   []history.Event
	Commands []Command
	Changed  []ScopeID // ascending; write these scopes, or delete those that are gone from Exec.Scopes
}

// Command is something that the world shall do. The set is closed.
type Command interface{ command() }

type (
	// RunTask calls an integration. The answer names the token.
	RunTask struct {
		Token              Token
		TaskToken          string // secret of 256 bits; $$.Task.Token
		State              string
		Scope              ScopeID
		Attempt            int // from 0
		Resource           string
		Input              value.Value
		Timeout, Heartbeat time.Duration // from TaskStarted on; 0: none
		Credentials        value.Value   // Absent when none
		Entered            history.ID    // of TaskStateEntered
		// TestCase says which mocks answer, "" when the world does. Call counts, from 0, how
		// often this state has asked before in a mocked execution.
		TestCase string
		Call     int
	}
	// CancelTask says that nobody waits for the task any more.
	CancelTask struct{ Token Token }
	// SetTimer asks for TimerFired at a time.
	SetTimer struct {
		Token Token
		At    time.Time
		Why   Why
	}
	// DropTimer says that nobody waits for the timer any more.
	DropTimer struct{ Token Token }
	// StartMapRun starts the run of a Distributed Map. MapRunClosed answers it.
	StartMapRun struct {
		Token Token
		State string
		Scope ScopeID
		ARN   string
		Spec  MapSpec
	}
	// RedriveMapRun lets a run go on that was over. MapRunClosed answers it, to the new token.
	RedriveMapRun struct {
		Token Token
		ARN   string
	}
	// StopMapRun says that nobody waits for the run any more: it is aborted, with its children.
	StopMapRun struct{ Token Token }
	// Close is the end of the execution. It is the last command.
	Close struct{ Outcome Outcome }
)

func (RunTask) command()       {}
func (CancelTask) command()    {}
func (SetTimer) command()      {}
func (DropTimer) command()     {}
func (StartMapRun) command()   {}
func (RedriveMapRun) command() {}
func (StopMapRun) command()    {}
func (Close) command()         {}

// Why says what a timer is for.
type Why string

// The reasons for a timer.
const (
	WhyWait     Why = "wait"
	WhyRetry    Why = "retry"
	WhyDeadline Why = "deadline"
)
