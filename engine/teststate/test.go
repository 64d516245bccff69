package teststate

import (
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// Test is a request that was found to be in order.
type Test struct {
	request Request
	machine *asl.Machine
	block   asl.Path
	state   *asl.State
	trial   interp.Trial
	answer  *interp.Answer // of the mock; nil: the world answers
	reader  value.Value    // text of MapItemReaderData
}

// New checks a request. The error is *Refused.
func New(r Request) (*Test, error) {
	t := &Test{request: r}
	if err := t.find(); err != nil {
		return nil, err
	}
	for _, check := range []func() *Refused{t.testable, t.checkMock, t.checkContext, t.checkVariables, t.checkConfiguration} {
		if bad := check(); bad != nil {
			return nil, bad
		}
	}
	return t, nil
}

// Calls tells whether a test lets a service do its work: a Task without a mock does. Whoever
// may test a definition need not have the right to that.
func Calls(r Request) bool {
	t := &Test{request: r}
	return r.Mock == nil && t.find() == nil && t.state.Type == asl.Task
}

// find reads the definition and looks for the state, however deep inside it lies.
func (t *Test) find() error {
	parse := asl.Parse
	name := t.request.StateName
	if name == "" {
		parse, name = asl.ParseState, asl.Lone
	}
	m, diagnostics := parse(t.request.Definition)
	if m == nil {
		bad := badDefinition("%s", asl.Refusal(t.request.Definition, diagnostics))
		bad.Diagnostics = diagnostics
		return bad
	}
	t.machine = m
	if t.state, t.block = lookFor(m.Root, name); t.state == nil {
		return refused("stateName", "State not found in definition")
	}
	return nil
}

// lookFor finds a state by its name, which is unique in a machine.
func lookFor(b *asl.Block, name string) (*asl.State, asl.Path) {
	if s := b.States[name]; s != nil {
		return s, b.Path
	}
	for _, each := range b.Order {
		for _, inner := range b.States[each].Blocks() {
			if s, at := lookFor(inner, name); s != nil {
				return s, at
			}
		}
	}
	return nil, ""
}

// testable says whether the state can be tested with or without a mock.
func (t *Test) testable() *Refused {
	s, mocked := t.state, t.request.Mock != nil
	children := s.Type == asl.Parallel || s.Type == asl.Map
	switch {
	case mocked && s.Type != asl.Task && !children:
		return refused("mock", "State type '%s' is not supported when a mock is specified", s.Type)
	case mocked:
		return nil
	case children:
		return badDefinition("TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]")
	case s.Type != asl.Task:
		return nil
	}
	switch r := task.ParseResource(s.Resource); {
	case r.Kind == task.Activity:
		return badDefinition("TestState API does not support Activity tasks without a mock")
	case r.Waits():
		return badDefinition("TestState API does not support the '.%s' service integration pattern without a mock", strings.TrimSuffix(r.Pattern, ":2"))
	case t.request.RoleARN == "":
		return refused("roleArn", "RoleArn must be specified when testing a Task state")
	}
	return nil
}

func (t *Test) checkVariables() *Refused {
	if t.request.Variables == nil {
		return nil
	}
	v, err := value.Parse(*t.request.Variables)
	if err != nil || v.Kind() != value.KindObject {
		return refused("variables", "Variables must be a valid JSON object")
	}
	t.trial.Variables = v
	return nil
}

func (t *Test) checkConfiguration() *Refused {
	c := t.request.Config
	if c.ErrorCausedByState != "" {
		found := false
		for _, b := range t.state.Blocks() {
			s, _ := lookFor(b, c.ErrorCausedByState)
			found = found || s != nil
		}
		if !found {
			return refused("stateConfiguration", "State '%s' given as errorCausedByState was not found in state '%s'", c.ErrorCausedByState, t.state.Name)
		}
	}
	t.trial.Attempts = c.RetrierRetryCount
	if c.MapItemReaderData != nil {
		t.reader = value.String(*c.MapItemReaderData)
	}
	return nil
}
