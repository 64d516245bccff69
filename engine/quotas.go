package engine

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"statehouse/engine/ledger"
)

// Quotas are how many there may be of what people and programs make. Zero is AWS's value.
type Quotas struct {
	Machines        int // 100,000
	Activities      int // 100,000
	OpenExecutions  int // of STANDARD machines, without children of map runs: 1,000,000
	OpenMapRuns     int // 1,000; others wait
	Versions        int // of one machine: 1,000
	Aliases         int // of one machine: 100
	Tags            int // of one resource: 50
	ActivityPollers int // workers that wait for tasks of one activity: 1,000
}

func (q Quotas) filled() Quotas {
	return Quotas{
		Machines: cmp.Or(q.Machines, 100_000), Activities: cmp.Or(q.Activities, 100_000),
		OpenExecutions: cmp.Or(q.OpenExecutions, 1_000_000), OpenMapRuns: cmp.Or(q.OpenMapRuns, 1000),
		Versions: cmp.Or(q.Versions, 1000), Aliases: cmp.Or(q.Aliases, 100),
		Tags: cmp.Or(q.Tags, 50), ActivityPollers: cmp.Or(q.ActivityPollers, 1000),
	}
}

// Quotas of this server.
func (e *Engine) Quotas() Quotas { return e.quotas }

// allowance tells whether one more fits under a quota. It counts down from what was free
// when it looked last, and looks again when that is used up: those that went in between
// are found then, and what fits costs nothing.
type allowance struct {
	quota int
	count func(ledger.Inventory) int64

	mu   sync.Mutex
	left int64 // that fit without looking again
}

func (e *Engine) takeOne(ctx context.Context, a *allowance) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.left <= 0 {
		inv, err := e.Inventory(ctx)
		if err != nil {
			return false, err
		}
		a.left = int64(a.quota) - a.count(inv)
	}
	if a.left <= 0 {
		return false, nil
	}
	a.left--
	return true, nil
}

// allowances are the quotas of the whole server.
type allowances struct{ machines, activities, executions allowance }

func (a *allowances) set(q Quotas) {
	a.machines.quota, a.machines.count = q.Machines, func(i ledger.Inventory) int64 { return i.Machines }
	a.activities.quota, a.activities.count = q.Activities, func(i ledger.Inventory) int64 { return i.Activities }
	a.executions.quota, a.executions.count = q.OpenExecutions, func(i ledger.Inventory) (n int64) {
		for _, open := range i.Open {
			n += open
		}
		return n
	}
}

// mayCreateMachine refuses one machine too many. One that exists is none.
func (e *Engine) mayCreateMachine(ctx context.Context, machineARN string) error {
	switch ok, err := e.takeOne(ctx, &e.allowances.machines); {
	case err != nil || ok:
		return err
	}
	if _, err := e.store.Machine(ctx, machineARN); !errors.Is(err, ledger.ErrNotFound) {
		return stored("read state machine "+machineARN, err)
	}
	return fault("StateMachineLimitExceeded", "name",
		"The maximum number of state machines has been reached. Existing state machines must be deleted before a new state machine can be created.")
}

// mayCreateActivity refuses one activity too many. One that exists is none.
func (e *Engine) mayCreateActivity(ctx context.Context, activityARN string) error {
	switch ok, err := e.takeOne(ctx, &e.allowances.activities); {
	case err != nil || ok:
		return err
	}
	if _, err := e.store.Activity(ctx, activityARN); !errors.Is(err, ledger.ErrNotFound) {
		return stored("read activity "+activityARN, err)
	}
	return fault("ActivityLimitExceeded", "name",
		"The maximum number of activities has been reached. Existing activities must be deleted before a new activity can be created.")
}

// mayRun refuses one open execution too many. One that exists is none: whether it may be
// started again is another question. EXPRESS executions are not counted.
func (e *Engine) mayRun(ctx context.Context, x ledger.Execution) error {
	if x.Type == Express {
		return nil
	}
	switch ok, err := e.takeOne(ctx, &e.allowances.executions); {
	case err != nil || ok:
		return err
	}
	if x.ID == 0 { // it is to be started, not redriven
		if _, err := e.store.Execution(ctx, x.ARN); !errors.Is(err, ledger.ErrNotFound) {
			return stored("read execution "+x.ARN, err)
		}
	}
	return fault("ExecutionLimitExceeded", "",
		"The maximum number of running executions has been reached. Running executions must end or be stopped before a new execution can be started.")
}

// tooManyPollers refuses one worker too many.
func tooManyPollers(cause error) *Fault {
	f := fault("ActivityWorkerLimitExceeded", "activityArn",
		"The maximum number of workers concurrently polling for activity tasks has been reached.")
	f.Cause = cause
	return f
}
