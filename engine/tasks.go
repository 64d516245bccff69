package engine

import (
	"context"
	"errors"

	"statehouse/engine/inbox"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/value"
)

// Tasks lists human tasks, and the token of the next page.
func (e *Engine) Tasks(ctx context.Context, q ledger.TaskQuery) ([]ledger.HumanTask, string, error) {
	list, next, err := e.inbox.List(ctx, q)
	return list, next, stored("list tasks", err)
}

// Task is one human task.
func (e *Engine) Task(ctx context.Context, id string) (ledger.HumanTask, error) {
	t, err := e.store.Task(ctx, id)
	if errors.Is(err, ledger.ErrNotFound) {
		f := fault(HumanTaskNotFound, "", "There is no task '%s'", id)
		f.Cause = err
		return ledger.HumanTask{}, f
	}
	return t, stored("read task "+id, err)
}

// TaskCounts says how much there is to do.
func (e *Engine) TaskCounts(ctx context.Context) (ledger.TaskCounts, error) {
	n, err := e.store.CountTasks(ctx)
	return n, stored("count tasks", err)
}

// TasksOf lists the human tasks of one execution, oldest first.
func (e *Engine) TasksOf(ctx context.Context, id ledger.ExecutionID) ([]ledger.HumanTask, error) {
	list, err := e.store.TasksOf(ctx, id)
	return list, stored("list tasks of an execution", err)
}

// Decide is a person's answer to a task.
type Decide struct {
	TaskID, Outcome, Comment string
	By                       string      // default: the local owner
	Form                     value.Value // Absent: an empty form
}

// maxComment keeps a decision well within the limit of a task's result.
const maxComment = 10000

// Decide closes a human task. The form is checked against the task's schema first, and
// all that is wrong with it is said. The decision and the step it causes are stored in
// one transaction; of two rivals one wins, and the other is told who and when.
func (e *Engine) Decide(ctx context.Context, d Decide) (ledger.HumanTask, error) {
	t, err := e.Task(ctx, d.TaskID)
	if err != nil {
		return ledger.HumanTask{}, err
	}
	if t.Status != ledger.TaskOpen {
		return t, alreadyDecided(t, nil)
	}
	d.By = or(d.By, e.user)
	if d.Form.IsAbsent() {
		d.Form = value.Object()
	}
	if err := checkDecision(t, d); err != nil {
		return t, err
	}
	decision := ledger.Decision{TaskID: t.ID, Outcome: d.Outcome, Comment: d.Comment, By: d.By, Form: d.Form, At: e.now()}
	err = e.runner.Give(ctx, runner.Answer{Execution: t.Execution, Input: inbox.Answer(t, decision), Decision: &decision})
	lost := errors.Is(err, runner.ErrLate) || errors.Is(err, ledger.ErrClosed) || errors.Is(err, ledger.ErrConflict)
	if err != nil && !lost {
		return t, running("decide task "+t.ID, err)
	}
	now, readErr := e.Task(ctx, t.ID)
	if readErr != nil {
		return t, readErr
	}
	if lost {
		return now, alreadyDecided(now, err)
	}
	e.log.InfoContext(ctx, "task decided", "task", t.ID, "execution", t.ExecutionARN, "outcome", d.Outcome, "by", d.By)
	return now, nil
}

func checkDecision(t ledger.HumanTask, d Decide) error {
	if !inbox.Offers(t, d.Outcome) {
		return fault("ValidationException", "outcome", "The outcome '%s' is not one of %s", d.Outcome, inbox.Choices(t))
	}
	if n := len(d.Comment); n > maxComment {
		return fault("ValidationException", "comment", "The comment has %d bytes; at most %d are allowed", n, maxComment)
	}
	if n := d.Form.Size(); n > maxPayload/2 {
		return fault("ValidationException", "form", "The form has %d bytes; at most %d are allowed", n, maxPayload/2)
	}
	faults, err := inbox.CheckForm(t, d.Outcome, d.Form)
	if err != nil {
		return err
	}
	if len(faults) == 0 {
		return nil
	}
	f := fault(InvalidForm, "form", "The form is not complete: %s", faults[0].Message)
	if len(faults) > 1 {
		f.Message = "The form has " + count(len(faults)) + " faults."
	}
	for _, x := range faults {
		f.Fields = append(f.Fields, FieldError{Pointer: x.Pointer, Message: x.Message})
	}
	return f
}

func count(n int) string { return value.Int(int64(n)).JSON() }

// alreadyDecided tells the loser of a race who won, and when.
func alreadyDecided(t ledger.HumanTask, cause error) *Fault {
	at := ""
	if t.Closed != nil {
		at = " on " + t.Closed.UTC().Format("2 January 2006 at 15:04:05 UTC")
	}
	f := &Fault{Code: TaskAlreadyDecided, Cause: cause}
	switch t.Status {
	case ledger.TaskDecided:
		f.Message = "This task was decided already: " + t.DecidedBy + " chose '" + t.Outcome + "'" + at + "."
	case ledger.TaskCancelled:
		f.Message = "This task is no longer needed: its execution went on or was stopped" + at + "."
	case ledger.TaskOpen:
		f.Message = "This task is no longer waited for."
	}
	return f
}
