package ledger

import (
	"context"

	"statehouse/engine/history"
	"statehouse/engine/logging"
)

// Unlogged is a part of a history that waits to be brought to its log group: Advance.Logged,
// New.Logged or Redrive.Logged was set for the write that made it.
type Unlogged struct {
	ID                        int64 // in the order of the writes
	ExecutionARN, MachineName string
	Logging                   logging.Config // of the execution
	Redrives                  int            // of the execution, at the time
	Events                    []history.Event
}

// Known are the events of one step that begin with first, nil when they are not known any
// more. Histories of executions that begin again from their start differ by redrives.
type Known func(executionARN string, redrives int, first history.ID) []history.Event

// Logs is what waits to be logged: written with the steps, so that a crash does not lose it,
// and forgotten when it was delivered.
type Logs interface {
	// Unlogged lists what waits, by ID: at most limit, and about bytes of it, but one at
	// least. Known may have the events that begin with one of an execution in memory; then
	// they are not read. It is nil when nobody has.
	Unlogged(ctx context.Context, limit, bytes int, known Known) ([]Unlogged, error)
	// Logged forgets what waits up to an ID, and this one.
	Logged(ctx context.Context, through int64) error
	// DropUnlogged forgets the oldest so that no more than keep are left, and says how many
	// went.
	DropUnlogged(ctx context.Context, keep int64) (int64, error)
}
