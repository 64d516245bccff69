package runner_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

func TestWritesThatFailAreTriedAgain(t *testing.T) {
	var n atomic.Int64
	registry := calls(func(context.Context, task.Request) task.Reply { return task.Result(value.Int(n.Add(1))) })
	bubble(t, runner.Config{Registry: registry}, func(t *testing.T, s *shop) {
		failing := 0
		s.store.spoil(func(ledger.Advance) error {
			failing++
			switch failing % 3 {
			case 1:
				return ledger.ErrUnavailable
			case 2:
				return ledger.ErrStale
			}
			return nil
		}, nil)
		for _, definition := range []string{wait10, tasks3} {
			if got := s.wait(s.start(definition)); got.Status != interp.Succeeded {
				t.Errorf("%s ended %s (%v)", got.ARN, got.Status, got.Cause)
			}
		}
		if n.Load() != 3 {
			t.Errorf("three tasks ran %d times", n.Load())
		}
	})
}

func TestCallersHearOfAWriteThatFailed(t *testing.T) {
	bubble(t, runner.Config{}, func(t *testing.T, s *shop) {
		x := s.start(wait10)
		s.store.spoil(func(ledger.Advance) error { return ledger.ErrUnavailable }, nil)
		err := s.r.Give(t.Context(), runner.Answer{Execution: x.ID, Input: interp.Stop{}})
		if !errors.Is(err, ledger.ErrUnavailable) {
			t.Errorf("Give: %v", err)
		}
		if now, err := s.store.Execution(t.Context(), x.ARN); err != nil || now.Status != interp.Running {
			t.Errorf("it is %s, %v", now.Status, err)
		}
		s.store.spoil(nil, nil)
		if err := s.r.Give(t.Context(), runner.Answer{Execution: x.ID, Input: interp.Stop{}}); err != nil {
			t.Errorf("Give, again: %v", err)
		}
		if err := s.r.Give(t.Context(), runner.Answer{Execution: x.ID, Input: interp.Stop{}}); !errors.Is(err, runner.ErrLate) {
			t.Errorf("Give, when it is over: %v", err)
		}
		if err := s.r.Give(t.Context(), runner.Answer{Execution: 12345, Input: interp.Stop{}}); !errors.Is(err, runner.ErrLate) {
			t.Errorf("Give to nobody: %v", err)
		}
	})
}

func TestPanicsFailTheExecutionOnly(t *testing.T) {
	bubble(t, runner.Config{}, func(t *testing.T, s *shop) {
		bad, good := s.start(wait10), s.start(wait10)
		s.close()
		s.open()
		s.store.spoil(nil, func(l *ledger.Loaded) {
			if l.Execution.ARN == bad.ARN {
				l.Exec.Scopes[interp.RootScope].State = "nowhere"
			}
		})
		got := s.wait(bad)
		if got.Status != interp.Failed || got.Error == nil || *got.Error != "States.Runtime" {
			t.Fatalf("it ended %s, %v", got.Status, got.Error)
		}
		if n := strings.Count(s.log.String(), "the interpreter panicked"); n != 3 {
			t.Errorf("it panicked %d times, want 3", n)
		}
		_, id, _ := strings.Cut(*got.Cause, "(")
		if id = strings.TrimSuffix(id, ")"); id == "" || !strings.Contains(s.log.String(), "id="+id) {
			t.Errorf("the log has no %q of %q", id, *got.Cause)
		}
		events, err := s.store.History(t.Context(), bad.ID, ledger.HistoryQuery{})
		if last := events[len(events)-1]; err != nil || last.Type != "ExecutionFailed" || int(last.ID) != len(events) {
			t.Errorf("the last event is %+v (%v)", last, err)
		}
		if got := s.wait(good); got.Status != interp.Succeeded {
			t.Errorf("its neighbour ended %s", got.Status)
		}
	})
}

func TestLittleMemoryIsEnough(t *testing.T) {
	bubble(t, runner.Config{Hot: 1, Shards: 1}, func(t *testing.T, s *shop) {
		var all []ledger.Execution
		for range 20 {
			all = append(all, s.start(wait10))
		}
		synctest.Wait()
		if hot := s.r.Stats().Hot; hot > 1 {
			t.Errorf("%d executions are in memory, want 1", hot)
		}
		for _, x := range all {
			if got := s.wait(x); got.Status != interp.Succeeded || got.Stopped.Sub(x.Started) > 21*time.Second {
				t.Errorf("%s ended %s after %s", x.ARN, got.Status, got.Stopped.Sub(x.Started))
			}
		}
	})
}

func TestLargePayloadsDoNotFillTheMemory(t *testing.T) {
	bubble(t, runner.Config{Shards: 1}, func(t *testing.T, s *shop) {
		big := value.String(strings.Repeat("x", 200<<10)).JSON()
		definition := `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":` + big + `,"Next":"A"},"A":{"Type":"Wait","Seconds":10,"End":true}}}`
		all := s.startMany(340, definition)
		synctest.Wait()
		if hot := s.r.Stats().Hot; hot < 100 || hot > 330 {
			t.Errorf("%d executions of 200 KiB are in memory, want about 300", hot)
		}
		for _, x := range all {
			if got := s.wait(x); got.Status != interp.Succeeded {
				t.Errorf("%s ended %s", x.ARN, got.Status)
			}
		}
	})
}

func TestIntegrationsTakeTurns(t *testing.T) {
	var now, most atomic.Int64
	registry := calls(func(context.Context, task.Request) task.Reply {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(time.Second) // virtual
		now.Add(-1)
		return task.Result(value.Nil)
	})
	bubble(t, runner.Config{Registry: registry, Workers: 2}, func(t *testing.T, s *shop) {
		began := time.Now()
		var all []ledger.Execution
		for range 6 {
			all = append(all, s.start(tasks3))
		}
		for _, x := range all {
			s.wait(x)
		}
		if took := time.Since(began); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("18 tasks of a second, two at a time, took %s", took)
		}
		if most.Load() != 2 {
			t.Errorf("%d at a time, want 2", most.Load())
		}
	})
}

func TestStoppingLetsIntegrationsFinish(t *testing.T) {
	var calls1 atomic.Int64
	registry := calls(func(ctx context.Context, r task.Request) task.Reply {
		n := calls1.Add(1)
		if n == 2 { // hangs: the server is stopped before it answers
			<-ctx.Done()
			return task.Fail("Cancelled", ctx.Err().Error())
		}
		time.Sleep(3 * time.Second) // virtual
		return task.Result(value.Int(n))
	})
	bubble(t, runner.Config{Registry: registry}, func(t *testing.T, s *shop) {
		x := s.start(tasks3)
		time.Sleep(time.Second) // virtual
		began := time.Now()
		s.close() // the first call ends within the grace
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("stopping took %s", took)
		}
		s.open()
		time.Sleep(time.Second) // virtual: the second call hangs
		began = time.Now()
		s.close()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("stopping took %s", took)
		}
		s.open()
		got := s.wait(x)
		if got.Status != interp.Succeeded || got.Output.JSON() != "4" {
			t.Errorf("it ended %s with %s", got.Status, got.Output.JSON())
		}
		if calls1.Load() != 4 {
			t.Errorf("%d calls, want 4: the one that hung was made again", calls1.Load())
		}
	})
}

func TestManyTimersAtOnce(t *testing.T) {
	bubble(t, runner.Config{}, func(t *testing.T, s *shop) {
		const n = 1000
		due := time.Now().Add(5 * time.Minute)
		definition := fmt.Sprintf(`{"StartAt":"A","States":{"A":{"Type":"Wait","Timestamp":%q,"End":true}}}`, due.UTC().Format(time.RFC3339))
		s.startMany(n, definition)
		s.close()
		s.open()
		time.Sleep(time.Until(due) - time.Millisecond) // virtual
		synctest.Wait()
		count, err := s.store.CountExecutions(t.Context(), "")
		if err != nil || count[interp.Running] != n {
			t.Errorf("a moment before: %v, %v", count, err)
		}
		time.Sleep(time.Second) // virtual
		synctest.Wait()
		count, err = s.store.CountExecutions(t.Context(), "")
		if err != nil || count[interp.Succeeded] != n {
			t.Errorf("a moment after: %v, %v", count, err)
		}
	})
}
