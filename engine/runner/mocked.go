package runner

import (
	"strings"

	"statehouse/engine/interp"
	"statehouse/engine/mock"
	"statehouse/engine/task"
)

// mark leaves the test case on those tasks only that it mocks: the others call the world.
// It happens before they are stored, so that whoever reads a job knows.
func (r *Runner) mark(machine string, commands []interp.Command) {
	machine, _, _ = strings.Cut(machine, "/") // children of a Map have their machine's mocks
	for i, c := range commands {
		run, ok := c.(interp.RunTask)
		if ok && run.TestCase != "" && !r.mocks.Mocks(machine, run.TestCase, run.State) {
			run.TestCase = ""
			commands[i] = run
		}
	}
}

// mocked answers a task from the mock configuration. The answer depends on nothing but
// what is stored with the job: after a crash it is the same again.
func (s *shard) mocked(l *live, run interp.RunTask) {
	machine, _, _ := strings.Cut(machineName(l.info.ARN), "/")
	a, err := s.r.mocks.Answer(machine, run.TestCase, run.State, run.Call)
	if err != nil {
		s.deliver(l.id, delivery{ours: true, run: &run, input: interp.TaskFailed{
			Token: run.Token, Error: "States.Runtime", Cause: "Mocked task: " + err.Error() + ".",
		}})
		return
	}
	for i, in := range mockInputs(run, a) {
		d := delivery{ours: true, input: in}
		if i == 0 {
			d.run, d.mark = &run, a.Never // nobody hands it out again
		}
		s.deliver(l.id, d)
	}
}

// mockInputs is what the execution hears of a mocked call, in order.
func mockInputs(run interp.RunTask, a mock.Answer) []interp.Input {
	var list []interp.Input
	submitted := a.Immediate()
	waits := task.ParseResource(run.Resource).Waits()
	if waits && !submitted.IsAbsent() {
		list = append(list, interp.TaskSubmitted{Token: run.Token, Output: submitted})
	}
	switch {
	case a.Never && len(list) == 0:
		return append(list, interp.TaskStarted{Token: run.Token})
	case a.Never:
		return list
	case a.Throw != nil:
		return append(list, interp.TaskFailed{
			Token: run.Token, Error: a.Throw.Error, Cause: a.Throw.Cause, Submit: waits && len(list) == 0,
		})
	}
	return append(list, interp.TaskSucceeded{Token: run.Token, Output: a.Return})
}
