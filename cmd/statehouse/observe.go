package main

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"statehouse/engine/bus"
	"statehouse/engine/feed"
	"statehouse/engine/meter"
	"statehouse/engine/throttle"
)

// observe holds the settings of what is told about executions: metrics, events, traces.
type observe struct {
	MetricsSeries int `default:"100" help:"State machines, and resources of each kind, that have series of their own in /metrics; the rest is \"other\"."`
	EventsKept    int `default:"1000" help:"Status changes of executions that /api/events can tell again."`
}

func (o *observe) check() error {
	if o.MetricsSeries < 1 {
		return errors.New("--metrics-series must be at least 1")
	}
	if o.EventsKept < 1 {
		return errors.New("--events-kept must be at least 1")
	}
	return nil
}

// watch is what hears of all executions, and what keeps calls within their rates.
type watch struct {
	feed     *feed.Feed
	throttle *throttle.Throttle
	bus      *bus.Bus
	metrics  []prometheus.Collector
}

// watch makes it.
func (s *serve) watch() (*watch, error) {
	t, err := s.Quotas.throttle()
	if err != nil {
		return nil, err
	}
	w := &watch{feed: feed.New(), throttle: t, bus: bus.New(bus.Config{Recent: s.Observe.EventsKept})}
	m := meter.New(meter.Config{Series: s.Observe.MetricsSeries})
	w.feed.Observe(m)
	w.feed.Observe(w.bus)
	w.metrics = []prometheus.Collector{m, meter.NewAPI(t)}
	return w, nil
}
