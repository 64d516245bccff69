// Package meter counts what executions do, in the sense of the metrics that AWS publishes as
// AWS/States: the help text of each metric names the CloudWatch metric that it stands for. A
// Meter hears of every step after its commit (feed.Observer) and is a prometheus.Collector.
//
// Counters begin at zero when the server starts: Prometheus takes that for what it is, and
// rate() and increase() are right across it. What there is now (open executions, versions)
// is not counted here but read from the store when somebody asks.
//
// Labels are bounded: the first state machines, and the first resources of each kind, have
// their own series, what comes later shares one that is called "other".
package meter

import (
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// Other is the label of what has no series of its own.
const Other = "other"

// DefaultSeries is how many state machines, and how many resources of a kind, have series of
// their own unless a Config says otherwise.
const DefaultSeries = 100

// Config is what a Meter needs.
type Config struct {
	Series int // state machines, and resources of each kind, with labels of their own; 0: DefaultSeries
}

// Meter counts. It is safe for concurrent use.
type Meter struct {
	executions
	tasks
	labels *Labels

	mu       sync.RWMutex
	machines map[string]*machine // by ARN
}

// New makes a Meter.
func New(c Config) *Meter {
	if c.Series <= 0 {
		c.Series = DefaultSeries
	}
	return &Meter{
		executions: newExecutions(), tasks: newTasks(c.Series),
		labels: NewLabels(c.Series), machines: map[string]*machine{},
	}
}

// Stepped implements feed.Observer.
func (m *Meter) Stepped(s feed.Step) {
	x := s.Execution
	of := m.machine(x.MachineARN)
	if s.Began {
		m.began(of, x)
	}
	m.counted(of, s)
	if s.Outcome != nil {
		m.ended(of, x, s.Outcome)
	}
}

// Describe implements prometheus.Collector.
func (m *Meter) Describe(out chan<- *prometheus.Desc) {
	for _, c := range m.all() {
		c.Describe(out)
	}
}

// Collect implements prometheus.Collector.
func (m *Meter) Collect(out chan<- prometheus.Metric) {
	for _, c := range m.all() {
		c.Collect(out)
	}
}

func (m *Meter) all() []prometheus.Collector {
	return append(m.executions.all(), m.tasks.all()...)
}

// machine has the series of one state machine at hand: looking them up by their labels would
// cost more than counting.
type machine struct {
	label                                               string
	started, redriven, transitions, billed              prometheus.Counter
	succeeded, failed, timedOut, aborted                prometheus.Counter
	redrivenSucceeded, redrivenFailed, redrivenTimedOut prometheus.Counter
	redrivenAborted                                     prometheus.Counter
	took                                                prometheus.Observer
}

func (m *Meter) machine(arn string) *machine {
	m.mu.RLock()
	of := m.machines[arn]
	if of == nil {
		of = m.machines[Other] // there is one when no more have their own
	}
	m.mu.RUnlock()
	if of != nil {
		return of
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if of := m.machines[arn]; of != nil {
		return of
	}
	label := m.labels.Of(MachineLabel(arn))
	if label == Other { // one for all of them, so that the map is bounded as well
		arn = Other
		if of := m.machines[arn]; of != nil {
			return of
		}
	}
	of = m.of(label)
	m.machines[arn] = of
	return of
}

// MachineLabel is what a state machine is called in metrics: its name, or NAME/LABEL of a
// Distributed Map whose children have it.
func MachineLabel(arn string) string {
	const kind = ":stateMachine:"
	if i := strings.Index(arn, kind); i >= 0 {
		return arn[i+len(kind):]
	}
	return arn
}

// Labels are the values that one label has: the first ones that come, up to a limit.
type Labels struct {
	limit int
	mu    sync.Mutex
	known map[string]struct{}
}

// NewLabels makes room for so many values.
func NewLabels(limit int) *Labels { return &Labels{limit: limit, known: map[string]struct{}{}} }

// Of is the value itself as long as there is room, and Other afterwards.
func (l *Labels) Of(value string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.known[value]; ok {
		return value
	}
	if len(l.known) >= l.limit {
		return Other
	}
	l.known[value] = struct{}{}
	return value
}

func seconds(from, to time.Time) float64 { return max(0, to.Sub(from).Seconds()) }

func (m *Meter) began(of *machine, x *ledger.Execution) {
	if x.Redrives > 0 {
		of.redriven.Inc()
		return
	}
	of.started.Inc()
	if by := startedBy(of, x); by != nil {
		m.versionStarted.With(by).Inc()
	}
}

// counted counts the tasks of a step, and its state transitions as AWS bills them: every
// state that is entered, and every attempt at a task after the first one, which follows the
// state's entry in the same step.
func (m *Meter) counted(of *machine, s feed.Step) {
	st := m.lock(s.Execution.ID)
	defer st.mu.Unlock()
	transitions := 0
	for i := range s.Events {
		e := &s.Events[i]
		if e.Type.Enters() {
			transitions++
			continue
		}
		family, phase := e.Type.Task()
		if family == history.NoTask {
			continue
		}
		if phase == history.Scheduled && (i == 0 || s.Events[i-1].ID != e.Previous || !s.Events[i-1].Type.Enters()) {
			transitions++
		}
		m.event(st, s.Execution.ID, e, family, phase)
	}
	if transitions > 0 {
		of.transitions.Add(float64(transitions))
	}
	if s.Outcome != nil {
		st.over(s.Execution.ID)
	}
}

func (m *Meter) ended(of *machine, x *ledger.Execution, o *interp.Outcome) {
	count, redriven := of.ends(o.Status)
	if count == nil {
		return
	}
	count.Inc()
	if x.Redrives > 0 {
		redriven.Inc()
	}
	of.took.Observe(seconds(x.Started, o.At))
	if x.Type == "EXPRESS" {
		const unit = 100 * time.Millisecond
		of.billed.Add((max(1, (o.At.Sub(x.Started)+unit-1)/unit) * unit).Seconds())
	}
	if by := startedBy(of, x); by != nil {
		by["status"] = string(o.Status)
		m.versionEnded.With(by).Inc()
	}
}

// ends are the counters of executions, and of redriven ones, that ended with a status.
func (of *machine) ends(s interp.Status) (count, redriven prometheus.Counter) {
	switch s {
	case interp.Succeeded:
		return of.succeeded, of.redrivenSucceeded
	case interp.Failed:
		return of.failed, of.redrivenFailed
	case interp.TimedOut:
		return of.timedOut, of.redrivenTimedOut
	case interp.Aborted:
		return of.aborted, of.redrivenAborted
	case interp.Running:
	}
	return nil, nil
}
