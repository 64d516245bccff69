package engine

import (
	"context"
	"errors"

	"statehouse/engine/arn"
	"statehouse/engine/feed"
	"statehouse/engine/ledger"
)

// MapRun describes a map run.
func (e *Engine) MapRun(ctx context.Context, mapRunARN string) (ledger.MapRun, error) {
	if err := checkARN(mapRunARN, "mapRunArn", arn.MapRun); err != nil {
		return ledger.MapRun{}, err
	}
	x, err := e.store.MapRun(ctx, mapRunARN)
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.MapRun{}, noResource(mapRunARN, err)
	}
	return x, stored("read map run "+mapRunARN, err)
}

// LostItems counts the children of a map run, and their items, that ended without success
// and cannot be redriven any more.
func (e *Engine) LostItems(ctx context.Context, run ledger.MapRun) (children, items int64, err error) {
	if run.Children.Failed+run.Children.TimedOut+run.Children.Aborted == 0 {
		return 0, 0, nil
	}
	now := e.now()
	children, items, err = e.store.LostItems(ctx, run.ID, now.Add(-longestOpen), now.Add(-ledger.RedrivePeriod))
	return children, items, stored("count what is lost of map run "+run.ARN, err)
}

// MapRuns lists the map runs of an execution, newest first, and the token of the next page.
func (e *Engine) MapRuns(ctx context.Context, executionARN string, p ledger.Page) ([]ledger.MapRun, string, error) {
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		return nil, "", err
	}
	list, next, err := e.store.ListMapRuns(ctx, x.ID, p)
	return list, next, stored("list map runs", err)
}

// ChildExecutions lists the children of a map run, newest first, and the token of the next
// page.
func (e *Engine) ChildExecutions(ctx context.Context, mapRunARN string, q ledger.ExecutionQuery) ([]ledger.Execution, string, error) {
	x, err := e.MapRun(ctx, mapRunARN)
	if err != nil {
		return nil, "", err
	}
	q.MachineARN, q.MapRun = "", x.ID
	list, next, err := e.store.ListExecutions(ctx, q)
	return list, next, stored("list children of "+mapRunARN, err)
}

// UpdateMapRun says what changes in the limits of a map run; nil leaves it as it is.
type UpdateMapRun struct {
	ARN                 string
	MaxConcurrency      *int64   // 0 to 10,000; 0: as many as the service allows
	ToleratedCount      *int64   // of failed items
	ToleratedPercentage *float64 // 0 to 100
}

// UpdateMapRun changes the limits of a map run while it goes on.
func (e *Engine) UpdateMapRun(ctx context.Context, u UpdateMapRun) error {
	x, err := e.MapRun(ctx, u.ARN)
	if err != nil {
		return err
	}
	l := x.MapRunLimits
	if u.MaxConcurrency == nil && u.ToleratedCount == nil && u.ToleratedPercentage == nil {
		f := fault("ValidationException", "maxConcurrency",
			"Either maxConcurrency, toleratedFailureCount or toleratedFailurePercentage must be specified")
		f.Reason = "MISSING_REQUIRED_PARAMETER"
		return f
	}
	if u.MaxConcurrency != nil {
		l.MaxConcurrency = *u.MaxConcurrency
	}
	if u.ToleratedCount != nil {
		l.ToleratedCount = u.ToleratedCount
	}
	if u.ToleratedPercentage != nil {
		if p := *u.ToleratedPercentage; !(p >= 0 && p <= 100) {
			return fault("ValidationException", "toleratedFailurePercentage", "The toleratedFailurePercentage must be between 0 and 100")
		}
		l.ToleratedPercentage = u.ToleratedPercentage
	}
	err = e.store.UpdateMapRun(ctx, u.ARN, l)
	switch {
	case errors.Is(err, ledger.ErrClosed):
		f := fault("ValidationException", "mapRunArn", "Cannot update a completed map run: '%s'", u.ARN)
		f.Reason, f.Cause = "CANNOT_UPDATE_COMPLETED_MAP_RUN", err
		return f
	case err != nil:
		return stored("update map run "+u.ARN, err)
	}
	e.maps.Nudge(x.ID)
	e.log.InfoContext(ctx, "map run updated", "map_run", u.ARN)
	return nil
}

// WatchMapRun tells that the progress of a map run has changed; MapRun tells how.
func (e *Engine) WatchMapRun(mapRunARN string) *feed.Subscription[feed.Change] {
	return e.feed.Subscribe(mapRunARN)
}
