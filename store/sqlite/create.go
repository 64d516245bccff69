package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// create is the first write of an execution.
type create struct {
	ctx        context.Context
	e          ledger.Execution
	definition string
	hash       [32]byte
	step       *step
	id         ledger.ExecutionID
}

// Create implements ledger.Executions.
func (db *DB) Create(ctx context.Context, n ledger.New) (ledger.ExecutionID, error) {
	s, err := newStep(n.Exec, n.Out, n.Settled, n.Started, n.Timers, db.clock())
	if err != nil {
		return 0, err
	}
	w := &create{ctx: ctx, e: n.Execution, definition: n.Definition, hash: sha256.Sum256([]byte(n.Definition)), step: s}
	if err := db.do(ctx, w); err != nil {
		return 0, fmt.Errorf("create execution %s: %w", n.Execution.ARN, err)
	}
	return w.id, nil
}

func (w *create) bytes() int { return w.step.size + w.e.Input.Size() }

func (w *create) apply(c *conn) error {
	if err := w.ctx.Err(); err != nil {
		return refuse(err)
	}
	if err := w.allowed(c); err != nil {
		return err
	}
	tally, err := w.tally(c)
	if err != nil {
		return err
	}
	definition, err := keepDefinition(c, w.hash, w.definition)
	if err != nil {
		return err
	}
	e, o := &w.e, interp.Outcome{Status: interp.Running}
	if w.step.outcome != nil {
		o = *w.step.outcome
	}
	var parent, token, pattern any
	if e.Parent != nil {
		parent, token, pattern = e.Parent.Execution, e.Parent.Token, e.Parent.Pattern
	}
	id, err := c.insert(`insert into executions (arn, name, tally, type, status, started, stopped, definition,
		trace_header, revision_id, role_arn, parent_execution, parent_token, parent_pattern, error, cause, input, output)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ARN, e.Name, tally, e.Type, o.Status, micros(e.Started), orNull(o.At), definition,
		e.TraceHeader, e.RevisionID, e.RoleARN, parent, token, pattern,
		optional(o.Error), optional(o.Cause), text(e.Input), text(o.Output))
	if err != nil {
		return err
	}
	w.id = ledger.ExecutionID(id)
	if _, err := c.exec("update tallies set running = running + 1, last = ? where id = ?", id, tally); err != nil {
		return err
	}
	if e.Parent != nil {
		if err := attach(c, e.Parent.Execution, e.Parent.Token); err != nil {
			return err
		}
		if _, err := c.exec("insert into children (execution, token, child) values (?, ?, ?)", parent, token, id); err != nil {
			return err
		}
	}
	if w.step.outcome != nil {
		if err := w.step.insertEvents(c, w.id); err != nil {
			return err
		}
		return uncount(c, w.id, o.Status)
	}
	if _, err := c.exec("insert into heads (execution, revision, more, head, root) values (?, ?, ?, ?, ?)",
		id, ledger.FirstRevision, w.step.more, w.step.head, w.step.root); err != nil {
		return err
	}
	return w.step.apply(c, w.id)
}

// allowed refuses what cannot be created. It only reads.
func (w *create) allowed(c *conn) error {
	var n int64
	switch err := c.row("select 1 from executions where arn = ?", []any{w.e.ARN}, &n); {
	case err == nil:
		return refuse(ledger.ErrExists)
	case !errors.Is(err, ledger.ErrNotFound):
		return err
	}
	switch err := c.row("select deleting from machines where arn = ?", []any{w.e.MachineARN}, &n); {
	case errors.Is(err, ledger.ErrNotFound):
		return refuse(fmt.Errorf("machine %s: %w", w.e.MachineARN, err))
	case err != nil:
		return err
	case n == 1:
		return refuse(fmt.Errorf("machine %s is being deleted: %w", w.e.MachineARN, ledger.ErrConflict))
	}
	if w.e.Parent == nil {
		return nil
	}
	err := c.row("select 1 from jobs where execution = ? and token = ?", []any{w.e.Parent.Execution, w.e.Parent.Token}, &n)
	if errors.Is(err, ledger.ErrNotFound) {
		return refuse(fmt.Errorf("job of the parent: %w", ledger.ErrClosed))
	}
	return err
}

// tally finds the machine's tally, or makes it.
func (w *create) tally(c *conn) (int64, error) {
	var id int64
	err := c.row("select id from tallies where machine_arn = ?", []any{w.e.MachineARN}, &id)
	if errors.Is(err, ledger.ErrNotFound) {
		return c.insert("insert into tallies (machine_arn, machine_name) values (?, ?)", w.e.MachineARN, w.e.MachineName)
	}
	return id, err
}

// keepDefinition finds the definition's row, or makes it.
func keepDefinition(c *conn, hash [32]byte, text string) (int64, error) {
	var id int64
	err := c.row("select id from definitions where hash = ?", []any{hash[:]}, &id)
	if errors.Is(err, ledger.ErrNotFound) {
		return c.insert("insert into definitions (hash, text) values (?, ?)", hash[:], text)
	}
	return id, err
}
