package engine_test

import (
	"context"
	"testing"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// moody is an integration that fails as long as it is told to.
type moody struct {
	fails bool
	calls int
}

func (m *moody) Run(context.Context, task.Request) task.Reply {
	m.calls++
	if m.fails {
		return task.Fail("Boom", "not today")
	}
	return task.Result(value.Object(value.Member{Key: "calls", Value: value.Int(int64(m.calls))}))
}

func (m *moody) register(g *task.Registry) {
	g.Register("aws-sdk:moody", "call", []string{task.RequestResponse}, m)
}

const sending = `{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
	{"StartAt":"Easy","States":{"Easy":{"Type":"Pass","Result":"easy","End":true}}},
	{"StartAt":"Send","States":{"Send":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:moody:call","Parameters":{"n.$":"$$.Execution.RedriveCount"},
		"Retry":[{"ErrorEquals":["Boom"],"MaxAttempts":1}],"End":true}}}],"End":true}}}`

func TestRedrive(t *testing.T) {
	m := &moody{fails: true}
	bubble(t, m.register, func(t *testing.T, h *house) {
		arn := h.start(h.machine("one", sending), `{}`)
		_, err := h.RedriveExecution(t.Context(), arn, "")
		if f := wantCode(t, err, "ExecutionNotRedrivable"); f.Message != "Execution is RUNNING and cannot be redriven" {
			t.Errorf("message %q", f.Message)
		}
		x := h.wait(arn)
		wantStatus(t, x, interp.Failed)
		if m.calls != 2 {
			t.Errorf("%d calls, want 2: one and its retry", m.calls)
		}
		wantRedrive(t, h, arn, ledger.Redrivable, "")
		time.Sleep(time.Hour) // virtual

		// The same token is the same redrive; the retry has its attempts again.
		at, err := h.RedriveExecution(t.Context(), arn, "token")
		if err != nil {
			t.Fatal(err)
		}
		x = h.wait(arn)
		if x.Status != interp.Failed || x.Redrives != 1 || !x.Redriven.Equal(at) || m.calls != 4 {
			t.Errorf("after %d calls it is %+v", m.calls, x)
		}
		h.restart()
		same, err := h.RedriveExecution(t.Context(), arn, "token")
		if err != nil || !same.Equal(at) || h.execution(arn).Redrives != 1 {
			t.Errorf("the same token: %v, %v, %d redrives", same, err, h.execution(arn).Redrives)
		}

		m.fails = false
		time.Sleep(15 * time.Minute) // virtual; a token is not for ever
		if _, err := h.RedriveExecution(t.Context(), arn, "token"); err != nil {
			t.Fatal(err)
		}
		x = h.wait(arn)
		wantOutput(t, x, `["easy",{"calls":5}]`)
		if x.Redrives != 2 {
			t.Errorf("%d redrives", x.Redrives)
		}
		wantRedrive(t, h, arn, ledger.NotRedrivable, "Execution is SUCCEEDED and cannot be redriven")
		entered := 0
		for _, typ := range h.types(arn) {
			if typ == history.PassStateEntered {
				entered++
			}
		}
		if entered != 1 {
			t.Errorf("the branch that was done was entered %d times", entered)
		}
		yes, no := true, false
		for want, redriven := range map[int]*bool{1: &yes, 0: &no} {
			list, _, err := h.Executions(t.Context(), ledger.ExecutionQuery{Redriven: redriven})
			if err != nil || len(list) != want {
				t.Errorf("executions with redriven=%v: %d, %v", *redriven, len(list), err)
			}
		}
	})
}

func TestARedriveGoesOnAfterARestart(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		arn := h.start(h.machine("one", `{"StartAt":"A","TimeoutSeconds":3600,"States":{"A":{"Type":"Wait","Seconds":600,"Next":"B"},"B":{"Type":"Wait","Seconds":600,"End":true}}}`), `{"in":1}`)
		time.Sleep(15 * time.Minute) // virtual: in B
		if _, err := h.StopExecution(t.Context(), arn, nil, nil); err != nil {
			t.Fatal(err)
		}
		h.restart()
		if _, err := h.RedriveExecution(t.Context(), arn, ""); err != nil {
			t.Fatal(err)
		}
		h.restart()
		wantStatus(t, h.execution(arn), interp.Running)
		before := time.Now()
		x := h.wait(arn)
		wantOutput(t, x, `{"in":1}`)
		if took := time.Since(before); took > 11*time.Minute {
			t.Errorf("it took %v: the first Wait was done again", took)
		}
	})
}

func TestNotEverythingCanBeRedriven(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		const failing = `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`
		one := h.machine("one", failing)
		late, deleted := h.start(one, `{}`), h.start(h.machine("two", failing), `{}`)
		full := h.start(h.machine("full", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
			"B":{"Type":"Choice","Choices":[{"Variable":"$.never","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`), `{}`)
		wantStatus(t, h.wait(full), interp.Failed)
		wantRedrive(t, h, full, ledger.NotRedrivable, "Execution history event limit exceeded")
		if err := h.DeleteStateMachine(t.Context(), h.Names().Machine("two")); err != nil {
			t.Fatal(err)
		}
		wantRedrive(t, h, deleted, ledger.NotRedrivable, "State machine is in DELETING status")
		wantRedrive(t, h, late, ledger.Redrivable, "")
		time.Sleep(14*24*time.Hour + time.Second) // virtual
		wantRedrive(t, h, late, ledger.NotRedrivable, "Execution redrivable period exceeded")

		old := h.start(h.machine("old", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":99999999,"End":true}}}`), `{}`)
		time.Sleep(365*24*time.Hour + time.Second) // virtual
		if _, err := h.StopExecution(t.Context(), old, nil, nil); err != nil {
			t.Fatal(err)
		}
		wantRedrive(t, h, old, ledger.NotRedrivable, "Execution has exceeded the max execution time")
		_, err := h.RedriveExecution(t.Context(), late+"x", "")
		_ = wantCode(t, err, "ExecutionDoesNotExist")
	})
}

// wantRedrive checks what a description says and that a redrive agrees when it is refused.
func wantRedrive(t *testing.T, h *house, arn string, status ledger.RedriveStatus, why string) {
	t.Helper()
	d, err := h.Describe(t.Context(), arn)
	if err != nil || d.Redrive != status || d.RedriveWhy != why {
		t.Errorf("%s is %s %q, %v, want %s %q", arn, d.Redrive, d.RedriveWhy, err, status, why)
	}
	if why == "" {
		return
	}
	_, err = h.RedriveExecution(t.Context(), arn, "")
	if f := wantCode(t, err, "ExecutionNotRedrivable"); f.Message != why {
		t.Errorf("message %q, want %q", f.Message, why)
	}
}
