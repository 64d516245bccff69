package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"statehouse/engine/meter"
)

// metrics counts requests, and shows what others count.
type metrics struct {
	requests *prometheus.HistogramVec
	handler  http.Handler
}

func newMetrics(e Engine, more []prometheus.Collector) *metrics {
	m := &metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "statehouse", Name: "http_request_seconds", Help: "Time that requests took, by route and status.",
		Buckets: []float64{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, newEngineCollector(e),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(more...)
	// What cannot be read just now is missing; the rest is shown.
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
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

// engineCollector reads the engine's counters, and counts what there is, when somebody asks.
type engineCollector struct {
	engine   Engine
	machines *meter.Labels
}

func newEngineCollector(e Engine) *engineCollector {
	return &engineCollector{engine: e, machines: meter.NewLabels(meter.DefaultSeries)}
}

// inventoryTime is how long counting may take.
const inventoryTime = 5 * time.Second

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("statehouse_"+name, help, labels, nil)
}

func cloudWatch(name, help, of string, labels ...string) *prometheus.Desc {
	return describe(name, meter.Help(help, of), labels...)
}

var (
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

	mapRunsDesc     = cloudWatch("open_map_runs", "Map runs that are open.", "ApproximateOpenMapRunCount")
	mapRunLimitDesc = cloudWatch("open_map_run_limit", "Map runs that may be open.", "OpenMapRunLimit")
	backlogDesc     = cloudWatch("map_run_backlog", "Map runs that wait until others are over.", "ApproximateMapRunBacklogSize")
	openDesc        = cloudWatch("open_executions", "Executions of Standard machines that run, without children of map runs.",
		"OpenExecutionCount, OpenExecutionCountPerStateMachine", "state_machine")
	openLimitDesc  = cloudWatch("open_execution_limit", "Executions of Standard machines that may run at a time.", "OpenExecutionLimit")
	versionsDesc   = cloudWatch("versions", "Versions of state machines.", "VersionCount", "state_machine")
	aliasesDesc    = cloudWatch("aliases", "Aliases of state machines.", "AliasCount", "state_machine")
	machinesDesc   = cloudWatch("state_machines", "State machines.", "StateMachineCount")
	activitiesDesc = cloudWatch("activities", "Activities.", "ActivityCount")
)

// Describe implements prometheus.Collector.
func (*engineCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		closedDesc, stepsDesc, writesDesc, eventsDesc, lateDesc, panicsDesc, retriesDesc, hotDesc, jobsDesc, queuedDesc, timersDesc,
		mapRunsDesc, mapRunLimitDesc, backlogDesc, openDesc, openLimitDesc, versionsDesc, aliasesDesc, machinesDesc, activitiesDesc,
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

	quotas := e.engine.Quotas()
	send(mapRunsDesc, gauge, s.MapRuns)
	send(mapRunLimitDesc, gauge, int64(quotas.OpenMapRuns))
	send(backlogDesc, gauge, s.MapRunBacklog)
	send(openLimitDesc, gauge, int64(quotas.OpenExecutions))

	ctx, cancel := context.WithTimeout(context.Background(), inventoryTime)
	defer cancel()
	inv, err := e.engine.Inventory(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(openDesc, err)
		return
	}
	send(machinesDesc, gauge, inv.Machines)
	send(activitiesDesc, gauge, inv.Activities)
	for _, of := range []struct {
		desc  *prometheus.Desc
		count map[string]int64
	}{{openDesc, inv.Open}, {versionsDesc, inv.Versions}, {aliasesDesc, inv.Aliases}} {
		for machine, n := range e.byMachine(of.count) {
			send(of.desc, gauge, n, machine)
		}
	}
}

// byMachine gives counts the labels of their machines: those that have none of their own
// are added up.
func (e *engineCollector) byMachine(counts map[string]int64) map[string]int64 {
	byLabel := map[string]int64{}
	for arn, n := range counts {
		byLabel[e.machines.Of(meter.MachineLabel(arn))] += n
	}
	return byLabel
}
