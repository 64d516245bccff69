package storetest

import (
	"testing"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

func inventory(t *testing.T, w *world) {
	ctx := t.Context()
	check := func(what string, want ledger.Inventory) {
		t.Helper()
		got, err := w.store.Inventory(ctx)
		must(t, err)
		same(t, what, got, want)
	}
	check("an empty store", ledger.Inventory{})

	a, b := w.machine("a", taskThenDone), w.machine("b", passOnly)
	express := "arn:aws:states:us-east-1:000000000000:stateMachine:quick"
	must(t, w.create(ledger.Machine{ARN: express, Name: "quick", Type: "EXPRESS", Definition: taskThenDone, Created: w.now, Updated: w.now}))
	must(t, w.store.CreateActivity(ctx, ledger.Activity{ARN: workerARN, Name: "worker", Created: w.now}, nil))
	_, err := w.store.PublishVersion(ctx, a, ledger.Publish{At: w.now})
	must(t, err)
	must(t, w.store.CreateAlias(ctx, ledger.Alias{MachineARN: a, Name: "live", Routes: []ledger.Route{{Version: 1, Weight: 100}}, Created: w.now, Updated: w.now}, 0))
	first := w.start(a, "one", taskThenDone, `{}`)
	w.start(a, "two", taskThenDone, `{}`)
	w.start(b, "over at once", passOnly, `{}`)
	w.start(express, "quick", taskThenDone, `{}`)
	want := ledger.Inventory{
		Machines: 3, Activities: 1,
		Open: map[string]int64{a: 2}, Versions: map[string]int64{a: 1}, Aliases: map[string]int64{a: 1},
	}
	check("a store with some of everything", want)

	token := first.task().Token
	first.do(interp.TaskSucceeded{Token: token, Output: ok}, token)
	want.Open[a] = 1
	check("one less runs", want)
	w.close()
	w.open()
	check("after a restart", want)
}
