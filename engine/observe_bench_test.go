package engine_test

import (
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"statehouse/engine/bus"
	"statehouse/engine/feed"
	"statehouse/engine/meter"
	"statehouse/engine/spans"
)

// all are the observers of a server that are always there.
type all []feed.Observer

func (a all) Stepped(s feed.Step) {
	for _, o := range a {
		o.Stepped(s)
	}
}

// BenchmarkObservers is what metrics, events and traces cost: executions of ten tasks, 50 at
// a time, in processor time of the whole process.
func BenchmarkObservers(b *testing.B) {
	for _, c := range []struct {
		name      string
		observers func() feed.Observer
		traced    bool
	}{
		{"None", func() feed.Observer { return nil }, false},
		{"MetricsAndEvents", func() feed.Observer { return all{meter.New(meter.Config{}), bus.New(bus.Config{})} }, false},
		{"SpansToo", func() feed.Observer {
			m, err := spans.New(spans.Config{Provider: spans.Provider(sdktrace.WithBatcher(tracetest.NewNoopExporter()))})
			if err != nil {
				b.Fatal(err)
			}
			go m.Run(b.Context())
			return all{meter.New(meter.Config{}), bus.New(bus.Config{}), m}
		}, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := bench(b)
			h.watcher, h.tracing = c.observers(), c.traced
			h.restart()
			m := h.machine("steps", steps(10, noop))
			if c.traced {
				m = h.tracedMachine("traced", steps(10, noop))
			}
			name := map[bool]string{false: "steps", true: "traced"}[c.traced]
			h.loop(b, 200, 50, m, name)
			b.ResetTimer()
			busy := cpu(b)
			took := h.loop(b, b.N, 50, m, name)
			busy = cpu(b) - busy
			b.StopTimer()
			b.ReportMetric(float64(b.N)/took.Seconds(), "executions/s")
			b.ReportMetric(float64(busy.Microseconds())/float64(b.N), "cpu-µs")
			b.ReportMetric(0, "ns/op")
		})
	}
}
