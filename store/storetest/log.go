package storetest

import (
	"slices"
	"testing"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/logging"
)

// unlogged writes steps that wait to be logged beside others that do not.
func unlogged(t *testing.T, w *world) {
	ctx := t.Context()
	config := logging.Config{Level: logging.All, Data: true, Group: "/aws/vendedlogs/states/orders"}
	m := w.machine("Order", fanOut)
	r := w.newRun(m, "a", fanOut)
	n := r.first(fanOut, `[1,2,3]`)
	n.Execution.Logging, n.Logged = config, true
	var err error
	r.id, err = w.store.Create(ctx, n)
	must(t, err)
	r.rev = ledger.FirstRevision
	first := r.out.Events
	tasks := r.tasks()
	other := w.start(m, "b", fanOut, `[]`)
	logged := func(forget bool, token interp.Token) {
		t.Helper()
		r.step(interp.TaskSucceeded{Token: token, Output: ok})
		a := ledger.Advance{ID: r.id, Base: r.rev, Exec: r.x, Out: r.out, Settled: []interp.Token{token}, Logged: true, Forget: forget}
		must(t, r.write(a))
	}
	logged(false, tasks[0])
	second := r.out.Events
	renamed := slices.Clone(second)
	renamed[0].Details.Name = "known"
	x, err := w.store.Execution(ctx, r.arn)
	must(t, err)
	same(t, "logging of the execution", x.Logging, config)
	x, err = w.store.Execution(ctx, other.arn)
	must(t, err)
	same(t, "logging of another one", x.Logging, logging.Config{})

	all := func() []ledger.Unlogged {
		t.Helper()
		list, err := w.store.Unlogged(ctx, 100, 1<<20, nil)
		must(t, err)
		return list
	}
	got := all()
	if len(got) != 2 || got[0].ID >= got[1].ID {
		t.Fatalf("what waits: %+v, want two in order", got)
	}
	want := ledger.Unlogged{ID: got[0].ID, ExecutionARN: r.arn, MachineName: "Order", Logging: config, Events: first}
	same(t, "the first", got[0], want)
	want.ID, want.Events = got[1].ID, second
	same(t, "the second", got[1], want)
	some, err := w.store.Unlogged(ctx, 1, 1<<20, nil)
	must(t, err)
	same(t, "a limit", len(some), 1)
	some, err = w.store.Unlogged(ctx, 100, 1, nil)
	must(t, err)
	same(t, "a bound of bytes", len(some), 1)

	known, err := w.store.Unlogged(ctx, 100, 1<<20, func(arn string, redrives int, id history.ID) []history.Event {
		switch {
		case arn != r.arn || redrives != 0:
			return nil
		case id == first[0].ID:
			return first[:1] // not the whole step
		}
		return renamed
	})
	must(t, err)
	same(t, "events of which only some are known", known[0].Events, first)
	same(t, "events that are known", known[1].Events, renamed)

	must(t, w.store.Logged(ctx, got[0].ID))
	w.close()
	w.open()
	same(t, "what waits after a restart", all(), got[1:])

	must(t, w.store.Logged(ctx, got[1].ID))
	history := len(r.all)
	logged(true, tasks[1]) // goes into the log only
	r.all = r.all[:history]
	forgotten := all()
	if len(forgotten) != 1 || len(forgotten[0].Events) != len(r.out.Events) {
		t.Fatalf("what waits: %+v, want %v", forgotten, r.out.Events)
	}
	same(t, "events that are not kept", forgotten[0].Events, r.out.Events)
	r.check()

	logged(true, tasks[2])
	dropped, err := w.store.DropUnlogged(ctx, 1)
	must(t, err)
	if left := all(); dropped != 1 || len(left) != 1 || left[0].ID == forgotten[0].ID {
		t.Errorf("%d dropped, %+v left, want the newest", dropped, left)
	}
}
