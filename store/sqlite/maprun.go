package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// mapRunRow is a map run that a step began.
type mapRunRow struct {
	run  interp.StartMapRun
	spec string
}

// mapRuns encodes what a step says about map runs.
func (s *step) mapRuns(commands []interp.Command) error {
	for _, c := range commands {
		switch c := c.(type) {
		case interp.StartMapRun:
			spec, err := json.Marshal(c.Spec)
			if err != nil {
				return fmt.Errorf("encode map run %s: %w", c.ARN, err)
			}
			s.runs = append(s.runs, mapRunRow{c, string(spec)})
			s.size += len(spec)
		case interp.RedriveMapRun:
			s.redriven = append(s.redriven, c)
		case interp.StopMapRun:
			s.stopped = append(s.stopped, c.Token)
		}
	}
	return nil
}

// insertMapRuns writes the map runs that a step began. When the same write ended the
// execution they were aborted before they began.
func (s *step) insertMapRuns(c *conn, id ledger.ExecutionID) error {
	status, over, stopped := ledger.MapRunRunning, s.outcome != nil, any(nil)
	if over {
		status, stopped = ledger.MapRunAborted, micros(s.at)
	}
	for _, r := range s.runs {
		l := r.run.Spec
		if _, err := c.exec(`insert into map_runs (arn, execution, token, state, status, heard, spec,
			max_concurrency, tolerated_count, tolerated_percentage, started, stopped)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.run.ARN, id, r.run.Token, r.run.State, status, over, r.spec,
			l.MaxConcurrency, given(l.ToleratedCount), given(l.ToleratedPercentage), micros(s.at), stopped); err != nil {
			return err
		}
	}
	if over {
		return nil // runs that would have gone on stay as they were
	}
	for _, r := range s.redriven {
		if err := redriveMapRun(c, id, r, s.at); err != nil {
			return err
		}
	}
	return nil
}

// redriveMapRun lets a run of an execution go on. Its children that did not succeed wait for
// their redrives.
func redriveMapRun(c *conn, id ledger.ExecutionID, r interp.RedriveMapRun, at time.Time) error {
	if err := c.flushRuns(); err != nil {
		return err
	}
	n, err := c.exec(`update map_runs set status = 'RUNNING', token = ?, heard = 0, stopped = null, output = null, error = '', cause = '',
		written = 0, redrive_count = redrive_count + 1, redriven = ?,
		pending = pending + failed + timed_out + aborted, failed = 0, timed_out = 0, aborted = 0,
		items_pending = items_pending + items_failed + items_timed_out + items_aborted, items_failed = 0, items_timed_out = 0, items_aborted = 0
		where arn = ? and execution = ? and status <> 'RUNNING'`, r.Token, micros(at), r.ARN, id)
	if err != nil || n == 0 {
		return err
	}
	_, err = c.exec(`update executions set pending = 1 where map_run = (select id from map_runs where arn = ?)
		and status in ('FAILED', 'TIMED_OUT', 'ABORTED')`, r.ARN)
	return err
}

// stopMapRun ends a run that nobody waits for any more.
func stopMapRun(c *conn, id ledger.ExecutionID, token interp.Token, at time.Time) error {
	if _, err := c.exec(`update map_runs set status = 'ABORTED', stopped = ?
		where execution = ? and token = ? and status = 'RUNNING'`, micros(at), id, token); err != nil {
		return err
	}
	_, err := c.exec("update map_runs set heard = 1, output = null where execution = ? and token = ?", id, token)
	return err
}

// abortMapRuns ends all runs of an execution.
func abortMapRuns(c *conn, id ledger.ExecutionID, at time.Time) error {
	if _, err := c.exec("update map_runs set status = 'ABORTED', stopped = ? where execution = ? and status = 'RUNNING'",
		micros(at), id); err != nil {
		return err
	}
	_, err := c.exec("update map_runs set heard = 1, output = null where execution = ? and heard = 0", id)
	return err
}

// runCount is what a group of writes adds to the progress of a map run.
type runCount struct{ items, children ledger.MapRunCounts }

// mapRun is what this group adds to a run; nil for executions that are no children.
func (c *conn) mapRun(id ledger.MapRunID) *runCount {
	if id == 0 {
		return nil
	}
	n := c.memo.runs[id]
	if n == nil {
		n = &runCount{}
		c.memo.runs[id] = n
	}
	return n
}

// begun counts a child that begins.
func (n *runCount) begun(items int64) {
	if n != nil {
		n.children.Running++
		n.items.Running += items
	}
}

// ended moves a child from running to where it ended.
func (n *runCount) ended(to interp.Status, items int64) {
	if n == nil {
		return
	}
	n.children.Running--
	n.items.Running -= items
	add(&n.children, to, 1)
	add(&n.items, to, items)
}

// reopened moves a child from where it ended back to running.
func (n *runCount) reopened(from interp.Status, items int64) {
	if n == nil {
		return
	}
	n.children.Running++
	n.items.Running += items
	add(&n.children, from, -1)
	add(&n.items, from, -items)
}

func add(c *ledger.MapRunCounts, to interp.Status, n int64) {
	switch to {
	case interp.Succeeded:
		c.Succeeded += n
	case interp.Failed:
		c.Failed += n
	case interp.TimedOut:
		c.TimedOut += n
	case interp.Aborted:
		c.Aborted += n
	case ledger.PendingRedrive:
		c.PendingRedrive += n
	case interp.Running: // no execution ends so; the tally says it
	}
}

// flushRuns writes the progress of map runs.
func (c *conn) flushRuns() error {
	for id, n := range c.memo.runs {
		delete(c.memo.runs, id)
		i, k := n.items, n.children
		if _, err := c.exec(`update map_runs set
			items_running = items_running + ?, items_succeeded = items_succeeded + ?, items_failed = items_failed + ?,
			items_timed_out = items_timed_out + ?, items_aborted = items_aborted + ?, items_pending = items_pending + ?,
			running = running + ?, succeeded = succeeded + ?, failed = failed + ?,
			timed_out = timed_out + ?, aborted = aborted + ?, pending = pending + ? where id = ?`,
			i.Running, i.Succeeded, i.Failed, i.TimedOut, i.Aborted, i.PendingRedrive,
			k.Running, k.Succeeded, k.Failed, k.TimedOut, k.Aborted, k.PendingRedrive, id); err != nil {
			return err
		}
	}
	return nil
}

// The columns of a map run that change while it goes on, and all but spec and output.
const (
	progressColumns = `r.status, r.max_concurrency, r.tolerated_count, r.tolerated_percentage, r.taken, r.exhausted, r.written,
	r.items_running, r.items_succeeded, r.items_failed, r.items_timed_out, r.items_aborted, r.items_pending,
	r.running, r.succeeded, r.failed, r.timed_out, r.aborted, r.pending, r.redrive_count`
	mapRunColumns = progressColumns + `, r.id, r.arn, r.execution, e.arn, t.machine_arn, r.token, r.state, r.started, r.stopped,
	r.redriven, r.error, r.cause`
)

// scanMapRun reads progressColumns and then more.
func scanMapRun(r row, x *ledger.MapRun, more ...any) error {
	var count sql.NullInt64
	var percentage sql.NullFloat64
	i, k := &x.Items, &x.Children
	dest := append([]any{
		&x.Status, &x.MaxConcurrency, &count, &percentage, &x.Taken, &x.Exhausted, &x.Written,
		&i.Running, &i.Succeeded, &i.Failed, &i.TimedOut, &i.Aborted, &i.PendingRedrive,
		&k.Running, &k.Succeeded, &k.Failed, &k.TimedOut, &k.Aborted, &k.PendingRedrive, &x.RedriveCount,
	}, more...)
	if err := r.Scan(dest...); err != nil {
		return err
	}
	if count.Valid {
		x.ToleratedCount = &count.Int64
	}
	if percentage.Valid {
		x.ToleratedPercentage = &percentage.Float64
	}
	return nil
}

// scanMapRunRow reads mapRunColumns and then more.
func scanMapRunRow(r row, more ...any) (ledger.MapRun, error) {
	var x ledger.MapRun
	var started int64
	var stopped, redriven sql.NullInt64
	err := scanMapRun(r, &x, append([]any{
		&x.ID, &x.ARN, &x.Execution, &x.ExecutionARN, &x.MachineARN, &x.Token, &x.State, &started, &stopped,
		&redriven, &x.Error, &x.Cause,
	}, more...)...)
	x.Started = moment(started)
	if stopped.Valid {
		x.Stopped = moment(stopped.Int64)
	}
	if redriven.Valid {
		x.Redriven = moment(redriven.Int64)
	}
	return x, err
}

func (db *DB) mapRun(ctx context.Context, where string, key any) (ledger.MapRun, error) {
	var spec string
	var output sql.NullString
	x, err := scanMapRunRow(db.queryRow(ctx, "select "+mapRunColumns+`, r.spec, r.output
		from map_runs r join executions e on e.id = r.execution join tallies t on t.id = e.tally where `+where, key), &spec, &output)
	if err = db.none(err, "map run", fmt.Sprint(key)); err != nil {
		return ledger.MapRun{}, err
	}
	x.Output = raw(output)
	if err := json.Unmarshal([]byte(spec), &x.Spec); err != nil {
		return ledger.MapRun{}, fmt.Errorf("decode map run %s: %w", x.ARN, err)
	}
	return x, nil
}

// MapRun implements ledger.MapRuns.
func (db *DB) MapRun(ctx context.Context, arn string) (ledger.MapRun, error) {
	return db.mapRun(ctx, "r.arn = ?", arn)
}

// MapRunByID implements ledger.MapRuns.
func (db *DB) MapRunByID(ctx context.Context, id ledger.MapRunID) (ledger.MapRun, error) {
	return db.mapRun(ctx, "r.id = ?", id)
}

// MapRunNow implements ledger.MapRuns.
func (db *DB) MapRunNow(ctx context.Context, id ledger.MapRunID) (ledger.MapRun, error) {
	x := ledger.MapRun{ID: id}
	err := scanMapRun(db.queryRow(ctx, "select "+progressColumns+" from map_runs r where r.id = ?", id), &x)
	return x, db.none(err, "map run", fmt.Sprint(id))
}

// ListMapRuns implements ledger.MapRuns.
func (db *DB) ListMapRuns(ctx context.Context, id ledger.ExecutionID, p ledger.Page) ([]ledger.MapRun, string, error) {
	before := int64(1<<63 - 1)
	if err := unmark(p.Token, "map runs", &before); err != nil {
		return nil, "", err
	}
	limit := pageLimit(p.Limit)
	var found []ledger.MapRun
	err := db.query(ctx, "select "+mapRunColumns+` from map_runs r join executions e on e.id = r.execution
		join tallies t on t.id = e.tally where r.execution = ? and r.id < ? order by r.id desc limit ?`, []any{id, before, limit + 1}, func(r row) error {
		x, err := scanMapRunRow(r)
		found = append(found, x)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list map runs: %w", err)
	}
	found, next := cut(found, limit, "map runs", func(x ledger.MapRun) []any { return []any{x.ID} })
	return found, next, nil
}

// OpenMapRuns implements ledger.MapRuns.
func (db *DB) OpenMapRuns(ctx context.Context) ([]ledger.MapRunID, error) {
	var ids []ledger.MapRunID
	err := db.query(ctx, `select id from map_runs indexed by map_runs_open
		where status = 'RUNNING' or heard = 0 or running > 0 order by id`, nil, func(r row) error {
		var id ledger.MapRunID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list open map runs: %w", err)
	}
	return ids, nil
}

// UpdateMapRun implements ledger.MapRuns.
func (db *DB) UpdateMapRun(ctx context.Context, arn string, l ledger.MapRunLimits) error {
	err := db.write(ctx, func(c *conn) error {
		n, err := c.exec(`update map_runs set max_concurrency = ?, tolerated_count = ?, tolerated_percentage = ?
			where arn = ? and status = 'RUNNING'`, l.MaxConcurrency, given(l.ToleratedCount), given(l.ToleratedPercentage), arn)
		if err != nil || n == 1 {
			return err
		}
		var one int64
		err = c.row("select 1 from map_runs where arn = ?", []any{arn}, &one)
		if err == nil {
			err = ledger.ErrClosed
		}
		if errors.Is(err, ledger.ErrClosed) || errors.Is(err, ledger.ErrNotFound) {
			return refuse(err)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("update map run %s: %w", arn, err)
	}
	return nil
}

// LostItems implements ledger.MapRuns.
func (db *DB) LostItems(ctx context.Context, id ledger.MapRunID, began, ended time.Time) (children, items int64, err error) {
	err = db.queryRow(ctx, `select count(*), ifnull(sum(items), 0) from executions e indexed by executions_lost
		where map_run = ? and map_run is not null and status in ('FAILED', 'TIMED_OUT', 'ABORTED') and pending = 0
		and (started < ? or stopped < ? or type = 'STANDARD' and not exists (select 1 from wrecks where execution = e.id))`,
		id, micros(began), micros(ended)).Scan(&children, &items)
	if err != nil {
		return 0, 0, fmt.Errorf("count what is lost of map run %d: %w", id, err)
	}
	return children, items, nil
}

// EndMapRun implements ledger.MapRuns.
func (db *DB) EndMapRun(ctx context.Context, e ledger.MapRunEnd) error {
	err := db.write(ctx, func(c *conn) error {
		n, err := c.exec(`update map_runs set status = ?, output = ?, error = ?, cause = ?, written = ?, stopped = ?
			where id = ? and status = 'RUNNING'`,
			e.Status, text(e.Output), e.Error, e.Cause, e.Written, micros(e.At), e.Run)
		if err == nil && n == 0 {
			err = refuse(ledger.ErrClosed)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("end map run %d: %w", e.Run, err)
	}
	return nil
}

// given keeps nil as null.
func given[T int64 | float64](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// nonZero keeps zero as null.
func nonZero(id ledger.MapRunID) any {
	if id == 0 {
		return nil
	}
	return id
}
