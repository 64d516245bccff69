package task

import (
	"context"
	"time"

	"statehouse/engine/value"
)

// Request is one attempt of a Task state.
type Request struct {
	Execution    int64 // the ledger's number of the execution
	ExecutionARN string
	MachineName  string
	Token        int64  // names the attempt within the execution
	TaskToken    string // names the attempt to the world: whoever has it may answer
	State        string
	Attempt      int // from 0
	Resource     Resource
	Input        value.Value
	Scheduled    time.Time // when the attempt became durable; the same again after a crash
	Now          time.Time
	TraceHeader  string // to hand on as X-Amzn-Trace-Id, "" for none
	Traceparent  string // the same in the words of the W3C, "" when nobody traces
}

// Reply is what an integration answers at once. Neither Done nor Submitted nor an Error
// means that the task is under way and somebody answers later.
type Reply struct {
	Done         bool // Output is the result
	Submitted    bool // Output is the immediate answer; the result comes later
	Output       value.Value
	Error, Cause string
	SubmitFailed bool // with Error: the call itself failed
}

// Result is the reply of a task that is done.
func Result(v value.Value) Reply { return Reply{Done: true, Output: v} }

// Fail is the reply of a task that failed.
func Fail(name, cause string) Reply { return Reply{Error: name, Cause: cause} }

// Integration carries out tasks of one resource. Run must return when ctx ends; what it
// answers then is dropped and the task is run again after the next start, unless it was
// cancelled.
type Integration interface {
	Run(ctx context.Context, r Request) Reply
}

// Func makes a function an Integration.
type Func func(ctx context.Context, r Request) Reply

// Run calls f.
func (f Func) Run(ctx context.Context, r Request) Reply { return f(ctx, r) }
