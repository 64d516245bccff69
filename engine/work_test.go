package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/interp"
)

// activity makes an activity and a machine with one task for it.
func (h *house) activity(name, fields string) (activityARN, machineARN string) {
	h.t.Helper()
	a, err := h.CreateActivity(context.Background(), engine.CreateActivity{Name: name})
	if err != nil {
		h.t.Fatal(err)
	}
	return a.ARN, h.machine("with-"+name, `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+a.ARN+`"`+fields+`,"End":true}}}`)
}

func TestWorker(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		a, m := h.activity("pack", "")
		polled := make(chan *engine.ActivityTask)
		go func() {
			w, err := h.ActivityTask(context.Background(), a, "worker 1")
			if err != nil {
				t.Error(err)
			}
			polled <- w
		}()
		time.Sleep(10 * time.Second) // virtual: it waits
		arn := h.start(m, `{"n":1}`)
		w := <-polled
		if w == nil || w.Input != `{"n":1}` {
			t.Fatalf("handed out: %+v", w)
		}
		if types := h.types(arn); types[len(types)-1] != history.ActivityStarted {
			t.Errorf("when the worker has it the last event is %s", types[len(types)-1])
		}
		h.restart() // the token lives through it, and nobody else gets the task
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if again, err := h.ActivityTask(short, a, "worker 2"); again != nil || err != nil {
			t.Errorf("the task was handed out twice: %+v, %v", again, err)
		}
		_ = wantCode(t, h.TaskSucceeded(t.Context(), w.Token, `{"a":`), "InvalidOutput")
		_ = wantCode(t, h.TaskSucceeded(t.Context(), w.Token, `"`+strings.Repeat("x", 262143)+`"`), "InvalidOutput")
		_ = wantCode(t, h.TaskSucceeded(t.Context(), "AAAA", `{}`), "InvalidToken")
		_ = wantCode(t, h.TaskSucceeded(t.Context(), strings.Repeat("t", 1000000), `{}`), "InvalidToken")
		_ = wantCode(t, h.TaskFailed(t.Context(), w.Token, strings.Repeat("e", 257), ""), "ValidationException")
		if err := h.TaskSucceeded(t.Context(), w.Token, `{"packed":true}`); err != nil {
			t.Fatal(err)
		}
		wantOutput(t, h.wait(arn), `{"packed":true}`)
		_ = wantCode(t, h.TaskSucceeded(t.Context(), w.Token, `{}`), "TaskTimedOut")
		_ = wantCode(t, h.TaskHeartbeat(t.Context(), w.Token), "TaskTimedOut")
	})
}

func TestWorkerFailsAndHeartbeats(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		a, m := h.activity("pack", `,"HeartbeatSeconds":10,"TimeoutSeconds":100`)
		silent, lively, failing := h.start(m, `1`), h.start(m, `2`), h.start(m, `3`)
		var tokens []string
		for range 3 {
			w, err := h.ActivityTask(t.Context(), a, "")
			if err != nil || w == nil {
				t.Fatal(w, err)
			}
			tokens = append(tokens, w.Token)
		}
		if err := h.TaskFailed(t.Context(), tokens[2], "Broken", "it broke"); err != nil {
			t.Fatal(err)
		}
		x := h.wait(failing)
		wantStatus(t, x, interp.Failed)
		if text(x.Error) != "Broken" || text(x.Cause) != "it broke" {
			t.Errorf("%s: %s", text(x.Error), text(x.Cause))
		}
		for range 12 {
			time.Sleep(8 * time.Second) // virtual
			if err := h.TaskHeartbeat(t.Context(), tokens[1]); err != nil {
				t.Fatal(err)
			}
		}
		gone := h.execution(silent)
		wantStatus(t, gone, interp.Failed)
		if took := gone.Stopped.Sub(gone.Started); took < 10*time.Second || took > 11*time.Second {
			t.Errorf("the silent one ended after %s, want 10 s", took)
		}
		wantStatus(t, h.execution(lively), interp.Running)
		late := h.wait(lively)
		if took := late.Stopped.Sub(late.Started); took < 100*time.Second || took > 101*time.Second {
			t.Errorf("the lively one ended after %s, want 100 s", took)
		}
	})
}

func TestWorkersShareTheWork(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		a, m := h.activity("pack", "")
		const workers, tasks = 8, 40
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]int{}
		for i := range workers {
			wg.Go(func() {
				for {
					w, err := h.ActivityTask(ctx, a, fmt.Sprint("worker ", i))
					if err != nil {
						t.Error(err)
						return
					}
					if w == nil {
						return
					}
					mu.Lock()
					seen[w.Token]++
					mu.Unlock()
					if err := h.TaskSucceeded(context.Background(), w.Token, w.Input); err != nil {
						t.Error(err)
					}
				}
			})
		}
		var arns []string
		for i := range tasks {
			arns = append(arns, h.start(m, fmt.Sprint(i)))
		}
		for i, arn := range arns {
			wantOutput(t, h.wait(arn), fmt.Sprint(i))
		}
		stop()
		wg.Wait()
		if len(seen) != tasks {
			t.Errorf("%d tasks were handed out, want %d", len(seen), tasks)
		}
		for token, n := range seen {
			if n != 1 {
				t.Errorf("%s was handed out %d times", token, n)
			}
		}
	})
}

func TestActivities(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		a, err := h.CreateActivity(t.Context(), engine.CreateActivity{Name: "one"})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // virtual
		same, err := h.CreateActivity(t.Context(), engine.CreateActivity{Name: "one"})
		if err != nil || same != a {
			t.Errorf("the same again is %+v (%v), want %+v", same, err, a)
		}
		_, err = h.CreateActivity(t.Context(), engine.CreateActivity{Name: "a b"})
		_ = wantCode(t, err, "InvalidName")
		if err := h.DeleteActivity(t.Context(), a.ARN); err != nil {
			t.Fatal(err)
		}
		if err := h.DeleteActivity(t.Context(), a.ARN); err != nil {
			t.Errorf("deleting again: %v", err)
		}
		_, err = h.ActivityTask(t.Context(), a.ARN, "")
		_ = wantCode(t, err, "ActivityDoesNotExist")
	})
}

func TestNested(t *testing.T) {
	const parent = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution%s",
		"Parameters":{"StateMachineArn.$":"$.m","Input.$":"$.in"},"End":true}}}`
	bubble(t, nil, func(t *testing.T, h *house) {
		quick := h.machine("quick", `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"got.$":"$"},"End":true}}}`)
		slow := h.machine("slow", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":60,"Next":"B"},"B":{"Type":"Fail","Error":"Boom","Cause":"bang"}}}`)
		sync, sync2 := h.machine("sync", fmt.Sprintf(parent, ".sync")), h.machine("sync2", fmt.Sprintf(parent, ".sync:2"))
		plain := h.machine("plain", fmt.Sprintf(parent, ""))
		input := func(m string) string {
			return `{"m":"` + m + `","in":{"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID":"x"}}`
		}

		x := h.wait(h.start(sync2, input(quick)))
		wantStatus(t, x, interp.Succeeded)
		if got, want := x.Output.Get("Output").JSON(), `{"got":{"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID":"x"}}`; got != want {
			t.Errorf(".sync:2 Output is %s, want %s", got, want)
		}
		if got := h.types(x.ARN); fmt.Sprint(got[2:6]) != "[TaskScheduled TaskStarted TaskSubmitted TaskSucceeded]" {
			t.Errorf("events are %v", got)
		}
		x = h.wait(h.start(sync, input(quick)))
		if got, want := x.Output.Get("Output").Text(), `{"got":{"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID":"x"}}`; got != want {
			t.Errorf(".sync Output is %s, want %s", got, want)
		}
		x = h.wait(h.start(plain, input(slow)))
		wantStatus(t, x, interp.Succeeded)
		child := x.Output.Get("ExecutionArn").Text()
		wantStatus(t, h.execution(child), interp.Running)

		waiting := h.start(sync, input(slow))
		synctest.Wait()
		h.restart()
		x = h.wait(waiting)
		wantStatus(t, x, interp.Failed)
		if text(x.Error) != "States.TaskFailed" || !strings.Contains(text(x.Cause), `"Error":"Boom"`) || !strings.Contains(text(x.Cause), `"Status":"FAILED"`) {
			t.Errorf("%s: %s", text(x.Error), text(x.Cause))
		}

		x = h.wait(h.start(plain, input(slow+"x")))
		wantStatus(t, x, interp.Failed)
		if text(x.Error) != "StepFunctions.StateMachineDoesNotExistException" || !strings.HasPrefix(text(x.Cause), "State Machine Does Not Exist: '"+slow+"x' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist;") {
			t.Errorf("%s: %s", text(x.Error), text(x.Cause))
		}
	})
}

func TestStoppingTheParentStopsTheChild(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		slow := h.machine("slow", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1000,"End":true}}}`)
		outer := h.machine("outer", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
			"Parameters":{"StateMachineArn":"`+slow+`","Name":"the-child"},"End":true}}}`)
		arn := h.start(outer, `{}`)
		synctest.Wait()
		child := h.Names().Execution("slow", "the-child")
		wantStatus(t, h.execution(child), interp.Running)
		h.restart() // what belongs to what is not only in memory
		if _, err := h.StopExecution(t.Context(), arn, nil, nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantStatus(t, h.execution(child), interp.Aborted)
	})
}

func TestCallback(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		a, m := h.activity("told", "")
		outer := h.machine("outer", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.waitForTaskToken",
			"Parameters":{"StateMachineArn":"`+m+`","Input":{"token.$":"$$.Task.Token"}},"End":true}}}`)
		arn := h.start(outer, `{}`)
		w, err := h.ActivityTask(t.Context(), a, "")
		if err != nil || w == nil {
			t.Fatal(w, err)
		}
		token := parse(t, w.Input).Get("token").Text()
		if err := h.TaskSucceeded(t.Context(), token, `"called back"`); err != nil {
			t.Fatal(err)
		}
		wantOutput(t, h.wait(arn), `"called back"`)
	})
}

func TestTenThousandWaiting(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := h.machine("sleep", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}`)
		h.start(m, `{}`)
		synctest.Wait()
		before := goroutines()
		const n = 10000
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				for range n / 50 {
					h.start(m, `{}`)
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		if after := goroutines(); after > before+2 {
			t.Errorf("%d executions wait in %d goroutines, one in %d", n, after, before)
		}
		if s := h.Stats(); s.Hot > 4096 || s.Timers > 0 {
			t.Errorf("in memory: %d executions, %d timers", s.Hot, s.Timers)
		}
		time.Sleep(time.Hour + time.Minute) // virtual
		synctest.Wait()
		count, err := h.CountExecutions(t.Context(), m)
		if err != nil || count[interp.Succeeded] != n+1 {
			t.Errorf("after an hour: %v, %v", count, err)
		}
	})
}
