package maprun

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/clock"
	"statehouse/engine/feed"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/object"
)

// maxConcurrency is AWS's limit of children of a run at a time.
const maxConcurrency = 10_000

// Store is what map runs need of the ledger.
type Store interface {
	ledger.MapRuns
	Definition(ctx context.Context, id ledger.ExecutionID) (string, error)
	ExecutionByID(ctx context.Context, id ledger.ExecutionID) (ledger.Execution, error)
}

// Runner steps executions.
type Runner interface {
	Machine(definition string) (*asl.Machine, error)
	// First makes the first step of a new execution, without storing it.
	First(ctx context.Context, x ledger.Execution, definition string) (ledger.New, error)
	// Adopt takes over an execution that was stored with its first step and still runs;
	// AdoptClosed notes one that is over.
	Adopt(n ledger.New)
	AdoptClosed(n ledger.New)
	// Tell gives an input to an execution and returns when its step is stored. An input that
	// nobody waits for is no error.
	Tell(ctx context.Context, id ledger.ExecutionID, in interp.Input) error
	// Redrive lets an execution go on that did not succeed. ledger.ErrNotFound when nothing is
	// left to go on with, ledger.ErrStale when it goes on already.
	Redrive(ctx context.Context, id ledger.ExecutionID, token string) (ledger.Execution, error)
	// Busy says that something is under way until the answer is called.
	Busy() (done func())
}

// Config is what Runs need.
type Config struct {
	Store   Store            // required
	Runner  Runner           // required
	Objects object.Store     // required
	Feed    *feed.Feed       // hears of progress under the ARN of the run; required
	Clock   func() time.Time // default time.Now
	Log     *slog.Logger     // default: none
	Tracing bool             // children lie under a span of their parent: see package trace
	MaxOpen int              // runs at a time, others wait; default 1000
	Limits  interp.Limits    // of inputs and outputs; default: AWS's
}

// Runs runs Distributed Maps. It is told about them by a runner.
type Runs struct {
	store   Store
	runner  Runner
	objects object.Store
	feed    *feed.Feed
	clock   func() time.Time
	log     *slog.Logger
	maxOpen int
	tracing bool
	limits  interp.Limits

	wake    chan struct{} // has one when there may be something to start
	workers sync.WaitGroup

	mu     sync.Mutex
	fresh  []fresh // that began and were not read yet
	queue  []ledger.MapRunID
	open   map[ledger.MapRunID]*worker
	again  map[ledger.MapRunID]bool // to be opened once more
	of     map[ledger.ExecutionID]map[ledger.MapRunID]*worker
	closed bool
}

// fresh is a run that was just stored.
type fresh struct {
	arn  string
	done func()
}

// New makes Runs and starts nothing.
func New(c Config) (*Runs, error) {
	if c.Store == nil || c.Runner == nil || c.Objects == nil || c.Feed == nil {
		return nil, errors.New("maprun: Store, Runner, Objects and Feed are required")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.MaxOpen <= 0 {
		c.MaxOpen = 1000
	}
	return &Runs{
		store: c.Store, runner: c.Runner, objects: c.Objects, feed: c.Feed, clock: c.Clock, log: c.Log, maxOpen: c.MaxOpen, tracing: c.Tracing, limits: c.Limits,
		wake: make(chan struct{}, 1),
		open: map[ledger.MapRunID]*worker{}, again: map[ledger.MapRunID]bool{}, of: map[ledger.ExecutionID]map[ledger.MapRunID]*worker{},
	}, nil
}

// Run works until ctx ends. It begins with the runs that an earlier server left open.
func (r *Runs) Run(ctx context.Context) {
	r.recover(ctx)
	for {
		r.admit(ctx)
		r.start(ctx)
		select {
		case <-r.wake:
		case <-ctx.Done():
			r.shut()
			r.workers.Wait()
			return
		}
	}
}

// shut takes no new runs.
func (r *Runs) shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, f := range r.fresh {
		f.done()
	}
	r.fresh = nil
}

// start gives runs of the queue a worker each, as many as may be open.
func (r *Runs) start(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) > 0 && len(r.open) < r.maxOpen {
		id := r.queue[0]
		r.queue = r.queue[1:]
		if r.open[id] != nil { // it was redriven before its worker has left
			r.again[id] = true
			continue
		}
		w := newWorker(r, id)
		r.open[id] = w
		r.workers.Go(func() {
			w.work(ctx)
			r.leave(w)
		})
	}
}

// leave makes room for another run.
func (r *Runs) leave(w *worker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, w.id)
	if r.again[w.id] {
		delete(r.again, w.id)
		r.queue = append(r.queue, w.id)
	}
	if set := r.of[w.execution]; set != nil {
		delete(set, w.id)
		if len(set) == 0 {
			delete(r.of, w.execution)
		}
	}
	r.rouse()
}

// Load says how many runs are open, and how many wait until others are done with.
func (r *Runs) Load() (open, waiting int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open), len(r.queue) + len(r.fresh)
}

// belongs notes whose run a worker works on.
func (r *Runs) belongs(w *worker, x ledger.ExecutionID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.execution = x
	if r.of[x] == nil {
		r.of[x] = map[ledger.MapRunID]*worker{}
	}
	r.of[x][w.id] = w
}

// recover queues the runs that are not done with.
func (r *Runs) recover(ctx context.Context) {
	for ctx.Err() == nil {
		ids, err := r.store.OpenMapRuns(ctx)
		if err == nil {
			r.mu.Lock()
			r.queue = append(ids, r.queue...)
			r.mu.Unlock()
			return
		}
		r.log.ErrorContext(ctx, "cannot read open map runs", "error", err)
		clock.Pause(ctx, time.Second)
	}
}

// Began says that an execution waits for a new run. It does not block.
func (r *Runs) Began(_ ledger.ExecutionID, arn string) {
	done := r.runner.Busy()
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		done() // it is a row: the next start finds it
		return
	}
	r.fresh = append(r.fresh, fresh{arn, done})
	r.mu.Unlock()
	r.rouse()
}

// Stopped says that runs of an execution may have been aborted. It does not block.
func (r *Runs) Stopped(x ledger.ExecutionID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.of[x] {
		w.nudge()
	}
}

// ChildClosed says that a child of a run is over. It does not block.
func (r *Runs) ChildClosed(run ledger.MapRunID) { r.Nudge(run) }

// Nudge has a run look at its row again.
func (r *Runs) Nudge(run ledger.MapRunID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.open[run]; w != nil {
		w.nudge()
	}
}

func (r *Runs) rouse() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// admit queues the runs that began.
func (r *Runs) admit(ctx context.Context) {
	for {
		r.mu.Lock()
		list := r.fresh
		r.fresh = nil
		r.mu.Unlock()
		if len(list) == 0 {
			return
		}
		for _, f := range list {
			r.admitOne(ctx, f.arn)
			r.start(ctx)
			f.done()
		}
	}
}

func (r *Runs) admitOne(ctx context.Context, arn string) {
	for ctx.Err() == nil {
		x, err := r.store.MapRun(ctx, arn)
		if err == nil {
			r.mu.Lock()
			r.queue = append(r.queue, x.ID)
			r.mu.Unlock()
			return
		}
		if errors.Is(err, ledger.ErrNotFound) {
			r.log.ErrorContext(ctx, "a map run that began is not stored", "map_run", arn)
			return
		}
		r.log.ErrorContext(ctx, "cannot read a map run", "map_run", arn, "error", err)
		clock.Pause(ctx, time.Second)
	}
}
