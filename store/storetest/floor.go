package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// FloorResult is what bare storage can do: the rows of executions and nothing else.
type FloorResult struct {
	PerSecond float64       // executions
	P50, P99  time.Duration // of one execution, start to end
	Bytes     float64       // of the file, for one execution
	Commits   int64
}

// Floor measures bare group commit on SQLite, with WAL and synchronous=FULL, in a closed
// loop: so many executions at a time, each of so many durable transitions one after the
// other. A transition inserts one row with two events of 300 bytes, which can be found by
// execution and step, and updates the row of its execution. One goroutine writes and takes
// whatever is waiting into one commit.
func Floor(b testing.TB, dir string, concurrency, transitions, executions int) FloorResult {
	b.Helper()
	return measure(b, dir, plainRows, concurrency, transitions, executions)
}

// FloorOfTasks is Floor with the very rows that an execution of so many tasks has to have:
// one transition more than tasks, as the start is acknowledged too; the execution's own
// row can be found by its name and in the three lists, and says how it ended; what is
// needed to go on lies in a row that goes at the end. Sizes are those of BenchmarkThroughput.
func FloorOfTasks(b testing.TB, dir string, concurrency, tasks, executions int) FloorResult {
	b.Helper()
	return measure(b, dir, taskRows, concurrency, tasks+1, executions)
}

// floorRows are the rows of a floor: its tables, and the statements for the first
// transition, for those in between and for the last one. What they may ask for is the
// execution, the step and the three texts.
type floorRows struct {
	schema              string
	first, next, last   []string
	state, events, data int // bytes of @state, @events and @data
}

const (
	insertEvents = "insert into steps (execution, step, events) values (@execution, @step, @events)"
	eventRows    = `create table steps (id integer primary key, execution integer not null, step integer not null, events blob not null) strict;
		create unique index steps_of on steps (execution, step);`
)

var plainRows = floorRows{
	schema: eventRows + "create table executions (id integer primary key, step integer not null, state blob not null) strict;",
	first: []string{
		"insert into executions (id, step, state) values (@execution, 0, @state)", insertEvents,
		"update executions set step = @step, state = @state where id = @execution",
	},
	next:  []string{insertEvents, "update executions set step = @step, state = @state where id = @execution"},
	last:  []string{insertEvents, "update executions set step = @step, state = @state where id = @execution"},
	state: 300, events: 600,
}

var taskRows = floorRows{
	schema: eventRows + `create table executions (id integer primary key, arn text not null unique, name text not null, machine integer not null,
			status text not null, input text, output text) strict;
		create index executions_by_machine on executions (machine, id, status, name);
		create index executions_by_status on executions (status, id, name);
		create index executions_by_age on executions (id, name);
		create table heads (execution integer primary key, step integer not null, state blob not null) strict;`,
	first: []string{
		`insert into executions (id, arn, name, machine, status, input) values (@execution,
			'arn:aws:states:us-east-1:000000000000:execution:steps:run-' || @execution, 'run-' || @execution, 1, 'RUNNING', @data)`,
		"insert into heads (execution, step, state) values (@execution, 0, @state)", insertEvents,
	},
	next: []string{insertEvents, "update heads set step = @step, state = @state where execution = @execution"},
	last: []string{
		insertEvents, "update executions set status = 'SUCCEEDED', output = @data where id = @execution",
		"delete from heads where execution = @execution",
	},
	state: 690, events: 420, data: 134,
}

func measure(b testing.TB, dir string, rows floorRows, concurrency, transitions, executions int) FloorResult {
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
	if _, err := c.ExecContext(b.Context(), "pragma wal_autocheckpoint = 4000;"+rows.schema); err != nil {
		b.Fatal(err)
	}
	f := &floor{
		queue: make(chan floorWrite, 4*concurrency+1), end: int64(transitions) - 1,
		state: make([]byte, rows.state), events: make([]byte, rows.events), data: strings.Repeat("x", rows.data),
	}
	prepare := func(texts ...string) (list []floorStmt) {
		for _, text := range texts {
			s, err := c.PrepareContext(b.Context(), floorAsks.ReplaceAllString(text, "?"))
			if err != nil {
				b.Fatal(err)
			}
			list = append(list, floorStmt{s, floorAsks.FindAllString(text, -1)})
		}
		return list
	}
	f.begin, f.commit = prepare("begin immediate"), prepare("commit")
	f.first, f.next, f.last = prepare(rows.first...), prepare(rows.next...), prepare(rows.last...)
	defer func() {
		for _, s := range slices.Concat(f.begin, f.commit, f.first, f.next, f.last) {
			s.Close()
		}
	}()
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
		P99:       Quantile(took, 0.99),
		Bytes:     float64(info.Size()) / float64(executions),
		Commits:   f.commits,
	}
}

// floorWrite is one transition; step 0 also makes the execution's row.
type floorWrite struct {
	execution, step int64
	done            chan struct{}
}

// floorAsks finds the parameters of a statement.
var floorAsks = regexp.MustCompile(`@\w+`)

// floorStmt is a prepared statement and what it asks for.
type floorStmt struct {
	*sql.Stmt
	asks []string
}

type floor struct {
	queue                            chan floorWrite
	begin, commit, first, next, last []floorStmt
	end                              int64 // the last step
	state, events                    []byte
	data                             string
	commits                          int64
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
	var group []floorWrite
	for w := range f.queue {
		f.run(f.begin, w)
		for more := true; more; {
			switch w.step {
			case 0:
				f.run(f.first, w)
			case f.end:
				f.run(f.last, w)
			default:
				f.run(f.next, w)
			}
			group = append(group, w)
			select {
			case w, more = <-f.queue:
			default:
				more = false
			}
		}
		f.run(f.commit, w)
		f.commits++
		for _, w := range group {
			w.done <- struct{}{}
		}
		group = group[:0]
	}
}

func (f *floor) run(list []floorStmt, w floorWrite) {
	for _, s := range list {
		var args [4]any
		for i, name := range s.asks {
			switch name {
			case "@execution":
				args[i] = w.execution
			case "@step":
				args[i] = w.step
			case "@state":
				args[i] = f.state
			case "@events":
				args[i] = f.events
			case "@data":
				args[i] = f.data
			}
		}
		if _, err := s.ExecContext(context.Background(), args[:len(s.asks)]...); err != nil {
			panic(fmt.Sprintf("floor: %v", err))
		}
	}
}
