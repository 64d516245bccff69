package engine

import (
	"context"
	"errors"

	"statehouse/engine/ledger"
)

// Release says which version of a workflow is to be published.
type Release struct {
	Name        string
	Draft       bool // the draft, which becomes what executions start with; false: what is that already
	Description string
}

// PublishWorkflowVersion makes a version of a workflow. The revision that a draft becomes is the one that is
// published, also when somebody changes the workflow at the same moment: then it is ConflictException.
func (e *Engine) PublishWorkflowVersion(ctx context.Context, r Release) (ledger.Machine, error) {
	w, err := e.Workflow(ctx, r.Name)
	if err != nil {
		return ledger.Machine{}, err
	}
	if !r.Draft {
		return e.PublishVersion(ctx, PublishVersion{MachineARN: e.names.Machine(r.Name), Description: r.Description})
	}
	m, err := e.publish(ctx, w)
	if err != nil {
		return ledger.Machine{}, err
	}
	return e.PublishVersion(ctx, PublishVersion{MachineARN: m.ARN, Revision: &m.RevisionID, Description: r.Description})
}

// RestoreVersion makes the definition of a version the draft of its workflow. What executions start with stays
// as it is until the draft is published.
func (e *Engine) RestoreVersion(ctx context.Context, versionARN string) (ledger.Draft, error) {
	m, err := e.StateMachine(ctx, versionARN)
	if err != nil {
		return ledger.Draft{}, err
	}
	d, err := e.Draft(ctx, m.Name)
	if err != nil {
		return ledger.Draft{}, err
	}
	d.Text = m.Definition
	_, err = e.store.SaveDraft(ctx, d, d.Revision)
	if errors.Is(err, ledger.ErrStale) || errors.Is(err, ledger.ErrExists) {
		f := fault(DraftStale, "base", "The workflow was changed elsewhere at this moment.")
		f.Cause = err
		return ledger.Draft{}, f
	}
	return d, stored("save draft "+m.Name, err)
}

// CountExecutionsUpTo counts the executions that a query finds, without looking at more than most of them.
func (e *Engine) CountExecutionsUpTo(ctx context.Context, q ledger.ExecutionQuery, most int) (int, error) {
	n, err := e.store.CountExecutionsUpTo(ctx, q, most)
	return n, stored("count executions", err)
}
