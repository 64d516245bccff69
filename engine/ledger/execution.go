package ledger

import (
	"context"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/logging"
	"statehouse/engine/value"
)

// ExecutionID names an execution within the store. Newer executions have higher numbers.
type ExecutionID int64

// Revision counts the writes of one execution: Create makes revision 1, every Advance
// one more. It is known before the write is done, so a caller may queue the next Advance
// without waiting; when the first fails the next one answers ErrStale.
type Revision int64

// FirstRevision is the revision that Create makes.
const FirstRevision Revision = 1

// ParentRef names the task that started a nested execution and waits for its end.
type ParentRef struct {
	Execution ExecutionID
	Token     interp.Token
	Pattern   string // sync or sync:2
}

// Execution describes an execution.
type Execution struct {
	ID                      ExecutionID
	ARN, Name               string
	MachineARN, MachineName string
	Type                    string // STANDARD or EXPRESS
	Status                  interp.Status
	Input                   value.Value
	Output                  value.Value // Absent unless it succeeded
	Error, Cause            *string
	Started                 time.Time
	Stopped                 time.Time // zero while it runs
	TraceHeader             string
	TestCase                string         // of the mock configuration, "" when it calls the world
	RevisionID, RoleARN     string         // of the machine when it began
	Version                 int64          // of the machine that it was started by, 0: none
	Alias                   string         // of the machine that it was started by, "": none
	Logging                 logging.Config // of the machine when it began
	Parent                  *ParentRef     // nil: not a nested execution that somebody waits for
	MapRun                  MapRunID       // zero: not a child of a map run
	MapRunARN               string         // of it; ignored by writes
	Items                   int64          // of the map run that this child works on
	Redrives                int            // how often it was redriven
	Redriven                time.Time      // the last time, zero: never
	Wrecked                 bool           // it is over and has what a redrive needs
	Events                  int64          // length of the history
	Waiting                 int64          // open human tasks
}

// VersionARN names the version that the execution was started by, "" when there is none.
func (e Execution) VersionARN() string { return versionARN(e.MachineARN, e.Version) }

// AliasARN names the alias that the execution was started by, "" when there is none.
func (e Execution) AliasARN() string {
	if e.Alias == "" {
		return ""
	}
	return e.MachineARN + ":" + e.Alias
}

// New is an execution and its first step.
type New struct {
	Execution  Execution // ID, Output, Events and Waiting are ignored; Status is that of Exec
	Definition string    // stored once however many executions share it
	Exec       *interp.Exec
	Out        interp.Output   // of the first step, or of several, merged
	Unkept     []history.Event // that happened but shall not be stored: Out has none then; stores ignore them

	// As in Advance.
	Settled []interp.Token
	Started []interp.Token
	Timers  []Timer
	Logged  bool
	Forget  bool
}

// Loaded is an execution as an interpreter needs it.
type Loaded struct {
	Exec       *interp.Exec
	Revision   Revision
	Definition string
	Execution  Execution
}

// Advance is one write of an execution: everything that one step, or several merged
// ones, changed. All of it is stored, or nothing.
type Advance struct {
	ID   ExecutionID
	Base Revision // the revision the step began from; the write makes Base+1
	Exec *interp.Exec
	// Out has the events, commands and changed scopes. The scopes in Changed are written,
	// or deleted when they are gone from Exec. Commands become rows: RunTask a job,
	// SetTimer a timer of kind CoreTimer, StartMapRun a map run; CancelTask and DropTimer let go of theirs, as
	// Settled does; Close ends the execution: what is left of its jobs and timers goes,
	// open human tasks are cancelled, its map runs are aborted, and its scopes are forgotten
	// but for what a redrive needs (interp.Exec.WreckRow).
	Out interp.Output
	// Settled tokens were answered, cancelled or fired. Their job and timers go; an open
	// human task of theirs is cancelled unless Decision names it.
	Settled []interp.Token
	// Started tokens were handed out and need no handing out again: see Job.Started.
	Started []interp.Token
	// Timers to set; one with the same execution, token and kind is replaced. Those of
	// tokens that have no job after this write are not set.
	Timers   []Timer
	Decision *Decision // nil: none
	// Logged: the events of Out wait to be logged (see Logs).
	Logged bool
	// Forget: the events of Out are no part of a history that anybody reads. They are kept
	// as long as they wait to be logged.
	Forget bool
}

// Decision closes a human task together with the step that it causes.
type Decision struct {
	TaskID, Outcome, Comment, By string
	Form                         value.Value
	At                           time.Time
}

// ExecutionQuery asks for executions. Empty fields do not choose.
type ExecutionQuery struct {
	MachineARN string   // never with a version or an alias
	Version    int64    // of the machine; needs MachineARN
	Alias      string   // of the machine; needs MachineARN
	MapRun     MapRunID // its children; zero: executions that are no children of map runs
	Status     interp.Status
	Redriven   *bool  // nil: whether or not it was redriven
	Search     string // part of the execution's name, letters of either case
	Page       Page
}

// HistoryQuery asks for a part of a history.
type HistoryQuery struct {
	After   history.ID // only higher ids
	Before  history.ID // only lower ids; 0: no bound
	Limit   int        // at most this many; 0 means 1000
	Bytes   int        // at most this many bytes of payloads, but one event at least; 0: no bound
	Reverse bool       // newest first
}

// Executions keeps executions and their histories.
type Executions interface {
	// Create stores the execution with its first step in one write, at FirstRevision.
	// ErrExists when the ARN is taken; ErrNotFound when there is no such machine,
	// ErrConflict when it is being deleted; ErrClosed when Parent's job is gone.
	Create(ctx context.Context, n New) (ExecutionID, error)
	// Load is what is needed to step the execution. ErrNotFound; ErrClosed when it is over.
	Load(ctx context.Context, id ExecutionID) (Loaded, error)
	// Advance queues a write and returns. It has read a when it returns, so the caller may
	// go on stepping a.Exec. done is called once, after the write is safe or has failed:
	// ErrStale when the execution is not at a.Base, ErrClosed when it is over, ErrNotFound;
	// ErrConflict when the decision's task is not open. done is called by the goroutine
	// that writes for everybody, in the order of the writes: it must not block. When the
	// write cannot even be queued, done is called before Advance returns.
	Advance(a Advance, done func(error))
	// Execution describes an execution. ErrNotFound.
	Execution(ctx context.Context, arn string) (Execution, error)
	// ExecutionByID describes an execution. ErrNotFound.
	ExecutionByID(ctx context.Context, id ExecutionID) (Execution, error)
	// ListExecutions lists executions, newest first, and the token of the next page, ""
	// at the end. Input and Output are left Absent.
	ListExecutions(ctx context.Context, q ExecutionQuery) ([]Execution, string, error)
	// CountExecutions counts by status without reading executions. A MachineARN of "" is
	// all machines. States that no execution has may be missing.
	CountExecutions(ctx context.Context, machineARN string) (map[interp.Status]int64, error)
	// CountExecutionsUpTo counts those that ListExecutions would list, page after page, and stops
	// at most of them.
	CountExecutionsUpTo(ctx context.Context, q ExecutionQuery, most int) (int, error)
	// Definition is the text that the execution began with. ErrNotFound.
	Definition(ctx context.Context, id ExecutionID) (string, error)
	// History is a part of the history, by id. ErrNotFound when there is no such execution.
	History(ctx context.Context, id ExecutionID, q HistoryQuery) ([]history.Event, error)
	// Continuing are the running executions whose last stored step stopped for its length
	// (interp.Exec.More): nothing but their next turn is missing. By id.
	Continuing(ctx context.Context) ([]ExecutionID, error)
	// ClosedChildren are the executions that are over while the job of their Parent still
	// waits: a crash came between. They are answered again at start.
	ClosedChildren(ctx context.Context) ([]Execution, error)
}
