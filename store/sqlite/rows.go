package sqlite

import (
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// insertEvents writes the history; it never changes what is there.
func (s *step) insertEvents(c *conn, id ledger.ExecutionID) error {
	for _, k := range s.chunks {
		if s.forget {
			if err := s.insertForgotten(c, id, k); err != nil {
				return err
			}
			continue
		}
		row, err := c.insert("insert into steps (execution, first, last, events) values (?, ?, ?, ?)", id, k.first, k.last, k.events)
		if err != nil {
			return err
		}
		if s.logged {
			if _, err := c.exec("insert into unlogged (execution, redrives, step) values (?, ?, ?)", id, s.redrives, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertForgotten writes events that are no part of the history only as long as they wait to
// be logged.
func (s *step) insertForgotten(c *conn, id ledger.ExecutionID, k chunk) error {
	if !s.logged {
		return nil
	}
	_, err := c.exec("insert into unlogged (execution, redrives, first, events) values (?, ?, ?, ?)", id, s.redrives, k.first, k.events)
	return err
}

// plain says that a step did nothing but answer one job or timer, and perhaps make one
// job that can lie with the head.
func (s *step) plain() bool {
	return len(s.settled) == 1 && s.root != nil &&
		len(s.jobs) == 0 && len(s.scopes) == 0 && len(s.runs) == 0 && len(s.redriven) == 0 && len(s.stopped) == 0 && len(s.timers) == 0 && len(s.dropped) == 0 && len(s.started) == 0
}

// slot is what the head's row says of a job.
func (s *step) slot() (token, created, run any) {
	if s.inline == nil {
		return nil, nil, nil
	}
	return s.inline.token, micros(s.at), s.inline.run
}

// keeps says whether the step makes rows that have to be swept when the execution ends.
func (s *step) keeps() int64 {
	if len(s.scopes)+len(s.jobs)+len(s.timers)+len(s.runs)+len(s.redriven) > 0 {
		return 1
	}
	return 0
}

// open writes the step that makes an execution run, and its head. run is the map run it is an
// item of, or 0, and items how many items it works on.
func (s *step) open(c *conn, id ledger.ExecutionID, tally, run, items int64) error {
	job, created, text := s.slot()
	if _, err := c.exec(`insert into heads (execution, tally, revision, more, kept, head, root, job_token, job_created, job_run, map_run, items)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, tally, ledger.FirstRevision, s.more, s.keeps(), s.head, blob(s.root), job, created, text, run, items); err != nil {
		return err
	}
	return s.apply(c, id, true)
}

// apply writes everything but the head; born says that the head was made with its job.
func (s *step) apply(c *conn, id ledger.ExecutionID, born bool) error {
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
	if !born { // those of a birth were written before its head
		if err := s.insertMapRuns(c, id); err != nil {
			return err
		}
	}
	for _, token := range s.stopped {
		if err := stopMapRun(c, id, token, s.at); err != nil {
			return err
		}
	}
	if err := s.turn(c, id); err != nil {
		return err
	}
	if s.inline != nil && !born {
		if err := s.place(c, id); err != nil {
			return err
		}
	}
	for _, t := range s.started {
		if _, err := change(c, id, t, "update jobs set started = 1 where execution = ? and token = ?"); err != nil {
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

// turn lets go of old jobs and makes new ones. Many steps do one of each, and then the
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
	for i := range s.jobs {
		if err := s.insertJob(c, id, &s.jobs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *step) insertJob(c *conn, id ledger.ExecutionID, j *jobRow) error {
	_, err := c.exec(`insert into jobs (execution, token, hash, activity, started, attached, created, run)
		values (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, j.token, j.hash, j.activity, j.started, j.attached, micros(s.at), j.run)
	return err
}

// place puts the step's job beside the head, or among the others when there is one already.
func (s *step) place(c *conn, id ledger.ExecutionID) error {
	job, created, run := s.slot()
	n, err := c.exec("update heads set job_token = ?, job_created = ?, job_run = ? where execution = ? and job_token is null",
		job, created, run, id)
	if err != nil || n == 1 {
		return err
	}
	if err := s.insertJob(c, id, s.inline); err != nil {
		return err
	}
	_, err = c.exec("update heads set kept = 1 where execution = ?", id)
	return err
}

// settle lets go of everything that hangs on a token.
func settle(c *conn, id ledger.ExecutionID, token interp.Token, s *step) error {
	// Nearly always it is one of these two.
	for _, query := range []string{
		"delete from jobs where execution = ? and token = ? and attached = 0",
		"update heads set job_token = null, job_created = null, job_run = null where execution = ? and job_token = ?",
	} {
		n, err := c.exec(query, id, token)
		if err != nil || n == 1 {
			return err
		}
	}
	if _, err := c.exec("delete from timers where execution = ? and token = ?", id, token); err != nil {
		return err
	}
	n, err := c.exec("delete from jobs where execution = ? and token = ?", id, token)
	if err != nil {
		return err
	}
	if n == 0 { // it was a timer or a map run
		_, err := c.exec("update map_runs set heard = 1, output = null where execution = ? and token = ?", id, token)
		return err
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
		found, err := attach(c, t.Execution, t.Token)
		if err != nil || !found {
			return false, err
		}
	}
	_, err := c.exec(`insert into timers (execution, token, kind, due) values (?, ?, ?, ?)
		on conflict do update set due = excluded.due`, t.Execution, t.Token, t.Kind, microsUp(t.Due))
	return true, err
}

// attach says of a job that timers, a human task or a child may exist for it. It says
// whether there is such a job.
func attach(c *conn, id ledger.ExecutionID, token interp.Token) (bool, error) {
	return change(c, id, token, "update jobs set attached = 1 where execution = ? and token = ?")
}

// change changes the row of a job, which moves to jobs when it lay with the head. It says
// whether there is such a job.
func change(c *conn, id ledger.ExecutionID, token interp.Token, query string) (bool, error) {
	n, err := c.exec(query, id, token)
	if err != nil || n == 1 {
		return true, err
	}
	n, err = c.exec(`insert into jobs (execution, token, started, attached, created, run)
		select execution, job_token, 0, 0, job_created, job_run from heads where execution = ? and job_token = ?`, id, token)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := c.exec("update heads set kept = 1, job_token = null, job_created = null, job_run = null where execution = ?", id); err != nil {
		return false, err
	}
	_, err = c.exec(query, id, token)
	return true, err
}
