package sqlite

import (
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// insertEvents writes the history; it never changes what is there.
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

// attach says of a job that timers, a human task or a child may exist for it.
func attach(c *conn, id ledger.ExecutionID, token interp.Token) error {
	_, err := c.exec("update jobs set attached = 1 where execution = ? and token = ?", id, token)
	return err
}
