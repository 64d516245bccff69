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
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// each is a Distributed Map whose items call the world.
func each(fields string) string {
	return `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","End":true,` + fields + `"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Call","States":{
		"Call":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","End":true}}}}}}`
}

// calling registers what the items call.
func calling(run func(context.Context, task.Request) task.Reply) func(*task.Registry) {
	return func(g *task.Registry) {
		g.Register("aws-sdk:test", "call", []string{task.RequestResponse}, task.Func(run))
	}
}

// echo answers with the input; a string fails.
func echo(_ context.Context, r task.Request) task.Reply {
	if r.Input.Kind() == value.KindString {
		return task.Fail("Bad", r.Input.Text())
	}
	return task.Result(r.Input)
}

func numbers(n int) string {
	list := make([]value.Value, n)
	for i := range list {
		list[i] = value.Int(int64(i))
	}
	return value.Array(list...).JSON()
}

// runOf is the only map run of an execution.
func (h *house) runOf(executionARN string) ledger.MapRun {
	h.t.Helper()
	list, _, err := h.MapRuns(context.Background(), executionARN, ledger.Page{})
	if err != nil || len(list) != 1 {
		h.t.Fatalf("%d map runs of %s (%v), want 1", len(list), executionARN, err)
	}
	run, err := h.MapRun(context.Background(), list[0].ARN)
	if err != nil {
		h.t.Fatal(err)
	}
	return run
}

func (h *house) countsOf(executionARN string) ledger.MapRunTally {
	h.t.Helper()
	run := h.runOf(executionARN)
	return run.ItemCounts()
}

func TestItemsRunAsExecutions(t *testing.T) {
	bubble(t, calling(echo), func(t *testing.T, h *house) {
		arn := h.start(h.machine("M", each(`"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"MaxConcurrency":7,`)), numbers(40))
		x := h.wait(arn)
		wantStatus(t, x, interp.Succeeded)
		for i, v := range x.Output.Items() {
			if want := fmt.Sprintf(`{"i":%d,"v":%d}`, i, i); v.JSON() != want {
				t.Errorf("result %d is %s, want %s", i, v.JSON(), want)
			}
		}
		run := h.runOf(arn)
		if c := run.ItemCounts(); run.Status != ledger.MapRunSucceeded || c.Succeeded != 40 || c.Total != 40 || c.Pending != 0 || c.Running != 0 {
			t.Errorf("run %s with %+v", run.Status, c)
		}
		children, next, err := h.ChildExecutions(t.Context(), run.ARN, ledger.ExecutionQuery{Page: ledger.Page{Limit: 1000}})
		if err != nil || next != "" || len(children) != 40 {
			t.Fatalf("%d children (%v), want 40", len(children), err)
		}
		child := children[39] // the newest come first
		prefix := strings.Replace(x.MachineARN, ":stateMachine:", ":execution:", 1) + "/L:"
		if !strings.HasPrefix(child.ARN, prefix) || child.MachineARN != x.MachineARN+"/L" || child.MapRunARN != run.ARN || child.Items != 1 {
			t.Errorf("child %+v", child)
		}
		if got := h.types(child.ARN); len(got) != 7 || got[6] != history.ExecutionSucceeded {
			t.Errorf("history of a child: %v", got)
		}
		m, err := h.StateMachineForExecution(t.Context(), child.ARN)
		if err != nil || strings.Contains(m.Definition, "ProcessorConfig") || !strings.Contains(m.Definition, `"StartAt":"Call"`) {
			t.Errorf("machine of a child: %s (%v)", m.Definition, err)
		}
		all, _, err := h.Executions(t.Context(), ledger.ExecutionQuery{})
		if err != nil || len(all) != 1 {
			t.Errorf("%d executions are listed (%v): children are listed by their run", len(all), err)
		}
		if n, err := h.CountExecutions(t.Context(), ""); err != nil || n[interp.Succeeded] != 1 {
			t.Errorf("counted %v (%v), want the one that is no child", n, err)
		}
	})
}

func TestFailedItemsAreTolerated(t *testing.T) {
	tests := []struct {
		name, fields string
		status       interp.Status
	}{
		{"none by default", ``, interp.Failed},
		{"by count", `"ToleratedFailureCount":2,`, interp.Succeeded},
		{"one too many", `"ToleratedFailureCount":1,`, interp.Failed},
		{"by percentage", `"ToleratedFailurePercentage":40,`, interp.Succeeded},
		{"too many of a hundred", `"ToleratedFailurePercentage":39.9,`, interp.Failed},
		{"either may be exceeded", `"ToleratedFailurePercentage":100,"ToleratedFailureCount":1,`, interp.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, calling(echo), func(t *testing.T, h *house) {
				x := h.wait(h.start(h.machine("M", each(tt.fields)), `[0,"x",2,"y",4]`))
				wantStatus(t, x, tt.status)
				if tt.status == interp.Failed {
					if text(x.Error) != "States.ExceedToleratedFailureThreshold" || text(x.Cause) != "The specified tolerated failure threshold was exceeded" {
						t.Errorf("%s: %s", text(x.Error), text(x.Cause))
					}
					return
				}
				if got := x.Output.At(1); got.Get("Status").Text() != "FAILED" || got.Get("Error").Text() != "Bad" || x.Output.At(4).JSON() != "4" {
					t.Errorf("output %s", x.Output.JSON())
				}
				if c := h.countsOf(x.ARN); c.Failed != 2 || c.Succeeded != 3 {
					t.Errorf("counts %+v", c)
				}
			})
		})
	}
}

func TestConcurrencyChangesWhileARunGoesOn(t *testing.T) {
	slow := func(_ context.Context, r task.Request) task.Reply {
		time.Sleep(time.Second) // virtual
		return task.Result(r.Input)
	}
	bubble(t, calling(slow), func(t *testing.T, h *house) {
		arn := h.start(h.machine("M", each(`"MaxConcurrency":2,`)), numbers(22))
		time.Sleep(900 * time.Millisecond) // virtual
		run := h.runOf(arn)
		if c := run.ItemCounts(); c.Running != 2 || c.Pending != 20 {
			t.Errorf("counts %+v, want two running", c)
		}
		if err := h.UpdateMapRun(t.Context(), engine.UpdateMapRun{ARN: run.ARN, MaxConcurrency: new(int64(20))}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if c := h.countsOf(arn); c.Running != 20 || c.Pending != 2 {
			t.Errorf("counts %+v, want twenty running", c)
		}
		x := h.wait(arn)
		wantOutput(t, x, numbers(22))
		if took := x.Stopped.Sub(x.Started); took > 3*time.Second {
			t.Errorf("it took %v", took)
		}
		f := wantCode(t, h.UpdateMapRun(t.Context(), engine.UpdateMapRun{ARN: run.ARN, MaxConcurrency: new(int64(1))}), "ValidationException")
		if f.Reason != "CANNOT_UPDATE_COMPLETED_MAP_RUN" {
			t.Errorf("reason %q", f.Reason)
		}
	})
}

func TestWhoeverStopsTheExecutionStopsItsItems(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		waiting := strings.Replace(each(""), `{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","End":true}`, `{"Type":"Wait","Seconds":1000,"End":true}`, 1)
		arn := h.start(h.machine("M", waiting), numbers(600))
		synctest.Wait()
		if _, err := h.StopExecution(t.Context(), arn, nil, nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		run := h.runOf(arn)
		if c := run.ItemCounts(); run.Status != ledger.MapRunAborted || c.Aborted != 600 || c.Running != 0 {
			t.Errorf("run %s with %+v", run.Status, c)
		}
		if got := h.types(arn); got[len(got)-2] != history.MapRunAborted {
			t.Errorf("history %v", got)
		}
	})
}

func TestFailedItemsAreRedriven(t *testing.T) {
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		t.Run(kind, func(t *testing.T) {
			var mu sync.Mutex
			ready, calls := false, map[string]int{}
			flaky := func(_ context.Context, r task.Request) task.Reply {
				mu.Lock()
				defer mu.Unlock()
				calls[r.Input.JSON()]++
				if n, _ := r.Input.AsInt(); n%3 == 0 && !ready {
					return task.Fail("NotYet", "later")
				}
				return task.Result(r.Input)
			}
			bubble(t, calling(flaky), func(t *testing.T, h *house) {
				definition := strings.Replace(each(`"MaxConcurrency":1,"ToleratedFailureCount":1,`), `"ExecutionType":"STANDARD"`, `"ExecutionType":"`+kind+`"`, 1)
				x := h.wait(h.start(h.machine("M", definition), numbers(10)))
				wantStatus(t, x, interp.Failed)
				mu.Lock()
				ready = true
				mu.Unlock()
				if _, err := h.RedriveExecution(t.Context(), x.ARN, ""); err != nil {
					t.Fatal(err)
				}
				wantOutput(t, h.wait(x.ARN), numbers(10))
				run := h.runOf(x.ARN)
				if c := run.ItemCounts(); run.RedriveCount != 1 || run.Redriven.IsZero() || c.Succeeded != 10 || c.Failed != 0 || c.PendingRedrive != 0 {
					t.Errorf("run redriven %d times with %+v", run.RedriveCount, c)
				}
				mu.Lock()
				defer mu.Unlock()
				for i := range 10 {
					want := 1
					if i == 0 || i == 3 {
						want = 2
					}
					if got := calls[fmt.Sprint(i)]; got != want {
						t.Errorf("item %d was done %d times, want %d", i, got, want)
					}
				}
			})
		})
	}
}

// What lists and descriptions name as the machine of a child can be described, whether its Map
// has a label of its own or one that was made up, and however deep it is.
func TestTheMachineOfAChildIsFoundByItsLabel(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		const inner = `{"Type":"Map","ItemsPath":"$","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
			"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}`
		m := h.machine("deep", `{"StartAt":"Fan","States":{"Fan":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"Outer","States":{"Outer":{"Type":"Map","Label":"named","ItemsPath":"$","End":true,"ItemProcessor":{
				"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Inner","States":{"Inner":`+inner+`}}}}},
			{"StartAt":"Other","States":{"Other":`+strings.ReplaceAll(inner, `"P"`, `"Q"`)+`}}]}}}`)
		arn := h.start(m, `[[1]]`)
		wantStatus(t, h.wait(arn), interp.Succeeded)
		seen := map[string]bool{}
		var look func(arn string)
		look = func(arn string) {
			runs, _, err := h.MapRuns(t.Context(), arn, ledger.Page{})
			if err != nil {
				t.Fatal(err)
			}
			for _, run := range runs {
				children, _, err := h.ChildExecutions(t.Context(), run.ARN, ledger.ExecutionQuery{})
				if err != nil || len(children) != 1 {
					t.Fatalf("%d children of %s: %v", len(children), run.ARN, err)
				}
				child := children[0]
				want, err := h.StateMachineForExecution(t.Context(), child.ARN)
				if err != nil {
					t.Fatal(err)
				}
				got, err := h.StateMachine(t.Context(), child.MachineARN)
				if err != nil || got.Definition != want.Definition || got.Name != "deep" || got.Label != want.Label || got.Type != child.Type || got.ARN != m {
					t.Errorf("%s is %+v, %v; its child ran %+v", child.MachineARN, got, err, want)
				}
				seen[child.MachineARN] = true
				look(child.ARN)
			}
		}
		look(arn)
		if len(seen) != 3 || !seen[m+"/named"] {
			t.Errorf("the machines of children are %v, want three and one of them %s/named", seen, m)
		}
	})
}
