package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// bury encodes what is left of an execution that is over.
func (s *step) bury(x *interp.Exec) error {
	if arn.KindOf(x.Begin.ExecutionARN) == arn.Express {
		return nil
	}
	var err error
	if s.wreck, err = x.WreckRow(); err != nil {
		return fmt.Errorf("encode what is left: %w", err)
	}
	s.size += len(s.wreck)
	return nil
}

// end writes the outcome of an execution that had a head.
func (s *step) end(c *conn, id ledger.ExecutionID) error {
	o := s.outcome
	if _, err := c.exec("update executions set status = ?, stopped = ?, error = ?, cause = ?, output = ?, origin = null where id = ?",
		o.Status, micros(o.At), optional(o.Error), optional(o.Cause), text(o.Output), id); err != nil {
		return err
	}
	return s.insertWreck(c, id)
}

// insertWreck keeps what a redrive needs. Whoever adds to the wrecks takes away two that are
// too old, so that they do not grow for ever.
func (s *step) insertWreck(c *conn, id ledger.ExecutionID) error {
	if s.wreck == nil {
		return nil
	}
	if _, err := c.exec("delete from wrecks where execution in (select execution from wrecks where closed < ? order by closed limit 2)",
		micros(s.outcome.At.Add(-ledger.RedrivePeriod))); err != nil {
		return err
	}
	_, err := c.exec("insert into wrecks (execution, closed, state) values (?, ?, ?)", id, micros(s.outcome.At), s.wreck)
	return err
}

// Redrivable implements ledger.Redrives.
func (db *DB) Redrivable(ctx context.Context, id ledger.ExecutionID) (ledger.Loaded, error) {
	var l ledger.Loaded
	var state []byte
	var err error
	l.Execution, err = scanWhole(db.queryRow(ctx, "select "+executionColumns+`, e.input, e.output, d.text, w.state
		from wrecks w join executions e on e.id = w.execution join tallies t on t.id = e.tally
		join definitions d on d.id = e.definition where w.execution = ?`, id), &l.Definition, &state)
	if err != nil {
		return ledger.Loaded{}, db.none(err, "what is left of execution", fmt.Sprint(id))
	}
	if l.Exec, err = interp.RestoreWreck(state); err != nil {
		return ledger.Loaded{}, fmt.Errorf("execution %d: %w", id, err)
	}
	return l, nil
}

// RedriveOf implements ledger.Redrives.
func (db *DB) RedriveOf(ctx context.Context, id ledger.ExecutionID, token string) (time.Time, error) {
	var at int64
	err := db.queryRow(ctx, `select at from redrives where execution = ?1 and token = ?2
		and number > (select redrives - 10 from executions where id = ?1) order by number desc limit 1`, id, token).Scan(&at)
	if err != nil {
		return time.Time{}, db.none(err, "redrive", token)
	}
	return moment(at), nil
}

// redrive is the first write of an execution that goes on after its end.
type redrive struct {
	ctx   context.Context
	id    ledger.ExecutionID
	token string
	step  *step
	// How often it has been redriven, with this one, and when.
	number  int
	at      time.Time
	restart bool // from its start: it has no wreck, and its history goes
}

// Redrive implements ledger.Redrives.
func (db *DB) Redrive(ctx context.Context, r ledger.Redrive) error {
	s, err := newStep(r.Exec, r.Out, r.Settled, nil, r.Timers, db.clock())
	if err != nil {
		return err
	}
	s.logged = r.Logged
	w := &redrive{ctx: ctx, id: r.ID, token: r.Token, step: s, number: r.Exec.Redrives, at: r.Exec.Redriven}
	if err := db.do(ctx, w); err != nil {
		return fmt.Errorf("redrive execution %d: %w", r.ID, err)
	}
	return nil
}

func (w *redrive) bytes() int { return w.step.size }

func (w *redrive) apply(c *conn) error {
	if err := w.ctx.Err(); err != nil {
		return refuse(err)
	}
	var tally, pending, run, items, redrives int64
	var status string
	err := c.row(`select tally, status, pending, ifnull(map_run, 0), items, redrives
		from executions e where id = ? and status <> 'RUNNING'
		and (redrives = ? and exists (select 1 from wrecks where execution = e.id) or ? and pending = 1)`,
		[]any{w.id, w.number - 1, w.restart}, &tally, &status, &pending, &run, &items, &redrives)
	if errors.Is(err, ledger.ErrNotFound) {
		return refuse(ledger.ErrStale)
	}
	if err != nil {
		return err
	}
	if err := w.wanted(c, tally, run); err != nil {
		return err
	}
	if w.restart {
		w.number = int(redrives) + 1
		if _, err := c.exec("delete from steps where execution = ?", w.id); err != nil {
			return err
		}
	}
	inRun := interp.Status(status)
	if pending == 1 {
		inRun = ledger.PendingRedrive
	}
	return w.reopen(c, interp.Status(status), inRun, tally, run, items)
}

// wanted refuses a redrive for a machine that is not there for long. It only reads. The
// children of a map run depend on the execution that redrives them.
func (w *redrive) wanted(c *conn, tally, run int64) error {
	if run != 0 {
		return nil
	}
	var deleting int64
	err := c.row("select m.deleting from tallies t join machines m on m.arn = t.machine_arn where t.id = ?", []any{tally}, &deleting)
	if errors.Is(err, ledger.ErrNotFound) || err == nil && deleting == 1 {
		return refuse(fmt.Errorf("its machine is deleted: %w", ledger.ErrConflict))
	}
	return err
}

// reopen makes the execution run, and writes its step. The machine and the map run count it
// under what it was for each.
func (w *redrive) reopen(c *conn, was, inRun interp.Status, tally, run, items int64) error {
	s := w.step
	if _, err := c.exec("delete from wrecks where execution = ?", w.id); err != nil {
		return err
	}
	if _, err := c.exec(`update executions set status = 'RUNNING', stopped = null, error = null, cause = null, output = null, pending = 0,
		origin = ?, redrives = ?, redriven = ? where id = ?`, blob(s.origin), w.number, micros(w.at), w.id); err != nil {
		return err
	}
	if w.token != "" {
		if _, err := c.exec("insert into redrives (execution, number, token, at) values (?, ?, ?, ?)", w.id, w.number, w.token, micros(w.at)); err != nil {
			return err
		}
	}
	n, r := c.count(tally), c.mapRun(ledger.MapRunID(run))
	r.reopened(inRun, items)
	if err := n.reopened(was); err != nil {
		return err
	}
	if err := s.insertMapRuns(c, w.id); err != nil {
		return err
	}
	if s.outcome != nil {
		if err := s.insertEvents(c, w.id); err != nil {
			return err
		}
		if err := s.end(c, w.id); err != nil {
			return err
		}
		r.ended(s.outcome.Status, items)
		return n.ended(s.outcome.Status)
	}
	return s.open(c, w.id, tally, run, items)
}
