package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// The columns of a job, of those in a row of their own and of those that lie with the head.
const (
	jobColumns  = "j.execution, e.arn, j.token, j.started, j.created, j.run from jobs j join executions e on e.id = j.execution"
	headColumns = "h.execution, e.arn, h.job_token, 0, h.job_created, h.job_run from heads h join executions e on e.id = h.execution"
)

// jobExists finds a job by its key, given twice: see keyTwice.
const jobExists = `select 1 from jobs where execution = ? and token = ?
	union all select 1 from heads where execution = ? and job_token = ?`

func keyTwice(id ledger.ExecutionID, token interp.Token) []any { return []any{id, token, id, token} }

func scanJob(r row) (ledger.Job, error) {
	var j ledger.Job
	var token interp.Token
	var created int64
	var run []byte
	if err := r.Scan(&j.Execution, &j.ExecutionARN, &token, &j.Started, &created, &run); err != nil {
		return ledger.Job{}, err
	}
	j.Created = moment(created)
	var err error
	j.Run, err = decodeRun(token, run)
	return j, err
}

func (db *DB) jobs(ctx context.Context, query string, args ...any) ([]ledger.Job, error) {
	var jobs []ledger.Job
	err := db.query(ctx, query, args, func(r row) error {
		j, err := scanJob(r)
		jobs = append(jobs, j)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	return jobs, nil
}

// OpenJobs implements ledger.Jobs.
func (db *DB) OpenJobs(ctx context.Context, q ledger.JobQuery) ([]ledger.Job, error) {
	where := " where (j.execution, j.token) > (?, ?)"
	if q.Pending {
		where += " and j.started = 0"
	}
	return db.jobs(ctx, "select "+jobColumns+where+`
		union all select `+headColumns+` where h.execution >= ? and (h.execution, h.job_token) > (?, ?) and h.job_token is not null
		order by 1, 3 limit ?`,
		q.After.Execution, q.After.Token, q.After.Execution, q.After.Execution, q.After.Token, bound(q.Limit))
}

// JobsOf implements ledger.Jobs.
func (db *DB) JobsOf(ctx context.Context, id ledger.ExecutionID) ([]ledger.Job, error) {
	return db.jobs(ctx, "select "+jobColumns+` where j.execution = ?
		union all select `+headColumns+" where h.execution = ? and h.job_token is not null order by 3", id, id)
}

// Job implements ledger.Jobs.
func (db *DB) Job(ctx context.Context, key ledger.JobKey) (ledger.Job, error) {
	j, err := scanJob(db.queryRow(ctx, "select "+jobColumns+` where j.execution = ? and j.token = ?
		union all select `+headColumns+" where h.execution = ? and h.job_token = ?", keyTwice(key.Execution, key.Token)...))
	return j, db.none(err, "job", fmt.Sprintf("%d of execution %d", key.Token, key.Execution))
}

// JobByTaskToken implements ledger.Jobs.
func (db *DB) JobByTaskToken(ctx context.Context, token string) (ledger.Job, error) {
	j, err := scanJob(db.queryRow(ctx, "select "+jobColumns+" where j.hash = ?", tokenHash(token)))
	return j, db.none(err, "job", "of this task token")
}

// NextActivityJob implements ledger.Jobs.
func (db *DB) NextActivityJob(ctx context.Context, activityARN string) (ledger.Job, error) {
	j, err := scanJob(db.queryRow(ctx, "select "+jobColumns+` where j.activity = ? and j.started = 0
		order by j.created, j.execution, j.token limit 1`, activityARN))
	return j, db.none(err, "job", "of activity "+activityARN)
}

func (db *DB) timers(ctx context.Context, query string, args ...any) ([]ledger.Timer, error) {
	var timers []ledger.Timer
	err := db.query(ctx, query, args, func(r row) error {
		var t ledger.Timer
		var due int64
		err := r.Scan(&t.Execution, &t.Token, &t.Kind, &due)
		t.Due = moment(due)
		timers = append(timers, t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read timers: %w", err)
	}
	return timers, nil
}

// DueTimers implements ledger.Timers.
func (db *DB) DueTimers(ctx context.Context, until time.Time, limit int) ([]ledger.Timer, error) {
	return db.timers(ctx, "select execution, token, kind, due from timers where due <= ? order by due, execution, token limit ?",
		micros(until), bound(limit))
}

// TimersOf implements ledger.Timers.
func (db *DB) TimersOf(ctx context.Context, id ledger.ExecutionID) ([]ledger.Timer, error) {
	return db.timers(ctx, "select execution, token, kind, due from timers where execution = ? order by token, kind", id)
}

// SetTimer implements ledger.Timers.
func (db *DB) SetTimer(ctx context.Context, t ledger.Timer) error {
	err := db.write(ctx, func(c *conn) error {
		if t.Kind == ledger.CoreTimer { // made by the interpreter only; here it can but move
			n, err := c.exec("update timers set due = ? where execution = ? and token = ? and kind = ?",
				microsUp(t.Due), t.Execution, t.Token, t.Kind)
			if err == nil && n == 0 {
				err = refuse(ledger.ErrClosed)
			}
			return err
		}
		set, err := setTimer(c, t)
		if err == nil && !set {
			err = refuse(ledger.ErrClosed)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("set timer %d of execution %d: %w", t.Token, t.Execution, err)
	}
	return nil
}

// CreateActivity implements ledger.Activities.
func (db *DB) CreateActivity(ctx context.Context, a ledger.Activity, tags []ledger.Tag) error {
	err := db.write(ctx, func(c *conn) error {
		n, err := c.exec("insert into activities (arn, name, encryption, created) values (?, ?, ?, ?) on conflict do nothing",
			a.ARN, a.Name, a.Encryption, micros(a.Created))
		if err != nil {
			return err
		}
		if n == 0 {
			return refuse(ledger.ErrExists)
		}
		return setTags(c, a.ARN, tags)
	})
	if err != nil {
		return fmt.Errorf("create activity %s: %w", a.ARN, err)
	}
	return nil
}

func scanActivity(r row) (ledger.Activity, error) {
	var a ledger.Activity
	var created int64
	err := r.Scan(&a.ARN, &a.Name, &a.Encryption, &created)
	a.Created = moment(created)
	return a, err
}

// Activity implements ledger.Activities.
func (db *DB) Activity(ctx context.Context, arn string) (ledger.Activity, error) {
	a, err := scanActivity(db.queryRow(ctx, "select arn, name, encryption, created from activities where arn = ?", arn))
	if err = db.none(err, "activity", arn); err != nil {
		return ledger.Activity{}, err
	}
	return a, nil
}

// ListActivities implements ledger.Activities.
func (db *DB) ListActivities(ctx context.Context, p ledger.Page) ([]ledger.Activity, string, error) {
	var name, arn string
	if err := unmark(p.Token, "activities", &name, &arn); err != nil {
		return nil, "", err
	}
	limit := pageLimit(p.Limit)
	var found []ledger.Activity
	err := db.query(ctx, `select arn, name, encryption, created from activities where (name collate nocase, arn) > (?, ?)
		order by name collate nocase, arn limit ?`, []any{name, arn, limit + 1}, func(r row) error {
		a, err := scanActivity(r)
		found = append(found, a)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list activities: %w", err)
	}
	found, next := cut(found, limit, "activities", func(x ledger.Activity) []any { return []any{x.Name, x.ARN} })
	return found, next, nil
}

// DeleteActivity implements ledger.Activities.
func (db *DB) DeleteActivity(ctx context.Context, arn string) error {
	err := db.write(ctx, func(c *conn) error {
		n, err := c.exec("delete from activities where arn = ?", arn)
		if err == nil && n == 0 {
			err = refuse(ledger.ErrNotFound)
		}
		return err
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("delete activity %s: %w", arn, err)
	}
	return err
}
