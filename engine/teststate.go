package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"statehouse/engine/interp"
	"statehouse/engine/task"
	"statehouse/engine/task/httpcall"
	"statehouse/engine/teststate"
)

// TestState does one state by itself and says what became of its data. Nothing of it is
// stored. Without a mock a Task is carried out for real; input is nil for {}.
//
// Callers ask whether the one who tests may have a service do its work: see
// teststate.Calls.
func (e *Engine) TestState(ctx context.Context, r teststate.Request, input *string) (*teststate.Report, error) {
	if len(r.Definition) > maxDefinition {
		return nil, fault("InvalidDefinition", "definition",
			"Invalid State Machine Definition: 'the definition has %d bytes, at most 1 MiB (%d bytes) is allowed'", len(r.Definition), maxDefinition)
	}
	role := r.RoleARN
	if err := e.checkRole(&role); err != nil {
		return nil, err
	}
	v, err := e.executionInput(input)
	if err != nil {
		return nil, err
	}
	r.Input = v
	t, err := teststate.New(r)
	if err != nil {
		return nil, refusal(err)
	}
	report, err := t.Run(ctx, teststate.World{Begin: e.testBegin(role), Now: e.clock, Skip: e.skip != nil, Do: e.doTask})
	if err != nil {
		return nil, refusal(err)
	}
	return report, nil
}

// testBegin is what the state under test is told about itself. AWS lets it believe that it
// runs in an express execution.
func (e *Engine) testBegin(role string) interp.Begin {
	machine, name := newUUID(), newUUID()
	b := interp.Begin{
		ExecutionARN: strings.TrimSuffix(e.names.Express(machine, name, ""), ":"), ExecutionName: name,
		MachineARN: e.names.Machine(machine), MachineName: machine,
		RoleARN: role, Started: e.now(),
	}
	_, _ = rand.Read(b.Seed[:]) // never fails
	return b
}

// doTask carries out a task of a state under test.
func (e *Engine) doTask(ctx context.Context, run interp.RunTask) teststate.Work {
	resource := task.ParseResource(run.Resource)
	integration, ok := e.does.Find(resource)
	if !ok {
		return teststate.Work{Reply: e.does.Unknown(resource)}
	}
	var x httpcall.Exchange
	reply := integration.Run(httpcall.Watch(ctx, &x), task.Request{
		Token: int64(run.Token), TaskToken: run.TaskToken, State: run.State,
		Resource: resource, Input: run.Input, Scheduled: e.now(), Now: e.now(),
	})
	return teststate.Work{Reply: reply, Request: message(x.Request), Response: message(x.Response)}
}

// message is one side of an HTTP call as reports show it. A connection adds nothing to a
// request yet, so there is no secret in it to hide.
func message(m *httpcall.Message) *teststate.Message {
	if m == nil {
		return nil
	}
	out := &teststate.Message{
		Protocol: m.Protocol, Method: m.Method, URL: m.URL, StatusText: m.StatusText,
		Headers: headerList(m.Headers), Body: m.Body,
	}
	if m.Status != 0 {
		out.StatusCode = fmt.Sprint(m.Status)
	}
	return out
}

func headerList(h http.Header) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, one := range h[name] {
			list = append(list, name+": "+one)
		}
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// refusal makes a refused test a fault.
func refusal(err error) error {
	r, ok := errors.AsType[*teststate.Refused](err)
	if !ok {
		return err
	}
	return &Fault{Code: r.Code, Message: r.Message, Field: r.Field, Diagnostics: r.Diagnostics}
}
