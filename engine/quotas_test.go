package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/throttle"
)

const waitMinute = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`

func TestQuotasOfWhatIsMade(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.quotas = engine.Quotas{Machines: 2, Activities: 1, OpenExecutions: 2, Versions: 1, Aliases: 1, Tags: 2}
		h.restart()
		ctx := t.Context()
		a := h.machine("a", waitMinute)
		quick := h.expressMachine("quick", `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`)
		_, err := h.CreateStateMachine(ctx, engine.CreateStateMachine{Name: "c", Definition: waitMinute})
		_ = wantCode(t, err, "StateMachineLimitExceeded")
		h.machine("a", waitMinute) // it is there already
		if _, err := h.CreateActivity(ctx, engine.CreateActivity{Name: "one"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.CreateActivity(ctx, engine.CreateActivity{Name: "two"})
		_ = wantCode(t, err, "ActivityLimitExceeded")
		if _, err := h.CreateActivity(ctx, engine.CreateActivity{Name: "one"}); err != nil {
			t.Errorf("the same activity again: %v", err)
		}
		_ = wantCode(t, h.Tag(ctx, a, []ledger.Tag{{Key: "1"}, {Key: "2"}, {Key: "3"}}), "TooManyTags")

		v, err := h.PublishVersion(ctx, engine.PublishVersion{MachineARN: a})
		if err != nil {
			t.Fatal(err)
		}
		routes := []engine.Route{{VersionARN: v.VersionARN(), Weight: 100}}
		if _, err := h.CreateAlias(ctx, engine.CreateAlias{Name: "one", Routes: routes}); err != nil {
			t.Fatal(err)
		}
		_, err = h.CreateAlias(ctx, engine.CreateAlias{Name: "two", Routes: routes})
		_ = wantCode(t, err, "ServiceQuotaExceededException")

		first, second := h.start(a, `{}`), h.start(a, `{}`)
		_, err = h.StartExecution(ctx, engine.StartExecution{MachineARN: a})
		_ = wantCode(t, err, "ExecutionLimitExceeded")
		x := h.execution(first)
		if same, err := h.StartExecution(ctx, engine.StartExecution{MachineARN: a, Name: x.Name}); err != nil || same.ARN != first {
			t.Errorf("the same execution again is %s: %v", same.ARN, err)
		}
		h.wait(h.start(quick, `{}`)) // Express executions have no such quota
		if _, err := h.StopExecution(ctx, first, nil, nil); err != nil {
			t.Fatal(err)
		}
		third := h.start(a, `{}`)
		_, err = h.RedriveExecution(ctx, first, "")
		_ = wantCode(t, err, "ExecutionLimitExceeded")
		h.restart() // those that run are counted after a restart as well
		_, err = h.StartExecution(ctx, engine.StartExecution{MachineARN: a})
		_ = wantCode(t, err, "ExecutionLimitExceeded")
		h.wait(second)
		h.wait(third)
		h.start(a, `{}`)
	})
}

func TestQuotaOfWaitingWorkers(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.quotas = engine.Quotas{ActivityPollers: 3}
		h.restart()
		a, err := h.CreateActivity(t.Context(), engine.CreateActivity{Name: "work"})
		if err != nil {
			t.Fatal(err)
		}
		polls, leave := context.WithCancel(t.Context())
		answers := make(chan error, 3)
		for i := range 3 {
			go func() {
				_, err := h.ActivityTask(polls, a.ARN, fmt.Sprint("worker ", i))
				answers <- err
			}()
		}
		synctest.Wait()
		_, err = h.ActivityTask(t.Context(), a.ARN, "one too many")
		_ = wantCode(t, err, "ActivityWorkerLimitExceeded")
		leave()
		if err := errors.Join(<-answers, <-answers, <-answers); err != nil {
			t.Fatal(err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if got, err := h.ActivityTask(gone, a.ARN, "there is room again"); got != nil || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	})
}

// On AWS state transitions that come too fast are made later, and nobody is refused.
func TestStandardExecutionsAreHeldBackForTheirTransitions(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		th, err := throttle.New([]string{throttle.StateTransition}, throttle.Config{
			Rates: map[string]throttle.Rate{throttle.StateTransition: {Bucket: 10, Refill: 10}},
		})
		if err != nil {
			t.Fatal(err)
		}
		h.held = func(n int) time.Duration { return th.Spend(throttle.StateTransition, n) }
		h.restart()
		const waits = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"P"},"P":{"Type":"Pass","End":true}}}`
		express := h.expressMachine("fast", waits)
		began := time.Now()
		m := h.machine("slow", waits)
		var all []string
		for range 100 { // each one more, in whatever order, is a tenth of a second further behind
			all = append(all, h.start(m, `{}`))
		}
		stopped := all[99]
		all = all[:99]
		if x := h.sync(express, `{}`); time.Since(began) != time.Second {
			t.Errorf("the EXPRESS one %s took %s", x.Status, time.Since(began))
		}
		if _, err := h.StopExecution(t.Context(), stopped, nil, nil); err != nil || time.Since(began) != time.Second {
			t.Errorf("a stop took until %s: %v", time.Since(began), err)
		}
		wantStatus(t, h.execution(stopped), interp.Aborted)
		var took []time.Duration
		for _, arn := range all {
			x := h.wait(arn)
			wantStatus(t, x, interp.Succeeded)
			took = append(took, x.Stopped.Sub(x.Started).Round(10*time.Millisecond))
		}
		slices.Sort(took)
		for i, d := range took { // any of them may have had the turn of the one that was stopped
			turn := func(n int) time.Duration { return max(time.Second, time.Duration(n-9)*100*time.Millisecond) }
			if d != turn(i) && d != turn(i+1) {
				t.Errorf("number %d took %s, want %s", i, d, turn(i))
			}
		}
	})
}
