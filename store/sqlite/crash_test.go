package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// crashDir makes the test binary a server that is there to be killed.
const crashDir = "STATEHOUSE_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := victim(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const (
	crashMachine    = "arn:aws:states:us-east-1:000000000000:stateMachine:crash"
	crashDefinition = `{"StartAt":"Spin","States":{"Spin":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"Check"},` +
		`"Check":{"Type":"Choice","Choices":[{"Variable":"$.last","BooleanEquals":true,"Next":"Done"}],"Default":"Spin"},"Done":{"Type":"Succeed"}}}`
)

// victim goes on with what it finds and starts more. It writes a line for every write
// that the store acknowledged: execution, revision, events, ARN.
func victim(dir string) error {
	ctx := context.Background()
	db, err := Open(ctx, Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	m, _ := asl.Parse(crashDefinition)
	now := time.Now()
	_, err = db.CreateMachine(ctx, ledger.Machine{ARN: crashMachine, Name: "crash", Type: "STANDARD", Definition: crashDefinition, Created: now, Updated: now}, ledger.With{})
	if err != nil && !errors.Is(err, ledger.ErrExists) {
		return err
	}
	open, err := db.OpenJobs(ctx, ledger.JobQuery{})
	if err != nil {
		return err
	}
	found := make(chan ledger.ExecutionID, len(open))
	for _, j := range open {
		found <- j.Execution
	}
	close(found)
	var wg sync.WaitGroup
	errs := make(chan error, 1)
	for worker := range 8 {
		wg.Go(func() {
			for id := range found {
				l, err := db.Load(ctx, id)
				if err == nil {
					err = spin(db, m, l, worker)
				}
				if err != nil {
					errs <- err
				}
			}
			for i := 0; ; i++ {
				l, err := begin(db, m, fmt.Sprintf("%d-%d-%d", os.Getpid(), worker, i))
				if err == nil {
					err = spin(db, m, l, 3+i%20)
				}
				if err != nil {
					errs <- err
				}
			}
		})
	}
	return <-errs
}

func acknowledge(id ledger.ExecutionID, rev ledger.Revision, events history.ID, arn string) {
	fmt.Fprintf(os.Stdout, "%d %d %d %s\n", id, rev, events, arn) // one write, whole lines
}

func begin(db *DB, m *asl.Machine, name string) (ledger.Loaded, error) {
	now := time.Now()
	arn := "arn:aws:states:us-east-1:000000000000:execution:crash:" + name
	x := interp.New(m, interp.Begin{ExecutionARN: arn, ExecutionName: name, MachineARN: crashMachine, MachineName: "crash", Started: now})
	in := value.Raw(`{"last":false}`)
	out := interp.Step(m, x, interp.Start{Input: in}, now)
	l := ledger.Loaded{Exec: x, Revision: ledger.FirstRevision, Execution: ledger.Execution{
		ARN: arn, Name: name, MachineARN: crashMachine, MachineName: "crash", Type: "STANDARD", Input: in, Started: now,
	}}
	id, err := db.Create(context.Background(), ledger.New{Execution: l.Execution, Definition: crashDefinition, Exec: x, Out: out})
	l.Execution.ID = id
	if err == nil {
		acknowledge(id, l.Revision, x.Next.Event-1, arn)
	}
	return l, err
}

// spin answers so many tasks and then the last one.
func spin(db *DB, m *asl.Machine, l ledger.Loaded, n int) error {
	for ; l.Exec.Outcome == nil; n-- {
		open, err := db.JobsOf(context.Background(), l.Execution.ID)
		if err != nil {
			return err
		}
		if len(open) != 1 || open[0].Run.Resource == "" {
			return fmt.Errorf("execution %d has the jobs %v", l.Execution.ID, open)
		}
		token := open[0].Run.Token
		answer := value.Object(value.Member{Key: "last", Value: value.Bool(n <= 0)})
		out := interp.Step(m, l.Exec, interp.TaskSucceeded{Token: token, Output: answer}, time.Now())
		done := make(chan error, 1)
		db.Advance(ledger.Advance{ID: l.Execution.ID, Base: l.Revision, Exec: l.Exec, Out: out, Settled: []interp.Token{token}},
			func(err error) { done <- err })
		if err := <-done; err != nil {
			return err
		}
		l.Revision++
		acknowledge(l.Execution.ID, l.Revision, l.Exec.Next.Event-1, l.Execution.ARN)
	}
	return nil
}

// acked is the newest write of an execution that was acknowledged.
type acked struct {
	rev    ledger.Revision
	events history.ID
	arn    string
}

func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	promised := map[ledger.ExecutionID]acked{}
	writes := 0
	for round := range 20 {
		news := map[ledger.ExecutionID]acked{}
		writes += kill(t, dir, news)
		maps.Copy(promised, news)
		db := openAt(t, dir, nil)
		if round == 19 {
			news = promised
		}
		for id, a := range news {
			check(t, db, id, a)
		}
		var verdict string
		if err := db.queryRow(t.Context(), "pragma integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
			t.Errorf("integrity: %q, %v", verdict, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			break
		}
	}
	t.Logf("20 kills, %d acknowledged writes of %d executions", writes, len(promised))
	if writes < 500 {
		t.Errorf("only %d writes were acknowledged: the test shows nothing", writes)
	}
}

// kill runs a victim for a moment and notes what it acknowledged.
func kill(t *testing.T, dir string, promised map[ledger.ExecutionID]acked) (writes int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	die := 1 + rand.IntN(400) // after so many acknowledged writes, and a little
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var id ledger.ExecutionID
		var a acked
		if n, err := fmt.Sscanf(lines.Text(), "%d %d %d %s", &id, &a.rev, &a.events, &a.arn); n != 4 || err != nil {
			continue // cut off by the kill
		}
		if a.rev > promised[id].rev {
			promised[id] = a
		}
		if writes++; writes == die {
			time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || writes < die {
		t.Fatalf("the victim ended by itself: %v after %d writes", err, writes)
	}
	return writes
}

// check compares an execution with what was acknowledged of it.
func check(t *testing.T, db *DB, id ledger.ExecutionID, a acked) {
	t.Helper()
	e, err := db.ExecutionByID(t.Context(), id)
	if err != nil {
		t.Errorf("execution %d was acknowledged: %v", id, err)
		return
	}
	if e.ARN != a.arn || e.Events < int64(a.events) {
		t.Errorf("execution %d: %s with %d events, acknowledged %s with %d", id, e.ARN, e.Events, a.arn, a.events)
	}
	if e.Status == interp.Running {
		l, err := db.Load(t.Context(), id)
		if err != nil {
			t.Errorf("load execution %d: %v", id, err)
		} else if l.Revision < a.rev || int64(l.Exec.Next.Event-1) != e.Events {
			t.Errorf("execution %d is at revision %d with next event %d, acknowledged %d, history of %d",
				id, l.Revision, l.Exec.Next.Event, a.rev, e.Events)
		}
	}
	events, err := db.History(t.Context(), id, ledger.HistoryQuery{})
	if err != nil {
		t.Errorf("history of execution %d: %v", id, err)
	}
	for i, ev := range events {
		last := i == len(events)-1
		if ev.ID != history.ID(i+1) || (ev.Type == "ExecutionStarted") != (i == 0) || (ev.Type == "ExecutionSucceeded") != (last && e.Status == interp.Succeeded) {
			t.Errorf("execution %d (%s): event %d of %d is %d %s", id, e.Status, i+1, len(events), ev.ID, ev.Type)
			return
		}
	}
}
