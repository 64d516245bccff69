package engine

import (
	"maps"
	"slices"
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/ledger"
)

// checkTestCase refuses a test case that there is not, and one that mocks states that the
// machine does not have: a misspelt name would call the real service.
func (e *Engine) checkTestCase(m ledger.Machine, testCase string) error {
	states, ok := e.mocks.Case(m.Name, testCase)
	if !ok {
		known := "there are none"
		if names := e.mocks.Cases(m.Name); len(names) > 0 {
			known = "there are " + strings.Join(names, ", ")
		}
		return fault("ValidationException", "stateMachineArn",
			"The mock configuration has no test case '%s' of the state machine '%s'; %s", clip(testCase), m.Name, known)
	}
	machine, _ := asl.Parse(m.Definition)
	if machine == nil {
		return nil // an old definition: starting it says so
	}
	tasks := map[string]bool{}
	eachTask(machine.Root, func(s *asl.State) { tasks[s.Name] = true })
	for _, state := range slices.Sorted(maps.Keys(states)) {
		if !tasks[state] {
			return fault("ValidationException", "stateMachineArn",
				"The test case '%s' mocks '%s', which is no Task state of the state machine '%s'", testCase, state, m.Name)
		}
	}
	return nil
}
