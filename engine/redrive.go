package engine

import (
	"context"
	"errors"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

const (
	// redriveAgain is how long the same client token means the same redrive.
	redriveAgain = 15 * time.Minute
	// longestOpen is how long an execution may be open, redrives included.
	longestOpen = 365 * 24 * time.Hour
)

// Description is an execution and whether it can be redriven now.
type Description struct {
	ledger.Execution
	Redrive    ledger.RedriveStatus
	RedriveWhy string // why it cannot, in AWS's words; "" when it can
}

// Describe describes an execution.
func (e *Engine) Describe(ctx context.Context, executionARN string) (Description, error) {
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		return Description{}, err
	}
	d := Description{Execution: x}
	d.Redrive, d.RedriveWhy, err = e.redrivability(ctx, x)
	return d, err
}

// RedrivePlan is what a redrive of an execution would do.
type RedrivePlan struct {
	Status ledger.RedriveStatus
	Why    string   // why it cannot be redriven, in AWS's words; "" when it can
	Again  []string // states that run again, a state once for each of its branches and items
}

// RedrivePlan tells what a redrive would do.
func (e *Engine) RedrivePlan(ctx context.Context, x ledger.Execution) (RedrivePlan, error) {
	var p RedrivePlan
	var err error
	if p.Status, p.Why, err = e.redrivability(ctx, x); err != nil || p.Status != ledger.Redrivable {
		return p, err
	}
	got, err := e.store.Redrivable(ctx, x.ID)
	if errors.Is(err, ledger.ErrNotFound) { // somebody redrives it just now
		return RedrivePlan{Status: ledger.NotRedrivable, Why: ledger.Unredrivable(interp.Running)}, nil
	}
	if err != nil {
		return RedrivePlan{}, stored("read what is left of "+x.ARN, err)
	}
	p.Again = got.Exec.Wreck.Again()
	return p, nil
}

// redrivability tells whether an execution can be redriven now and, when it cannot, why, in
// AWS's words.
func (e *Engine) redrivability(ctx context.Context, x ledger.Execution) (ledger.RedriveStatus, string, error) {
	if reason := e.unredrivable(x); reason != "" {
		return ledger.NotRedrivable, reason, nil
	}
	if x.MapRun != 0 {
		return ledger.RedrivableByMapRun, "", nil
	}
	m, err := e.store.Machine(ctx, x.MachineARN)
	switch {
	case errors.Is(err, ledger.ErrNotFound), err == nil && m.Deleting:
		return ledger.NotRedrivable, ledger.UnredrivableDeleting, nil
	case err != nil:
		return "", "", stored("read state machine "+x.MachineARN, err)
	}
	return ledger.Redrivable, "", nil
}

// unredrivable is why an execution cannot be redriven as far as it says so itself, "" when it
// does not.
func (e *Engine) unredrivable(x ledger.Execution) string {
	if why := ledger.Unredrivable(x.Status); why != "" {
		return why
	}
	now := e.now()
	switch {
	case x.Type == Express && x.MapRun == 0:
		return ledger.UnredrivableExpress
	case x.Events >= interp.RedriveLimit:
		return ledger.UnredrivableFull
	case now.Sub(x.Started) > longestOpen:
		return ledger.UnredrivableOld
	case now.Sub(x.Stopped) > ledger.RedrivePeriod:
		return ledger.UnredrivableLate
	case !x.Wrecked && x.Type != Express: // it ended under a release that kept nothing for it
		return ledger.UnredrivableEarlier
	}
	return ""
}

// RedriveExecution lets an execution that did not succeed go on where it failed, and says
// when; that is on disk when this returns. The same client token within 15 minutes means the
// same redrive.
func (e *Engine) RedriveExecution(ctx context.Context, executionARN, clientToken string) (time.Time, error) {
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		return time.Time{}, err
	}
	if clientToken != "" {
		at, err := e.store.RedriveOf(ctx, x.ID, clientToken)
		switch {
		case err == nil && e.now().Sub(at) <= redriveAgain:
			return at, nil
		case err != nil && !errors.Is(err, ledger.ErrNotFound):
			return time.Time{}, stored("look for a redrive of "+executionARN, err)
		}
	}
	switch status, reason, err := e.redrivability(ctx, x); {
	case err != nil:
		return time.Time{}, err
	case status == ledger.RedrivableByMapRun:
		return time.Time{}, notRedrivable("Execution is a child of a Map Run and is redriven with the execution that started the Map Run", nil)
	case status == ledger.NotRedrivable:
		return time.Time{}, notRedrivable(reason, nil)
	}
	if err := e.mayRun(ctx, x); err != nil {
		return time.Time{}, err
	}
	x, err = e.runner.Redrive(ctx, x.ID, clientToken)
	switch {
	case errors.Is(err, ledger.ErrNotFound), errors.Is(err, ledger.ErrStale): // somebody was faster
		return time.Time{}, notRedrivable(ledger.Unredrivable(interp.Running), err)
	case errors.Is(err, ledger.ErrConflict):
		return time.Time{}, notRedrivable(ledger.UnredrivableDeleting, err)
	case err != nil:
		return time.Time{}, running("redrive execution "+executionARN, err)
	}
	e.log.InfoContext(ctx, "execution redriven", "execution", x.ARN, "redrives", x.Redrives)
	return x.Redriven, nil
}

func notRedrivable(reason string, cause error) *Fault {
	f := fault("ExecutionNotRedrivable", "executionArn", "%s", reason)
	f.Cause = cause
	return f
}
