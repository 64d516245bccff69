package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// FloorResult is what bare storage can do: the rows of executions and nothing else.
type FloorResult struct {
	PerSecond float64       // executions
	P50       time.Duration // of one execution, start to end
	Bytes     float64       // of the file, for one execution
	Commits   int64
}

// Floor measures bare group commit on SQLite, with WAL and synchronous=FULL, in a closed
// loop: so many executions at a time, each of so many durable transitions one after the
// other. A transition inserts one row with two events of 300 bytes, which can be found by
// execution and step, and updates the row of its execution. One goroutine writes and takes whatever is waiting into one commit.
func Floor(b testing.TB, dir string, concurrency, transitions, executions int) FloorResult {
	b.Helper()
	path := filepath.Join(dir, "floor.db")
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_cache_size=-32768")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	c, err := db.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if _, err := c.ExecContext(b.Context(), `pragma wal_autocheckpoint = 4000;
		create table executions (id integer primary key, step integer not null, state blob not null) strict;
		create table steps (id integer primary key, execution integer not null, step integer not null, events blob not null) strict;
		create unique index steps_of on steps (execution, step)`); err != nil {
		b.Fatal(err)
	}
	f := &floor{b: b, queue: make(chan floorWrite, 4*concurrency+1)}
	for i, text := range []string{
		"begin immediate", "commit", "insert into executions (id, step, state) values (?, 0, ?)",
		"insert into steps (execution, step, events) values (?, ?, ?)", "update executions set step = ?, state = ? where id = ?",
	} {
		if f.stmts[i], err = c.PrepareContext(b.Context(), text); err != nil {
			b.Fatal(err)
		}
		defer f.stmts[i].Close()
	}
	ended := make(chan struct{})
	go func() { defer close(ended); f.write() }()

	began := time.Now()
	took := f.load(concurrency, transitions, executions)
	elapsed := time.Since(began)
	close(f.queue)
	<-ended
	if _, err := c.ExecContext(b.Context(), "pragma wal_checkpoint(truncate)"); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return FloorResult{
		PerSecond: float64(executions) / elapsed.Seconds(),
		P50:       Median(took),
		Bytes:     float64(info.Size()) / float64(executions),
		Commits:   f.commits,
	}
}

// floorWrite is one transition; step 0 also makes the execution's row.
type floorWrite struct {
	execution, step int64
	done            chan struct{}
}

type floor struct {
	b       testing.TB
	queue   chan floorWrite
	stmts   [5]*sql.Stmt // begin, commit, create, insert, update
	commits int64
}

// load runs the closed loop and returns how long each execution took.
func (f *floor) load(concurrency, transitions, executions int) []time.Duration {
	took := make([]time.Duration, executions)
	ids := make(chan int64, executions)
	for id := range int64(executions) {
		ids <- id
	}
	close(ids)
	var wg sync.WaitGroup
	for range concurrency {
		wg.Go(func() {
			done := make(chan struct{}, 1)
			for id := range ids {
				began := time.Now()
				for step := range int64(transitions) {
					f.queue <- floorWrite{id + 1, step, done}
					<-done
				}
				took[id] = time.Since(began)
			}
		})
	}
	wg.Wait()
	return took
}

func (f *floor) write() {
	state, events := make([]byte, 300), make([]byte, 600)
	var group []floorWrite
	for w := range f.queue {
		f.run(0)
		for more := true; more; {
			if w.step == 0 {
				f.run(2, w.execution, state)
			}
			f.run(3, w.execution, w.step, events)
			f.run(4, w.step, state, w.execution)
			group = append(group, w)
			select {
			case w, more = <-f.queue:
			default:
				more = false
			}
		}
		f.run(1)
		f.commits++
		for _, w := range group {
			w.done <- struct{}{}
		}
		group = group[:0]
	}
}

func (f *floor) run(stmt int, args ...any) {
	if _, err := f.stmts[stmt].ExecContext(context.Background(), args...); err != nil {
		panic(fmt.Sprintf("floor: %v", err))
	}
}
