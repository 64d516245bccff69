package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"statehouse/engine/bus"
	"statehouse/engine/feed"
	"statehouse/engine/ledger"
	"statehouse/engine/meter"
	"statehouse/engine/spans"
	"statehouse/engine/throttle"
)

// observe holds the settings of what is told about executions: metrics, events, traces.
type observe struct {
	MetricsSeries int               `default:"100" help:"State machines, and resources of each kind, that have series of their own in /metrics; the rest is \"other\"."`
	OTLPEndpoint  string            `name:"otlp-endpoint" placeholder:"URL" help:"Send OpenTelemetry spans of traced executions to the collector at this URL, such as http://127.0.0.1:4318; by default to that of OTEL_EXPORTER_OTLP_ENDPOINT."`
	OTLPProtocol  string            `name:"otlp-protocol" enum:",http,grpc" default:"" placeholder:"http|grpc" help:"How the collector is spoken to; by default as OTEL_EXPORTER_OTLP_PROTOCOL says, else http."`
	OTLPHeader    map[string]string `name:"otlp-header" placeholder:"KEY=VALUE" help:"Header of every request to the collector."`
	EventsKept    int               `default:"1000" help:"Status changes of executions that /api/events can tell again."`
}

func (o *observe) check() error {
	if o.MetricsSeries < 1 {
		return errors.New("--metrics-series must be at least 1")
	}
	if o.EventsKept < 1 {
		return errors.New("--events-kept must be at least 1")
	}
	return o.export(nil).Check()
}

func (o *observe) export(log *slog.Logger) spans.Export {
	protocol := map[string]string{"http": spans.HTTP, "grpc": spans.GRPC}[o.OTLPProtocol]
	return spans.Export{Endpoint: o.OTLPEndpoint, Protocol: protocol, Headers: o.OTLPHeader, Version: currentVersion(), Log: log}
}

// watch is what hears of all executions, and what keeps calls within their rates.
type watch struct {
	feed     *feed.Feed
	throttle *throttle.Throttle
	bus      *bus.Bus
	metrics  []prometheus.Collector
	maker    *spans.Maker // nil: nobody traces
	provider *sdktrace.TracerProvider
}

// watch makes it.
func (s *serve) watch(ctx context.Context, log *slog.Logger) (*watch, error) {
	t, err := s.Quotas.throttle()
	if err != nil {
		return nil, err
	}
	w := &watch{feed: feed.New(), throttle: t, bus: bus.New(bus.Config{Recent: s.Observe.EventsKept})}
	m := meter.New(meter.Config{Series: s.Observe.MetricsSeries})
	w.feed.Observe(m)
	w.feed.Observe(w.bus)
	w.metrics = []prometheus.Collector{m, meter.NewAPI(t)}
	export := s.Observe.export(log)
	if !export.Wanted() {
		return w, nil
	}
	if w.provider, err = export.Open(ctx); err != nil {
		return nil, err
	}
	if w.maker, err = spans.New(spans.Config{Provider: w.provider, Log: log}); err != nil {
		return nil, err
	}
	w.feed.Observe(w.maker)
	w.metrics = append(w.metrics, prometheus.NewCounterFunc(prometheus.CounterOpts{
		Namespace: "statehouse", Name: "span_steps_missed_total", Help: "Steps that came too fast for spans to be made at once.",
	}, func() float64 { return float64(w.maker.Missed()) }))
	return w, nil
}

// transitions says how long an execution is held back after so many state transitions; nil: it never is.
func (w *watch) transitions() func(n int) time.Duration {
	if !w.throttle.Knows(throttle.StateTransition) {
		return nil
	}
	return func(n int) time.Duration { return w.throttle.Spend(throttle.StateTransition, n) }
}

// lastSpans is how long the last spans may take to be delivered.
const lastSpans = 2 * time.Second

// run makes spans until the answer is called, which is after the engine has stopped.
func (w *watch) run(store ledger.Executions) (stop func()) {
	if w.maker == nil {
		return func() {}
	}
	w.maker.Read(store.History)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { w.maker.Run(ctx) })
	return func() {
		cancel()
		wg.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), lastSpans)
		defer cancel()
		_ = w.provider.Shutdown(ctx) // the collector is away
	}
}
