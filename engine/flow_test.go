package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

func TestPass(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("hello", `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"hello":"world"},"End":true}}}`)
		arn := h.start(m, `{}`)
		wantOutput(t, h.wait(arn), `{"hello":"world"}`)
		want := []history.Type{history.ExecutionStarted, history.PassStateEntered, history.PassStateExited, history.ExecutionSucceeded}
		if got := h.types(arn); !slices.Equal(got, want) {
			t.Errorf("events are %v, want %v", got, want)
		}
	})
}

func TestAYearOfWaiting(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("sleep", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":31536000,"Next":"B"},"B":{"Type":"Succeed"}}}`)
		began := time.Now()
		arn := h.start(m, `{"n":1}`)
		wantOutput(t, h.wait(arn), `{"n":1}`)
		if took := time.Since(began); took < 365*24*time.Hour || took > 365*24*time.Hour+time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestWaitGoesOnAfterARestart(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("sleep", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":100,"End":true}}}`)
		began := time.Now()
		late, due := h.start(m, `1`), time.Now().Add(100*time.Second)
		h.restart()
		wantStatus(t, h.wait(late), interp.Succeeded)
		if now := time.Now(); now.Before(due) || now.Sub(due) > time.Second {
			t.Errorf("the wait ended %s after its start", now.Sub(began))
		}
		overdue := h.start(m, `2`)
		h.close()
		time.Sleep(time.Hour) // virtual: nobody is there when it is due
		h.open()
		wantStatus(t, h.wait(overdue), interp.Succeeded)
	})
}

func TestRetryAndCatch(t *testing.T) {
	var calls atomic.Int64
	flaky := func(g *task.Registry) {
		g.Register("aws-sdk:flaky", "call", []string{""}, task.Func(func(_ context.Context, r task.Request) task.Reply {
			if calls.Add(1) <= 2 {
				return task.Fail("Flaky", "not yet")
			}
			return task.Result(value.Object(value.Member{Key: "attempt", Value: value.Int(int64(r.Attempt))}))
		}))
		g.Register("aws-sdk:broken", "call", []string{""}, task.Func(func(context.Context, task.Request) task.Reply {
			panic("broken")
		}))
	}
	bubble(t, flaky, func(t *testing.T, h *house) {
		m := h.machine("retry", `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:flaky:call","ResultPath":"$.a",
				"Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":3,"BackoffRate":2,"MaxAttempts":3}],"Next":"B"},
			"B":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:broken:call",
				"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.b","Next":"D"}],"End":true},
			"D":{"Type":"Pass","Parameters":{"a.$":"$.a","error.$":"$.b.Error"},"End":true}}}`)
		began := time.Now()
		x := h.wait(h.start(m, `{}`))
		wantOutput(t, x, `{"a":{"attempt":2},"error":"States.TaskFailed"}`)
		if took := time.Since(began); took < 9*time.Second || took > 10*time.Second {
			t.Errorf("two retries took %s, want 3 s and 6 s", took)
		}
	})
}

func TestUnknownResourceSaysWhatThereIs(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("nowhere", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:nowhere:call","End":true}}}`)
		x := h.wait(h.start(m, `{}`))
		wantStatus(t, x, interp.Failed)
		if text(x.Error) != "States.Runtime" || !strings.Contains(text(x.Cause), "nowhere") || !strings.Contains(text(x.Cause), "human:createTask.sync") {
			t.Errorf("%s: %s", text(x.Error), text(x.Cause))
		}
	})
}

func TestSlowTaskIsShownAsStartedAndTimesOut(t *testing.T) {
	var cancelled atomic.Bool
	slow := func(g *task.Registry) {
		g.Register("aws-sdk:slow", "call", []string{""}, task.Func(func(ctx context.Context, _ task.Request) task.Reply {
			<-ctx.Done()
			cancelled.Store(true)
			return task.Fail("Cancelled", "")
		}))
	}
	bubble(t, slow, func(t *testing.T, h *house) {
		m := h.machine("slow", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:slow:call","TimeoutSeconds":7,"End":true}}}`)
		began := time.Now()
		arn := h.start(m, `{}`)
		time.Sleep(time.Second) // virtual
		if got := h.types(arn); got[len(got)-1] != history.TaskStarted {
			t.Errorf("after a second the last event is %s, want TaskStarted", got[len(got)-1])
		}
		x := h.wait(arn)
		wantStatus(t, x, interp.Failed)
		if text(x.Error) != "States.Timeout" {
			t.Errorf("error is %s", text(x.Error))
		}
		if took := time.Since(began); took < 7*time.Second || took > 8*time.Second {
			t.Errorf("it took %s, want 7 s", took)
		}
		synctest.Wait()
		if !cancelled.Load() {
			t.Error("the integration was not told to stop")
		}
	})
}

func TestStop(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("sleep", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1000,"End":true}}}`)
		arn := h.start(m, `{}`)
		name, cause := "Enough", "I changed my mind"
		at, err := h.StopExecution(t.Context(), arn, &name, &cause)
		if err != nil {
			t.Fatal(err)
		}
		x := h.execution(arn)
		wantStatus(t, x, interp.Aborted)
		if text(x.Error) != name || text(x.Cause) != cause || !x.Stopped.Equal(at) {
			t.Errorf("stopped with %q %q at %v, answered %v", text(x.Error), text(x.Cause), x.Stopped, at)
		}
		again, err := h.StopExecution(t.Context(), arn, nil, nil)
		if err != nil || !again.Equal(at) {
			t.Errorf("stopping again: %v, %v; want %v", again, err, at)
		}
		long := string(make([]byte, 300))
		_, err = h.StopExecution(t.Context(), arn, &long, nil)
		_ = wantCode(t, err, "ValidationException")
	})
}

func TestStartIsIdempotent(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("sleep", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":10,"End":true}}}`)
		begin := func(name, input string) (ledger.Execution, error) {
			return h.StartExecution(t.Context(), engine.StartExecution{MachineARN: m, Name: name, Input: &input})
		}
		first, err := begin("one", `{"a":1}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // virtual
		same, err := begin("one", `{ "a": 1 }`)
		if err != nil || same.ARN != first.ARN || !same.Started.Equal(first.Started) {
			t.Errorf("the same again is %s at %v (%v), want %s at %v", same.ARN, same.Started, err, first.ARN, first.Started)
		}
		_, err = begin("one", `{"a":2}`)
		_ = wantCode(t, err, "ExecutionAlreadyExists")
		h.wait(first.ARN)
		_, err = begin("one", `{"a":1}`)
		_ = wantCode(t, err, "ExecutionAlreadyExists")
	})
}

func TestBadStarts(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("hello", `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`)
		deep := fmt.Sprintf("%s%s", bytesOf('[', 20000), bytesOf(']', 20000))
		tests := []struct {
			name string
			s    engine.StartExecution
			code string
		}{
			{"input that is no JSON", engine.StartExecution{MachineARN: m, Input: new(`{a:1}`)}, "InvalidExecutionInput"},
			{"input that is too long", engine.StartExecution{MachineARN: m, Input: new(`"` + bytesOf('x', 262143) + `"`)}, "InvalidExecutionInput"},
			{"input that is too deep", engine.StartExecution{MachineARN: m, Input: &deep}, "InvalidExecutionInput"},
			{"a name with a slash", engine.StartExecution{MachineARN: m, Name: "a/b"}, "InvalidName"},
			{"a name of 81 characters", engine.StartExecution{MachineARN: m, Name: bytesOf('x', 81)}, "InvalidName"},
			{"no such machine", engine.StartExecution{MachineARN: m + "x"}, "StateMachineDoesNotExist"},
			{"an unknown version", engine.StartExecution{MachineARN: m + ":99"}, "StateMachineDoesNotExist"},
			{"an execution's name", engine.StartExecution{MachineARN: "arn:aws:states:us-east-1:1:execution:a:b"}, "InvalidArn"},
			{"no name at all", engine.StartExecution{}, "InvalidArn"},
			{"a long trace header", engine.StartExecution{MachineARN: m, TraceHeader: bytesOf('x', 257)}, "ValidationException"},
		}
		for _, tt := range tests {
			_, err := h.StartExecution(t.Context(), tt.s)
			t.Log(tt.name, "→", wantCode(t, err, tt.code).Message)
		}
	})
}

func bytesOf(c byte, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = c
	}
	return string(b)
}

func TestMachineTimeout(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("late", `{"StartAt":"A","TimeoutSeconds":5,"States":{"A":{"Type":"Wait","Seconds":10,"End":true}}}`)
		x := h.wait(h.start(m, `{}`))
		wantStatus(t, x, interp.TimedOut)
		if took := x.Stopped.Sub(x.Started); took < 5*time.Second || took > 6*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestMapAndParallelRunTogether(t *testing.T) {
	var most, now atomic.Int64
	busy := func(g *task.Registry) {
		g.Register("aws-sdk:busy", "call", []string{""}, task.Func(func(_ context.Context, r task.Request) task.Reply {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(10 * time.Second) // virtual
			now.Add(-1)
			return task.Result(r.Input)
		}))
	}
	bubble(t, busy, func(t *testing.T, h *house) {
		m := h.machine("fan", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":3,"End":true,"ItemProcessor":{"StartAt":"T","States":{
				"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:busy:call","End":true}}}}}},
			{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"End":true}}}]}}}`)
		began := time.Now()
		x := h.wait(h.start(m, `[1,2,3,4,5,6,7]`))
		wantOutput(t, x, `[[1,2,3,4,5,6,7],[1,2,3,4,5,6,7]]`)
		if took := time.Since(began); took < 30*time.Second || took > 31*time.Second {
			t.Errorf("seven items of 10 s, three at a time, took %s", took)
		}
		if most.Load() != 3 {
			t.Errorf("%d ran at a time, want 3", most.Load())
		}
	})
}

func TestEndlessLoopLeavesItsNeighboursAlone(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		loop := h.machine("loop", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.never","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`)
		hello := h.machine("hello", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":0,"Next":"B"},"B":{"Type":"Succeed"}}}`)
		looping := h.start(loop, `{}`)
		wantStatus(t, h.wait(h.start(hello, `{}`)), interp.Succeeded)
		h.restart() // it goes on where it was
		x := h.wait(looping)
		wantStatus(t, x, interp.Failed)
		if x.Events != 25000 {
			t.Errorf("it ended after %d events (%s)", x.Events, text(x.Cause))
		}
	})
}

func TestNothingEndsBeforeItBegan(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		time.Sleep(700 * time.Microsecond) // between two ticks of what history keeps
		x := h.wait(h.start(h.machine("pass", `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`), `{}`))
		if x.Stopped.Before(x.Started) {
			t.Errorf("started %s, stopped %s", x.Started, x.Stopped)
		}
	})
}
