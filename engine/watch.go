package engine

import (
	"context"

	"statehouse/engine/feed"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
)

// Watch tells what an execution does from now on, after it is on disk. A watcher reads
// the history first-subscribed, then-read, and drops what it has twice by id.
func (e *Engine) Watch(executionARN string) *feed.Subscription[feed.Change] {
	return e.feed.Subscribe(executionARN)
}

// WatchInbox tells that human tasks have changed, not how.
func (e *Engine) WatchInbox() *feed.Signal { return e.feed.SubscribeInbox() }

// Reason says why the server cannot do its work.
type Reason struct{ Part, Message string }

// Ready lists why the server cannot do its work; nothing when it can.
func (e *Engine) Ready(ctx context.Context) []Reason {
	var reasons []Reason
	if err := e.store.Ready(ctx); err != nil {
		reasons = append(reasons, Reason{Part: "storage", Message: err.Error()})
	}
	if err := e.runner.Ready(); err != nil {
		reasons = append(reasons, Reason{Part: "runner", Message: err.Error()})
	}
	return reasons
}

// Stats is what /metrics shows.
type Stats struct {
	runner.Stats
	MapRuns, MapRunBacklog int64 // that are open, and that wait for their turn
}

// Stats counts what happened since the start and what is in memory now.
func (e *Engine) Stats() Stats {
	s := Stats{Stats: e.runner.Stats()}
	open, waiting := e.maps.Load()
	s.MapRuns, s.MapRunBacklog = int64(open), int64(waiting)
	return s
}

// Inventory counts what there is now.
func (e *Engine) Inventory(ctx context.Context) (ledger.Inventory, error) {
	inv, err := e.store.Inventory(ctx)
	return inv, stored("take the inventory", err)
}
