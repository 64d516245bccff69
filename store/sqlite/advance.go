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
	s.logged, s.forget = a.Logged, a.Forget
	if s.origin != nil { // an origin is written at birth; whatever comes later is a scope like others
		s.scopes = append(s.scopes, scopeRow{interp.OriginScope, s.origin})
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
	if w.step.outcome != nil {
		return w.close(c)
	}
	// The first change is also the guard: when it finds no row nothing has happened.
	if w.decision == nil && w.step.plain() {
		if n, err := w.next(c); err != nil || n == 1 {
			return errors.Join(err, w.step.insertEvents(c, w.id))
		}
	}
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
	return w.step.apply(c, w.id, false)
}

// next makes the step that most are: the job that lies with the head was answered, and
// another one takes its place, or none. It counts the rows that were at the right revision
// and had this job.
func (w *advance) next(c *conn) (int64, error) {
	s := w.step
	job, created, run := s.slot()
	return c.exec(`update heads set revision = ?, more = ?, head = ?, root = ?, job_token = ?, job_created = ?, job_run = ?
		where execution = ? and revision = ? and job_token = ?`,
		w.base+1, s.more, s.head, s.root, job, created, run, w.id, w.base, s.settled[0])
}

// head moves the head on and counts the rows that were at the right revision.
func (w *advance) head(c *conn) (int64, error) {
	s := w.step
	if s.root != nil {
		return c.exec("update heads set revision = ?, more = ?, kept = kept | ?, head = ?, root = ? where execution = ? and revision = ?",
			w.base+1, s.more, s.keeps(), s.head, s.root, w.id, w.base)
	}
	return c.exec("update heads set revision = ?, more = ?, kept = kept | ?, head = ? where execution = ? and revision = ?",
		w.base+1, s.more, s.keeps(), s.head, w.id, w.base)
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

// close ends the execution: what kept it going goes with the head.
func (w *advance) close(c *conn) error {
	var tally, kept, run, items int64
	err := c.row("delete from heads where execution = ? and revision = ? returning tally, kept, map_run, items",
		[]any{w.id, w.base}, &tally, &kept, &run, &items)
	if errors.Is(err, ledger.ErrNotFound) {
		return w.why(c)
	}
	if err != nil {
		return err
	}
	if w.decision != nil {
		if err := w.decide(c); err != nil {
			return err
		}
	}
	if err := w.step.insertMapRuns(c, w.id); err != nil {
		return err
	}
	if kept == 1 {
		if err := w.sweep(c); err != nil {
			return err
		}
	}
	if err := w.step.insertEvents(c, w.id); err != nil {
		return err
	}
	o := w.step.outcome
	if err := w.step.end(c, w.id); err != nil {
		return err
	}
	c.mapRun(ledger.MapRunID(run)).ended(o.Status, items)
	return c.count(tally).ended(o.Status)
}

// sweep deletes the rows that an execution had beside its head.
func (w *advance) sweep(c *conn) error {
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
	if err := abortMapRuns(c, w.id, w.step.at); err != nil {
		return err
	}
	_, err := c.exec("update human_tasks set status = 'cancelled', closed = ? where execution = ? and status = 'open'",
		micros(w.step.at), w.id)
	return err
}
