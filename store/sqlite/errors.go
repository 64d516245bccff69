package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"statehouse/engine/ledger"
)

// Why Open refuses a folder, besides ledger.ErrCorrupt and ledger.ErrUnavailable.
var (
	// ErrLocked says that another process uses the folder.
	ErrLocked = errors.New("data folder is in use")
	// ErrNewer says that a newer release wrote the file.
	ErrNewer = errors.New("database was written by a newer release")
	// ErrCorrupt is ledger.ErrCorrupt.
	ErrCorrupt = ledger.ErrCorrupt
)

// errClosed answers calls after Close.
var errClosed = fmt.Errorf("%w: the store is closed", ledger.ErrUnavailable)

// explain turns errors of SQLite into those of the ledger, by code. Others pass.
func (db *DB) explain(err error) error {
	if err == nil || errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrCorrupt) {
		return err
	}
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return err
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return fmt.Errorf("%w: storage is full: free space on %s: %w", ledger.ErrUnavailable, db.dir, err)
	case sqlite3.ErrReadonly:
		return fmt.Errorf("%w: %s cannot be written: %w", ledger.ErrUnavailable, db.dir, err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fmt.Errorf("%w: another program keeps %s locked: %w", ledger.ErrUnavailable, db.path, err)
	case sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrNomem, sqlite3.ErrPerm, sqlite3.ErrProtocol:
		return fmt.Errorf("%w: %s: %w", ledger.ErrUnavailable, db.dir, err)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fmt.Errorf("%w: %s: %w: restore it from a backup", ledger.ErrCorrupt, db.path, err)
	case sqlite3.ErrInterrupt:
		return fmt.Errorf("%w: %w", context.Canceled, err)
	default:
		return err
	}
}

// environmental says that the storage failed rather than the write: trying the same
// statements one by one would not help.
func environmental(err error) bool {
	return errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrCorrupt)
}

// taken says that a unique key refused the row.
func taken(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}
