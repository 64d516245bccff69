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

// expressMachine publishes a definition as an EXPRESS machine.
func (h *house) expressMachine(name, definition string) string {
	h.t.Helper()
	m, err := h.CreateStateMachine(context.Background(), engine.CreateStateMachine{Name: name, Definition: definition, Type: engine.Express})
	if err != nil {
		h.t.Fatal(err)
	}
	return m.ARN
}

func (h *house) sync(machineARN, input string) ledger.Execution {
	h.t.Helper()
	x, err := h.StartSyncExecution(context.Background(), engine.StartExecution{MachineARN: machineARN, Input: &input})
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// stepping is an integration that answers with the name of its state, and fails first in B.
func stepping(calls *atomic.Int64) func(*task.Registry) {
	return func(g *task.Registry) {
		g.Register("aws-sdk:step", "call", []string{""}, task.Func(func(_ context.Context, r task.Request) task.Reply {
			calls.Add(1)
			if r.State == "B" && r.Attempt == 0 {
				return task.Fail("Again", "")
			}
			return task.Result(value.String(r.State))
		}))
	}
}

const threeSteps = `{"StartAt":"A","States":{
	"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:step:call","ResultPath":"$.a","Next":"B"},
	"B":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:step:call","ResultPath":"$.b","Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":1}],"Next":"M"},
	"M":{"Type":"Map","ItemsPath":"$.items","ResultPath":"$.m","End":true,"ItemProcessor":{"StartAt":"C","States":{
		"C":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:step:call","End":true}}}}}}`

func TestExpressIsWrittenTwice(t *testing.T) {
	var calls atomic.Int64
	bubble(t, stepping(&calls), func(t *testing.T, h *house) {
		m := h.expressMachine("M", threeSteps)
		before := h.Stats().Writes
		x := h.wait(h.start(m, `{"items":[1,2,3]}`))
		wantOutput(t, x, `{"items":[1,2,3],"a":"A","b":"B","m":["C","C","C"]}`)
		if n := h.Stats().Writes - before; n != 2 {
			t.Errorf("%d writes, want one for the start and one for the rest", n)
		}
		if !strings.Contains(x.ARN, ":express:M:"+x.Name+":") {
			t.Errorf("its name is %s", x.ARN)
		}
		if types := h.types(x.ARN); len(types) == 0 || int64(len(types)) != x.Events || types[len(types)-1] != history.ExecutionSucceeded {
			t.Errorf("events are %v", types)
		}
		again, err := h.StartExecution(context.Background(), engine.StartExecution{MachineARN: m, Name: x.Name, Input: new(`{"items":[]}`)})
		if err != nil || again.ARN == x.ARN {
			t.Errorf("the same name again is %s: %v", again.ARN, err)
		}
	})
}

func TestSyncExpress(t *testing.T) {
	var calls atomic.Int64
	bubble(t, stepping(&calls), func(t *testing.T, h *house) {
		m := h.expressMachine("M", threeSteps)
		before := h.Stats().Writes
		x := h.sync(m, `{"items":[1,2]}`)
		wantOutput(t, x, `{"items":[1,2],"a":"A","b":"B","m":["C","C"]}`)
		if n := h.Stats().Writes - before; n != 1 {
			t.Errorf("%d writes, want 1", n)
		}
		if took := x.Stopped.Sub(x.Started); took < time.Second || took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
		if got := h.execution(x.ARN); got.Status != interp.Succeeded || got.Output.JSON() != x.Output.JSON() || got.ID <= 0 {
			t.Errorf("what is kept of it: %+v", got)
		}
		if types := h.types(x.ARN); types[0] != history.ExecutionStarted || types[len(types)-1] != history.ExecutionSucceeded {
			t.Errorf("events are %v", types)
		}
		failing := h.expressMachine("F", `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}`)
		if x := h.sync(failing, `{}`); x.Status != interp.Failed || text(x.Error) != "E" || text(x.Cause) != "C" {
			t.Errorf("%s %s %s", x.Status, text(x.Error), text(x.Cause))
		}
		standard := h.machine("S", `{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`)
		_, err := h.StartSyncExecution(context.Background(), engine.StartExecution{MachineARN: standard})
		_ = wantCode(t, err, "StateMachineTypeNotSupported")
	})
}

// A server that stops ends the contexts of requests; so does a client that goes away.
func TestASynchronousExecutionWhoseCallerLeavesGoesOn(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		run := func(name string, seconds int) (ledger.Execution, error) {
			m := h.expressMachine(name, fmt.Sprintf(`{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":%d,"End":true}}}`, seconds))
			ctx, leave := context.WithTimeout(t.Context(), time.Second)
			defer leave()
			return h.StartSyncExecution(ctx, engine.StartExecution{Name: name, MachineARN: m})
		}
		soon, err := run("soon", 5)
		if err != nil {
			t.Fatalf("one that ends within the grace time: %v", err)
		}
		wantStatus(t, soon, interp.Succeeded)
		_, err = run("later", 60)
		_ = wantCode(t, err, engine.ServiceUnavailable)
		time.Sleep(time.Minute) // virtual
		synctest.Wait()
		list, _, err := h.Executions(t.Context(), ledger.ExecutionQuery{MachineARN: h.Names().Machine("later")})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d executions are kept, %v", len(list), err)
		}
		wantStatus(t, list[0], interp.Succeeded)
	})
}

func TestExpressEndsAfterFiveMinutes(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.expressMachine("M", `{"StartAt":"W","TimeoutSeconds":3600,"States":{"W":{"Type":"Wait","Seconds":1000,"End":true}}}`)
		for name, run := range map[string]func() ledger.Execution{
			"sync":  func() ledger.Execution { return h.sync(m, `{}`) },
			"async": func() ledger.Execution { return h.wait(h.start(m, `{}`)) },
			"async, with a restart": func() ledger.Execution {
				arn := h.start(m, `{}`)
				time.Sleep(100 * time.Second)
				h.restart()
				return h.wait(arn)
			},
		} {
			x := run()
			if took := x.Stopped.Sub(x.Started); x.Status != interp.TimedOut || text(x.Error) != "States.Timeout" || took < 5*time.Minute || took > 301*time.Second {
				t.Errorf("%s: %s %s after %s", name, x.Status, text(x.Error), took)
			}
		}
		short := h.expressMachine("S", `{"StartAt":"W","TimeoutSeconds":10,"States":{"W":{"Type":"Wait","Seconds":1000,"End":true}}}`)
		if x := h.sync(short, `{}`); x.Status != interp.TimedOut || x.Stopped.Sub(x.Started) > 11*time.Second {
			t.Errorf("a shorter limit: %s after %s", x.Status, x.Stopped.Sub(x.Started))
		}
	})
}

func TestExpressGoesOnAfterARestart(t *testing.T) {
	var calls atomic.Int64
	bubble(t, stepping(&calls), func(t *testing.T, h *house) {
		m := h.expressMachine("M", `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:step:call","ResultPath":"$.a","Next":"W"},
			"W":{"Type":"Wait","Seconds":60,"Next":"C"},
			"C":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:step:call","ResultPath":"$.c","End":true}}}`)
		arn := h.start(m, `{}`)
		time.Sleep(30 * time.Second)
		if got := h.types(arn); got[len(got)-1] != history.WaitStateEntered {
			t.Errorf("who waits is written: events are %v", got)
		}
		h.restart()
		wantOutput(t, h.wait(arn), `{"a":"A","c":"C"}`)
		if calls.Load() != 2 {
			t.Errorf("%d calls, want 2", calls.Load())
		}
	})
}

func TestExpressHistoryCanBeForgotten(t *testing.T) {
	var calls atomic.Int64
	bubble(t, stepping(&calls), func(t *testing.T, h *house) {
		h.forget = true
		h.restart()
		m := h.expressMachine("M", threeSteps)
		x := h.wait(h.start(m, `{"items":[1]}`))
		wantStatus(t, x, interp.Succeeded)
		if types := h.types(x.ARN); len(types) != 0 || x.Events != 0 {
			t.Errorf("%d events: %v", x.Events, types)
		}
		before := h.Stats().Writes
		wantStatus(t, h.sync(m, `{"items":[1]}`), interp.Succeeded)
		if n := h.Stats().Writes - before; n != 0 {
			t.Errorf("%d writes of a synchronous one, want none", n)
		}
	})
}

func TestManyExpressRunAtOnce(t *testing.T) {
	var calls atomic.Int64
	bubble(t, stepping(&calls), func(t *testing.T, h *house) {
		m := h.expressMachine("M", threeSteps)
		done := make(chan string, 200)
		for i := range 200 {
			go func() {
				if i%2 == 0 {
					done <- h.sync(m, `{"items":[1,2]}`).Output.JSON()
					return
				}
				x, err := h.StartExecution(context.Background(), engine.StartExecution{MachineARN: m, Input: new(`{"items":[1,2]}`)})
				if err != nil {
					done <- err.Error()
					return
				}
				done <- h.wait(x.ARN).Output.JSON()
			}()
		}
		var got []string
		for range 200 {
			got = append(got, <-done)
		}
		if got = slices.Compact(got); len(got) != 1 || got[0] != `{"items":[1,2],"a":"A","b":"B","m":["C","C"]}` {
			t.Errorf("outputs are %v", got)
		}
		if n := h.Stats().Hot; n > 200 {
			t.Errorf("%d executions are in memory", n)
		}
	})
}
