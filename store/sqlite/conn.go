package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/mattn/go-sqlite3"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// conn is the writing connection. It talks to the driver directly: database/sql would
// cost a third of the writer's time. Only the writer's goroutine uses it.
type conn struct {
	c     *sqlite3.SQLiteConn
	stmts map[string]*sqlite3.SQLiteStmt // by text; never dropped, the texts are constants
	args  []driver.NamedValue            // reused by every call
	memo  memo
}

func newConn(dsn string) (*conn, error) {
	c, err := (&sqlite3.SQLiteDriver{}).Open(dsn)
	if err != nil {
		return nil, err
	}
	return &conn{c: c.(*sqlite3.SQLiteConn), stmts: map[string]*sqlite3.SQLiteStmt{}, memo: newMemo()}, nil
}

func (c *conn) close() error {
	for _, s := range c.stmts {
		s.Close()
	}
	return c.c.Close()
}

// script runs several statements without arguments. It keeps nothing prepared.
func (c *conn) script(text string) error {
	_, err := c.c.Exec(text, nil)
	return err
}

func (c *conn) prepare(query string, args []any) (*sqlite3.SQLiteStmt, error) {
	s := c.stmts[query]
	if s == nil {
		st, err := c.c.Prepare(query)
		if err != nil {
			return nil, err
		}
		s = st.(*sqlite3.SQLiteStmt)
		c.stmts[query] = s
	}
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: plain(a)})
	}
	return s, nil
}

// exec runs a statement and counts the rows it changed.
func (c *conn) exec(query string, args ...any) (int64, error) {
	r, err := c.run(query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert runs a statement and returns the rowid of the row it made.
func (c *conn) insert(query string, args ...any) (int64, error) {
	r, err := c.run(query, args)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (c *conn) run(query string, args []any) (driver.Result, error) {
	s, err := c.prepare(query, args)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", query, err)
	}
	r, err := s.ExecContext(context.Background(), c.args)
	if err != nil {
		return nil, fmt.Errorf("run %.60q: %w", query, err)
	}
	return r, nil
}

// row reads the first row of a query into *int64 and *string. ledger.ErrNotFound when
// there is none.
func (c *conn) row(query string, args []any, dest ...any) error {
	s, err := c.prepare(query, args)
	if err != nil {
		return fmt.Errorf("prepare %.60q: %w", query, err)
	}
	rows, err := s.QueryContext(context.Background(), c.args)
	if err != nil {
		return fmt.Errorf("run %.60q: %w", query, err)
	}
	defer rows.Close()
	got := make([]driver.Value, len(dest))
	switch err := rows.Next(got); {
	case errors.Is(err, io.EOF):
		return ledger.ErrNotFound
	case err != nil:
		return fmt.Errorf("run %.60q: %w", query, err)
	}
	for i, d := range dest {
		ok := false
		switch d := d.(type) {
		case *int64:
			*d, ok = got[i].(int64)
		case *string:
			*d, ok = got[i].(string)
		}
		if !ok {
			return fmt.Errorf("column %d of %.60q is a %T", i, query, got[i])
		}
	}
	return nil
}

// plain gives the driver one of the few types it binds.
func plain(a any) driver.Value {
	switch a := a.(type) {
	case ledger.ExecutionID:
		return int64(a)
	case ledger.Revision:
		return int64(a)
	case interp.Token:
		return int64(a)
	case interp.ScopeID:
		return int64(a)
	case interp.Status:
		return string(a)
	case history.ID:
		return int64(a)
	case ledger.MapRunID:
		return int64(a)
	case ledger.MapRunStatus:
		return string(a)
	case ledger.TimerKind:
		return string(a)
	case int:
		return int64(a)
	}
	return a
}
