// Package ledger says what must be remembered: records, errors and the small interfaces
// that a store implements. It holds no code that stores anything.
//
// # What every store promises
//
// A method that returned nil, and a done function that was called with nil, stand for
// something that survives kill -9 and the loss of power. A method that failed changed
// nothing, with one exception: when the context ended while the write was under way the
// caller does not know, and asks again.
//
// Writes are atomic one by one. A store may group many of them into one transaction; a
// failing write never harms its neighbours.
//
// Methods are safe for concurrent use. Values come back as the text that went in. Times
// come back in UTC, cut to the microsecond; Timer.Due is rounded up, so that no timer is
// early.
//
// # Errors
//
// A store wraps the sentinels below; callers use errors.Is. Every method may answer
// ErrUnavailable (the disk is full, read-only or failing: nothing was written, reads may
// still work, and it heals by itself) or the error of its context.
package ledger

import "errors"

// The answers that a caller can do something about.
var (
	// ErrNotFound says that there is no such record.
	ErrNotFound = errors.New("not found")
	// ErrExists says that the name is taken.
	ErrExists = errors.New("already exists")
	// ErrStale says that the record has moved on since the caller read it.
	ErrStale = errors.New("has changed meanwhile")
	// ErrClosed says that the execution, or the job that the write is about, is over.
	ErrClosed = errors.New("is closed")
	// ErrConflict says that somebody else was first, or that the record is being deleted.
	ErrConflict = errors.New("conflicts with another change")
	// ErrTooMany says that there are as many of these as there may be.
	ErrTooMany = errors.New("there are too many")
	// ErrUnavailable says that the storage cannot be written or read just now.
	ErrUnavailable = errors.New("storage is unavailable")
	// ErrCorrupt says that the stored bytes make no sense. The text names the file.
	ErrCorrupt = errors.New("storage is corrupt")
	// ErrBadToken says that Page.Token was not made by this store for this list.
	ErrBadToken = errors.New("page token is not valid")
)

// Page asks for one part of a list.
type Page struct {
	Limit int    // at most this many; 0 means 100, more than 1000 means 1000
	Token string // what the call before returned; "" is the first page
}
