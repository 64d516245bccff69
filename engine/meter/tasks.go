package meter

import (
	"cmp"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"statehouse/engine/history"
	"statehouse/engine/ledger"
)

// maxOpen bounds the tasks under way whose times are measured. Those beyond it, and those
// that began before the server started, are counted without their times.
const maxOpen = 100_000

// tasks are the metrics of tasks, by kind and resource.
type tasks struct {
	activities, functions, services *kind
	stripes                         []*stripe
}

// stripe keeps tasks under way of some executions.
type stripe struct {
	mu   sync.Mutex
	n    int
	open map[ledger.ExecutionID]map[history.ID]under
}

// under is a task under way, found by the id of its latest event.
type under struct {
	of                 *resource
	scheduled, started time.Time
	timeout, heartbeat time.Duration // 0: none
}

const stripes = 16

func newTasks(series int) tasks {
	t := tasks{
		activities: newKind(words{"activities", "activity"}, words{"Activities", "Activity"}, "activity", series),
		functions:  newKind(words{"lambda_functions", "lambda_function"}, words{"LambdaFunctions", "LambdaFunction"}, "function", series),
		services:   newKind(words{"service_integrations", "service_integration"}, words{"ServiceIntegrations", "ServiceIntegration"}, "resource", series),
	}
	for range stripes {
		t.stripes = append(t.stripes, &stripe{open: map[ledger.ExecutionID]map[history.ID]under{}})
	}
	return t
}

func (t *tasks) all() []prometheus.Collector {
	var list []prometheus.Collector
	for _, k := range []*kind{t.activities, t.functions, t.services} {
		list = append(list, k.all()...)
	}
	return list
}

// lock finds the stripe of an execution. The caller unlocks it.
func (t *tasks) lock(id ledger.ExecutionID) *stripe {
	st := t.stripes[uint64(id)%stripes]
	st.mu.Lock()
	return st
}

// over forgets the tasks of an execution.
func (st *stripe) over(id ledger.ExecutionID) {
	st.n -= len(st.open[id])
	delete(st.open, id)
}

// event counts an event of a task.
func (t *tasks) event(st *stripe, id ledger.ExecutionID, e *history.Event, family history.Family, phase history.Phase) {
	if phase == history.Scheduled {
		st.scheduled(id, e, t.resource(family, &e.Details))
		return
	}
	u, known := st.take(id, e.Previous)
	of := u.of
	if !known {
		of = t.resource(family, &e.Details)
	}
	switch phase {
	case history.Scheduled:
	case history.Started:
		of.started.Inc()
		if known {
			of.schedule.Observe(seconds(u.scheduled, e.At))
		}
		u.started = e.At
	case history.Submitted:
	case history.Succeeded:
		of.succeeded.Inc()
	case history.Failed:
		of.failed.Inc()
	case history.TimedOut:
		of.timedOut.Inc()
		if of.heartbeat != nil && u.missed(e.At) {
			of.heartbeat.Inc()
		}
	}
	switch {
	case !known:
	case phase < history.Succeeded:
		st.put(id, e.ID, u)
	default:
		u.took(e.At)
	}
}

// resource finds the series of the resource that an event names. Later events of activities
// and functions do not name it: when the first one was not heard, it is one of the others.
func (t *tasks) resource(f history.Family, d *history.Details) *resource {
	switch f {
	case history.Activity:
		return t.activities.of(named{"", cmp.Or(d.Resource, Other)})
	case history.Function:
		return t.functions.of(named{"", cmp.Or(d.Resource, Other)})
	case history.Service, history.NoTask:
	}
	return t.services.of(named{d.ResourceType, d.Resource})
}

// take lets go of a task that an event carries on.
func (st *stripe) take(id ledger.ExecutionID, event history.ID) (under, bool) {
	u, ok := st.open[id][event]
	if ok {
		delete(st.open[id], event)
		st.n--
	}
	return u, ok
}

func (st *stripe) scheduled(id ledger.ExecutionID, e *history.Event, of *resource) {
	of.scheduled.Inc()
	if st.n >= maxOpen/stripes {
		return
	}
	st.put(id, e.ID, under{
		of: of, scheduled: e.At, timeout: secondsOf(e.Details.TimeoutInSeconds), heartbeat: secondsOf(e.Details.HeartbeatInSeconds),
	})
}

func (st *stripe) put(id ledger.ExecutionID, event history.ID, u under) {
	open := st.open[id]
	if open == nil {
		open = map[history.ID]under{}
		st.open[id] = open
	}
	open[event] = u
	st.n++
}

func secondsOf(n *int64) time.Duration {
	if n == nil {
		return 0
	}
	return time.Duration(*n) * time.Second
}

// missed tells whether a task that timed out had missed its heartbeat: the history does not
// say, but its time was not up.
func (u under) missed(at time.Time) bool {
	return u.heartbeat > 0 && (u.timeout == 0 || at.Sub(u.started) < u.timeout)
}

// took measures a task that ended.
func (u under) took(at time.Time) {
	if u.of == nil {
		return
	}
	u.of.total.Observe(seconds(u.scheduled, at))
	if !u.started.IsZero() {
		u.of.run.Observe(seconds(u.started, at))
	}
}

// kind are the metrics of one kind of tasks.
type kind struct {
	scheduled, started, succeeded, failed, timedOut *prometheus.CounterVec
	heartbeat                                       *prometheus.CounterVec // of activities only
	run, schedule, total                            *prometheus.HistogramVec

	labels *Labels
	mu     sync.RWMutex
	full   bool // no more resources have series of their own
	byName map[named]*resource
}

// resource has the series of one resource at hand.
type resource struct {
	scheduled, started, succeeded, failed, timedOut, heartbeat prometheus.Counter
	run, schedule, total                                       prometheus.Observer
}

// words are what a kind of tasks is called in names of metrics.
type words struct{ many, one string }

// newKind makes the metrics of a kind of tasks, under our words for it; CloudWatch has others.
func newKind(ours, theirs words, label string, series int) *kind {
	count := func(what, help, cloudWatch string) *prometheus.CounterVec {
		return counter(ours.many+what+"_total", help, theirs.many+cloudWatch, label)
	}
	measure := func(what, help, cloudWatch string) *prometheus.HistogramVec {
		return histogram(ours.one+what+"_seconds", help, theirs.one+cloudWatch+" (milliseconds there)", label)
	}
	k := &kind{
		scheduled: count("_scheduled", "Tasks that were scheduled.", "Scheduled"),
		started:   count("_started", "Tasks that were started.", "Started"),
		succeeded: count("_succeeded", "Tasks that succeeded.", "Succeeded"),
		failed:    count("_failed", "Tasks that failed.", "Failed"),
		timedOut:  count("_timed_out", "Tasks that timed out.", "TimedOut"),
		run:       measure("_run_time", "Time from start to end.", "RunTime"),
		schedule:  measure("_schedule_time", "Time from being scheduled to the start.", "ScheduleTime"),
		total:     measure("_time", "Time from being scheduled to the end.", "Time"),
		labels:    NewLabels(series), byName: map[named]*resource{},
	}
	if label == "activity" {
		k.heartbeat = count("_heartbeat_timed_out", "Tasks that timed out as a heartbeat was missed.", "HeartbeatTimedOut")
	}
	return k
}

func (k *kind) all() []prometheus.Collector {
	list := []prometheus.Collector{k.scheduled, k.started, k.succeeded, k.failed, k.timedOut, k.run, k.schedule, k.total}
	if k.heartbeat != nil {
		list = append(list, k.heartbeat)
	}
	return list
}

// named is a resource as events name it.
type named struct{ service, resource string }

func (n named) label() string {
	if n.service == "" {
		return n.resource
	}
	return n.service + ":" + n.resource
}

var others = named{"", Other}

// of finds the series of a resource.
func (k *kind) of(n named) *resource {
	k.mu.RLock()
	of := k.byName[n]
	if of == nil && k.full {
		of = k.byName[others]
	}
	k.mu.RUnlock()
	if of != nil {
		return of
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if n != others && k.labels.Of(n.label()) == Other {
		n, k.full = others, true
	}
	if of := k.byName[n]; of != nil {
		return of
	}
	name := n.label()
	of = &resource{
		scheduled: k.scheduled.WithLabelValues(name), started: k.started.WithLabelValues(name),
		succeeded: k.succeeded.WithLabelValues(name), failed: k.failed.WithLabelValues(name), timedOut: k.timedOut.WithLabelValues(name),
		run: k.run.WithLabelValues(name), schedule: k.schedule.WithLabelValues(name), total: k.total.WithLabelValues(name),
	}
	if k.heartbeat != nil {
		of.heartbeat = k.heartbeat.WithLabelValues(name)
	}
	k.byName[n] = of
	return of
}
