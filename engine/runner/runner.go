package runner

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/clock"
	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/mock"
	"statehouse/engine/task"
)

// The answers to callers beside the ledger's.
var (
	// ErrLate says that nobody waits for the answer: the task was answered, timed out or
	// cancelled before, or the execution is over.
	ErrLate = errors.New("nobody waits for this any more")
	// ErrStopping says that the server takes no new work.
	ErrStopping = errors.New("the server is stopping")
	// ErrTooManyPollers says that as many workers wait for tasks of the activity as may.
	ErrTooManyPollers = errors.New("too many workers wait for tasks of the activity")
)

// Store is what a Runner needs of the ledger.
type Store interface {
	ledger.Executions
	ledger.Redrives
	ledger.Jobs
	ledger.Timers
}

// Config is what a Runner needs.
type Config struct {
	Store    Store          // required
	Feed     *feed.Feed     // required
	Registry *task.Registry // required
	Mocks    *mock.Config   // answers the tasks of executions with a test case; default: none

	Limits interp.Limits // of every execution; default: AWS's

	// Tracing says that executions with a sampled trace header have spans, which what they
	// call lies under: see package trace.
	Tracing bool

	// ForgetExpress says that histories of Express executions are not kept.
	ForgetExpress bool

	Clock   func() time.Time // default time.Now
	Skip    *clock.Virtual   // is the Clock then, and jumps when nothing can run; default: none
	Log     *slog.Logger     // default: none
	Shards  int              // default: twice the number of processors
	Hot     int              // executions kept in memory, default 4096
	Workers int              // integrations that run at a time, default 1024
	Pollers int              // workers that wait for tasks of one activity, default 1000
	Grace   time.Duration    // how long integrations may go on when the server stops, default 5 s

	// Logged hears that events of an execution, which has been redriven so often, wait to be
	// logged. It must not block, and change nothing. Default: nobody.
	Logged func(executionARN string, redrives int, events []history.Event)
	// Deleting tells whether a machine is being deleted. It must not block. Default: none is.
	Deleting func(machineARN string) bool
	// Transitions hears how many state transitions a Standard execution has just made, and says
	// how long it is held back for them. Default: it never is.
	Transitions func(n int) time.Duration
	// StopChild stops a nested execution whose parent no longer waits. Best effort.
	StopChild func(ctx context.Context, executionARN string) error
}

// MapRuns hears what happened to Distributed Maps, after it was stored. It is told by
// goroutines that everybody waits for: it must not block.
type MapRuns interface {
	// Began says that an execution waits for a new map run.
	Began(x ledger.ExecutionID, mapRunARN string)
	// Stopped says that map runs of an execution, if it had any, may have been aborted.
	Stopped(x ledger.ExecutionID)
	// ChildClosed says that a child of a map run is over.
	ChildClosed(run ledger.MapRunID)
}

// noMapRuns is told for nothing.
type noMapRuns struct{}

func (noMapRuns) Began(ledger.ExecutionID, string) {}
func (noMapRuns) Stopped(ledger.ExecutionID)       {}
func (noMapRuns) ChildClosed(ledger.MapRunID)      {}

// Runner runs executions.
type Runner struct {
	store     Store
	feed      *feed.Feed
	registry  *task.Registry
	mocks     *mock.Config
	limits    interp.Limits
	keep      bool // histories of Express executions
	tracing   bool
	clock     func() time.Time
	skip      *skip
	log       *slog.Logger
	grace     time.Duration
	stopChild func(ctx context.Context, executionARN string) error
	mapRuns   MapRuns
	logged    func(executionARN string, redrives int, events []history.Event)
	deleting  func(machineARN string) bool
	spend     func(transitions int) time.Duration // nil: nobody is held back

	shards     []*shard
	machines   *machines
	timers     *timers
	pool       *pool
	activities *activities

	helpers  sync.WaitGroup  // goroutines that stop nested executions
	busy     atomic.Int64    // messages not handled and writes not landed
	syncs    atomic.Int64    // numbers synchronous executions
	stopping chan struct{}   // closed when Run's context has ended
	thinking context.Context // ends when steps that are still under way are cut off
	cut      context.CancelCauseFunc
	stopOnce sync.Once
	quit     chan struct{} // closed when shards shall return
	running  atomic.Bool

	counters counters
}

// New makes a Runner and starts nothing.
func New(c Config) (*Runner, error) {
	if c.Store == nil || c.Feed == nil || c.Registry == nil {
		return nil, errors.New("runner: Store, Feed and Registry are required")
	}
	if c.Skip != nil {
		c.Clock = c.Skip.Now
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.StopChild == nil {
		c.StopChild = func(context.Context, string) error { return nil }
	}
	if c.Logged == nil {
		c.Logged = func(string, int, []history.Event) {}
	}
	if c.Deleting == nil {
		c.Deleting = func(string) bool { return false }
	}
	c.Shards = atLeast(c.Shards, 2*runtime.GOMAXPROCS(0))
	c.Hot = atLeast(c.Hot, 4096)
	c.Workers = atLeast(c.Workers, 1024)
	c.Grace = time.Duration(atLeast(int(c.Grace), int(5*time.Second)))
	r := &Runner{
		store: c.Store, feed: c.Feed, registry: c.Registry, mocks: c.Mocks, limits: c.Limits, keep: !c.ForgetExpress, tracing: c.Tracing, clock: c.Clock, skip: newSkip(c.Skip), log: c.Log,
		grace: c.Grace, stopChild: c.StopChild, mapRuns: noMapRuns{}, logged: c.Logged, deleting: c.Deleting, spend: c.Transitions,
		machines: newMachines(), activities: newActivities(atLeast(c.Pollers, 1000)),
		stopping: make(chan struct{}), quit: make(chan struct{}),
	}
	r.thinking, r.cut = context.WithCancelCause(context.Background())
	r.timers = newTimers(r)
	r.pool = newPool(r, c.Workers)
	for range c.Shards {
		r.shards = append(r.shards, newShard(r, max(1, c.Hot/c.Shards)))
	}
	return r, nil
}

func atLeast(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}

// Run works until ctx ends. Then it takes no new work, gives integrations a moment to
// finish, stores the steps under way and returns, within ten seconds.
func (r *Runner) Run(ctx context.Context) error {
	var shards, others sync.WaitGroup
	for _, s := range r.shards {
		shards.Go(s.loop)
	}
	others.Go(func() { r.timers.loop(ctx) })
	others.Go(func() { r.recover(ctx) })
	r.running.Store(true)

	<-ctx.Done()
	r.stopOnce.Do(func() { close(r.stopping) })
	r.pool.drain(r.grace)
	for _, s := range r.shards {
		s.post(s.flushAll)
	}
	r.settle(3 * time.Second)
	r.running.Store(false)
	r.cut(ErrStopping)
	close(r.quit)
	shards.Wait()
	others.Wait()
	r.helpers.Wait()
	return nil
}

// done says that so many messages were handled or writes have landed.
func (r *Runner) done(n int64) {
	if r.busy.Add(-n) == 0 {
		r.skip.nudge()
	}
}

// settle waits until nothing is under way any more.
func (r *Runner) settle(limit time.Duration) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(limit)
	defer end.Stop()
	for r.busy.Load() > 0 {
		select {
		case <-tick.C:
		case <-end.C:
			r.log.Warn("stopped with steps under way", "steps", r.busy.Load())
			return
		}
	}
}

// Ready tells why the runner does not run executions, nil when it does.
func (r *Runner) Ready() error {
	switch {
	case r.isStopping():
		return ErrStopping
	case !r.running.Load():
		return errors.New("the runner has not started")
	}
	return nil
}

// Serve says who runs Distributed Maps. It is called before Run; without it they wait for
// ever.
func (r *Runner) Serve(m MapRuns) { r.mapRuns = m }

// Busy says that something is under way until the answer is called: the server stops after
// it, and the clock does not jump before.
func (r *Runner) Busy() (done func()) {
	r.busy.Add(1)
	return sync.OnceFunc(func() { r.done(1) })
}

// Machine is a definition, read, mostly from memory.
func (r *Runner) Machine(definition string) (*asl.Machine, error) { return r.machines.get(definition) }

func (r *Runner) isStopping() bool {
	select {
	case <-r.stopping:
		return true
	default:
		return false
	}
}

// shard is the owner of an execution.
func (r *Runner) shard(id ledger.ExecutionID) *shard {
	// Numbers follow each other; the multiplication spreads those of one machine's burst.
	h := uint64(id) * 0x9e3779b97f4a7c15
	return r.shards[(h>>32)%uint64(len(r.shards))]
}

// Answer is an input from outside for one execution.
type Answer struct {
	Execution ledger.ExecutionID
	Input     interp.Input
	Decision  *ledger.Decision // stored with the step, nil: none
}

// Give hands an input to an execution and returns when its step is stored. ErrLate when
// nobody waits for it; ledger.ErrConflict when somebody else decided first.
func (r *Runner) Give(ctx context.Context, a Answer) error {
	return r.give(ctx, a.Execution, delivery{input: a.Input, decision: a.Decision})
}

// Tell gives an input to an execution and returns when its step is stored. An input that
// nobody waits for is no error.
func (r *Runner) Tell(ctx context.Context, id ledger.ExecutionID, in interp.Input) error {
	err := r.give(ctx, id, delivery{input: in})
	if errors.Is(err, ErrLate) {
		return nil
	}
	return err
}

func (r *Runner) give(ctx context.Context, id ledger.ExecutionID, d delivery) error {
	if r.isStopping() {
		return ErrStopping
	}
	done := make(chan error, 1)
	d.done = func(err error) { done <- err }
	s := r.shard(id)
	s.post(func() { s.deliver(id, d) })
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("wait for the step: %w", context.Cause(ctx))
	}
}

// Heartbeat says that somebody still works on a job: its heartbeat timer starts again.
func (r *Runner) Heartbeat(ctx context.Context, j ledger.Job) error {
	if j.Run.Heartbeat == 0 {
		return nil
	}
	t := ledger.Timer{
		Execution: j.Execution, Token: j.Run.Token, Kind: ledger.HeartbeatTimer,
		Due: ceil(r.clock().Add(j.Run.Heartbeat)),
	}
	if err := r.store.SetTimer(ctx, t); err != nil {
		return err
	}
	r.timers.set(t)
	return nil
}
