package ledger

import (
	"context"
	"time"

	"statehouse/engine/interp"
)

// RedrivePeriod is how long after its end an execution can be redriven, as on AWS. What is
// needed for it is kept so long.
const RedrivePeriod = 14 * 24 * time.Hour

// Redrive is the first step of an execution that goes on after it had ended.
type Redrive struct {
	ID    ExecutionID
	Exec  *interp.Exec  // from Redrivable, stepped with interp.Redrive
	Out   interp.Output // of that step, or of several, merged
	Token string        // the caller's name for this redrive, "" for none

	// As in Advance.
	Settled []interp.Token
	Timers  []Timer
	Logged  bool
}

// Redrives lets executions go on that did not succeed.
type Redrives interface {
	// Redrivable is what is needed to redrive the execution; Revision is zero. ErrNotFound
	// when there is nothing: it runs, it succeeded, its history is full, it is EXPRESS, or it
	// ended longer than RedrivePeriod ago.
	Redrivable(ctx context.Context, id ExecutionID) (Loaded, error)
	// Redrive stores the step in one write: the execution runs again, at FirstRevision, or is
	// over again. ErrStale when it is no longer as Redrivable has found it; ErrConflict when
	// its machine is being deleted, or gone.
	Redrive(ctx context.Context, r Redrive) error
	// RedriveOf is when the execution was redriven under this token, as far as its last ten
	// redrives tell. ErrNotFound.
	RedriveOf(ctx context.Context, id ExecutionID, token string) (time.Time, error)
}
