package runner_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/task"
	"statehouse/engine/value"
	"statehouse/store/sqlite"
)

// store is a real store whose answers a test may change.
type store struct {
	*sqlite.DB
	mu          sync.Mutex
	AdvanceFunc func(ledger.Advance) error // an error is answered instead of storing
	LoadFunc    func(*ledger.Loaded)       // may spoil what was read
	deaf        int                        // after so many writes nobody is told; 0: never
}

func (s *store) Advance(a ledger.Advance, done func(error)) {
	s.mu.Lock()
	var err error
	if s.AdvanceFunc != nil {
		err = s.AdvanceFunc(a)
	}
	if s.deaf > 1 {
		s.deaf--
	} else if s.deaf == 1 {
		done = func(error) {}
	}
	s.mu.Unlock()
	if err != nil {
		done(err)
		return
	}
	s.DB.Advance(a, done)
}

func (s *store) Load(ctx context.Context, id ledger.ExecutionID) (ledger.Loaded, error) {
	l, err := s.DB.Load(ctx, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.LoadFunc != nil {
		s.LoadFunc(&l)
	}
	return l, err
}

// spoil changes what the store answers from now on.
func (s *store) spoil(advance func(ledger.Advance) error, load func(*ledger.Loaded)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.AdvanceFunc, s.LoadFunc = advance, load
}

// buffer is a log that may be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// shop is a runner on a store.
type shop struct {
	t      *testing.T
	dir    string
	config runner.Config
	store  *store
	r      *runner.Runner
	feed   *feed.Feed
	stop   context.CancelFunc
	ran    chan error
	log    buffer

	express bool // type of the executions that are started
}

func bubble(t *testing.T, c runner.Config, test func(t *testing.T, s *shop)) {
	t.Helper()
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{t: t, dir: dir, config: c}
		s.open()
		defer s.close()
		test(t, s)
	})
}

func (s *shop) open() {
	s.t.Helper()
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: s.dir, Log: log})
	if err != nil {
		s.t.Fatal(err)
	}
	s.store, s.feed = &store{DB: db}, feed.New()
	s.config.Store, s.config.Feed, s.config.Log = s.store, s.feed, log
	if s.config.Registry == nil {
		s.config.Registry = task.NewRegistry()
	}
	if s.r, err = runner.New(s.config); err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.ran = stop, make(chan error, 1)
	go func() { s.ran <- s.r.Run(ctx) }()
}

func (s *shop) close() {
	s.stop()
	if err := <-s.ran; err != nil {
		s.t.Errorf("Run: %v", err)
	}
	if err := s.store.Close(); err != nil {
		s.t.Errorf("Close: %v", err)
	}
}

var names atomic.Int64

// start starts an execution of a definition.
func (s *shop) start(definition string) ledger.Execution {
	s.t.Helper()
	arn := "arn:aws:states:us-east-1:1:stateMachine:m"
	_, err := s.store.CreateMachine(context.Background(), ledger.Machine{ARN: arn, Name: "m", Type: "STANDARD", Definition: definition, Created: time.Now(), Updated: time.Now()}, ledger.With{})
	if err != nil && !errors.Is(err, ledger.ErrExists) {
		s.t.Fatal(err)
	}
	name := fmt.Sprint("run-", names.Add(1))
	x, err := s.r.Start(context.Background(), runner.Birth{Definition: definition, Execution: ledger.Execution{
		ARN: "arn:aws:states:us-east-1:1:execution:m:" + name, Name: name, MachineARN: arn, MachineName: "m", Type: s.kind(),
		Status: interp.Running, Input: value.Object(), Started: time.Now(),
	}})
	if err != nil {
		s.t.Fatal(err)
	}
	return x
}

// kind is the type of the executions that it starts.
func (s *shop) kind() string {
	if s.express {
		return "EXPRESS"
	}
	return "STANDARD"
}

// startMany starts many at a time, so that they share commits.
func (s *shop) startMany(n int, definition string) []ledger.Execution {
	s.t.Helper()
	all := []ledger.Execution{s.start(definition)}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range n - 1 {
		wg.Go(func() {
			x := s.start(definition)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, x)
		})
	}
	wg.Wait()
	return all
}

// wait waits for the end of an execution.
func (s *shop) wait(x ledger.Execution) ledger.Execution {
	s.t.Helper()
	for range 100000 {
		now, err := s.store.Execution(context.Background(), x.ARN)
		if err != nil {
			s.t.Fatal(err)
		}
		if now.Status != interp.Running {
			return now
		}
		time.Sleep(100 * time.Millisecond) // virtual
	}
	s.t.Fatalf("%s does not end", x.ARN)
	return x
}

const (
	wait10 = `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":10,"Next":"B"},"B":{"Type":"Wait","Seconds":10,"End":true}}}`
	tasks3 = `{"StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","Next":"B"},
		"B":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","Next":"C"},
		"C":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","End":true}}}`
)

// calls registers aws-sdk:test:call.
func calls(f func(ctx context.Context, r task.Request) task.Reply) *task.Registry {
	g := task.NewRegistry()
	g.Register("aws-sdk:test", "call", []string{""}, task.Func(f))
	return g
}
