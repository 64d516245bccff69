package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// alike compares records: values by their text, times as moments, nil lists as empty.
var alike = cmp.Options{
	cmp.Comparer(func(a, b value.Value) bool { return a.IsAbsent() == b.IsAbsent() && a.JSON() == b.JSON() }),
	cmpopts.EquateEmpty(),
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, alike); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func answers(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s answered %v, want %v", what, err, want)
	}
}

// Definitions of the suite.
const (
	taskThenDone = `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}`
	askPerson    = `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"Well?"},"End":true}}}`
	askWorker    = `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"` + workerARN + `","TimeoutSeconds":60,"HeartbeatSeconds":10,"End":true}}}`
	waitMinute   = `{"StartAt":"Rest","States":{"Rest":{"Type":"Wait","Seconds":60,"Next":"Done"},"Done":{"Type":"Succeed"}}}`
	passOnly     = `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","End":true}}}`
	tenTasks     = `{"StartAt":"T1","States":{` +
		`"T1":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"T2"},` +
		`"T2":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"T3"},` +
		`"T3":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"T4"},` +
		`"T4":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}`
	fanOut = `{"StartAt":"Each","States":{"Each":{"Type":"Map","ItemProcessor":{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}},"End":true}}}`

	workerARN = "arn:aws:states:us-east-1:000000000000:activity:worker"
)

// machine stores a machine and returns its ARN.
func (w *world) machine(name, definition string) string {
	w.Helper()
	arn := "arn:aws:states:us-east-1:000000000000:stateMachine:" + name
	must(w.T, w.create(ledger.Machine{
		ARN: arn, Name: name, Type: "STANDARD", Definition: definition, RoleARN: "arn:aws:iam::000000000000:role/r",
		RevisionID: "r1", Created: w.now, Updated: w.now,
	}))
	return arn
}

// create stores a machine, and nothing with it.
func (w *world) create(m ledger.Machine) error {
	_, err := w.store.CreateMachine(w.ctx(), m, ledger.With{})
	return err
}

// update changes a machine, and does nothing with it.
func (w *world) update(m ledger.Machine) error {
	_, err := w.store.UpdateMachine(w.ctx(), m, ledger.With{})
	return err
}

// run is an execution that the test steps.
type run struct {
	w    *world
	m    *asl.Machine
	x    *interp.Exec
	id   ledger.ExecutionID
	arn  string
	rev  ledger.Revision
	out  interp.Output // of the last step
	all  []history.Event
	when time.Time
}

// newRun is an execution before its first step.
func (w *world) newRun(machineARN, name, definition string) *run {
	w.Helper()
	m, diagnostics := asl.Parse(definition)
	if m == nil {
		w.Fatalf("definition: %v", diagnostics)
	}
	machine := machineARN[len("arn:aws:states:us-east-1:000000000000:stateMachine:"):]
	r := &run{w: w, m: m, when: w.now, arn: "arn:aws:states:us-east-1:000000000000:execution:" + machine + ":" + name}
	r.x = interp.New(m, interp.Begin{
		ExecutionARN: r.arn, ExecutionName: name, MachineARN: machineARN, MachineName: machine,
		RoleARN: "arn:aws:iam::000000000000:role/r", Started: w.now,
	})
	copy(r.x.Begin.Seed[:], r.arn[max(0, len(r.arn)-32):])
	return r
}

// first is the record that creates the execution.
func (r *run) first(definition, input string) ledger.New {
	in, err := value.Parse(input)
	must(r.w.T, err)
	r.step(interp.Start{Input: in})
	b := r.x.Begin
	return ledger.New{
		Execution: ledger.Execution{
			ARN: r.arn, Name: b.ExecutionName, MachineARN: b.MachineARN, MachineName: b.MachineName, Type: "STANDARD",
			Status: r.x.Status(), Input: in, Started: r.w.now, TraceHeader: "trace", RevisionID: "r1", RoleARN: b.RoleARN,
		},
		Definition: definition, Exec: r.x, Out: r.out,
	}
}

// start creates an execution and keeps it.
func (w *world) start(machineARN, name, definition, input string) *run {
	w.Helper()
	r := w.newRun(machineARN, name, definition)
	id, err := w.store.Create(w.ctx(), r.first(definition, input))
	must(w.T, err)
	r.id, r.rev = id, ledger.FirstRevision
	return r
}

// step steps the execution and does not store it.
func (r *run) step(in interp.Input) {
	r.when = r.when.Add(time.Millisecond)
	r.out = interp.Step(r.m, r.x, in, r.when)
	r.all = append(r.all, r.out.Events...)
}

// advance stores the last step.
func (r *run) advance(settled ...interp.Token) error {
	return r.write(ledger.Advance{ID: r.id, Base: r.rev, Exec: r.x, Out: r.out, Settled: settled})
}

// write stores a and waits.
func (r *run) write(a ledger.Advance) error {
	done := make(chan error, 1)
	r.w.store.Advance(a, func(err error) { done <- err })
	err := <-done
	if err == nil && a.ID == r.id {
		r.rev++
	}
	return err
}

// do steps and stores.
func (r *run) do(in interp.Input, settled ...interp.Token) {
	r.w.Helper()
	r.step(in)
	must(r.w.T, r.advance(settled...))
}

// touch is an advance that changes nothing but what the caller adds to it.
func (r *run) touch() ledger.Advance {
	return ledger.Advance{ID: r.id, Base: r.rev, Exec: r.x}
}

// task is the RunTask command of the last step.
func (r *run) task() interp.RunTask {
	r.w.Helper()
	for _, c := range r.out.Commands {
		if c, ok := c.(interp.RunTask); ok {
			return c
		}
	}
	r.w.Fatalf("the last step of %s has no task: %v", r.arn, r.out.Commands)
	return interp.RunTask{}
}

// check compares the stored history with the one that was stepped.
func (r *run) check() {
	r.w.Helper()
	got, err := r.w.store.History(r.w.ctx(), r.id, ledger.HistoryQuery{})
	must(r.w.T, err)
	same(r.w.T, fmt.Sprintf("history of %s", r.arn), got, r.all)
}

var ok = value.Object(value.Member{Key: "ok", Value: value.Bool(true)})
