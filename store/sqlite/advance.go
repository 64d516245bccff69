package sqlite

import (
	"errors"
	"fmt"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// advance is a later write of an execution.
type advance struct {
	id       ledger.ExecutionID
	base     ledger.Revision
	decision *ledger.Decision
	step     *step
}

// Advance implements ledger.Executions.
func (db *DB) Advance(a ledger.Advance, done func(error)) {
	s, err := newStep(a.Exec, a.Out, a.Settled, a.Started, a.Timers, db.clock())
	if err != nil {
		done(err)
		return
	}
	db.w.add(&advance{a.ID, a.Base, a.Decision, s}, done)
}

func (w *advance) bytes() int { return w.step.size }

func (w *advance) apply(c *conn) error {
	if w.decision != nil {
		if err := w.open(c); err != nil {
			return err
		}
	}
	// The first change is also the guard: when it finds no row nothing has happened.
	n, err := w.head(c)
	if err != nil {
		return err
	}
	if n == 0 {
		return w.why(c)
	}
	if w.decision != nil {
		if err := w.decide(c); err != nil {
			return err
		}
	}
	if w.step.outcome != nil {
		return w.close(c)
	}
	return w.step.apply(c, w.id)
}

// head moves the head on and counts the rows that were at the right revision.
func (w *advance) head(c *conn) (int64, error) {
	s := w.step
	switch {
	case s.outcome != nil:
		return c.exec("delete from heads where execution = ? and revision = ?", w.id, w.base)
	case s.root != nil:
		return c.exec("update heads set revision = ?, more = ?, head = ?, root = ? where execution = ? and revision = ?",
			w.base+1, s.more, s.head, s.root, w.id, w.base)
	default:
		return c.exec("update heads set revision = ?, more = ?, head = ? where execution = ? and revision = ?",
			w.base+1, s.more, s.head, w.id, w.base)
	}
}

// why tells why the execution could not be found at its revision.
func (w *advance) why(c *conn) error {
	var status string
	err := c.row("select status from executions where id = ?", []any{w.id}, &status)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return refuse(fmt.Errorf("execution %d: %w", w.id, err))
	case err != nil:
		return err
	case status != string(interp.Running):
		return refuse(fmt.Errorf("execution %d: %w", w.id, ledger.ErrClosed))
	}
	return refuse(fmt.Errorf("execution %d is not at revision %d: %w", w.id, w.base, ledger.ErrStale))
}

// open refuses a decision about a task that is not open. It only reads.
func (w *advance) open(c *conn) error {
	var status string
	err := c.row("select status from human_tasks where id = ? and execution = ?", []any{w.decision.TaskID, w.id}, &status)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return refuse(fmt.Errorf("human task %s: %w", w.decision.TaskID, err))
	case err != nil:
		return err
	case status != string(ledger.TaskOpen):
		return refuse(fmt.Errorf("human task %s is %s: %w", w.decision.TaskID, status, ledger.ErrConflict))
	}
	return nil
}

func (w *advance) decide(c *conn) error {
	d := w.decision
	_, err := c.exec(`update human_tasks set status = 'decided', closed = ?, outcome = ?, comment = ?, decided_by = ?, data = ?
		where id = ? and status = 'open'`,
		micros(d.At), d.Outcome, d.Comment, d.By, text(d.Form), d.TaskID)
	return err
}

// close ends the execution and deletes, as the head before, what kept it going.
func (w *advance) close(c *conn) error {
	o := w.step.outcome
	for _, query := range []string{
		"delete from scopes where execution = ?",
		"delete from jobs where execution = ?",
		"delete from timers where execution = ?",
		"delete from children where execution = ?",
	} {
		if _, err := c.exec(query, w.id); err != nil {
			return err
		}
	}
	if err := w.step.insertEvents(c, w.id); err != nil {
		return err
	}
	if _, err := c.exec("update executions set status = ?, stopped = ?, error = ?, cause = ?, output = ? where id = ?",
		o.Status, micros(o.At), optional(o.Error), optional(o.Cause), text(o.Output), w.id); err != nil {
		return err
	}
	if _, err := c.exec("update human_tasks set status = 'cancelled', closed = ? where execution = ? and status = 'open'",
		micros(w.step.at), w.id); err != nil {
		return err
	}
	return uncount(c, w.id, o.Status)
}

// uncounts move one execution from running to where it ended.
var uncounts = map[interp.Status]string{
	interp.Succeeded: "update tallies set running = running - 1, succeeded = succeeded + 1 where id = (select tally from executions where id = ?)",
	interp.Failed:    "update tallies set running = running - 1, failed = failed + 1 where id = (select tally from executions where id = ?)",
	interp.TimedOut:  "update tallies set running = running - 1, timed_out = timed_out + 1 where id = (select tally from executions where id = ?)",
	interp.Aborted:   "update tallies set running = running - 1, aborted = aborted + 1 where id = (select tally from executions where id = ?)",
}

// uncount moves a closed execution in its machine's tally, and lets go of a machine that
// waited for its last one.
func uncount(c *conn, id ledger.ExecutionID, to interp.Status) error {
	query, ok := uncounts[to]
	if !ok {
		return fmt.Errorf("no execution ends with status %q", to)
	}
	if _, err := c.exec(query, id); err != nil {
		return err
	}
	_, err := c.exec(`delete from machines where deleting = 1 and arn =
		(select t.machine_arn from executions e join tallies t on t.id = e.tally where e.id = ? and t.running = 0)`, id)
	return err
}
