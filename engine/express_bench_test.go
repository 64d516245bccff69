package engine_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// BenchmarkExpress runs workflows of ten tasks as Standard, asynchronous Express and
// synchronous Express executions, fifty at a time, each kind in ratio to Standard in the
// same run.
func BenchmarkExpress(b *testing.B) {
	h := bench(b)
	input := noopData
	begin := func(machineARN string) engine.StartExecution {
		return engine.StartExecution{MachineARN: machineARN, Input: &input}
	}
	toTheEnd := func(x ledger.Execution, err error) (ledger.Execution, error) {
		if err != nil {
			return x, err
		}
		return h.wait(x.ARN), nil
	}
	standard, express := h.machine("standard", steps(10, noop)), h.expressMachine("express", steps(10, noop))
	var floor float64
	for _, kind := range []struct {
		name string
		run  func() (ledger.Execution, error)
	}{
		{"Standard", func() (ledger.Execution, error) {
			return toTheEnd(h.StartExecution(context.Background(), begin(standard)))
		}},
		{"Async", func() (ledger.Execution, error) {
			return toTheEnd(h.StartExecution(context.Background(), begin(express)))
		}},
		{"Sync", func() (ledger.Execution, error) { return h.StartSyncExecution(context.Background(), begin(express)) }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			loop := func(n int) time.Duration {
				var left atomic.Int64
				left.Store(int64(n))
				var wg sync.WaitGroup
				began := time.Now()
				for range 50 {
					wg.Go(func() {
						for left.Add(-1) >= 0 {
							if x, err := kind.run(); err != nil || x.Status != interp.Succeeded {
								b.Errorf("%s: %v", x.Status, err)
								return
							}
						}
					})
				}
				wg.Wait()
				return time.Since(began)
			}
			loop(200)
			b.ResetTimer()
			writes := h.Stats().Writes
			perSecond := float64(b.N) / loop(b.N).Seconds()
			if kind.name == "Standard" {
				floor = perSecond
			}
			b.ReportMetric(perSecond, "executions/s")
			b.ReportMetric(float64(h.Stats().Writes-writes)/float64(b.N), "writes")
			if floor > 0 {
				b.ReportMetric(perSecond/floor, "of-standard")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
