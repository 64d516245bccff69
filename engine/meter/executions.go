package meter

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"statehouse/engine/ledger"
)

const (
	namespace = "statehouse"
	byMachine = "state_machine"
)

// durations are bounds of histograms, in seconds: from what a machine does alone to what
// waits for people.
var durations = []float64{0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400}

// executions are the metrics of executions, by state machine.
type executions struct {
	started, redriven, transitions, billed *prometheus.CounterVec
	ended, redrivenEnded                   [4]*prometheus.CounterVec // as in ends
	versionStarted, versionEnded           *prometheus.CounterVec
	took                                   *prometheus.HistogramVec
}

// ends are the ways in which executions end, as metrics and as CloudWatch say it.
var ends = [4]struct{ name, cloudWatch string }{
	{"succeeded", "Succeeded"}, {"failed", "Failed"}, {"timed_out", "TimedOut"}, {"aborted", "Aborted"},
}

func newExecutions() executions {
	e := executions{
		started:  counter("executions_started_total", "Executions that started.", "ExecutionsStarted", byMachine),
		redriven: counter("executions_redriven_total", "Redrives of executions.", "ExecutionsRedriven", byMachine),
		transitions: counter("state_transitions_total", "States that were entered, and repeated attempts at tasks.",
			"ConsumedCapacity with ServiceMetric=StateTransition", byMachine),
		billed: counter("express_execution_billed_duration_seconds_total", "Time of Express executions that ended, each rounded up to 100 ms.",
			"ExpressExecutionBilledDuration", byMachine),
		versionStarted: counter("version_executions_started_total", "Executions that were started by a version or an alias.",
			"ExecutionsStarted with the dimensions Version and Alias", byMachine, "version", "alias"),
		versionEnded: counter("version_executions_ended_total", "Executions that were started by a version or an alias and ended.",
			"ExecutionsSucceeded, Failed, TimedOut, Aborted with the dimensions Version and Alias", byMachine, "version", "alias", "status"),
		took: histogram("execution_time_seconds", "Time from start to end of executions.", "ExecutionTime (milliseconds there)", byMachine),
	}
	for i, end := range ends {
		e.ended[i] = counter("executions_"+end.name+"_total", "Executions that ended "+end.name+".", "Executions"+end.cloudWatch, byMachine)
		e.redrivenEnded[i] = counter("redriven_executions_"+end.name+"_total", "Executions that ended "+end.name+" after a redrive.",
			"RedrivenExecutions"+end.cloudWatch, byMachine)
	}
	return e
}

func (e *executions) all() []prometheus.Collector {
	list := []prometheus.Collector{e.started, e.redriven, e.transitions, e.billed, e.versionStarted, e.versionEnded, e.took}
	for i := range ends {
		list = append(list, e.ended[i], e.redrivenEnded[i])
	}
	return list
}

// of finds the series of a state machine.
func (e *executions) of(label string) *machine {
	return &machine{
		label:   label,
		started: e.started.WithLabelValues(label), redriven: e.redriven.WithLabelValues(label),
		transitions: e.transitions.WithLabelValues(label), billed: e.billed.WithLabelValues(label),
		succeeded: e.ended[0].WithLabelValues(label), failed: e.ended[1].WithLabelValues(label),
		timedOut: e.ended[2].WithLabelValues(label), aborted: e.ended[3].WithLabelValues(label),
		redrivenSucceeded: e.redrivenEnded[0].WithLabelValues(label), redrivenFailed: e.redrivenEnded[1].WithLabelValues(label),
		redrivenTimedOut: e.redrivenEnded[2].WithLabelValues(label), redrivenAborted: e.redrivenEnded[3].WithLabelValues(label),
		took: e.took.WithLabelValues(label),
	}
}

// startedBy labels an execution that was started by a version or an alias; nil: it was not,
// or its machine has no series of its own.
func startedBy(of *machine, x *ledger.Execution) prometheus.Labels {
	if of.label == Other || x.Version == 0 && x.Alias == "" {
		return nil
	}
	return prometheus.Labels{byMachine: of.label, "version": strconv.FormatInt(x.Version, 10), "alias": x.Alias}
}

func counter(name, help, cloudWatch string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: Help(help, cloudWatch)}, labels)
}

func histogram(name, help, cloudWatch string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace, Name: name, Help: Help(help, cloudWatch), Buckets: durations,
	}, labels)
}

// Help is a help text that names the metric of CloudWatch.
func Help(text, cloudWatch string) string { return text + " CloudWatch: " + cloudWatch + "." }
