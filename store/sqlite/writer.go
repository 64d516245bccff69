package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"statehouse/engine/ledger"
)

// A group is bounded so that the first of its callers does not wait for ever, and so
// that the log stays small.
const (
	groupWrites = 1024
	groupBytes  = 8 << 20
	groupTime   = 5 * time.Millisecond // a group this old is not held open
	groupWorth  = 8                    // nor is one that is smaller
)

// write is one thing to be written. The writer calls apply, possibly twice: what counts
// is the last time. When apply returns a refusal it has changed nothing.
type write interface {
	apply(c *conn) error
	bytes() int // about
}

// refusal is an answer that apply gave before it wrote anything.
type refusal struct{ err error }

func (r refusal) Error() string { return r.err.Error() }
func (r refusal) Unwrap() error { return r.err }

func refuse(err error) error { return refusal{err} }

// writing is a write on its way.
type writing struct {
	write
	done func(error)
	err  error
}

// writer owns the writing connection.
type writer struct {
	db *DB
	c  *conn

	mu      sync.Mutex
	queue   []writing
	closed  bool
	lastErr error // of the last group, nil when it was committed
	commits int64 // for tests: groups committed

	wake   chan struct{} // has a value when the queue may not be empty
	ended  chan struct{}
	number int64 // value of commits.n after the last commit, negative when unknown
}

func startWriter(db *DB, c *conn) (*writer, error) {
	w := &writer{db: db, c: c, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	if err := c.row("select n from commits", nil, &w.number); err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

// add queues a write.
func (w *writer) add(x write, done func(error)) {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		done(errClosed)
		return
	}
	w.queue = append(w.queue, writing{write: x, done: done})
	select {
	case w.wake <- struct{}{}:
	default:
	}
	w.mu.Unlock()
}

// stop lets the queue run empty and waits for it.
func (w *writer) stop() error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.wake)
	}
	w.mu.Unlock()
	<-w.ended
	return nil
}

func (w *writer) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lastErr
}

// take moves writes from the queue to the group, up to its bounds.
func (w *writer) take(group []writing, bytes *int) []writing {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for n < len(w.queue) && len(group)+n < groupWrites && *bytes < groupBytes {
		*bytes += w.queue[n].bytes()
		n++
	}
	group = append(group, w.queue[:n]...)
	rest := copy(w.queue, w.queue[n:])
	clear(w.queue[rest:])
	w.queue = w.queue[:rest]
	return group
}

func (w *writer) run() {
	defer close(w.ended)
	var group []writing
	for {
		bytes := 0
		group = w.take(group[:0], &bytes)
		if len(group) == 0 {
			if _, more := <-w.wake; more {
				continue
			}
			if group = w.take(group, &bytes); len(group) == 0 {
				return // closed, and nothing is left
			}
		}
		group = w.commit(group, &bytes)
		for i, x := range group {
			if r, ok := errors.AsType[refusal](x.err); ok {
				x.err = r.err
			}
			x.done(x.err)
			group[i] = writing{}
		}
	}
}

// commit writes the group, and what arrives while it does so, in one transaction. It
// sets the error of each.
func (w *writer) commit(group []writing, bytes *int) []writing {
	group, err := w.together(group, bytes)
	if err != nil && !environmental(err) {
		err = w.apart(group)
	}
	if err != nil {
		for i := range group {
			group[i].err = err
		}
	}
	w.mu.Lock()
	if (w.lastErr == nil) != (err == nil) {
		if err != nil {
			w.db.log.Error("storage cannot be written", "error", err)
		} else {
			w.db.log.Info("storage can be written again")
		}
	}
	w.lastErr = err
	w.mu.Unlock()
	return group
}

// begin opens the transaction. It waits for another program, but not for ever.
func (w *writer) begin() error {
	if _, err := w.c.exec("begin immediate"); err != nil {
		return w.db.explain(err)
	}
	if w.number >= 0 {
		return nil
	}
	if err := w.c.row("select n from commits", nil, &w.number); err != nil {
		w.rollback()
		return w.db.explain(err)
	}
	return nil
}

// together runs the group without savepoints: nearly always nothing fails but refusals,
// which change nothing.
func (w *writer) together(group []writing, bytes *int) ([]writing, error) {
	if err := w.begin(); err != nil {
		return group, err
	}
	began := time.Now()
	for i := 0; i < len(group); i++ {
		err := group[i].apply(w.c)
		if _, refused := errors.AsType[refusal](err); err != nil && !refused {
			w.rollback()
			return group, w.db.explain(err)
		}
		group[i].err = err
		if i == len(group)-1 {
			group = w.more(group, bytes, began)
		}
	}
	return group, w.end()
}

// more takes what has arrived. When nothing has, and there is enough in the group for the
// commit to be worth it, whoever can run now runs first: what he writes comes along. That
// takes no time when there is nobody.
func (w *writer) more(group []writing, bytes *int, began time.Time) []writing {
	n := len(group)
	if group = w.take(group, bytes); len(group) > n || n < groupWorth || time.Since(began) > groupTime {
		return group
	}
	runtime.Gosched()
	return w.take(group, bytes)
}

// apart runs each write within a savepoint, so that one that fails fails alone.
func (w *writer) apart(group []writing) error {
	if err := w.begin(); err != nil {
		return err
	}
	for i := range group {
		err := w.alone(&group[i])
		if err != nil {
			w.rollback()
			return w.db.explain(err)
		}
	}
	return w.end()
}

func (w *writer) alone(x *writing) error {
	if _, err := w.c.exec("savepoint one"); err != nil {
		return err
	}
	err := x.apply(w.c)
	if err == nil {
		err = w.c.flush()
	}
	x.err = w.db.explain(err)
	if environmental(x.err) {
		return x.err
	}
	if x.err != nil {
		w.c.forget()
		if _, err := w.c.exec("rollback to one"); err != nil {
			return err
		}
	}
	_, err = w.c.exec("release one")
	return err
}

// rollback ends the transaction. SQLite has ended it already after some errors.
func (w *writer) rollback() {
	w.c.forget()
	if !w.c.c.AutoCommit() {
		if _, err := w.c.exec("rollback"); err != nil {
			w.db.log.Error("roll back", "error", err)
		}
	}
}

// errFate says that a commit failed and that nobody can tell whether it took effect.
var errFate = fmt.Errorf("%w: the fate of the last write is unknown", ledger.ErrUnavailable)

// end counts the group and commits it.
func (w *writer) end() error {
	if err := w.c.flush(); err != nil {
		w.rollback()
		return w.db.explain(err)
	}
	if _, err := w.c.exec("update commits set n = ?", w.number+1); err != nil {
		w.rollback()
		return w.db.explain(err)
	}
	_, err := w.c.exec("commit")
	if err == nil {
		w.counted()
		return nil
	}
	// The commit may have taken effect all the same.
	w.rollback()
	var n int64
	if again := w.c.row("select n from commits", nil, &n); again != nil {
		w.number = -1
		return errors.Join(errFate, err)
	}
	if n == w.number+1 {
		w.counted()
		return nil
	}
	w.number = n
	return w.db.explain(err)
}

func (w *writer) counted() {
	w.number++
	w.mu.Lock()
	w.commits++
	w.mu.Unlock()
}

// call is a write that is a function.
type call struct {
	ctx context.Context
	f   func(*conn) error
}

func (x call) apply(c *conn) error {
	if err := x.ctx.Err(); err != nil {
		return refuse(err)
	}
	if err := c.flush(); err != nil {
		return err
	}
	c.forget() // f may change what is remembered
	return x.f(c)
}

func (x call) bytes() int { return 1024 }

// write runs f in the writer's next group and waits for the commit. f may run twice, and
// after an error it may still be running: results of f are read after nil only.
func (db *DB) write(ctx context.Context, f func(*conn) error) error {
	return db.do(ctx, call{ctx, f})
}

func (db *DB) do(ctx context.Context, x write) error {
	done := make(chan error, 1)
	db.w.add(x, func(err error) { done <- err })
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
