// Package storetest holds the conformance suite of ledger.Store: what the comments of
// the interfaces promise, every store proves by passing Run. The executions in it are
// stepped by the real interpreter.
package storetest

import (
	"context"
	"testing"
	"time"

	"statehouse/engine/ledger"
)

// Opener opens the store that lies in dir, or makes one there. The suite closes it.
type Opener func(t *testing.T, dir string, clock func() time.Time) ledger.Store

// Run runs the suite.
func Run(t *testing.T, open Opener) {
	for _, s := range []struct {
		name string
		test func(*testing.T, *world)
	}{
		{"machines", machines},
		{"deleting a machine", deleting},
		{"versions", versions},
		{"aliases", aliases},
		{"executions of versions", versionRuns},
		{"tags", tags},
		{"the inventory", inventory},
		{"drafts", drafts},
		{"workflows", workflows},
		{"creating executions", creating},
		{"loading executions", loading},
		{"advancing executions", advancing},
		{"closing executions", closing},
		{"listing executions", listing},
		{"history", histories},
		{"continuing executions", continuing},
		{"nested executions", nested},
		{"redrives", redrives},
		{"redrives that end at once", redrivesAtOnce},
		{"redrives that come too late", wrecksGoAfterAWhile},
		{"map runs", mapRuns},
		{"children of map runs", childrenOfMapRuns},
		{"ends of map runs", endsOfMapRuns},
		{"jobs", jobs},
		{"activities", activities},
		{"timers", timers},
		{"human tasks", humanTasks},
		{"the inbox", inbox},
		{"decisions", decisions},
		{"payloads", payloads},
		{"neighbours in a group", neighbours},
		{"what waits to be logged", unlogged},
		{"restart", restart},
		{"access keys", accessKeys},
		{"page tokens", tokens},
		{"contexts", contexts},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := &world{T: t, dir: t.TempDir(), opener: open, now: begin}
			w.open()
			t.Cleanup(func() { w.close() })
			s.test(t, w)
		})
	}
}

// begin is when every test begins.
var begin = time.Date(2026, 3, 1, 12, 0, 0, 123000000, time.UTC)

// world is one store and its clock.
type world struct {
	*testing.T
	dir    string
	opener Opener
	store  ledger.Store
	now    time.Time
}

func (w *world) open() {
	w.Helper()
	w.store = w.opener(w.T, w.dir, func() time.Time { return w.now })
}

func (w *world) close() {
	w.Helper()
	if err := w.store.Close(); err != nil {
		w.Errorf("close: %v", err)
	}
}

func (w *world) ctx() context.Context { return w.Context() }

// must ends the test when something that has to work did not.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}
