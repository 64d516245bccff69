package engine_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
)

// told is an observer that writes down what it hears.
type told struct {
	mu       sync.Mutex
	events   map[string][]history.Type
	began    map[string]int
	outcomes map[string][]interp.Status
	children int // of map runs
}

func newTold() *told {
	return &told{events: map[string][]history.Type{}, began: map[string]int{}, outcomes: map[string][]interp.Status{}}
}

func (o *told) Stepped(s feed.Step) {
	o.mu.Lock()
	defer o.mu.Unlock()
	arn := s.Execution.ARN
	for _, e := range s.Events {
		o.events[arn] = append(o.events[arn], e.Type)
	}
	if s.Began {
		o.began[arn]++
	}
	if s.Outcome != nil {
		o.outcomes[arn] = append(o.outcomes[arn], s.Ended().Status)
		if s.Execution.MapRun != 0 {
			o.children++
		}
	}
}

// want checks what was heard of an execution; events nil: its stored history.
func (o *told) want(t *testing.T, h *house, arn string, began int, outcomes ...interp.Status) {
	t.Helper()
	synctest.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.began[arn] != began || !slices.Equal(o.outcomes[arn], outcomes) {
		t.Errorf("%s began %d times and ended %v, want %d and %v", arn, o.began[arn], o.outcomes[arn], began, outcomes)
	}
	if want := h.types(arn); len(want) > 0 && !slices.Equal(o.events[arn], want) {
		t.Errorf("%s: told %v, want %v", arn, o.events[arn], want)
	}
}

func TestObserversHearOfEveryStepOnce(t *testing.T) {
	world := &moody{}
	add := func(g *task.Registry) {
		world.register(g)
		g.Register("aws-sdk:test", "call", []string{task.RequestResponse}, task.Func(echo))
	}
	bubble(t, add, func(t *testing.T, h *house) {
		heard := newTold()
		h.watcher = heard
		h.restart()
		waiting := h.start(h.machine("wait", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"Next":"P"},"P":{"Type":"Pass","End":true}}}`), `{}`)
		heard.want(t, h, waiting, 1)
		h.restart() // what was begun before goes on after it
		h.wait(waiting)
		heard.want(t, h, waiting, 1, interp.Succeeded)

		world.fails = true
		redriven := h.start(h.machine("moody", sending), `{}`)
		wantStatus(t, h.wait(redriven), interp.Failed)
		world.fails = false
		if _, err := h.RedriveExecution(t.Context(), redriven, ""); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, h.wait(redriven), interp.Succeeded)
		heard.want(t, h, redriven, 2, interp.Failed, interp.Succeeded)

		each := h.start(h.machine("each", each("")), numbers(7))
		wantStatus(t, h.wait(each), interp.Succeeded)
		heard.want(t, h, each, 1, interp.Succeeded)
		if heard.children != 7 {
			t.Errorf("heard the end of %d children, want 7", heard.children)
		}
	})
}

func TestObserversHearOfExpressExecutionsWhateverIsKept(t *testing.T) {
	bubble(t, calling(echo), func(t *testing.T, h *house) {
		kept := newTold()
		h.watcher = kept
		h.restart()
		m := h.expressMachine("quick", `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","Next":"B"},"B":{"Type":"Wait","Seconds":5,"Next":"C"},"C":{"Type":"Pass","End":true}}}`)
		async := h.start(m, `{}`)
		h.wait(async)
		kept.want(t, h, async, 1, interp.Succeeded)
		sync := h.sync(m, `{}`).ARN
		kept.want(t, h, sync, 1, interp.Succeeded)

		forgotten := newTold()
		h.watcher, h.forget = forgotten, true
		h.restart()
		other := h.start(m, `{}`)
		h.wait(other)
		time.Sleep(time.Second) // virtual
		synctest.Wait()
		if got := forgotten.events[other]; !slices.Equal(got, kept.events[async]) {
			t.Errorf("told %v of an execution without history, want %v", got, kept.events[async])
		}
		x := h.sync(m, `{}`)
		synctest.Wait()
		if got := forgotten.events[x.ARN]; !slices.Equal(got, kept.events[sync]) {
			t.Errorf("told %v of a synchronous execution without history, want %v", got, kept.events[sync])
		}
		if events, err := h.History(context.Background(), other, ledger.HistoryQuery{}); err != nil || len(events) != 0 {
			t.Errorf("%d events are kept: %v", len(events), err)
		}
	})
}
