package runner_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// everything waits for integrations, timers, retries and branches.
const everything = `{"StartAt":"A","TimeoutSeconds":1000,"States":{
	"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","ResultPath":"$.a","Next":"W"},
	"W":{"Type":"Wait","Seconds":3,"Next":"P"},
	"P":{"Type":"Parallel","ResultPath":"$.p","Next":"M","Branches":[
		{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call",
			"Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":2,"MaxAttempts":5}],"End":true}}},
		{"StartAt":"C","States":{"C":{"Type":"Wait","Seconds":1,"Next":"D"},
			"D":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","TimeoutSeconds":60,"End":true}}}]},
	"M":{"Type":"Map","ItemsPath":"$.p","ResultPath":"$.m","MaxConcurrency":1,"End":true,"ItemProcessor":{"StartAt":"E","States":{
		"E":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","End":true}}}}}}`

// TestCrashAfterAnyWrite stops telling anybody about writes after the n-th one, which is
// what a crash looks like from inside: it is stored, and nothing of what it says was done.
// However it falls, the execution goes on after the restart and comes to the same end.
func TestCrashAfterAnyWrite(t *testing.T) {
	for n := 1; n <= 14; n++ {
		t.Run(fmt.Sprint("write ", n), func(t *testing.T) {
			registry := calls(func(_ context.Context, r task.Request) task.Reply {
				if r.State == "B" && r.Attempt == 0 {
					return task.Fail("Again", "")
				}
				if r.State == "D" {
					time.Sleep(100 * time.Millisecond) // virtual: slow enough to be shown as started
				}
				return task.Result(value.String(r.State))
			})
			bubble(t, runner.Config{Registry: registry}, func(t *testing.T, s *shop) {
				s.store.mu.Lock()
				s.store.deaf = n
				s.store.mu.Unlock()
				x := s.start(everything)
				time.Sleep(30 * time.Second) // virtual
				if now, err := s.store.Execution(t.Context(), x.ARN); err != nil || n < 10 && now.Status != interp.Running {
					t.Fatalf("after the crash it is %s (%v)", now.Status, err)
				}
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

// wantWhole checks that a history has one start, one end, no gap, and an order in time.
func (s *shop) wantWhole(x, now ledger.Execution) {
	s.t.Helper()
	events, err := s.store.History(context.Background(), x.ID, ledger.HistoryQuery{})
	if err != nil {
		s.t.Fatal(err)
	}
	if int64(len(events)) != now.Events {
		s.t.Errorf("%d events, the execution says %d", len(events), now.Events)
	}
	started := map[history.ID]bool{}
	for i, e := range events {
		if e.ID != history.ID(i+1) || i > 0 && e.At.Before(events[i-1].At) {
			s.t.Errorf("event %d is %d at %v, after %v", i+1, e.ID, e.At, events[max(0, i-1)].At)
		}
		if last := i == len(events)-1; last != (e.Type == history.ExecutionSucceeded) || (i == 0) != (e.Type == history.ExecutionStarted) {
			s.t.Errorf("event %d is %s", e.ID, e.Type)
		}
		if e.Type == history.TaskStarted {
			if started[e.Previous] {
				s.t.Errorf("event %d started a second time", e.Previous)
			}
			started[e.Previous] = true
		}
	}
}
