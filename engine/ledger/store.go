package ledger

import "context"

// Store is everything that is remembered.
type Store interface {
	Machines
	Versions
	Aliases
	Tags
	Drafts
	Workflows
	Executions
	Redrives
	Jobs
	Timers
	Activities
	HumanTasks
	MapRuns
	Logs
	AccessKeys
	Inventories

	// Ready tells why the store cannot do its work, nil when it can. When the last write
	// failed it tries another one.
	Ready(ctx context.Context) error
	// Close waits for the writes under way and lets go of the files.
	Close() error
}
