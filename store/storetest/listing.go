package storetest

import (
	"fmt"
	"slices"
	"testing"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

func listing(t *testing.T, w *world) {
	ctx := t.Context()
	tasks, passes := w.machine("tasks", taskThenDone), w.machine("passes", passOnly)
	var all []string
	for i := range 6 {
		w.start(tasks, fmt.Sprintf("Task_%d", i), taskThenDone, `{}`)
		w.start(passes, fmt.Sprintf("pass-%d", i), passOnly, `{"big":1}`)
		all = append(all, fmt.Sprintf("Task_%d", i), fmt.Sprintf("pass-%d", i))
	}
	slices.Reverse(all)
	for _, c := range []struct {
		what string
		q    ledger.ExecutionQuery
		want []string
	}{
		{"all", ledger.ExecutionQuery{}, all},
		{"by machine", ledger.ExecutionQuery{MachineARN: passes}, []string{"pass-5", "pass-4", "pass-3", "pass-2", "pass-1", "pass-0"}},
		{"by status", ledger.ExecutionQuery{Status: interp.Running}, []string{"Task_5", "Task_4", "Task_3", "Task_2", "Task_1", "Task_0"}},
		{"by machine and status", ledger.ExecutionQuery{MachineARN: passes, Status: interp.Running}, nil},
		{"by name in either case", ledger.ExecutionQuery{Search: "task_"}, []string{"Task_5", "Task_4", "Task_3", "Task_2", "Task_1", "Task_0"}},
		{"by machine, status and name", ledger.ExecutionQuery{MachineARN: passes, Status: interp.Succeeded, Search: "-3"}, []string{"pass-3"}},
		{"of no machine", ledger.ExecutionQuery{MachineARN: "none"}, nil},
	} {
		for _, limit := range []int{0, 1, 4} {
			q, got := c.q, []string(nil)
			q.Page.Limit = limit
			for {
				page, next, err := w.store.ListExecutions(ctx, q)
				must(t, err)
				for _, e := range page {
					got = append(got, e.Name)
					if !e.Input.IsAbsent() || !e.Output.IsAbsent() {
						t.Errorf("%s: %s is listed with its payloads", c.what, e.Name)
					}
				}
				if next == "" {
					break
				}
				q.Page.Token = next
			}
			same(t, fmt.Sprintf("executions %s, %d a page", c.what, limit), got, c.want)
		}
	}
	counts, err := w.store.CountExecutions(ctx, "")
	must(t, err)
	same(t, "running of all machines", counts[interp.Running], int64(6))
	same(t, "succeeded of all machines", counts[interp.Succeeded], int64(6))
	counts, err = w.store.CountExecutions(ctx, "none")
	must(t, err)
	same(t, "running of no machine", counts[interp.Running], int64(0))
}

func histories(t *testing.T, w *world) {
	ctx := t.Context()
	arn := w.machine("m", tenTasks)
	r := w.start(arn, "long", tenTasks, `{"payload":"0123456789 0123456789"}`)
	for r.x.Outcome == nil {
		token := r.task().Token
		r.do(interp.TaskSucceeded{Token: token, Output: ok}, token)
	}
	total := len(r.all)
	for i, e := range r.all {
		if e.ID != history.ID(i+1) {
			t.Fatalf("event %d has id %d", i+1, e.ID)
		}
	}
	for after := range total + 2 {
		for _, limit := range []int{0, 1, 3} {
			got, err := w.store.History(ctx, r.id, ledger.HistoryQuery{After: history.ID(after), Limit: limit})
			must(t, err)
			want := r.all[min(after, total):]
			if limit > 0 {
				want = want[:min(limit, len(want))]
			}
			same(t, fmt.Sprintf("history after %d, %d at most", after, limit), got, want)
		}
	}
	for bytes, want := range map[int]int{1: 1, r.all[0].Size() + r.all[1].Size(): 2, 1 << 30: total} {
		got, err := w.store.History(ctx, r.id, ledger.HistoryQuery{Bytes: bytes})
		must(t, err)
		same(t, fmt.Sprintf("history, %d bytes at most", bytes), got, r.all[:want])
	}
	reversed := slices.Clone(r.all)
	slices.Reverse(reversed)
	var got []history.Event
	q := ledger.HistoryQuery{Limit: 4, Reverse: true}
	for {
		page, err := w.store.History(ctx, r.id, q)
		must(t, err)
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		q.Before = page[len(page)-1].ID
	}
	same(t, "history backwards, page by page", got, reversed)
	part, err := w.store.History(ctx, r.id, ledger.HistoryQuery{After: 2, Before: 6})
	must(t, err)
	same(t, "history between", part, r.all[2:5])
	_, err = w.store.History(ctx, r.id+1, ledger.HistoryQuery{})
	answers(t, "History without an execution", err, ledger.ErrNotFound)
}
