package runner

import (
	"time"

	"statehouse/engine/interp"
)

// Executions of this type are not stored step by step: what a step says is done at once,
// and written together with the steps that follow, when the execution ends, when it is
// about to wait, and when there is much of it. A crash takes the execution back to what
// was written last, at the earliest to its start: what it did since it does again.
const expressType = "EXPRESS"

const (
	pause        = time.Second // who waits longer, or has run longer, is written
	memoryEvents = 2048
	memoryBytes  = 4 << 20
	// A synchronous execution is not written before its end. Of one whose history is larger
	// than this the history is not kept.
	syncBytes = 16 << 20
)

// memory is what an execution did that nobody has written yet.
type memory struct {
	batch batch
	since time.Time // of its first step
	bytes int       // payload of its events
	waits bool      // a timer is set that is due in a while
}

func (l *live) isExpress() bool { return l.info.Type == expressType }

// remember does what a step says; it is written later.
func (s *shard) remember(l *live, b *batch) {
	s.act(l, b)
	s.r.observed(&l.info, b)
	if l.memory == nil {
		l.memory = &memory{since: b.at}
	}
	m := l.memory
	m.join(b, s.r.keep || l.info.Logging.On())
	switch over := l.exec.Outcome != nil; {
	case l.sync != nil:
		if m.bytes > syncBytes {
			m.batch.out.Events = nil
		}
		if over {
			l.sync(l.exec, m.batch.out)
		}
		for _, d := range b.deliveries {
			d.answer(nil)
		}
	case over || m.full(b.at):
		s.flush(l)
		return
	}
	s.late(l, b.late)
	b.late = nil
	s.goOn(l)
}

// flush writes what is remembered. Callers are answered when it is stored.
func (s *shard) flush(l *live) {
	b := &l.memory.batch
	b.acted = true
	l.memory = nil
	s.store(l, b)
}

// flushAll writes what is remembered of all executions: the server stops.
func (s *shard) flushAll() {
	for _, l := range s.live {
		if l.memory != nil && l.sync == nil && !l.flying {
			s.flush(l)
		}
	}
}

// takeBack are the inputs that were remembered: they are given again to what the store has.
func (l *live) takeBack() []delivery {
	if l.memory == nil {
		return nil
	}
	list := append(l.memory.batch.deliveries, l.memory.batch.late...)
	l.memory = nil
	return list
}

// join adds a step. Without keep its events are forgotten.
func (m *memory) join(b *batch, keep bool) {
	all := &m.batch
	first := len(all.deliveries) == 0
	all.at = b.at
	all.deliveries = append(all.deliveries, b.deliveries...)
	all.late = append(all.late, b.late...)
	if keep {
		all.out.Events = append(all.out.Events, b.out.Events...)
		for i := range b.out.Events {
			m.bytes += b.out.Events[i].Size()
		}
	}
	all.out.Commands = append(all.out.Commands, b.out.Commands...)
	if first {
		all.out.Changed = b.out.Changed
	} else {
		all.merge(b.out.Changed)
	}
	all.settled = append(all.settled, b.settled...)
	all.started = append(all.started, b.started...)
	all.timers = append(all.timers, b.timers...)
	for _, c := range b.out.Commands {
		if t, ok := c.(interp.SetTimer); ok && t.Why != interp.WhyDeadline && t.At.Sub(b.at) > pause {
			m.waits = true
		}
	}
}

// full tells whether it is time to write.
func (m *memory) full(now time.Time) bool {
	return m.waits || now.Sub(m.since) > pause || m.bytes >= memoryBytes || len(m.batch.out.Events) >= memoryEvents
}
