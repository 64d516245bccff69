package ledger

import (
	"context"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// MapRunID names a map run within the store. Newer runs have higher numbers.
type MapRunID int64

// PendingRedrive is the status of a child that did not succeed and is about to be redriven.
const PendingRedrive interp.Status = "PENDING_REDRIVE"

// MapRunStatus is the state of a map run in AWS's words.
type MapRunStatus string

// The states of a map run.
const (
	MapRunRunning   MapRunStatus = "RUNNING"
	MapRunSucceeded MapRunStatus = "SUCCEEDED"
	MapRunFailed    MapRunStatus = "FAILED"
	MapRunAborted   MapRunStatus = "ABORTED"
)

// MapRun is one run of a Distributed Map: its items run as child executions.
type MapRun struct {
	ID           MapRunID
	ARN          string
	Execution    ExecutionID // that waits for it
	ExecutionARN string
	MachineARN   string
	Token        interp.Token // that MapRunClosed answers
	State        string       // name of the Map
	Status       MapRunStatus
	Spec         interp.MapSpec // as the run began; the limits below may have been changed since
	MapRunLimits
	MapRunProgress
	Started, Stopped time.Time // Stopped is zero while it runs
	RedriveCount     int
	Redriven         time.Time // the last time, zero: never
	// What the execution that waits is told, once the run is over. Output is Absent unless
	// the run succeeded.
	Output       value.Value
	Error, Cause string
}

// MapRunLimits are what UpdateMapRun changes while the run goes on.
type MapRunLimits struct {
	MaxConcurrency      int64    // 0: as many as the service allows
	ToleratedCount      *int64   // nil: not limited by count
	ToleratedPercentage *float64 // nil: not limited by percentage
}

// MapRunProgress is what changes with every item. Writes of children keep it true: it
// never differs from what the rows of the children say.
type MapRunProgress struct {
	Taken     int64 // items taken from the source: where to read on
	Exhausted bool  // the source has no more
	Items     MapRunCounts
	Children  MapRunCounts
	Written   int64 // results that were written
}

// MapRunCounts counts items or children. All that were taken are in one of the fields.
type MapRunCounts struct {
	Running, Succeeded, Failed, TimedOut, Aborted int64
	PendingRedrive                                int64
}

// Total is how many there are.
func (c MapRunCounts) Total() int64 {
	return c.Running + c.Succeeded + c.Failed + c.TimedOut + c.Aborted + c.PendingRedrive
}

// MapRunTally is how a run stands, in AWS's words.
type MapRunTally struct {
	MapRunCounts
	Pending, Total, ResultsWritten, NotRedrivable int64
}

// ItemCounts says how the items of the run stand. Those of a reader are known as far as it
// was read.
func (r *MapRun) ItemCounts() MapRunTally {
	t := MapRunTally{MapRunCounts: r.Items, Total: r.Taken}
	if r.Spec.Reader == nil {
		t.Total = int64(r.Spec.Items.Len())
	}
	if t.Pending = t.Total - r.Items.Total(); r.Status != MapRunRunning {
		t.Aborted, t.Pending = t.Aborted+t.Pending, 0 // those that never began
	}
	if r.Written > 0 {
		t.ResultsWritten = r.Items.Total() - r.Items.Running
	}
	return t
}

// ChildCounts says how the children of the run stand.
func (r *MapRun) ChildCounts() MapRunTally {
	t := MapRunTally{MapRunCounts: r.Children, Total: r.Children.Total(), ResultsWritten: r.Written}
	if r.Spec.Batch == nil { // each item is a child
		i := r.ItemCounts()
		t.Total, t.Pending, t.Aborted = i.Total, i.Pending, i.Aborted
	}
	return t
}

// ItemGroup is some children of a map run that begin together, each with its first step.
type ItemGroup struct {
	Run       MapRunID
	Base      int64 // MapRunProgress.Taken before
	Taken     int64 // and after; equal to Base when only Exhausted changes
	Exhausted bool
	Children  []New // Execution.MapRun and Execution.Items are set
}

// MapRunEnd is the end of a map run.
type MapRunEnd struct {
	Run          MapRunID
	Status       MapRunStatus
	Output       value.Value
	Error, Cause string
	Written      int64
	At           time.Time
}

// MapRuns keeps map runs and starts their children. A run comes with the Advance (or
// Create) whose commands hold StartMapRun. StopMapRun makes it ABORTED when it runs, and so
// does the end of its execution. The write that settles its token marks that its end was
// heard.
type MapRuns interface {
	// MapRun is the run with this ARN. ErrNotFound.
	MapRun(ctx context.Context, arn string) (MapRun, error)
	// MapRunByID is the run with this number. ErrNotFound.
	MapRunByID(ctx context.Context, id MapRunID) (MapRun, error)
	// MapRunNow is a run with nothing but ID, Status, RedriveCount, limits and progress: they
	// are small, whatever the run works on. ErrNotFound.
	MapRunNow(ctx context.Context, id MapRunID) (MapRun, error)
	// ListMapRuns lists the runs of an execution, newest first, without Spec and Output, and
	// the token of the next page, "" at the end.
	ListMapRuns(ctx context.Context, id ExecutionID, p Page) ([]MapRun, string, error)
	// OpenMapRuns lists the runs that are not done with, oldest first: those that run, those
	// whose end has not been heard, and those that are over while children still run.
	OpenMapRuns(ctx context.Context) ([]MapRunID, error)
	// UpdateMapRun sets the limits of a run. ErrNotFound; ErrClosed when it is over.
	UpdateMapRun(ctx context.Context, arn string, l MapRunLimits) error
	// BeginItems stores children with their first steps and moves the run on, in one write,
	// and names the children, in order. ErrStale when the run is not at Base, ErrClosed when
	// it does not run any more.
	BeginItems(ctx context.Context, g ItemGroup) ([]ExecutionID, error)
	// EndMapRun ends a run. ErrClosed when it is over already.
	EndMapRun(ctx context.Context, e MapRunEnd) error
	// MapResults are the children of a run with what became of them, in the order of their
	// items, beginning after one of them (0: at the first): at most limit of them, and about
	// bytes of inputs and outputs, but one at least.
	MapResults(ctx context.Context, id MapRunID, after ExecutionID, limit, bytes int) ([]Execution, error)
	// PendingItems are the children of a run that wait for their redrive, by number. A run is
	// redriven by the write whose commands hold RedriveMapRun: it runs again, and its children
	// that did not succeed wait.
	PendingItems(ctx context.Context, id MapRunID, limit int) ([]ExecutionID, error)
	// LostItems counts the children of a run, and their items, that ended without success and
	// cannot be redriven: they began or ended before the given times, or, being STANDARD,
	// have left nothing to go on from.
	LostItems(ctx context.Context, id MapRunID, began, ended time.Time) (children, items int64, err error)
	// RestartItem stores a child that begins again from its start, with its first step: its
	// history is a new one. n.Execution.ID names it. ErrStale when it does not wait for a
	// redrive.
	RestartItem(ctx context.Context, n New) error
	// RunningItems are the children of a run that still run, by number, beginning after one.
	RunningItems(ctx context.Context, id MapRunID, after ExecutionID, limit int) ([]ExecutionID, error)
}
