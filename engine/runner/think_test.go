package runner

import (
	"context"
	"errors"
	"testing"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/feed"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

const query = `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% 1 %}","End":true}}}`

// idle is a Runner that does not run, on a store that is never asked.
func idle(t *testing.T) *Runner {
	t.Helper()
	r, err := New(Config{Store: struct{ Store }{}, Feed: feed.New(), Registry: task.NewRegistry(), Shards: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheFirstStepEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	r := idle(t)
	x := ledger.Execution{Type: "STANDARD", Input: value.Object(), Started: time.Now()}
	if made, err := r.First(t.Context(), x, query); err != nil || made.Execution.Status != interp.Succeeded {
		t.Errorf("a caller who waits: %s, %v", made.Execution.Status, err)
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := r.First(ctx, x, query); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who has left: %v", err)
	}
	r.cut(ErrStopping)
	if _, err := r.First(t.Context(), x, query); !errors.Is(err, ErrStopping) {
		t.Errorf("a server that stops: %v", err)
	}
}

// A step that is under way when the server stops did not happen: nothing is written, and who
// waits for it is told.
func TestAStoppingServerCutsStepsOff(t *testing.T) {
	t.Parallel()
	r := idle(t)
	m, _ := asl.Parse(query)
	s := r.shards[0]
	l := s.get(1)
	l.machine, l.exec = m, interp.New(m, interp.Begin{})
	r.cut(ErrStopping)
	told := make(chan error, 1)
	s.deliver(l.id, delivery{input: interp.Start{Input: value.Object()}, done: func(err error) { told <- err }})
	s.step(l)
	if l.exec != nil || l.flying {
		t.Errorf("the execution is still in memory (flying: %v)", l.flying)
	}
	s.leave()
	if err := <-told; !errors.Is(err, ErrStopping) {
		t.Errorf("who waits is told %v", err)
	}
}
