package storetest

import (
	"fmt"
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

const mapOfTasks = `{"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"L","MaxConcurrency":5,"ToleratedFailureCount":1,"End":true,
	"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Ask","States":{
	"Ask":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}}}}`

// startMap starts an execution that waits for a map run, and finds the run.
func (w *world) startMap(name string) (*run, ledger.MapRun) {
	w.Helper()
	r := w.start("arn:aws:states:us-east-1:000000000000:stateMachine:mapper", name, mapOfTasks, `[1,2,3,4]`)
	start := r.out.Commands[0].(interp.StartMapRun)
	x, err := w.store.MapRun(w.ctx(), start.ARN)
	must(w.T, err)
	return r, x
}

// children are the births of some children of a run.
func (w *world) children(x ledger.MapRun, first, n int, definition string) []ledger.New {
	w.Helper()
	var list []ledger.New
	for i := range n {
		c := w.newRun(x.MachineARN+"/L", fmt.Sprintf("%d-%d", x.ID, first+i), definition)
		born := c.first(definition, fmt.Sprint(first+i))
		born.Execution.MapRun, born.Execution.Items = x.ID, 2
		list = append(list, born)
	}
	return list
}

func mapRuns(t *testing.T, w *world) {
	w.machine("mapper", mapOfTasks)
	r, x := w.startMap("one")
	if x.Execution != r.id || x.ExecutionARN != r.arn || x.Status != ledger.MapRunRunning || x.State != "Each" ||
		x.MaxConcurrency != 5 || *x.ToleratedCount != 1 || x.ToleratedPercentage != nil || !x.Started.Equal(w.now) || !x.Stopped.IsZero() {
		t.Errorf("run %+v", x)
	}
	same(t, "what the run works on", x.Spec.Items.JSON(), `[1,2,3,4]`)
	_, err := w.store.MapRun(w.ctx(), x.ARN+"x")
	answers(t, "another ARN", err, ledger.ErrNotFound)
	_, err = w.store.MapRunNow(w.ctx(), x.ID+1)
	answers(t, "another number", err, ledger.ErrNotFound)

	two := 0.5
	must(t, w.store.UpdateMapRun(w.ctx(), x.ARN, ledger.MapRunLimits{MaxConcurrency: 9, ToleratedPercentage: &two}))
	now, err := w.store.MapRunNow(w.ctx(), x.ID)
	must(t, err)
	if now.MaxConcurrency != 9 || now.ToleratedCount != nil || *now.ToleratedPercentage != 0.5 {
		t.Errorf("after an update %+v", now.MapRunLimits)
	}
	answers(t, "an update of another run", w.store.UpdateMapRun(w.ctx(), x.ARN+"x", now.MapRunLimits), ledger.ErrNotFound)

	_, second := w.startMap("two")
	ids, err := w.store.OpenMapRuns(w.ctx())
	must(t, err)
	same(t, "open runs", ids, []ledger.MapRunID{x.ID, second.ID})
	list, next, err := w.store.ListMapRuns(w.ctx(), r.id, ledger.Page{Limit: 1})
	must(t, err)
	if len(list) != 1 || next != "" || list[0].ARN != x.ARN || list[0].MachineARN != x.MachineARN {
		t.Errorf("runs of the execution: %+v, %q", list, next)
	}

	must(t, w.store.EndMapRun(w.ctx(), ledger.MapRunEnd{Run: x.ID, Status: ledger.MapRunSucceeded, Output: value.Array(), Written: 3, At: w.now.Add(time.Second)}))
	answers(t, "a second end", w.store.EndMapRun(w.ctx(), ledger.MapRunEnd{Run: x.ID, Status: ledger.MapRunFailed, At: w.now}), ledger.ErrClosed)
	answers(t, "an update after the end", w.store.UpdateMapRun(w.ctx(), x.ARN, ledger.MapRunLimits{}), ledger.ErrClosed)
	x, err = w.store.MapRunByID(w.ctx(), x.ID)
	must(t, err)
	if x.Status != ledger.MapRunSucceeded || x.Written != 3 || x.Output.JSON() != "[]" || !x.Stopped.Equal(w.now.Add(time.Second)) {
		t.Errorf("after its end %+v", x)
	}
	ids, err = w.store.OpenMapRuns(w.ctx())
	must(t, err)
	same(t, "runs whose end nobody has heard are open", ids, []ledger.MapRunID{x.ID, second.ID})
	r.do(interp.MapRunClosed{Token: x.Token, Output: x.Output}, x.Token)
	ids, err = w.store.OpenMapRuns(w.ctx())
	must(t, err)
	same(t, "open runs at the end", ids, []ledger.MapRunID{second.ID})
}

func childrenOfMapRuns(t *testing.T, w *world) {
	w.machine("mapper", mapOfTasks)
	r, x := w.startMap("one")
	g := ledger.ItemGroup{Run: x.ID, Taken: 6, Children: w.children(x, 0, 3, taskThenDone)}
	ids, err := w.store.BeginItems(w.ctx(), g)
	must(t, err)
	_, err = w.store.BeginItems(w.ctx(), ledger.ItemGroup{Run: x.ID, Base: 0, Taken: 2, Children: w.children(x, 9, 1, taskThenDone)})
	answers(t, "a group from where the run was before", err, ledger.ErrStale)
	more, err := w.store.BeginItems(w.ctx(), ledger.ItemGroup{Run: x.ID, Base: 6, Taken: 8, Exhausted: true, Children: w.children(x, 3, 1, passOnly)})
	must(t, err)
	all := append(ids, more...)

	now, err := w.store.MapRunNow(w.ctx(), x.ID)
	must(t, err)
	same(t, "progress", now.MapRunProgress, ledger.MapRunProgress{
		Taken: 8, Exhausted: true,
		Items: ledger.MapRunCounts{Running: 6, Succeeded: 2}, Children: ledger.MapRunCounts{Running: 3, Succeeded: 1},
	})
	child := w.newRun(x.MachineARN+"/L", "again", taskThenDone)
	child.x, child.id, child.rev = g.Children[1].Exec, ids[1], ledger.FirstRevision
	child.do(interp.TaskFailed{Token: g.Children[1].Out.Commands[0].(interp.RunTask).Token, Error: "E"})
	now, err = w.store.MapRunNow(w.ctx(), x.ID)
	must(t, err)
	same(t, "items after a failure", now.Items, ledger.MapRunCounts{Running: 4, Succeeded: 2, Failed: 2})
	same(t, "children after a failure", now.Children, ledger.MapRunCounts{Running: 2, Succeeded: 1, Failed: 1})

	for what, tc := range map[string]struct {
		began, ended    time.Time
		children, items int64
	}{
		"in time":         {},
		"began too early": {w.now.Add(time.Hour), time.Time{}, 1, 2},
		"ended too early": {time.Time{}, w.now.Add(time.Hour), 1, 2},
	} {
		children, items, err := w.store.LostItems(w.ctx(), x.ID, tc.began, tc.ended)
		must(t, err)
		same(t, "what is lost, "+what, [2]int64{children, items}, [2]int64{tc.children, tc.items})
	}

	running, err := w.store.RunningItems(w.ctx(), x.ID, 0, 10)
	must(t, err)
	same(t, "those that run", running, []ledger.ExecutionID{ids[0], ids[2]})
	running, err = w.store.RunningItems(w.ctx(), x.ID, ids[0], 10)
	must(t, err)
	same(t, "those that run behind the first", running, []ledger.ExecutionID{ids[2]})

	results, err := w.store.MapResults(w.ctx(), x.ID, 0, 3, 0)
	must(t, err)
	rest, err := w.store.MapResults(w.ctx(), x.ID, results[len(results)-1].ID, 3, 0)
	must(t, err)
	results = append(results, rest...)
	if len(results) != 4 {
		t.Fatalf("%d results, want 4", len(results))
	}
	for i, c := range results {
		if c.ID != all[i] || c.Input.JSON() != fmt.Sprint(i) || c.MapRunARN != x.ARN || c.Items != 2 {
			t.Errorf("result %d: %+v", i, c)
		}
	}
	few, err := w.store.MapResults(w.ctx(), x.ID, 0, 100, 1)
	must(t, err)
	if len(few) == 4 {
		t.Error("results are not bounded by their bytes")
	}

	page, _, err := w.store.ListExecutions(w.ctx(), ledger.ExecutionQuery{MapRun: x.ID, Status: interp.Failed})
	must(t, err)
	if len(page) != 1 || page[0].ID != ids[1] {
		t.Errorf("failed children: %+v", page)
	}
	page, _, err = w.store.ListExecutions(w.ctx(), ledger.ExecutionQuery{})
	must(t, err)
	if len(page) != 1 || page[0].ARN != r.arn {
		t.Errorf("%d executions are listed: children belong to their run", len(page))
	}
	counts, err := w.store.CountExecutions(w.ctx(), "")
	must(t, err)
	if counts[interp.Running] != 1 || counts[interp.Failed] != 0 {
		t.Errorf("counted %v: children belong to their run", counts)
	}
}

func endsOfMapRuns(t *testing.T, w *world) {
	w.machine("mapper", mapOfTasks)
	r, x := w.startMap("one")
	_, err := w.store.BeginItems(w.ctx(), ledger.ItemGroup{Run: x.ID, Taken: 2, Children: w.children(x, 0, 1, taskThenDone)})
	must(t, err)
	r.do(interp.Stop{})
	x, err = w.store.MapRunByID(w.ctx(), x.ID)
	must(t, err)
	if x.Status != ledger.MapRunAborted || x.Stopped.IsZero() {
		t.Errorf("the run of an execution that was stopped: %s, stopped %v", x.Status, x.Stopped)
	}
	_, err = w.store.BeginItems(w.ctx(), ledger.ItemGroup{Run: x.ID, Base: 2, Taken: 4, Children: w.children(x, 1, 1, taskThenDone)})
	answers(t, "a group of a run that is over", err, ledger.ErrClosed)
	ids, err := w.store.OpenMapRuns(w.ctx())
	must(t, err)
	same(t, "runs whose children still run are open", ids, []ledger.MapRunID{x.ID})
}
