package runner_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// TestExpressCrash loses everything that Express executions remember, at various times, and
// starts again: what was done is done again from the last write on, and the history is whole.
func TestExpressCrash(t *testing.T) {
	for _, at := range []time.Duration{0, 50 * time.Millisecond, 1500 * time.Millisecond, 2500 * time.Millisecond, 5 * time.Second} {
		t.Run(fmt.Sprint("after ", at), func(t *testing.T) {
			registry := calls(func(_ context.Context, r task.Request) task.Reply {
				time.Sleep(30 * time.Millisecond) // virtual: slow enough to be shown as started
				return task.Result(value.String(r.State))
			})
			bubble(t, runner.Config{Registry: registry}, func(t *testing.T, s *shop) {
				s.express = true
				x := s.start(everything)
				time.Sleep(at)
				s.store.spoil(func(ledger.Advance) error { return ledger.ErrUnavailable }, nil)
				s.close()
				s.open()
				got := s.wait(x)
				const want = `{"a":"A","p":["B","D"],"m":["E","E"]}`
				if got.Status != interp.Succeeded || got.Output.JSON() != want {
					t.Fatalf("it ended %s with %s, want %s", got.Status, got.Output.JSON(), want)
				}
				s.wantWhole(x, got)
			})
		})
	}
}

// TestExpressWritesThatFailAreTriedAgain has the storage full for a while.
func TestExpressWritesThatFailAreTriedAgain(t *testing.T) {
	registry := calls(func(_ context.Context, r task.Request) task.Reply { return task.Result(value.String(r.State)) })
	bubble(t, runner.Config{Registry: registry}, func(t *testing.T, s *shop) {
		s.express = true
		var failed atomic.Int64
		s.store.spoil(func(ledger.Advance) error {
			if failed.Add(1) <= 3 {
				return ledger.ErrUnavailable
			}
			return nil
		}, nil)
		x := s.start(everything)
		got := s.wait(x)
		if got.Status != interp.Succeeded || failed.Load() < 4 {
			t.Fatalf("it ended %s after %d writes", got.Status, failed.Load())
		}
		s.wantWhole(x, got)
	})
}

// TestEndlessExpressEnds runs into the limit of events, also where nothing is written
// before the end.
func TestEndlessExpressEnds(t *testing.T) {
	const loop = `{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"B"}],"Default":"A"},"B":{"Type":"Succeed"}}}`
	bubble(t, runner.Config{}, func(t *testing.T, s *shop) {
		s.express = true
		first := s.start(loop) // and makes the machine
		var wg sync.WaitGroup
		wg.Go(func() {
			x := first
			x.ARN += "-sync"
			got, err := s.r.RunSync(context.Background(), runner.Birth{Execution: x, Definition: loop})
			if err != nil || got.Status != interp.Failed || got.Cause == nil || !strings.Contains(*got.Cause, "25000") {
				t.Errorf("an endless loop is %s: %v", got.Status, err)
			}
		})
		wg.Wait()
		if got := s.wait(first); got.Status != interp.Failed {
			t.Errorf("an endless loop is %s", got.Status)
		}
	})
}
