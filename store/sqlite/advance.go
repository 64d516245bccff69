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
		return uncount(c, tally, o.Status)
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

// uncounts move one execution from running to where it ended.
var uncounts = map[interp.Status]string{
	interp.Succeeded: "update tallies set running = running - 1, succeeded = succeeded + 1 where id = ?",
	interp.Failed:    "update tallies set running = running - 1, failed = failed + 1 where id = ?",
	interp.TimedOut:  "update tallies set running = running - 1, timed_out = timed_out + 1 where id = ?",
	interp.Aborted:   "update tallies set running = running - 1, aborted = aborted + 1 where id = ?",
}

// uncount moves a closed execution in its machine's tally, and lets go of a machine that
// waited for its last one.
func uncount(c *conn, tally int64, to interp.Status) error {
	query, ok := uncounts[to]
	if !ok {
		return fmt.Errorf("no execution ends with status %q", to)
	}
	if _, err := c.exec(query, tally); err != nil {
		return err
	}
	_, err := c.exec(`delete from machines where deleting = 1
		and arn = (select machine_arn from tallies where id = ? and running = 0)`, tally)
	return err
}

// attach says of a job that timers, a human task or a child may exist for it.
func attach(c *conn, id ledger.ExecutionID, token interp.Token) error {
	_, err := c.exec("update jobs set attached = 1 where execution = ? and token = ?", id, token)
	return err
}

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
		return c.exec("update heads set revision = revision + 1 where execution = ? and revision = ?", w.id, w.base)
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

// close ends the execution and deletes what kept it going.
func (w *advance) close(c *conn) error {
	o := w.step.outcome
	for _, query := range []string{
		"delete from scopes where execution = ?",
		"delete from jobs where execution = ?",
		"delete from timers where execution = ?",
		"delete from children where execution = ?",
		"delete from heads where execution = ?",
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
	var tally int64
	if err := c.row("select tally from executions where id = ?", []any{w.id}, &tally); err != nil {
		return err
	}
	return uncount(c, tally, o.Status)
}

func (s *step) insertEvents(c *conn, id ledger.ExecutionID) error {
	for _, k := range s.chunks {
		if _, err := c.exec("insert into steps (execution, first, last, events) values (?, ?, ?, ?)",
			id, k.first, k.last, k.events); err != nil {
			return err
		}
	}
	return nil
}

// apply writes everything but the head.
func (s *step) apply(c *conn, id ledger.ExecutionID) error {
	if err := s.insertEvents(c, id); err != nil {
		return err
	}
	for _, sc := range s.scopes {
		var err error
		if sc.row == nil {
			_, err = c.exec("delete from scopes where execution = ? and scope = ?", id, sc.id)
		} else {
			_, err = c.exec(`insert into scopes (execution, scope, row) values (?, ?, ?)
				on conflict do update set row = excluded.row`, id, sc.id, sc.row)
		}
		if err != nil {
			return err
		}
	}
	for _, t := range s.dropped {
		if _, err := c.exec("delete from timers where execution = ? and token = ?", id, t); err != nil {
			return err
		}
	}
	if err := s.turn(c, id); err != nil {
		return err
	}
	for _, t := range s.started {
		if _, err := c.exec("update jobs set started = 1 where execution = ? and token = ?", id, t); err != nil {
			return err
		}
	}
	for _, t := range s.timers {
		t.Execution = id
		if _, err := setTimer(c, t); err != nil {
			return err
		}
	}
	return nil
}

// turn lets go of old jobs and makes new ones. Most steps do one of each, and then the
// new job takes over the row of the old one.
func (s *step) turn(c *conn, id ledger.ExecutionID) error {
	if len(s.settled) == 1 && len(s.jobs) == 1 {
		j := &s.jobs[0]
		n, err := c.exec(`update jobs set token = ?, hash = ?, activity = ?, started = ?, attached = ?, created = ?, run = ?
			where execution = ? and token = ? and attached = 0`,
			j.token, j.hash, j.activity, j.started, j.attached, micros(s.at), j.run, id, s.settled[0])
		if err != nil || n == 1 {
			return err
		}
	}
	for _, t := range s.settled {
		if err := settle(c, id, t, s); err != nil {
			return err
		}
	}
	for _, j := range s.jobs {
		if _, err := c.exec(`insert into jobs (execution, token, hash, activity, started, attached, created, run)
			values (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, j.token, j.hash, j.activity, j.started, j.attached, micros(s.at), j.run); err != nil {
			return err
		}
	}
	return nil
}

// settle lets go of everything that hangs on a token.
func settle(c *conn, id ledger.ExecutionID, token interp.Token, s *step) error {
	n, err := c.exec("delete from jobs where execution = ? and token = ? and attached = 0", id, token)
	if err != nil || n == 1 {
		return err // nearly always
	}
	if _, err := c.exec("delete from timers where execution = ? and token = ?", id, token); err != nil {
		return err
	}
	n, err = c.exec("delete from jobs where execution = ? and token = ?", id, token)
	if err != nil || n == 0 {
		return err // it was a timer
	}
	if _, err := c.exec("delete from children where execution = ? and token = ?", id, token); err != nil {
		return err
	}
	_, err = c.exec(`update human_tasks set status = 'cancelled', closed = ?
		where execution = ? and token = ? and status = 'open'`, micros(s.at), id, token)
	return err
}

// setTimer sets or moves a timer, and says whether somebody waits for it.
func setTimer(c *conn, t ledger.Timer) (bool, error) {
	if t.Kind != ledger.CoreTimer {
		n, err := c.exec("update jobs set attached = 1 where execution = ? and token = ?", t.Execution, t.Token)
		if err != nil || n == 0 {
			return false, err
		}
	}
	_, err := c.exec(`insert into timers (execution, token, kind, due) values (?, ?, ?, ?)
		on conflict do update set due = excluded.due`, t.Execution, t.Token, t.Kind, microsUp(t.Due))
	return true, err
}
