package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/clock"
	"statehouse/engine/courier"
	"statehouse/engine/feed"
	"statehouse/engine/inbox"
	"statehouse/engine/keyring"
	"statehouse/engine/ledger"
	"statehouse/engine/maprun"
	"statehouse/engine/mock"
	"statehouse/engine/object"
	"statehouse/engine/runner"
	"statehouse/engine/task"
	"statehouse/engine/vault"
)

// Config is what an Engine needs.
type Config struct {
	Store ledger.Store // required
	Feed  *feed.Feed   // default: a new one

	Account string // default "000000000000"
	Region  string // default "us-east-1"
	User    string // the owner in local mode, default "owner"

	Registry            *task.Registry // default: the built-in integrations
	AllowPrivateNetwork bool           // http:invoke may call private addresses
	Mocks               *mock.Config   // of executions started with a test case; default: none
	Logs                Logs           // where executions are logged; default: nowhere
	Objects             object.Store   // that Distributed Maps read and write; default: no buckets
	Vault               *vault.Vault   // seals the secrets of access keys; required for those

	Limits        Limits                    // default: AWS's
	Quotas        Quotas                    // default: AWS's
	Transitions   func(n int) time.Duration // how long a Standard execution is held back after n state transitions; default: it is not, nor with Skip
	Tracing       bool                      // somebody makes spans of executions whose trace header is sampled; those of traced machines have one
	ForgetExpress bool                      // histories of Express executions are not kept

	Clock  func() time.Time // default time.Now
	Skip   *clock.Virtual   // is the Clock then, and jumps to the next timer when nothing can run
	Log    *slog.Logger     // default: none
	Shards int              // default: twice the number of processors
}

// Engine is the application. Its methods may be called from any goroutine, before,
// during and after Run; what needs the runner waits for it or is refused when it stops.
type Engine struct {
	store  ledger.Store
	feed   *feed.Feed
	names  arn.Names
	user   string
	clock  func() time.Time
	log    *slog.Logger
	runner *runner.Runner
	inbox  *inbox.Inbox
	does   *task.Registry
	mocks  *mock.Config
	skip   *clock.Virtual
	maps   *maprun.Runs
	keys   *keyring.Ring
	limits Limits
	quotas Quotas

	tracing  bool
	logs     Logs
	loggings sync.Map         // logging.Config by the text of published machines: there are few
	courier  *courier.Courier // nil: nothing is logged

	allowances allowances
	published  published
	leaving    leaving
	sampled    samples
}

// New makes an Engine and starts nothing.
func New(c Config) (*Engine, error) {
	if c.Store == nil {
		return nil, errors.New("engine: a store is required")
	}
	if c.Feed == nil {
		c.Feed = feed.New()
	}
	if c.Skip != nil {
		c.Clock = c.Skip.Now
	}
	if c.Skip != nil {
		c.Transitions = nil // who waits for nothing else must not see time pass
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		store: c.Store,
		feed:  c.Feed,
		names: arn.Names{Account: or(c.Account, "000000000000"), Region: or(c.Region, "us-east-1")},
		user:  or(c.User, "owner"),
		clock: c.Clock,
		log:   c.Log,
		inbox: inbox.New(c.Store, c.Feed, c.Clock),
		mocks: c.Mocks,
		skip:  c.Skip,

		limits: c.Limits.filled(), quotas: c.Quotas.filled(), tracing: c.Tracing,
	}
	if c.Vault == nil {
		c.Vault = vault.None()
	}
	if err := e.newCourier(c.Logs); err != nil {
		return nil, err
	}
	e.keys = keyring.New(keyring.Config{Store: c.Store, Vault: c.Vault, Clock: e.now, Log: c.Log})
	e.allowances.set(e.quotas)
	if c.Registry == nil {
		c.Registry = task.NewRegistry()
	}
	e.does = c.Registry
	e.builtin(c.Registry, c.AllowPrivateNetwork)
	if c.Objects == nil {
		c.Objects = object.None{}
	}
	r, err := runner.New(runner.Config{
		Store: c.Store, Feed: c.Feed, Registry: c.Registry, Mocks: c.Mocks, Limits: c.Limits.Limits, ForgetExpress: c.ForgetExpress,
		Clock: c.Clock, Skip: c.Skip, Log: c.Log, Shards: c.Shards, StopChild: e.stopChild, Logged: e.courier.Committed, Deleting: e.leaving.has, Transitions: c.Transitions,
		Pollers: e.quotas.ActivityPollers, Tracing: c.Tracing,
	})
	if err != nil {
		return nil, err
	}
	e.runner = r
	e.maps, err = maprun.New(maprun.Config{
		Store: c.Store, Runner: r, Objects: c.Objects, Feed: c.Feed, Clock: c.Clock, Log: c.Log, MaxOpen: e.quotas.OpenMapRuns, Tracing: c.Tracing,
		Limits: c.Limits.Limits,
	})
	if err != nil {
		return nil, err
	}
	r.Serve(e.maps)
	return e, nil
}

// Run works until ctx ends and returns when everything that was begun is stored, within
// ten seconds.
func (e *Engine) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	beside.Go(func() { e.maps.Run(ctx) })
	beside.Go(func() { e.keys.Run(ctx) })
	var last sync.WaitGroup
	brings, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer last.Wait()
	defer stop()
	if e.courier != nil {
		last.Go(func() { e.courier.Run(brings) })
	}
	e.recallDeleting(ctx)
	err := e.runner.Run(ctx)
	beside.Wait()
	return err
}

// VirtualTime tells whether time jumps to the next timer when nothing can run.
func (e *Engine) VirtualTime() bool { return e.skip != nil }

// User is the owner in local mode.
func (e *Engine) User() string { return e.user }

// Names invents the resource names of this server's account and region.
func (e *Engine) Names() arn.Names { return e.names }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
