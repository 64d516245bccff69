package runner

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

const (
	horizon  = time.Minute     // timers due within are in memory
	pageSize = 10000           // at most so many are read at a time
	glance   = 5 * time.Minute // the wall clock is looked at so often: somebody may set it
)

// never is later than any timer.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// timers fires the timers of the ledger: never early. Only the near future is in memory;
// of what lies beyond it is known when the first one is due.
type timers struct {
	r    *Runner
	wake chan struct{}

	mu    sync.Mutex
	heap  dues
	due   map[timerKey]time.Time // current; a heap entry that differs is out of date
	fired map[timerKey]time.Time // given to the execution, not yet settled
	until time.Time              // timers up to here are in memory
	next  time.Time              // when to read again

	failing bool // the last read failed; loop's goroutine only
}

type timerKey struct {
	id    ledger.ExecutionID
	token interp.Token
	kind  ledger.TimerKind
}

func newTimers(r *Runner) *timers {
	return &timers{r: r, wake: make(chan struct{}, 1), due: map[timerKey]time.Time{}, fired: map[timerKey]time.Time{}}
}

// set arms a stored timer, or moves it.
func (t *timers) set(x ledger.Timer) {
	now := t.r.clock()
	t.mu.Lock()
	sooner := false
	if near := now.Add(horizon); x.Due.After(t.until) && x.Due.After(near) {
		delete(t.due, timerKey{x.Execution, x.Token, x.Kind})
		sooner = t.far(x.Due)
	} else {
		sooner = t.add(x)
	}
	t.mu.Unlock()
	if sooner {
		t.wakeUp()
	}
}

// hold arms a timer that lies in no store, however far away it is.
func (t *timers) hold(x ledger.Timer) {
	t.mu.Lock()
	sooner := t.add(x)
	t.mu.Unlock()
	if sooner {
		t.wakeUp()
	}
}

func (t *timers) wakeUp() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// add puts a timer into memory. It tells whether it is the first one now.
func (t *timers) add(x ledger.Timer) bool {
	key := timerKey{x.Execution, x.Token, x.Kind}
	delete(t.fired, key)
	if at, ok := t.due[key]; ok && at.Equal(x.Due) {
		return false
	}
	t.due[key] = x.Due
	heap.Push(&t.heap, due{at: x.Due, key: key})
	return t.heap[0].key == key
}

// far notes a timer that is not in memory: it is read in time. It tells whether that is
// sooner than anything before.
func (t *timers) far(at time.Time) bool {
	read := at.Add(-horizon / 2)
	if !read.Before(t.next) {
		return false
	}
	t.next = read
	return true
}

// drop disarms the timers of a token.
func (t *timers) drop(id ledger.ExecutionID, token interp.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, kind := range []ledger.TimerKind{ledger.CoreTimer, ledger.TimeoutTimer, ledger.HeartbeatTimer} {
		key := timerKey{id, token, kind}
		delete(t.due, key)
		delete(t.fired, key)
	}
}

func (t *timers) len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.due)
}

// loop fires what is due until ctx ends.
func (t *timers) loop(ctx context.Context) {
	for ctx.Err() == nil {
		if now := t.r.clock(); !now.Before(t.when()) {
			t.read(ctx, now)
		}
		next := t.fire()
		if next.Before(never) && !t.failing && t.r.skip.may(t.r) && len(t.wake) == 0 {
			// Whoever has become idle has set its timers before: without a wake next is the first.
			t.r.skip.clock.JumpTo(next)
			continue
		}
		timer := time.NewTimer(min(max(0, next.Sub(t.r.clock())), glance))
		select {
		case <-ctx.Done():
		case <-t.wake:
		case <-t.r.skip.idled():
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (t *timers) when() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.next
}

// read loads the near future and finds out when to look again.
func (t *timers) read(ctx context.Context, now time.Time) {
	until := now.Add(horizon)
	t.mu.Lock()
	// Timers that are set from now on arm themselves; what is read below may be the same.
	t.until, t.next = until, never
	t.mu.Unlock()
	list, err := t.r.store.DueTimers(ctx, until, pageSize)
	var beyond []ledger.Timer
	if err == nil && len(list) < pageSize {
		beyond, err = t.r.store.DueTimers(ctx, never, len(list)+1)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failing = err != nil
	if err != nil {
		if ctx.Err() == nil {
			t.r.log.Error("cannot read timers", "error", err)
		}
		t.next = now.Add(time.Second)
		return
	}
	fresh := 0
	for _, x := range list {
		key := timerKey{x.Execution, x.Token, x.Kind}
		if at, ok := t.fired[key]; ok && !at.Before(x.Due) {
			continue
		}
		if at, ok := t.due[key]; !ok || !at.Equal(x.Due) {
			t.add(x)
			fresh++
		}
	}
	switch {
	case len(list) == pageSize && fresh > 0:
		// There is more than a page. What lies behind its end is read when its end is due.
		t.until = list[len(list)-1].Due
		t.next = earlier(t.until, until.Add(-horizon/2))
	case len(list) == pageSize: // all of them are on their way
		t.until, t.next = now, now.Add(50*time.Millisecond)
	default:
		for _, x := range beyond {
			if x.Due.After(until) {
				t.far(x.Due)
			}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// fire gives what is due to the executions and says when there is something to do again.
func (t *timers) fire() time.Time {
	now := t.r.clock()
	var ready []due
	t.mu.Lock()
	next := t.next
	for len(t.heap) > 0 {
		first := t.heap[0]
		if at, ok := t.due[first.key]; !ok || !at.Equal(first.at) {
			heap.Pop(&t.heap)
			continue
		}
		if first.at.After(now) {
			next = earlier(next, first.at)
			break
		}
		heap.Pop(&t.heap)
		delete(t.due, first.key)
		t.fired[first.key] = first.at
		ready = append(ready, first)
	}
	t.mu.Unlock()
	for _, d := range ready {
		s := t.r.shard(d.key.id)
		s.post(func() { s.fired(d) })
	}
	return next
}

// fired gives a due timer to its execution.
func (s *shard) fired(d due) {
	in := interp.Input(interp.TimerFired{Token: d.key.token})
	if d.key.kind != ledger.CoreTimer {
		in = interp.TaskTimedOut{Token: d.key.token, Heartbeat: d.key.kind == ledger.HeartbeatTimer}
	}
	s.deliver(d.key.id, delivery{input: in})
}

// due is one entry of the heap.
type due struct {
	at  time.Time
	key timerKey
}

type dues []due

func (h dues) Len() int           { return len(h) }
func (h dues) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h dues) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *dues) Push(x any)        { *h = append(*h, x.(due)) }
func (h *dues) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
