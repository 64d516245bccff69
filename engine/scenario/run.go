package scenario

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/sim"
	"statehouse/engine/task"
)

// Result is what became of a scenario.
type Result struct {
	Scenario Scenario
	Run      sim.Result
	Path     []string      // the states entered, in order
	Virtual  time.Duration // how long the run would have taken
	Took     time.Duration // how long it took here
	Faults   []string      // what differs, readable; none when it is as expected
}

// The names that executions see. They do not differ from run to run, so that outputs which
// hold them can be compared.
const (
	prefix  = "arn:aws:states:us-east-1:000000000000:"
	roleARN = "arn:aws:iam::000000000000:role/statehouse"
	runName = "scenario"
	runUUID = "00000000-0000-4000-8000-000000000000"
)

// begin is the moment at which every scenario starts.
var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Run tries one scenario of a file.
func (f *File) Run(ctx context.Context, s Scenario) Result {
	began := time.Now()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	run, err := sim.Run(ctx, f.machine, sim.Options{
		Input: s.Input, Start: begin,
		Begin: interp.Begin{
			ExecutionARN: f.executionARN(), ExecutionName: runName,
			MachineARN: prefix + "stateMachine:" + f.Machine, MachineName: f.Machine, RoleARN: roleARN,
			Started: begin, Seed: sha256.Sum256([]byte(s.Name)),
			Express: f.Type == "EXPRESS", TestCase: s.Name,
		},
		Task: func(run interp.RunTask) sim.Answer {
			a, err := s.answer(run)
			if err != nil {
				stop(err)
			}
			return a
		},
	})
	r := Result{Scenario: s, Run: run, Path: path(run.Events), Virtual: run.Stopped.Sub(begin), Took: time.Since(began)}
	if err != nil {
		r.Faults = []string{err.Error()}
		return r
	}
	r.Faults = s.Expect.differences(r)
	return r
}

func (f *File) executionARN() string {
	if f.Type == "EXPRESS" {
		return prefix + "express:" + f.Machine + ":" + runName + ":" + runUUID
	}
	return prefix + "execution:" + f.Machine + ":" + runName
}

// answer is what a mocked task does. Calls that nothing mocks are errors of the scenario.
func (s Scenario) answer(run interp.RunTask) (sim.Answer, error) {
	response, ok := s.mocks[run.State]
	if !ok {
		return sim.Answer{Open: true}, fmt.Errorf("the state '%s' calls %s with %s, and nothing mocks it",
			run.State, run.Resource, clip(run.Input.JSON()))
	}
	a, err := response.Answer(run.State, run.Call)
	if err != nil {
		return sim.Answer{Open: true}, errors.New(strings.Replace(err.Error(), "the mocked response", "the mock", 1))
	}
	out := sim.Answer{Open: a.Never, Output: a.Return}
	if task.ParseResource(run.Resource).Waits() {
		out.Submitted = a.Immediate()
	}
	if a.Throw != nil {
		out.Error, out.Cause = a.Throw.Error, a.Throw.Cause
		out.SubmitFailed = task.ParseResource(run.Resource).Waits() && out.Submitted.IsAbsent()
	}
	return out, nil
}

// path lists the states that were entered.
func path(events []history.Event) []string {
	list := []string{}
	for _, e := range events {
		if strings.HasSuffix(string(e.Type), "StateEntered") {
			list = append(list, e.Details.Name)
		}
	}
	return list
}
