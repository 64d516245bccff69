// Package spans makes OpenTelemetry spans of what executions did: one for the execution, one
// below it for each state that it was in, and one below that for each attempt at a task.
//
// They are made of committed events, after the fact and with their times, by a goroutine of
// its own: the interpreter knows nothing of it, and a collector that is slow or away slows
// nobody down. What does not fit into the queue is read from the history later, as are the
// states that were entered before the server started.
//
// Traces and ids are those of package trace: an execution whose trace header is sampled has
// spans, others have none. A state that was left has its span at once, the execution when it
// ends. A redrive has a span of its own in the same trace.
package spans

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	oteltrace "go.opentelemetry.io/otel/trace"

	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/trace"
	"statehouse/engine/value"
)

const (
	queue   = 4096   // steps that wait to be looked at
	maxOpen = 10_000 // executions in memory; others are read again when they go on
)

// Config is what a Maker needs.
type Config struct {
	// Provider is where spans go. It has to take their ids from their contexts: see IDs.
	Provider oteltrace.TracerProvider
	Log      *slog.Logger // default: none
}

// Maker makes spans. It is a feed.Observer.
type Maker struct {
	tracer  oteltrace.Tracer
	history func(ctx context.Context, id ledger.ExecutionID, q ledger.HistoryQuery) ([]history.Event, error)
	log     *slog.Logger
	steps   chan step
	missed  atomic.Int64
	open    map[ledger.ExecutionID]*run // Run's alone
}

// step is what the queue keeps of a feed.Step.
type step struct {
	x       ledger.Execution // without its payloads
	began   bool
	outcome *interp.Outcome
	events  []history.Event
}

// New makes a Maker and starts nothing.
func New(c Config) (*Maker, error) {
	if c.Provider == nil {
		return nil, errors.New("spans: no provider")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Maker{
		tracer: c.Provider.Tracer("statehouse"), log: c.Log,
		steps: make(chan step, queue), open: map[ledger.ExecutionID]*run{},
	}, nil
}

// Read says how histories are read, by id. It is called before Run; without it the states that
// were entered before the server started, and what did not fit into the queue, have no spans.
func (m *Maker) Read(history func(ctx context.Context, id ledger.ExecutionID, q ledger.HistoryQuery) ([]history.Event, error)) {
	m.history = history
}

// Stepped implements feed.Observer.
func (m *Maker) Stepped(s feed.Step) {
	if s.Execution.TraceHeader == "" {
		return
	}
	if c, ok := trace.Parse(s.Execution.TraceHeader); !ok || !c.Sampled {
		return
	}
	x := *s.Execution
	x.Input, x.Output = value.Value{}, value.Value{}
	select {
	case m.steps <- step{x: x, began: s.Began, outcome: s.Outcome, events: s.Events}:
	default:
		m.missed.Add(1)
	}
}

// Missed counts steps that did not fit into the queue.
func (m *Maker) Missed() int64 { return m.missed.Load() }

// Run makes spans until ctx ends and everything that was told before is looked at.
func (m *Maker) Run(ctx context.Context) {
	for {
		select {
		case s := <-m.steps:
			m.step(ctx, s)
		case <-ctx.Done():
			for {
				select {
				case s := <-m.steps:
					m.step(context.WithoutCancel(ctx), s)
				default:
					return
				}
			}
		}
	}
}

func (m *Maker) step(ctx context.Context, s step) {
	r := m.open[s.x.ID]
	if r == nil || r.x.ARN != s.x.ARN {
		r = m.meet(ctx, s)
	}
	if s.began {
		r.begin(s.x)
	}
	if len(s.events) > 0 && s.events[0].ID > r.last+1 { // what did not fit into the queue
		m.replay(ctx, r, s.events[0].ID, true)
	}
	for i := range s.events {
		if s.events[i].ID > r.last {
			r.event(&s.events[i], m.tracer)
		}
	}
	if s.outcome != nil {
		r.end(s.outcome, m.tracer)
		delete(m.open, s.x.ID)
	}
}

// meet takes an execution into memory. What it did before is known to those who look at
// traces already, but the states that it is in are not.
func (m *Maker) meet(ctx context.Context, s step) *run {
	if len(m.open) >= maxOpen {
		for id := range m.open {
			delete(m.open, id)
			break
		}
	}
	r := newRun(s.x)
	m.open[s.x.ID] = r
	if len(s.events) > 0 && s.events[0].ID > 1 {
		m.replay(ctx, r, s.events[0].ID, false)
	}
	return r
}

// replay reads what an execution did between the last event that is known and another one.
func (m *Maker) replay(ctx context.Context, r *run, before history.ID, tell bool) {
	tracer := m.tracer
	if !tell {
		tracer = nil
	}
	for m.history != nil && r.last+1 < before {
		events, err := m.history(ctx, r.x.ID, ledger.HistoryQuery{After: r.last, Before: before})
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			m.log.WarnContext(ctx, "a trace will lack spans", "execution", r.x.ARN, "error", err)
		}
		if err != nil || len(events) == 0 {
			return // a history that is not kept, or not yet
		}
		for i := range events {
			r.event(&events[i], tracer)
		}
	}
}
