package engine

import (
	"context"
	"errors"

	"statehouse/engine/asl"
	"statehouse/engine/ledger"
	"statehouse/engine/starter"
)

// Workflows lists what people work on, by name, and the token of the next page.
func (e *Engine) Workflows(ctx context.Context, q ledger.WorkflowQuery) ([]ledger.Workflow, string, error) {
	list, next, err := e.store.ListWorkflows(ctx, q)
	return list, next, stored("list workflows", err)
}

// Workflow is a draft and the machine that was published from it.
func (e *Engine) Workflow(ctx context.Context, name string) (ledger.Workflow, error) {
	w, err := e.store.Workflow(ctx, name)
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Workflow{}, noWorkflow(name, err)
	}
	return w, stored("read workflow "+name, err)
}

// NewWorkflow makes a draft from a starter; an empty starterID is the empty one. It will be published as
// machineType, STANDARD when that is empty.
func (e *Engine) NewWorkflow(ctx context.Context, name, starterID, machineType string) (ledger.Draft, error) {
	if err := checkName(name); err != nil {
		return ledger.Draft{}, err
	}
	from, ok := starter.Find(or(starterID, "empty"))
	if !ok {
		return ledger.Draft{}, fault("ValidationException", "starter", "There is no starter '%s'", starterID)
	}
	if machineType = or(machineType, Standard); machineType != Standard && machineType != Express {
		return ledger.Draft{}, fault("ValidationException", "type", "There is no type '%s'", clip(machineType))
	}
	if _, err := e.store.Machine(ctx, e.names.Machine(name)); err == nil {
		return ledger.Draft{}, workflowExists(name, nil)
	} else if !errors.Is(err, ledger.ErrNotFound) {
		return ledger.Draft{}, stored("read workflow "+name, err)
	}
	d := ledger.Draft{Name: name, Text: from.Definition, Input: from.Input, Type: machineType}
	_, err := e.store.SaveDraft(ctx, d, 0)
	if errors.Is(err, ledger.ErrExists) {
		return ledger.Draft{}, workflowExists(name, err)
	}
	if err != nil {
		return ledger.Draft{}, stored("save draft "+name, err)
	}
	d, err = e.store.Draft(ctx, name)
	return d, stored("read draft "+name, err)
}

// Draft is the definition that somebody works on. A workflow that was published over the
// API has none yet: it answers with the published text at revision 0.
func (e *Engine) Draft(ctx context.Context, name string) (ledger.Draft, error) {
	d, err := e.store.Draft(ctx, name)
	if !errors.Is(err, ledger.ErrNotFound) {
		return d, stored("read draft "+name, err)
	}
	m, err := e.store.Machine(ctx, e.names.Machine(name))
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Draft{}, noWorkflow(name, err)
	}
	return ledger.Draft{Name: name, Text: m.Definition, Input: "{}", Created: m.Created, Updated: m.Updated},
		stored("read state machine "+name, err)
}

// SaveDraft stores a text however wrong it is, and says what is wrong with it. Base is
// the revision it was made from, 0 for the first; when somebody saved in the meantime the
// answer is DraftStale and the draft that is stored.
func (e *Engine) SaveDraft(ctx context.Context, name, text, input string, base int64) (ledger.Draft, []asl.Diagnostic, error) {
	if err := checkName(name); err != nil {
		return ledger.Draft{}, nil, err
	}
	if len(text) > e.limits.Definition {
		return ledger.Draft{}, nil, fault("ValidationException", "text", "The definition has %d bytes; at most %s (%d bytes) can be saved", len(text), kilobytes(e.limits.Definition), e.limits.Definition)
	}
	if len(input) > e.limits.Payload {
		return ledger.Draft{}, nil, fault("ValidationException", "input", "The input has %d bytes; at most %d can be saved", len(input), e.limits.Payload)
	}
	_, err := e.store.SaveDraft(ctx, ledger.Draft{Name: name, Text: text, Input: input}, base)
	if errors.Is(err, ledger.ErrStale) || errors.Is(err, ledger.ErrExists) {
		return e.staleDraft(ctx, name, text, err)
	}
	if err != nil {
		return ledger.Draft{}, nil, stored("save draft "+name, err)
	}
	d, err := e.store.Draft(ctx, name)
	if err != nil {
		return ledger.Draft{}, nil, stored("read draft "+name, err)
	}
	machineType := or(d.Type, Standard)
	if m, err := e.store.Machine(ctx, e.names.Machine(name)); err == nil {
		machineType = m.Type
	}
	return d, e.Problems(text, machineType), nil
}

// staleDraft tells a conflict from a save whose answer got lost: the same text again is
// no conflict.
func (e *Engine) staleDraft(ctx context.Context, name, text string, cause error) (ledger.Draft, []asl.Diagnostic, error) {
	d, err := e.store.Draft(ctx, name)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return ledger.Draft{}, nil, noWorkflow(name, cause)
	case err != nil:
		return ledger.Draft{}, nil, stored("read draft "+name, err)
	case d.Text == text:
		return d, e.Problems(text, Standard), nil
	}
	f := fault(DraftStale, "base", "The workflow was changed elsewhere: revision %d is stored.", d.Revision)
	f.Cause = cause
	return d, e.Problems(d.Text, Standard), f
}

// Publish makes the draft the definition that executions start with.
func (e *Engine) Publish(ctx context.Context, name string) (ledger.Machine, error) {
	w, err := e.Workflow(ctx, name)
	if err != nil {
		return ledger.Machine{}, err
	}
	return e.publish(ctx, w)
}

func (e *Engine) publish(ctx context.Context, w ledger.Workflow) (ledger.Machine, error) {
	switch {
	case w.Draft == nil:
		return *w.Machine, nil
	case w.Machine == nil:
		return e.CreateStateMachine(ctx, CreateStateMachine{Name: w.Name, Definition: w.Draft.Text, Type: w.Draft.Type})
	case w.Machine.Definition == w.Draft.Text:
		return *w.Machine, nil
	}
	return e.UpdateStateMachine(ctx, UpdateStateMachine{ARN: w.Machine.ARN, Definition: &w.Draft.Text})
}

// RunWorkflow starts an execution of what is on the screen: a changed draft is published
// first. An empty executionName invents one, an empty input is {}.
func (e *Engine) RunWorkflow(ctx context.Context, name, executionName, input string) (ledger.Execution, error) {
	w, err := e.Workflow(ctx, name)
	if err != nil {
		return ledger.Execution{}, err
	}
	// A wrong name or input must not publish anything.
	if executionName != "" {
		if err := checkName(executionName); err != nil {
			return ledger.Execution{}, err
		}
	}
	input = or(input, "{}")
	if _, err := e.executionInput(&input); err != nil {
		return ledger.Execution{}, err
	}
	m, err := e.publish(ctx, w)
	if err != nil {
		return ledger.Execution{}, err
	}
	return e.StartExecution(ctx, StartExecution{MachineARN: m.ARN, Name: executionName, Input: &input})
}

// DeleteWorkflow deletes the draft and the machine. Executions that run finish.
func (e *Engine) DeleteWorkflow(ctx context.Context, name string) error {
	was, err := e.deleteMachine(ctx, e.names.Machine(name))
	if err != nil {
		return err
	}
	draft := e.store.DeleteDraft(ctx, name)
	switch {
	case draft == nil:
		return nil
	case !errors.Is(draft, ledger.ErrNotFound):
		return stored("delete draft "+name, draft)
	case !was:
		return noWorkflow(name, draft)
	}
	return nil
}

// InstallSample puts the sample into an empty store, published and ready to run.
func (e *Engine) InstallSample(ctx context.Context) error {
	list, _, err := e.store.ListWorkflows(ctx, ledger.WorkflowQuery{Page: ledger.Page{Limit: 1}})
	if err != nil || len(list) > 0 {
		return stored("look for workflows", err)
	}
	s := starter.Sample()
	if _, err := e.store.SaveDraft(ctx, ledger.Draft{Name: s.Name, Text: s.Definition, Input: s.Input}, 0); err != nil {
		return stored("save the sample", err)
	}
	_, err = e.Publish(ctx, s.Name)
	return err
}

func noWorkflow(name string, cause error) *Fault {
	f := fault(DraftNotFound, "name", "There is no workflow '%s'", name)
	f.Cause = cause
	return f
}

func workflowExists(name string, cause error) *Fault {
	f := fault(WorkflowExists, "name", "There is a workflow '%s' already", name)
	f.Cause = cause
	return f
}
