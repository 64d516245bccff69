package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

type reason struct {
	Part    string `json:"part"`
	Message string `json:"message"`
}

// readyz says whether it can do its work, and if not, why.
func (s *Server) readyz(c echo.Context) error {
	reasons := s.engine.Ready(c.Request().Context())
	out := struct {
		Status  string   `json:"status"`
		Reasons []reason `json:"reasons"`
	}{Status: "ready", Reasons: []reason{}}
	for _, r := range reasons {
		out.Reasons = append(out.Reasons, reason{r.Part, r.Message})
	}
	if len(reasons) > 0 {
		out.Status = "not ready"
		return c.JSON(http.StatusServiceUnavailable, out)
	}
	return c.JSON(http.StatusOK, out)
}

// metrics counts requests, and shows what the engine counts.
type metrics struct {
	requests *prometheus.HistogramVec
	handler  http.Handler
}

func newMetrics(e Engine) *metrics {
	m := &metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "statehouse", Name: "http_request_seconds", Help: "Time that requests took, by route and status.",
		Buckets: []float64{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, &engineCollector{engine: e},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(known(method), route, strconv.Itoa(status)).Observe(took.Seconds())
}

// known keeps made-up methods from filling the memory with series.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodHead, http.MethodDelete:
		return method
	}
	return "other"
}

func (m *metrics) serve(c echo.Context) error {
	m.handler.ServeHTTP(c.Response(), c.Request())
	return nil
}

// engineCollector reads the engine's counters when somebody asks.
type engineCollector struct{ engine Engine }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("statehouse_"+name, help, labels, nil)
}

var (
	startedDesc = describe("executions_started_total", "Executions started since the server started.")
	closedDesc  = describe("executions_closed_total", "Executions that ended since the server started, by status.", "status")
	stepsDesc   = describe("steps_total", "Inputs of the interpreter that had an effect.")
	writesDesc  = describe("writes_total", "Steps handed to the store.")
	eventsDesc  = describe("events_total", "History events written.")
	lateDesc    = describe("late_answers_total", "Answers that nobody waited for any more.")
	panicsDesc  = describe("interpreter_panics_total", "Panics of the interpreter that were recovered.")
	retriesDesc = describe("write_retries_total", "Writes that failed and were looked at again.")
	hotDesc     = describe("executions_in_memory", "Executions in memory now.")
	jobsDesc    = describe("jobs_running", "Task integrations that run now.")
	queuedDesc  = describe("jobs_queued", "Task integrations that wait for their turn.")
	timersDesc  = describe("timers_armed", "Timers armed for the near future.")
)

// Describe implements prometheus.Collector.
func (*engineCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		startedDesc, closedDesc, stepsDesc, writesDesc, eventsDesc, lateDesc, panicsDesc, retriesDesc, hotDesc, jobsDesc, queuedDesc, timersDesc,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (e *engineCollector) Collect(out chan<- prometheus.Metric) {
	s := e.engine.Stats()
	send := func(d *prometheus.Desc, kind prometheus.ValueType, n int64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, kind, float64(n), labels...)
	}
	counter, gauge := prometheus.CounterValue, prometheus.GaugeValue
	send(startedDesc, counter, s.Started)
	send(closedDesc, counter, s.Succeeded, "SUCCEEDED")
	send(closedDesc, counter, s.Failed, "FAILED")
	send(closedDesc, counter, s.TimedOut, "TIMED_OUT")
	send(closedDesc, counter, s.Aborted, "ABORTED")
	send(stepsDesc, counter, s.Steps)
	send(writesDesc, counter, s.Writes)
	send(eventsDesc, counter, s.Events)
	send(lateDesc, counter, s.Late)
	send(panicsDesc, counter, s.Panics)
	send(retriesDesc, counter, s.Retries)
	send(hotDesc, gauge, s.Hot)
	send(jobsDesc, gauge, s.Jobs)
	send(queuedDesc, gauge, s.Queued)
	send(timersDesc, gauge, s.Timers)
}
