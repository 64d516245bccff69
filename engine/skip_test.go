package engine_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/clock"
	"statehouse/engine/interp"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// skipping opens the house with a clock that jumps.
func (h *house) skipping() {
	h.t.Helper()
	h.skip = &clock.Virtual{}
	h.restart()
}

// soon checks that what a test does takes no time on the wall's clock, which stands still
// in a bubble as long as something can be done.
func soon(t *testing.T, what func()) {
	t.Helper()
	began := time.Now()
	what()
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %s on the wall's clock", took)
	}
}

func TestTimeIsSkippedToTheNextTimer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.skipping()
		m := h.machine("M", `{"StartAt":"Year","States":{"Year":{"Type":"Wait","Seconds":31536000,"Next":"Far"},
			"Far":{"Type":"Wait","TimestampPath":"$.at","Next":"Branches"},
			"Branches":{"Type":"Parallel","End":true,"Branches":[
				{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":7200,"End":true}}},
				{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":3600,"End":true}}}]}}}`)
		soon(t, func() {
			x := h.wait(h.start(m, `{"at":"2003-01-01T00:00:00Z"}`))
			wantStatus(t, x, interp.Succeeded)
			want := time.Date(2003, 1, 1, 2, 0, 0, 0, time.UTC)
			if late := x.Stopped.Sub(want); late < 0 || late > time.Second {
				t.Errorf("it ended %v, want %v", x.Stopped, want)
			}
		})
		soon(t, func() {
			if x := h.wait(h.start(m, `{"at":"2003-01-01T00:00:00Z"}`)); x.Started.Year() != 2003 || x.Stopped.Year() != 2004 {
				t.Errorf("the next one ran from %v to %v", x.Started, x.Stopped)
			}
		})
	})
}

func TestTimeStandsWhileSomethingRuns(t *testing.T) {
	var running atomic.Bool
	slow := func(g *task.Registry) {
		g.Register("aws-sdk:slow", "call", []string{""}, task.Func(func(context.Context, task.Request) task.Reply {
			running.Store(true)
			time.Sleep(10 * time.Second) // of the bubble: somebody works
			running.Store(false)
			return task.Result(value.Nil)
		}))
	}
	bubble(t, slow, func(t *testing.T, h *house) {
		h.skipping()
		m := h.machine("slow", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:slow:call","TimeoutSeconds":20,"End":true}}}`)
		w := h.machine("wait", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":60,"End":true}}}`)
		x := h.start(m, `{}`)
		wantStatus(t, h.wait(h.start(w, `{}`)), interp.Succeeded)
		if running.Load() {
			t.Error("the clock jumped over a task that runs")
		}
		wantStatus(t, h.wait(x), interp.Succeeded)
	})
}

func TestTimeStandsWhileSomebodyMayAnswer(t *testing.T) {
	const (
		ask      = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"t"},"End":true}}}`
		activity = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:a","TimeoutSeconds":100,"End":true}}}`
	)
	for name, definition := range map[string]string{"a person": ask, "a worker": activity} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, h *house) {
				h.skipping()
				m, w := h.machine("M", definition), h.machine("wait", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":60,"End":true}}}`)
				open, waits := h.start(m, `{}`), h.start(w, `{}`)
				time.Sleep(30 * time.Second) // of the bubble
				wantStatus(t, h.execution(waits), interp.Running)
				h.restart() // it is remembered who may answer
				time.Sleep(10 * time.Second)
				wantStatus(t, h.execution(waits), interp.Running)
				if _, err := h.StopExecution(context.Background(), open, nil, nil); err != nil {
					t.Fatal(err)
				}
				soon(t, func() { wantStatus(t, h.wait(waits), interp.Succeeded) })
			})
		})
	}
}

func TestTimeIsSkippedOverMocksThatNeverAnswer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.skip = &clock.Virtual{}
		h.mocked(`{"A":"N"}`, `{"N":{"0":{"Never":true}}}`)
		m := h.machine("M", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:a","TimeoutSeconds":86400,"End":true}}}`)
		soon(t, func() {
			x := h.wait(h.start(m+"#T", `{}`))
			if text(x.Error) != "States.Timeout" || x.Stopped.Sub(x.Started) < 24*time.Hour {
				t.Errorf("%s after %s", text(x.Error), x.Stopped.Sub(x.Started))
			}
		})
	})
}

func TestTimeIsSkippedWhileOthersStart(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.skipping()
		m := h.machine("M", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"Next":"B"},"B":{"Type":"Wait","Seconds":1,"End":true}}}`)
		var arns []string
		for range 200 {
			x, err := h.StartExecution(context.Background(), engine.StartExecution{MachineARN: m})
			if err != nil {
				t.Fatal(err)
			}
			arns = append(arns, x.ARN)
		}
		soon(t, func() {
			for _, arn := range arns {
				x := h.wait(arn)
				if took := x.Stopped.Sub(x.Started); took < 3601*time.Second {
					t.Errorf("%s took %s", x.Name, took)
				}
			}
		})
	})
}
