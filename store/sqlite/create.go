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
	s.logged, s.forget = n.Logged, n.Forget
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
	m, err := w.allowed(c)
	if err != nil {
		return err
	}
	return w.insert(c, m)
}

// insert writes an execution that may be created.
func (w *create) insert(c *conn, m known) error {
	definition, err := keepDefinition(c, w.hash, w.definition)
	if err != nil {
		return err
	}
	logging, err := keepLogging(c, w.e.Logging)
	if err != nil {
		return err
	}
	e, s, o := &w.e, w.step, interp.Outcome{Status: interp.Running}
	if s.outcome != nil {
		o = *s.outcome
	}
	var parent, token, pattern any
	if e.Parent != nil {
		parent, token, pattern = e.Parent.Execution, e.Parent.Token, e.Parent.Pattern
	}
	id, err := c.insert(`insert into executions (arn, name, tally, type, status, started, stopped, definition,
		trace_header, test_case, revision_id, role_arn, version, alias, parent_execution, parent_token, parent_pattern,
		error, cause, input, output, origin, map_run, items, logging)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ARN, e.Name, m.tally, e.Type, o.Status, micros(e.Started), orNull(o.At), definition,
		e.TraceHeader, e.TestCase, e.RevisionID, e.RoleARN, unlessZero(e.Version), unlessZero(e.Alias), parent, token, pattern,
		optional(o.Error), optional(o.Cause), text(e.Input), text(o.Output), blob(s.origin), nonZero(e.MapRun), e.Items, logging)
	if err != nil {
		return err
	}
	w.id = ledger.ExecutionID(id)
	n := c.count(m.tally)
	n.begun(id)
	run := c.mapRun(e.MapRun)
	run.begun(e.Items)
	if err := s.insertMapRuns(c, w.id); err != nil {
		return err
	}
	if e.Parent != nil {
		if _, err := attach(c, e.Parent.Execution, e.Parent.Token); err != nil {
			return err
		}
		if _, err := c.exec("insert into children (execution, token, child) values (?, ?, ?)", parent, token, id); err != nil {
			return err
		}
	}
	if s.outcome != nil {
		if err := s.insertEvents(c, w.id); err != nil {
			return err
		}
		if err := s.insertWreck(c, w.id); err != nil {
			return err
		}
		run.ended(o.Status, e.Items)
		return n.ended(o.Status)
	}
	return s.open(c, w.id, m.tally, int64(e.MapRun), e.Items)
}

// allowed refuses what cannot be created. It changes nothing that anybody sees.
func (w *create) allowed(c *conn) (known, error) {
	var one int64
	switch err := c.row("select 1 from executions where arn = ?", []any{w.e.ARN}, &one); {
	case err == nil:
		return known{}, refuse(ledger.ErrExists)
	case !errors.Is(err, ledger.ErrNotFound):
		return known{}, err
	}
	m, err := c.machine(w.e.MachineARN, w.e.MachineName)
	switch {
	case err != nil:
		return known{}, err
	case m.deleting:
		return known{}, refuse(fmt.Errorf("machine %s is being deleted: %w", w.e.MachineARN, ledger.ErrConflict))
	case w.e.Parent == nil:
		return m, nil
	}
	err = c.row(jobExists, keyTwice(w.e.Parent.Execution, w.e.Parent.Token), &one)
	if errors.Is(err, ledger.ErrNotFound) {
		return known{}, refuse(fmt.Errorf("job of the parent: %w", ledger.ErrClosed))
	}
	return m, err
}
