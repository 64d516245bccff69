package runner

import (
	"container/list"
	"sync"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
)

// maxIdle bounds the memory of executions that rest, in bytes, all shards together.
const maxIdle = 64 << 20

// shard owns some of the executions. Everything but mail is touched by loop's goroutine
// only.
type shard struct {
	r    *Runner
	wake chan struct{}

	mu   sync.Mutex
	mail []func()

	live  map[ledger.ExecutionID]*live
	idle  *list.List // of *live, the longest idle first
	limit int        // how many idle ones stay in memory
	used  int        // bytes that they take, about
	ready []*live    // have inputs and may be stepped, first in, first out

	resources map[string]task.Resource // by their text
	// handed are the jobs that were handed out since the start, as long as recover may
	// come upon them a second time; nil afterwards.
	handed map[ledger.JobKey]struct{}
}

// live is an execution that is in memory, or about to be.
type live struct {
	id      ledger.ExecutionID
	info    ledger.Execution
	exec    *interp.Exec // nil: to be read
	machine *asl.Machine
	rev     ledger.Revision
	last    time.Time // of the latest step: a history does not go back in time

	inbox  []delivery
	flying bool      // a write is under way
	queued bool      // is in ready
	until  time.Time // it is held back until then
	held   bool      // is held back; a timer wakes it
	panics int
	weight int                               // bytes in memory, about
	idle   *list.Element                     // nil: not idle
	memory *memory                           // of an Express execution: what is not written yet, nil: nothing
	sync   func(*interp.Exec, interp.Output) // of a synchronous one: told the end and all that was said; it is in no store
	jobs   map[interp.Token]*job             // integrations that have not replied
}

// delivery is an input on its way to an execution.
type delivery struct {
	input    interp.Input
	decision *ledger.Decision
	run      *interp.RunTask // of an input that says that a task began: its clocks start
	mark     bool            // the job needs no handing out again
	ours     bool            // from our own integration, not from outside
	tries    int
	done     func(error) // nil: nobody waits; it is tried until it is stored
}

func newShard(r *Runner, limit int) *shard {
	return &shard{
		r: r, wake: make(chan struct{}, 1), limit: limit,
		live: map[ledger.ExecutionID]*live{}, idle: list.New(), resources: map[string]task.Resource{}, handed: map[ledger.JobKey]struct{}{},
	}
}

// post puts a message into the mail. It never blocks.
func (s *shard) post(f func()) {
	s.r.busy.Add(1)
	s.mu.Lock()
	s.mail = append(s.mail, f)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// loop reads the mail, then steps executions, one after the other: who has just been
// stepped goes to the end of the line.
func (s *shard) loop() {
	var spare []func()
	for {
		s.mu.Lock()
		mail := s.mail
		s.mail = spare
		s.mu.Unlock()
		for i, f := range mail {
			f()
			mail[i] = nil
		}
		s.r.done(int64(len(mail)))
		spare = mail[:0]
		if len(s.ready) > 0 {
			l := s.ready[0]
			s.ready = s.ready[1:]
			l.queued = false
			s.step(l)
			s.r.done(1)
			continue
		}
		s.ready = nil
		if len(mail) > 0 {
			continue
		}
		select {
		case <-s.wake:
		case <-s.r.quit:
			s.leave()
			return
		}
	}
}

// leave answers those who still wait when the loop ends.
func (s *shard) leave() {
	for _, l := range s.live {
		for _, d := range l.inbox {
			d.answer(ErrStopping)
		}
	}
}

// get is the execution's place in memory.
func (s *shard) get(id ledger.ExecutionID) *live {
	l := s.live[id]
	if l == nil {
		l = &live{id: id}
		s.live[id] = l
		s.r.counters.hot.Add(1)
	}
	return l
}

// deliver queues an input. An answer from outside to a task whose integration has not
// replied yet waits for the reply: the world may be faster than the call that told it.
func (s *shard) deliver(id ledger.ExecutionID, d delivery) {
	l := s.get(id)
	if !d.ours && waitsForReply(d.input) {
		if j := l.jobs[tokenOf(d.input)]; j != nil {
			j.held = append(j.held, d)
			return
		}
	}
	l.inbox = append(l.inbox, d)
	if _, stop := d.input.(interp.Stop); stop {
		l.held = false
	}
	s.line(l)
}

// line puts an execution into the line when there is something to do for it.
func (s *shard) line(l *live) {
	if l.queued || l.flying || l.held || len(l.inbox) == 0 {
		return
	}
	s.rise(l)
	l.queued = true
	s.r.busy.Add(1)
	s.ready = append(s.ready, l)
}

// rest lets an execution that waits stay in memory as long as there is room, and as long
// as an integration works for it.
func (s *shard) rest(l *live) {
	if len(l.jobs) > 0 || l.memory != nil || l.held {
		return
	}
	if l.idle == nil {
		l.idle = s.idle.PushBack(l)
		l.weight = l.weigh()
		s.used += l.weight
	}
	for s.idle.Len() > s.limit || s.used > maxIdle/len(s.r.shards) {
		s.drop(s.idle.Front().Value.(*live))
	}
}

// weigh estimates what an execution takes in memory, from its variables and some of its
// scopes.
func (l *live) weigh() int {
	if l.exec == nil {
		return 512
	}
	seen, bytes := 0, 0
	for _, sc := range l.exec.Scopes {
		bytes += 512 + sc.Raw.Size() + sc.Items.Size()
		if seen++; seen == 16 {
			break
		}
	}
	if seen == 0 {
		return 2048
	}
	return 2048 + l.exec.Memory + bytes/seen*len(l.exec.Scopes)
}

// rise takes an execution out of those that rest.
func (s *shard) rise(l *live) {
	if l.idle != nil {
		s.idle.Remove(l.idle)
		l.idle = nil
		s.used -= l.weight
	}
}

// drop forgets an execution. What it is lies in the store.
func (s *shard) drop(l *live) {
	s.rise(l)
	if s.live[l.id] == l {
		delete(s.live, l.id)
		s.r.counters.hot.Add(-1)
	}
}

func (d delivery) answer(err error) {
	if d.done != nil {
		d.done(err)
	}
}

// tokenOf is the token that an input is about, zero when it is about none.
func tokenOf(in interp.Input) interp.Token {
	switch in := in.(type) {
	case interp.TaskStarted:
		return in.Token
	case interp.TaskSubmitted:
		return in.Token
	case interp.TaskSucceeded:
		return in.Token
	case interp.TaskFailed:
		return in.Token
	case interp.TaskTimedOut:
		return in.Token
	case interp.TimerFired:
		return in.Token
	case interp.MapRunClosed:
		return in.Token
	}
	return 0
}

// waitsForReply tells whether an input is an answer, which must not overtake the reply of
// the integration. Time-outs may.
func waitsForReply(in interp.Input) bool {
	switch in.(type) {
	case interp.TaskSucceeded, interp.TaskFailed:
		return true
	}
	return false
}

// settles tells whether an input, when it had an effect, is the last word on its token.
func settles(in interp.Input) bool {
	switch in.(type) {
	case interp.TaskSucceeded, interp.TaskFailed, interp.TaskTimedOut, interp.TimerFired, interp.MapRunClosed:
		return true
	}
	return false
}
