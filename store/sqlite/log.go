package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"statehouse/engine/history"
	"statehouse/engine/ledger"
	"statehouse/engine/logging"
)

// keepLogging finds the row of a configuration, or makes it; nil when nothing is logged.
func keepLogging(c *conn, l logging.Config) (any, error) {
	if !l.On() {
		return nil, nil
	}
	if id, ok := c.memo.loggings[l]; ok {
		return id, nil
	}
	data := "0"
	if l.Data {
		data = "1"
	}
	text := string(l.Level) + " " + data + " " + l.Group
	var id int64
	err := c.row("select id from loggings where text = ?", []any{text}, &id)
	if errors.Is(err, ledger.ErrNotFound) {
		id, err = c.insert("insert into loggings (text) values (?)", text)
	}
	if err != nil {
		return nil, err
	}
	if len(c.memo.loggings) >= maxMemo {
		clear(c.memo.loggings)
	}
	c.memo.loggings[l] = id
	return id, nil
}

// parseLogging reads what keepLogging writes; "" is the zero one.
func parseLogging(text string) logging.Config {
	level, rest, _ := strings.Cut(text, " ")
	data, group, _ := strings.Cut(rest, " ")
	return logging.Config{Level: logging.Level(level), Data: data == "1", Group: group}
}

// Unlogged implements ledger.Logs. What was of a history that is gone is not there any more.
func (db *DB) Unlogged(ctx context.Context, limit, bytes int, known ledger.Known) ([]ledger.Unlogged, error) {
	var list []ledger.Unlogged
	size, enough := 0, errors.New("enough")
	err := db.query(ctx, `select u.id, e.arn, t.machine_name, l.text, u.redrives, ifnull(u.first, s.first), ifnull(s.last, 0), ifnull(u.events, s.events)
		from unlogged u cross join executions e on e.id = u.execution join tallies t on t.id = e.tally join loggings l on l.id = e.logging
		left join steps s on s.id = u.step and s.execution = u.execution
		where (u.step is null or s.id is not null) order by u.id limit ?`, []any{bound(limit)}, func(r row) error {
		var u ledger.Unlogged
		var config string
		var first, last history.ID
		var events []byte
		err := r.Scan(&u.ID, &u.ExecutionARN, &u.MachineName, &config, &u.Redrives, &first, &last, &events)
		if err != nil {
			return err
		}
		u.Logging = parseLogging(config)
		if known != nil && last != 0 {
			u.Events = known(u.ExecutionARN, u.Redrives, first)
		}
		if n := len(u.Events); n == 0 || u.Events[n-1].ID != last { // unknown, or one row of several
			u.Events, err = decodeEvents(first, events)
		}
		list = append(list, u)
		if size += len(events); err == nil && size > bytes {
			return enough
		}
		return err
	})
	if err != nil && !errors.Is(err, enough) {
		return nil, fmt.Errorf("read what waits to be logged: %w", err)
	}
	return list, nil
}

// logged forgets what was logged. Unlike a call it leaves alone what the writer remembers.
type logged struct{ through int64 }

func (w logged) apply(c *conn) error {
	_, err := c.exec("delete from unlogged where id <= ?", w.through)
	return err
}

func (w logged) bytes() int { return 0 }

// Logged implements ledger.Logs.
func (db *DB) Logged(ctx context.Context, through int64) error {
	if err := db.do(ctx, logged{through}); err != nil {
		return fmt.Errorf("forget what was logged: %w", err)
	}
	return nil
}

// DropUnlogged implements ledger.Logs.
func (db *DB) DropUnlogged(ctx context.Context, keep int64) (int64, error) {
	var n int64
	err := db.write(ctx, func(c *conn) error {
		var err error
		n, err = c.exec("delete from unlogged where id <= (select max(id) from unlogged) - ?", keep)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("drop what waits to be logged: %w", err)
	}
	return n, nil
}
