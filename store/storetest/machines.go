package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

func machines(t *testing.T, w *world) {
	ctx := t.Context()
	arn := "arn:aws:states:us-east-1:000000000000:stateMachine:Order"
	_, err := w.store.Machine(ctx, arn)
	answers(t, "Machine without a machine", err, ledger.ErrNotFound)

	m := ledger.Machine{
		ARN: arn, Name: "Order", Type: "EXPRESS", Definition: "{ \"StartAt\" :\n\"é\u2028\" }", RoleARN: "role", RevisionID: "r1",
		Logging: `{"level":"ALL"}`, Tracing: `{"enabled":true}`, Encryption: `{"type":"AWS_OWNED_KEY"}`,
		Created: begin, Updated: begin.Add(time.Second),
	}
	must(t, w.create(m))
	got, err := w.store.Machine(ctx, arn)
	must(t, err)
	same(t, "created machine", got, m)

	answers(t, "CreateMachine with a taken ARN", w.create(m), ledger.ErrExists)
	other := m
	other.ARN += "2"
	answers(t, "CreateMachine with a taken name", w.create(other), ledger.ErrExists)

	changed := m
	changed.Definition, changed.RoleARN, changed.RevisionID = "{}", "role2", "r2"
	changed.Logging, changed.Tracing, changed.Encryption = "", "{}", ""
	changed.Updated = begin.Add(time.Hour)
	must(t, w.update(changed))
	got, err = w.store.Machine(ctx, arn)
	must(t, err)
	same(t, "updated machine", got, changed)
	other.ARN, other.Name = other.ARN+"3", "Nobody"
	answers(t, "UpdateMachine without a machine", w.update(other), ledger.ErrNotFound)

	for i := range 7 {
		w.machine(fmt.Sprintf("part_%d", i), passOnly)
	}
	w.machine("alpha", passOnly)
	same(t, "all machines", names(t, w, ledger.MachineQuery{}), []string{
		"alpha", "Order", "part_0", "part_1", "part_2", "part_3", "part_4", "part_5", "part_6",
	})
	same(t, "machines page by page", names(t, w, ledger.MachineQuery{Page: ledger.Page{Limit: 2}}),
		names(t, w, ledger.MachineQuery{}))
	same(t, "search in either case", names(t, w, ledger.MachineQuery{Search: "RD"}), []string{"Order"})
	same(t, "search for a wildcard", names(t, w, ledger.MachineQuery{Search: "t_3"}), []string{"part_3"})
	same(t, "search for all", names(t, w, ledger.MachineQuery{Search: "%"}), []string(nil))
}

func names(t *testing.T, w *world, q ledger.MachineQuery) []string {
	t.Helper()
	var found []string
	for {
		page, next, err := w.store.ListMachines(t.Context(), q)
		must(t, err)
		if q.Page.Limit > 0 && len(page) > q.Page.Limit {
			t.Errorf("page of %d, want at most %d", len(page), q.Page.Limit)
		}
		for _, m := range page {
			found = append(found, m.Name)
		}
		if next == "" {
			return found
		}
		q.Page.Token = next
	}
}

func deleting(t *testing.T, w *world) {
	ctx := t.Context()
	idle := w.machine("idle", passOnly)
	must(t, w.store.DeleteMachine(ctx, idle))
	_, err := w.store.Machine(ctx, idle)
	answers(t, "Machine after deleting it", err, ledger.ErrNotFound)
	answers(t, "DeleteMachine again", w.store.DeleteMachine(ctx, idle), ledger.ErrNotFound)

	busy := w.machine("busy", taskThenDone)
	a, b := w.start(busy, "a", taskThenDone, `{}`), w.start(busy, "b", taskThenDone, `{}`)
	tokenA, tokenB := a.task().Token, b.task().Token
	must(t, w.store.DeleteMachine(ctx, busy))
	must(t, w.store.DeleteMachine(ctx, busy))
	m, err := w.store.Machine(ctx, busy)
	must(t, err)
	if !m.Deleting {
		t.Error("a machine with running executions is not Deleting")
	}
	answers(t, "UpdateMachine of a deleted one", w.update(m), ledger.ErrConflict)
	answers(t, "CreateMachine in place of a deleted one", w.create(m), ledger.ErrConflict)
	_, err = w.store.Create(ctx, w.newRun(busy, "c", taskThenDone).first(taskThenDone, `{}`))
	answers(t, "Create on a deleted machine", err, ledger.ErrConflict)

	wantDeleting := func(want ...string) {
		t.Helper()
		got, err := w.store.DeletingMachines(ctx)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("DeletingMachines are %v, want %v", got, want)
		}
	}
	a.do(interp.TaskSucceeded{Token: tokenA, Output: ok}, tokenA)
	_, err = w.store.Machine(ctx, busy)
	must(t, err)
	wantDeleting(busy)
	b.do(interp.TaskSucceeded{Token: tokenB, Output: ok}, tokenB)
	_, err = w.store.Machine(ctx, busy)
	answers(t, "Machine after its last execution", err, ledger.ErrNotFound)
	wantDeleting()
	e, err := w.store.Execution(ctx, a.arn)
	must(t, err)
	if e.Status != interp.Succeeded || e.MachineARN != busy {
		t.Errorf("the execution of a deleted machine is %+v", e)
	}
	a.check()

	w.machine("busy", passOnly)
	_, err = w.store.Create(ctx, w.newRun(busy, "d", passOnly).first(passOnly, `{}`))
	must(t, err)
}

func drafts(t *testing.T, w *world) {
	ctx := t.Context()
	_, err := w.store.Draft(ctx, "Order")
	answers(t, "Draft without a draft", err, ledger.ErrNotFound)
	_, err = w.store.SaveDraft(ctx, ledger.Draft{Name: "Order", Text: "x"}, 3)
	answers(t, "SaveDraft on top of nothing", err, ledger.ErrStale)

	d := ledger.Draft{Name: "Order", Text: "{ not JSON\r\n\t", Input: "{\"a\": 1.0}", Type: "EXPRESS", Created: begin, Updated: begin}
	rev, err := w.store.SaveDraft(ctx, d, 0)
	must(t, err)
	d.Revision = 1
	same(t, "first revision", rev, int64(1))
	got, err := w.store.Draft(ctx, "Order")
	must(t, err)
	same(t, "created draft", got, d)
	_, err = w.store.SaveDraft(ctx, d, 0)
	answers(t, "SaveDraft of a new one with a taken name", err, ledger.ErrExists)

	w.now = begin.Add(time.Minute)
	rev, err = w.store.SaveDraft(ctx, ledger.Draft{Name: "Order", Text: "{}", Input: ""}, 1)
	must(t, err)
	same(t, "second revision", rev, int64(2))
	_, err = w.store.SaveDraft(ctx, ledger.Draft{Name: "Order", Text: "late"}, 1)
	answers(t, "SaveDraft from an old revision", err, ledger.ErrStale)
	got, err = w.store.Draft(ctx, "Order")
	must(t, err)
	same(t, "saved draft", got, ledger.Draft{Name: "Order", Text: "{}", Type: "EXPRESS", Revision: 2, Created: begin, Updated: w.now})

	must(t, w.store.DeleteDraft(ctx, "Order"))
	answers(t, "DeleteDraft again", w.store.DeleteDraft(ctx, "Order"), ledger.ErrNotFound)
}

func workflows(t *testing.T, w *world) {
	ctx := t.Context()
	_, err := w.store.Workflow(ctx, "Both")
	answers(t, "Workflow without one", err, ledger.ErrNotFound)
	both, only := w.machine("Both", taskThenDone), w.machine("machine-only", passOnly)
	for _, name := range []string{"Both", "draft-only"} {
		_, err := w.store.SaveDraft(ctx, ledger.Draft{Name: name, Text: "{}", Created: begin, Updated: begin.Add(time.Hour)}, 0)
		must(t, err)
	}
	a := w.start(both, "a", taskThenDone, `{}`)
	token := a.task().Token
	a.do(interp.TaskSucceeded{Token: token, Output: ok}, token)
	b := w.start(both, "b", taskThenDone, `{}`)
	w.start(only, "c", passOnly, `{}`)

	all, next, err := w.store.ListWorkflows(ctx, ledger.WorkflowQuery{})
	must(t, err)
	if next != "" || len(all) != 3 {
		t.Fatalf("got %d workflows and the token %q, want 3 and none", len(all), next)
	}
	same(t, "names", []string{all[0].Name, all[1].Name, all[2].Name}, []string{"Both", "draft-only", "machine-only"})

	m, err := w.store.Machine(ctx, both)
	must(t, err)
	d, err := w.store.Draft(ctx, "Both")
	must(t, err)
	last, err := w.store.Execution(ctx, b.arn)
	must(t, err)
	last.Input = ok.Get("none") // lists carry no payloads
	want := ledger.Workflow{Name: "Both", Machine: &m, Draft: &d, Updated: begin.Add(time.Hour), Running: 1, Total: 2, Last: &last}
	same(t, "workflow in the list", all[0], want)
	one, err := w.store.Workflow(ctx, "Both")
	must(t, err)
	same(t, "workflow by name", one, want)
	if all[1].Machine != nil || all[1].Last != nil || all[1].Draft == nil || all[1].Total != 0 {
		t.Errorf("a draft that was never published: %+v", all[1])
	}
	if all[2].Draft != nil || all[2].Running != 0 || all[2].Total != 1 || !all[2].Updated.Equal(begin) {
		t.Errorf("a machine without a draft: %+v", all[2])
	}

	for _, q := range []struct {
		what string
		q    ledger.WorkflowQuery
		want []string
	}{
		{"published", ledger.WorkflowQuery{Status: ledger.PublishedWorkflows}, []string{"Both", "machine-only"}},
		{"drafts", ledger.WorkflowQuery{Status: ledger.DraftWorkflows}, []string{"draft-only"}},
		{"search", ledger.WorkflowQuery{Search: "ONLY"}, []string{"draft-only", "machine-only"}},
		{"page by page", ledger.WorkflowQuery{Page: ledger.Page{Limit: 1}}, []string{"Both", "draft-only", "machine-only"}},
	} {
		var got []string
		for {
			page, next, err := w.store.ListWorkflows(ctx, q.q)
			must(t, err)
			for _, w := range page {
				got = append(got, w.Name)
			}
			if next == "" {
				break
			}
			q.q.Page.Token = next
		}
		same(t, "workflows, "+q.what, got, q.want)
	}
}
