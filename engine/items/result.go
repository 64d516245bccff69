package items

import (
	"context"
	"time"

	"statehouse/engine/value"
)

// Result is what became of one child execution of a map run.
type Result struct {
	ARN           string
	Name          string
	StateMachine  string // ARN of the state machine, with the label of the Map
	Status        Status
	Input         value.Value
	Output        value.Value // when it succeeded
	Error, Cause  string      // when it did not
	Start, Stop   time.Time   // zero when it did not begin, or end
	RedriveCount  int
	RedriveStatus string // REDRIVABLE, NOT_REDRIVABLE, REDRIVABLE_BY_MAP_RUN
	RedriveReason string
	RedriveDate   time.Time
}

// Status says how a child ended.
type Status string

// The statuses of children, in AWS's words.
const (
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
	Pending   Status = "PENDING" // not begun when the run ended, or waits for a redrive
)

// Output is a ResultWriter as evaluated. It is plain data; the zero value is a Map without
// ResultWriter.
type Output struct {
	Resource  string      `json:"resource,omitzero"`
	Arguments value.Value `json:"arguments,omitzero"` // Bucket, Prefix
	Config    value.Value `json:"config,omitzero"`    // WriterConfig
}

// Writer takes the results of the children of a map run in the order of their items.
type Writer interface {
	// Write adds one result. Errors are *Failure or the context's.
	Write(ctx context.Context, r Result) error
	// Close ends the writing and is the output of the map run: the results, or
	// {"MapRunArn":…,"ResultWriterDetails":{"Bucket":…,"Key":…}} when they were exported.
	Close(ctx context.Context) (value.Value, error)
	// Abort throws away what is not yet finished; after Close it does nothing.
	Abort()
}
