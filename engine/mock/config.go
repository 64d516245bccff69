package mock

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"statehouse/engine/value"
)

// Config is a file of mocked service integrations. It is only read after Parse.
type Config struct {
	machines map[string]map[string]Case // by name, by test case
}

// Case says which states of a machine are mocked, and how: by the state's name.
type Case map[string]Response

// Response is what one state answers, call after call.
type Response struct {
	Name  string // in MockedResponses
	spans []span // ascending, without gaps from 0
}

// span is one key of a response: "0", "1-3".
type span struct {
	from, to int
	answer   Answer
}

// Answer is what the service does. One of Return, Throw and Never is set.
type Answer struct {
	Submitted value.Value // immediate answer of .sync and .waitForTaskToken; Absent: see Immediate
	Return    value.Value // Absent unless the task succeeds
	Throw     *Throw      // nil unless it fails
	Never     bool        // nobody answers
}

// Immediate is the immediate answer to a call whose result comes later, Absent when the
// call itself failed.
func (a Answer) Immediate() value.Value {
	if a.Submitted.IsAbsent() && a.Throw == nil {
		return value.Object()
	}
	return a.Submitted
}

// Throw is a failure. An empty Cause was not given.
type Throw struct{ Error, Cause string }

// Case is a test case of a machine.
func (c *Config) Case(machine, testCase string) (Case, bool) {
	if c == nil {
		return nil, false
	}
	found, ok := c.machines[machine][testCase]
	return found, ok
}

// Cases are the names of a machine's test cases, in order.
func (c *Config) Cases(machine string) []string {
	if c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.machines[machine]))
}

// Mocks tells whether a test case answers for a state.
func (c *Config) Mocks(machine, testCase, state string) bool {
	found, _ := c.Case(machine, testCase)
	_, ok := found[state]
	return ok
}

// Answer is what a state is answered when it calls for the n-th time, from 0, in an
// execution. The error says what the configuration lacks: it is for the execution's cause.
func (c *Config) Answer(machine, testCase, state string, n int) (Answer, error) {
	found, ok := c.Case(machine, testCase)
	if !ok {
		return Answer{}, fmt.Errorf("the mock configuration has no test case '%s' of the state machine '%s'", testCase, machine)
	}
	r, ok := found[state]
	if !ok {
		return Answer{}, fmt.Errorf("the test case '%s' of the state machine '%s' does not mock the state '%s'", testCase, machine, state)
	}
	return r.Answer(state, n)
}

// Answer is the answer to call n of a state, from 0.
func (r Response) Answer(state string, n int) (Answer, error) {
	for _, s := range r.spans {
		if s.from <= n && n <= s.to {
			return s.answer, nil
		}
	}
	return Answer{}, fmt.Errorf("the mocked response '%s' has no answer for call %d of the state '%s'", r.Name, n, state)
}

// Mistakes are what is wrong with a configuration, each with its place.
type Mistakes []string

func (m Mistakes) Error() string { return strings.Join(m, "\n") }
