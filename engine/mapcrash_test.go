package engine_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/object"
	"statehouse/engine/task"
	"statehouse/store/sqlite"
)

// falling is a store that crashes: after some writes nobody hears of any more of them.
// They are stored all the same.
type falling struct {
	*sqlite.DB
	mu   sync.Mutex
	left int
}

func (s *falling) fell() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left--
	return s.left < 0
}

func (s *falling) Advance(a ledger.Advance, done func(error)) {
	fell := s.fell()
	s.DB.Advance(a, func(err error) {
		if !fell {
			done(err)
		}
	})
}

func (s *falling) BeginItems(ctx context.Context, g ledger.ItemGroup) ([]ledger.ExecutionID, error) {
	fell := s.fell()
	ids, err := s.DB.BeginItems(ctx, g)
	if fell {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return ids, err
}

func (s *falling) EndMapRun(ctx context.Context, e ledger.MapRunEnd) error {
	fell := s.fell()
	err := s.DB.EndMapRun(ctx, e)
	if fell {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

// TestMapRunsSurviveCrashes cuts a run off after each of its writes. However it falls, each
// item has one result, in order.
func TestMapRunsSurviveCrashes(t *testing.T) {
	t.Parallel()
	definition := each(`"MaxConcurrency":4,"ItemBatcher":{"MaxItemsPerBatch":3},"ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
		"Parameters":{"Bucket":"in-bucket","Key":"items.jsonl"},"ReaderConfig":{"InputType":"JSONL"}},`)
	for n := range 26 {
		t.Run(fmt.Sprint("write ", n), func(t *testing.T) {
			t.Parallel()
			dir, bucket := t.TempDir(), thirty(t)
			synctest.Test(t, func(t *testing.T) {
				arn := fall(t, dir, bucket, definition, n)
				x := rise(t, dir, bucket, arn)
				wantStatus(t, x, interp.Succeeded)
				next := int64(0)
				for _, batch := range x.Output.Items() {
					for _, item := range batch.Get("Items").Items() {
						if got, _ := item.Get("n").AsInt(); got != next {
							t.Fatalf("item %d where %d should be: %s", got, next, x.Output.JSON())
						}
						next++
					}
				}
				if next != 30 {
					t.Errorf("%d items have a result, want 30", next)
				}
			})
		})
	}
}

// thirty is a folder of objects with 30 items in one of them.
func thirty(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var lines strings.Builder
	for i := range 30 {
		fmt.Fprintf(&lines, "{\"n\":%d}\n", i)
	}
	if err := os.MkdirAll(filepath.Join(dir, "in-bucket"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "in-bucket", "items.jsonl"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// crashed opens an engine on a folder, runs f, and closes it.
func crashed(t *testing.T, dir, bucket string, writes int, f func(e *engine.Engine)) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	objects, err := object.NewFolder(bucket)
	if err != nil {
		t.Fatal(err)
	}
	registry := task.NewRegistry()
	calling(func(ctx context.Context, r task.Request) task.Reply {
		time.Sleep(time.Duration(1+r.Execution%3) * time.Second) // virtual
		return echo(ctx, r)
	})(registry)
	e, err := engine.New(engine.Config{Store: &falling{DB: db, left: writes}, Registry: registry, Objects: objects, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- e.Run(ctx) }()
	f(e)
	stop()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if err := objects.Close(); err != nil {
		t.Error(err)
	}
}

// fall starts an execution and crashes after some writes.
func fall(t *testing.T, dir, bucket, definition string, writes int) (arn string) {
	t.Helper()
	crashed(t, dir, bucket, writes, func(e *engine.Engine) {
		m, err := e.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "M", Definition: definition})
		if err != nil {
			t.Fatal(err)
		}
		x, err := e.StartExecution(t.Context(), engine.StartExecution{MachineARN: m.ARN})
		if err != nil {
			t.Fatal(err)
		}
		arn = x.ARN
		time.Sleep(time.Minute) // virtual
	})
	return arn
}

// rise opens the engine again and waits for the execution.
func rise(t *testing.T, dir, bucket, arn string) (x ledger.Execution) {
	t.Helper()
	crashed(t, dir, bucket, 1<<30, func(e *engine.Engine) {
		time.Sleep(time.Minute) // virtual
		var err error
		if x, err = e.Execution(t.Context(), arn); err != nil {
			t.Fatal(err)
		}
	})
	return x
}
