package engine_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/clock"
	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/mock"
	"statehouse/engine/object"
	"statehouse/engine/task"
	"statehouse/engine/value"
	"statehouse/engine/vault"
	"statehouse/store/sqlite"
)

// house is an engine on a real store. It can be closed and opened again on the same data.
type house struct {
	t   testing.TB
	dir string
	log *slog.Logger
	add func(*task.Registry)
	// mocks answer executions with a test case from the next open on; nil: none
	mocks   *mock.Config
	forget  bool                    // histories of Express executions
	objects object.Store            // from the next open on; nil: none
	logs    engine.Logs             // from the next open on
	account string                  // from the next open on; "": the default
	skip    *clock.Virtual          // a clock that jumps, from the next open on; nil: the bubble's
	quotas  engine.Quotas           // from the next open on
	limits  engine.Limits           // from the next open on
	tracing bool                    // from the next open on
	private bool                    // HTTP tasks reach this machine, from the next open on
	watcher feed.Observer           // of all steps, from the next open on; nil: none
	held    func(int) time.Duration // after state transitions, from the next open on; nil: never

	*engine.Engine
	db   *sqlite.DB
	stop context.CancelFunc
	ran  chan error
}

// bubble runs a test in virtual time: a year of waiting takes a millisecond.
func bubble(t *testing.T, add func(*task.Registry), test func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := &house{t: t, dir: dir, add: add, log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
		h.open()
		defer h.close()
		test(t, h)
	})
}

func (h *house) open() {
	h.t.Helper()
	var err error
	var now func() time.Time
	if h.skip != nil {
		now = h.skip.Now
	}
	h.db, err = sqlite.Open(context.Background(), sqlite.Config{Dir: h.dir, Log: h.log, Clock: now})
	if err != nil {
		h.t.Fatal(err)
	}
	registry := task.NewRegistry()
	if h.add != nil {
		h.add(registry)
	}
	told := feed.New()
	if h.watcher != nil {
		told.Observe(h.watcher)
	}
	h.Engine, err = engine.New(engine.Config{
		Store: h.db, Feed: told, Registry: registry, Mocks: h.mocks, Skip: h.skip, ForgetExpress: h.forget, Account: h.account,
		Logs: h.logs, Objects: h.objects, Vault: vault.InFolder(h.dir), Quotas: h.quotas, Log: h.log,
		Tracing: h.tracing, AllowPrivateNetwork: h.private, Transitions: h.held, Limits: h.limits,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop, h.ran = stop, make(chan error, 1)
	go func() { h.ran <- h.Run(ctx) }()
}

func (h *house) close() {
	h.stop()
	if err := <-h.ran; err != nil {
		h.t.Errorf("Run: %v", err)
	}
	if err := h.db.Close(); err != nil {
		h.t.Errorf("Close: %v", err)
	}
}

// restart is a stop and a start on the same data.
func (h *house) restart() {
	h.t.Helper()
	h.close()
	h.open()
}

// machine publishes a definition.
func (h *house) machine(name, definition string) string {
	h.t.Helper()
	m, err := h.CreateStateMachine(context.Background(), engine.CreateStateMachine{Name: name, Definition: definition})
	if err != nil {
		h.t.Fatal(err)
	}
	return m.ARN
}

// start starts an execution.
func (h *house) start(machineARN, input string) string {
	h.t.Helper()
	x, err := h.StartExecution(context.Background(), engine.StartExecution{MachineARN: machineARN, Input: &input})
	if err != nil {
		h.t.Fatal(err)
	}
	return x.ARN
}

func (h *house) execution(arn string) ledger.Execution {
	h.t.Helper()
	x, err := h.Execution(context.Background(), arn)
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// wait waits until an execution is over.
func (h *house) wait(arn string) ledger.Execution {
	h.t.Helper()
	watch := h.Watch(arn)
	defer watch.Close()
	for {
		if x := h.execution(arn); x.Status != interp.Running {
			return x
		}
		<-watch.C
	}
}

// types lists the types of an execution's events.
func (h *house) types(arn string) []history.Type {
	h.t.Helper()
	events, err := h.History(context.Background(), arn, ledger.HistoryQuery{})
	if err != nil {
		h.t.Fatal(err)
	}
	var types []history.Type
	for i, e := range events {
		if e.ID != history.ID(i+1) {
			h.t.Errorf("event %d of %s has id %d", i+1, arn, e.ID)
		}
		types = append(types, e.Type)
	}
	return types
}

func wantStatus(t *testing.T, x ledger.Execution, want interp.Status) {
	t.Helper()
	if x.Status != want {
		t.Fatalf("%s is %s (%s: %s), want %s", x.ARN, x.Status, text(x.Error), text(x.Cause), want)
	}
}

func wantOutput(t *testing.T, x ledger.Execution, want string) {
	t.Helper()
	wantStatus(t, x, interp.Succeeded)
	v, err := value.Parse(want)
	if err != nil {
		t.Fatal(err)
	}
	if !value.Equal(x.Output, v) {
		t.Errorf("output of %s is %s, want %s", x.ARN, x.Output.JSON(), want)
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// wantCode checks the code of a Fault and gives it back.
func wantCode(t *testing.T, err error, code string) *engine.Fault {
	t.Helper()
	f, ok := errors.AsType[*engine.Fault](err)
	if !ok || f.Code != code {
		t.Fatalf("error is %v, want %s", err, code)
	}
	return f
}

// goroutines counts all of the process that stand in our own packages.
func goroutines() int {
	buf := make([]byte, 4<<20)
	buf = buf[:runtime.Stack(buf, true)]
	n := 0
	for g := range strings.SplitSeq(string(buf), "\n\n") {
		if strings.Contains(g, "engine/runner.") && strings.Contains(g, "TestTenThousand") {
			n++
		}
	}
	return n
}
