package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"statehouse/engine/ledger"
)

// Names of the files in the data folder.
const (
	fileName = "statehouse.db"
	lockName = "statehouse.lock"
)

// readers is how many connections read at the same time.
const readers = 4

// Config says where the ledger is.
type Config struct {
	Dir   string           // the data folder; made when missing
	Log   *slog.Logger     // default: slog.Default()
	Clock func() time.Time // default: time.Now
}

// DB is the ledger in a SQLite file. It implements ledger.Store.
type DB struct {
	dir, path string
	log       *slog.Logger
	clock     func() time.Time
	lock      *os.File
	reader    *sql.DB
	stmts     sync.Map // query text → *sql.Stmt, of reader
	w         *writer
	close     func() error
}

var _ ledger.Store = (*DB)(nil)

// Open opens the data folder, or makes it. ErrLocked when another process uses it,
// ErrCorrupt when the file is damaged, ErrNewer when a later release wrote it,
// ledger.ErrUnavailable when it cannot be read or written.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	db := &DB{dir: dir, path: filepath.Join(dir, fileName), log: cfg.Log, clock: cfg.Clock}
	if db.log == nil {
		db.log = slog.Default()
	}
	if db.clock == nil {
		db.clock = time.Now
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("%w: make data folder: %w", ledger.ErrUnavailable, err)
	}
	if db.lock, err = lock(filepath.Join(dir, lockName)); err != nil {
		return nil, err
	}
	if err := db.open(ctx); err != nil {
		db.lock.Close()
		return nil, db.explain(err)
	}
	db.close = sync.OnceValue(db.shut)
	return db, nil
}

func (db *DB) open(ctx context.Context) error {
	texts, err := scripts()
	if err != nil {
		return err
	}
	if err := db.look(); errors.Is(err, os.ErrNotExist) {
		if err := db.create(texts); err != nil {
			return fmt.Errorf("make %s: %w", db.path, err)
		}
	} else if err != nil {
		return err
	}

	c, err := newConn(db.dsn(db.path, "rw", "_synchronous", "FULL", "_journal_mode", "WAL", "_foreign_keys", "on", "_cache_size", "-32768", "_mutex", "no"))
	if err != nil {
		return fmt.Errorf("open %s: %w", db.path, err)
	}
	if err := db.prepare(ctx, c, texts); err != nil {
		if db.reader != nil {
			db.reader.Close()
		}
		c.close()
		return err
	}
	return nil
}

// prepare checks the writing connection, opens the reading ones and starts the writer.
func (db *DB) prepare(ctx context.Context, c *conn, texts []string) error {
	if err := assertDurable(c); err != nil {
		return err
	}
	if err := migrate(c, db.path, texts); err != nil {
		return err
	}
	// 16 MiB of log: a page that changes with every step is copied into the file once.
	if err := c.script("pragma wal_autocheckpoint = 4000"); err != nil {
		return err
	}
	var err error
	db.reader, err = sql.Open("sqlite3", db.dsn(db.path, "rw", "_query_only", "on"))
	if err != nil {
		return err
	}
	db.reader.SetMaxOpenConns(readers)
	db.reader.SetMaxIdleConns(readers)
	if err := db.reader.PingContext(ctx); err != nil {
		return err
	}
	db.w, err = startWriter(db, c)
	return err
}

// dsn names a file for the driver.
func (db *DB) dsn(path, mode string, pairs ...string) string {
	q := url.Values{"mode": {mode}, "_busy_timeout": {"5000"}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// look finds damage that SQLite would paper over or report late: a missing, short or
// foreign file. os.ErrNotExist when there is nothing at all.
func (db *DB) look() error {
	wal, walErr := os.Stat(db.path + "-wal")
	f, err := os.Open(db.path)
	if errors.Is(err, os.ErrNotExist) {
		if walErr == nil && wal.Size() > 0 {
			return fmt.Errorf("%w: %s is missing but its -wal file is there", ErrCorrupt, db.path)
		}
		return err
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
	}
	defer f.Close()
	var header [100]byte
	if _, err := f.ReadAt(header[:], 0); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return fmt.Errorf("%w: %s is not a database: restore it from a backup", ErrCorrupt, db.path)
	}
	if app := binary.BigEndian.Uint32(header[68:]); app != application {
		return fmt.Errorf("%w: %s is a database of another program", ErrCorrupt, db.path)
	}
	if walErr == nil && wal.Size() > 0 {
		return nil // pages of the header's count may still lie in the log
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	page := int64(binary.BigEndian.Uint16(header[16:]))
	if page == 1 {
		page = 65536
	}
	if want := page * int64(binary.BigEndian.Uint32(header[28:])); info.Size() < want {
		return fmt.Errorf("%w: %s has %d bytes of %d: restore it from a backup", ErrCorrupt, db.path, info.Size(), want)
	}
	return nil
}

// create makes a complete file and then gives it its name.
func (db *DB) create(texts []string) error {
	draft := db.path + ".new"
	for _, name := range []string{draft, draft + "-journal"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
		}
	}
	f, err := os.OpenFile(draft, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
	}
	f.Close()
	c, err := newConn(db.dsn(draft, "rw", "_synchronous", "FULL"))
	if err != nil {
		return err
	}
	err = migrate(c, draft, texts)
	if err = errors.Join(err, c.close()); err != nil {
		return err
	}
	if err := os.Rename(draft, db.path); err != nil {
		return fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
	}
	return syncDir(db.dir)
}

// syncDir makes a rename survive the loss of power.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// settings are the pragmas that durability rests on, by name, with the only good value.
var settings = []struct{ name, want string }{
	{"journal_mode", "wal"},
	{"synchronous", "2"},
	{"foreign_keys", "1"},
}

// assertDurable reads back what the connection was asked for.
func assertDurable(c *conn) error {
	for _, s := range settings {
		got, err := c.pragma(s.name)
		if err != nil {
			return err
		}
		if got != s.want {
			return fmt.Errorf("%w: pragma %s is %s and has to be %s", ledger.ErrUnavailable, s.name, got, s.want)
		}
	}
	return nil
}

// pragma reads a setting as text.
func (c *conn) pragma(name string) (string, error) {
	var text string
	var number int64
	if err := c.row("pragma "+name, nil, &number); err == nil {
		return fmt.Sprint(number), nil
	}
	err := c.row("pragma "+name, nil, &text)
	return text, err
}

// Ready implements ledger.Store.
func (db *DB) Ready(ctx context.Context) error {
	var n int64
	if err := db.queryRow(ctx, "select n from commits").Scan(&n); err != nil {
		return db.explain(err)
	}
	if db.w.failed() == nil {
		return nil
	}
	return db.write(ctx, func(*conn) error { return nil }) // every group counts itself
}

// Close implements ledger.Store.
func (db *DB) Close() error { return db.close() }

func (db *DB) shut() error {
	err := db.w.stop()
	return errors.Join(db.reader.Close(), err, db.w.c.close(), db.lock.Close())
}

// stmt prepares a query of the readers once.
func (db *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := db.reader.PrepareContext(ctx, query)
	if err != nil {
		return nil, db.explain(err)
	}
	if old, ok := db.stmts.LoadOrStore(query, s); ok {
		s.Close()
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

// row is one row of an answer: sql.Row and sql.Rows have it.
type row interface{ Scan(dest ...any) error }

// failedRow is the row of a query that could not be prepared.
type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }

func (db *DB) queryRow(ctx context.Context, query string, args ...any) row {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return failedRow{err}
	}
	return s.QueryRowContext(ctx, args...)
}

// query reads all rows with scan.
func (db *DB) query(ctx context.Context, query string, args []any, scan func(row) error) error {
	s, err := db.stmt(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return db.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return db.explain(err)
		}
	}
	return db.explain(rows.Err())
}

// none turns "no rows" into ledger.ErrNotFound with a name, and explains other errors.
func (db *DB) none(err error, what, name string) error {
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, ledger.ErrNotFound) {
		return fmt.Errorf("%s %s: %w", what, name, ledger.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("read %s %s: %w", what, name, db.explain(err))
	}
	return nil
}
