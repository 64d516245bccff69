package sqlite

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

const (
	rowsMachine    = "arn:aws:states:us-east-1:000000000000:stateMachine:rows"
	rowsDefinition = `{"StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"B"},
		"B":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}`
)

// rowsRun is an execution of two tasks that waits for the first.
type rowsRun struct {
	m    *asl.Machine
	l    ledger.Loaded
	last interp.Output
}

func beginRows(t *testing.T, db *DB, name string) *rowsRun {
	t.Helper()
	r := &rowsRun{}
	r.m, _ = asl.Parse(rowsDefinition)
	now := time.Now().UTC()
	arn := "arn:aws:states:us-east-1:000000000000:execution:rows:" + name
	r.l = ledger.Loaded{
		Exec:     interp.New(r.m, interp.Begin{ExecutionARN: arn, ExecutionName: name, MachineARN: rowsMachine, MachineName: "rows", Started: now}),
		Revision: ledger.FirstRevision,
		Execution: ledger.Execution{
			ARN: arn, Name: name, MachineARN: rowsMachine, MachineName: "rows", Type: "STANDARD", Status: interp.Running, Input: value.Raw("{}"), Started: now,
		},
	}
	r.last = interp.Step(r.m, r.l.Exec, interp.Start{Input: r.l.Execution.Input}, now)
	id, err := db.Create(t.Context(), ledger.New{Execution: r.l.Execution, Definition: rowsDefinition, Exec: r.l.Exec, Out: r.last})
	if err != nil {
		t.Fatal(err)
	}
	r.l.Execution.ID = id
	return r
}

// token is what the execution waits for.
func (r *rowsRun) token() interp.Token {
	for _, c := range r.last.Commands {
		if run, ok := c.(interp.RunTask); ok {
			return run.Token
		}
	}
	return 0
}

// answer settles the task and makes the next one, or ends the execution.
func (r *rowsRun) answer(db *DB, done func(error)) {
	token := r.token()
	r.last = interp.Step(r.m, r.l.Exec, interp.TaskSucceeded{Token: token, Output: value.Raw("1")}, time.Now().UTC())
	db.Advance(ledger.Advance{ID: r.l.Execution.ID, Base: r.l.Revision, Exec: r.l.Exec, Out: r.last, Settled: []interp.Token{token}}, done)
	r.l.Revision++
}

func newRows(t *testing.T) *DB {
	t.Helper()
	db := openAt(t, t.TempDir(), nil)
	t.Cleanup(func() { db.Close() })
	if _, err := db.CreateMachine(t.Context(), ledger.Machine{ARN: rowsMachine, Name: "rows", Type: "STANDARD", Definition: rowsDefinition}, ledger.With{}); err != nil {
		t.Fatal(err)
	}
	return db
}

// A job that lies with the head is found like others, moves when something happens to it,
// and leaves nothing behind.
func TestTheRootsJobIsFoundWhereverItLies(t *testing.T) {
	t.Parallel()
	db := newRows(t)
	advance := func(r *rowsRun, a ledger.Advance) error {
		a.ID, a.Base, a.Exec = r.l.Execution.ID, r.l.Revision, r.l.Exec
		r.l.Revision++
		done := make(chan error, 1)
		db.Advance(a, func(err error) { done <- err })
		return <-done
	}
	for i, c := range []struct {
		name   string
		happen func(r *rowsRun) error
		moved  int64
	}{
		{"nothing", func(*rowsRun) error { return nil }, 0},
		{"a heartbeat", func(r *rowsRun) error {
			return db.SetTimer(t.Context(), ledger.Timer{Execution: r.l.Execution.ID, Token: r.token(), Kind: ledger.HeartbeatTimer, Due: time.Now().Add(time.Hour)})
		}, 1},
		{"a human task", func(r *rowsRun) error {
			return db.CreateTask(t.Context(), ledger.HumanTask{ID: "task", Execution: r.l.Execution.ID, Token: r.token(), Title: "?", Created: time.Now()})
		}, 1},
		{"the mark of having started", func(r *rowsRun) error {
			out := interp.Step(r.m, r.l.Exec, interp.TaskStarted{Token: r.token()}, time.Now())
			return advance(r, ledger.Advance{Out: out, Started: []interp.Token{r.token()}})
		}, 1},
		{"a timeout", func(r *rowsRun) error {
			out := interp.Step(r.m, r.l.Exec, interp.TaskStarted{Token: r.token()}, time.Now())
			return advance(r, ledger.Advance{Out: out, Timers: []ledger.Timer{{Token: r.token(), Kind: ledger.TimeoutTimer, Due: time.Now().Add(time.Hour)}}})
		}, 1},
	} {
		r := beginRows(t, db, fmt.Sprint(i))
		id := r.l.Execution.ID
		found := func() {
			t.Helper()
			if j, err := db.Job(t.Context(), ledger.JobKey{Execution: id, Token: r.token()}); err != nil || j.Run.Token != r.token() {
				t.Errorf("%s: the job of token %d is %+v, %v", c.name, r.token(), j, err)
			}
			for _, list := range [][]ledger.Job{only(db.JobsOf(t.Context(), id)), only(db.OpenJobs(t.Context(), ledger.JobQuery{}))} {
				if len(list) != 1 || list[0].Execution != id || list[0].Run.Token != r.token() {
					t.Errorf("%s: the jobs are %+v, want one with token %d", c.name, list, r.token())
				}
			}
		}
		found()
		if err := c.happen(r); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if n := rowsIn(t, db, "jobs"); n != c.moved {
			t.Errorf("%s: %d jobs have a row of their own, want %d", c.name, n, c.moved)
		}
		found()
		for range 2 {
			done := make(chan error, 1)
			r.answer(db, func(err error) { done <- err })
			if err := <-done; err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if r.token() != 0 {
				found()
			}
		}
		for _, table := range []string{"heads", "jobs", "timers", "scopes", "children", "human_tasks where status = 'open'", "executions where origin is not null"} {
			if n := rowsIn(t, db, table); n != 0 {
				t.Errorf("%s: %d rows are left in %s", c.name, n, table)
			}
		}
	}
}

func only(list []ledger.Job, _ error) []ledger.Job { return list }

func rowsIn(t *testing.T, db *DB, table string) (n int64) {
	t.Helper()
	if err := db.reader.QueryRowContext(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Tallies are written once a group. They are right as well when the group had to be done
// again because one of its members failed, and when a machine goes with its last execution.
func TestTalliesAreRightWhenAGroupIsDoneAgain(t *testing.T) {
	t.Parallel()
	db := newRows(t)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			r := beginRows(t, db, fmt.Sprint(i))
			for range 1 + i%2 { // every other one ends
				done := make(chan error, 1)
				r.answer(db, func(err error) { done <- err })
				if err := <-done; err != nil {
					t.Error(err)
				}
				bad := db.write(t.Context(), func(c *conn) error {
					_, err := c.exec("insert into heads (execution) values (-1)")
					return err
				})
				if bad == nil || errors.Is(bad, ledger.ErrUnavailable) {
					t.Errorf("a write that cannot be answered %v", bad)
				}
			}
			if i%2 == 0 {
				return
			}
			if x, err := db.Execution(t.Context(), r.l.Execution.ARN); err != nil || x.Status != interp.Succeeded {
				t.Errorf("execution %d is %s, %v", i, x.Status, err)
			}
		})
	}
	wg.Wait()
	got, err := db.CountExecutions(t.Context(), rowsMachine)
	if err != nil || got[interp.Running] != 20 || got[interp.Succeeded] != 20 {
		t.Errorf("the tally says %v, %v, want 20 running and 20 succeeded", got, err)
	}
	if err := db.DeleteMachine(t.Context(), rowsMachine); err != nil {
		t.Fatal(err)
	}
	if m, err := db.Machine(t.Context(), rowsMachine); err != nil || !m.Deleting {
		t.Errorf("the machine is %+v, %v, want it Deleting", m, err)
	}
}
