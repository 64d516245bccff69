package engine

import (
	"context"
	"strings"

	"statehouse/engine/history"
	"statehouse/engine/jsonata"
	"statehouse/engine/jsonata/complete"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// Complete asks what may be typed at a place in a JSONata expression.
type Complete struct {
	Workflow   string
	State      string   // whose expression it is; "" when nobody knows
	Expression string   // with or without {% %}
	Offset     int      // of the cursor, in UTF-16 units
	Members    []string // of $states at that place: input, context, result, errorOutput
	Variables  []string // that the definition assigns, without $
}

// Complete lists what may be typed, and where the word begins that it replaces. The fields
// and values come from what the state saw in the workflow's latest executions, and before
// there are any from the input of its draft.
func (e *Engine) Complete(ctx context.Context, c Complete) (from int, list []complete.Candidate, err error) {
	s, err := e.saw(ctx, c.Workflow, c.State)
	if err != nil {
		return 0, nil, err
	}
	var members []value.Member
	for _, name := range c.Members {
		if v, ok := s.states[name]; ok {
			members = append(members, value.Member{Key: name, Value: v})
		} else {
			members = append(members, value.Member{Key: name, Value: value.Object()})
		}
	}
	scope := complete.Scope{
		States: value.Object(members...), Variables: make(map[string]value.Value, len(c.Variables)),
		Input: jsonata.Input{Now: e.now()},
	}
	for _, name := range c.Variables {
		scope.Variables[name] = s.variables[name]
	}
	from, list = scope.Complete(ctx, c.Expression, c.Offset)
	return from, list, nil
}

// seen is what a state saw when it ran last.
type seen struct {
	states    map[string]value.Value // members of $states by name
	variables map[string]value.Value
}

func (e *Engine) saw(ctx context.Context, workflow, state string) (seen, error) {
	s := seen{states: map[string]value.Value{"errorOutput": errorSample}, variables: map[string]value.Value{}}
	w, err := e.Workflow(ctx, workflow)
	if err != nil {
		return s, err
	}
	if w.Draft != nil {
		if v, err := value.Parse(w.Draft.Input); err == nil {
			s.states["input"] = v
		}
	}
	if w.Machine == nil {
		return s, nil
	}
	runs, _, err := e.Executions(ctx, ledger.ExecutionQuery{MachineARN: w.Machine.ARN, Page: ledger.Page{Limit: sampledRuns}})
	if err != nil {
		return s, err
	}
	for _, x := range runs {
		k, err := e.sample(ctx, x)
		if err != nil {
			return s, err
		}
		s.states["context"] = contextSample(k.execution)
		if s.read(k.events, state) {
			break
		}
	}
	return s, nil
}

// read takes what the state saw from a history, and says whether it was there at all.
func (s seen) read(events []history.Event, state string) (found bool) {
	inside := false
	for _, ev := range events {
		for _, v := range ev.Details.AssignedVariables {
			s.variables[v.Name] = v.Value
		}
		switch kind := string(ev.Type); {
		case ev.Details.Name == state && strings.HasSuffix(kind, "StateEntered"):
			found, inside = true, true
			s.states["input"] = ev.Details.Input
		case ev.Details.Name == state && strings.HasSuffix(kind, "StateExited"):
			inside = false
		case inside && strings.HasSuffix(kind, "Succeeded") && !ev.Details.Output.IsAbsent():
			s.states["result"] = ev.Details.Output
		}
	}
	return found
}

var errorSample = value.Object(
	value.Member{Key: "Error", Value: value.String("States.TaskFailed")},
	value.Member{Key: "Cause", Value: value.String("what went wrong")},
)

// contextSample is the context object of an execution, as far as every state sees it.
func contextSample(x ledger.Execution) value.Value {
	text := func(key, s string) value.Member { return value.Member{Key: key, Value: value.String(s)} }
	object := func(key string, members ...value.Member) value.Member {
		return value.Member{Key: key, Value: value.Object(members...)}
	}
	started := x.Started.UTC().Format("2006-01-02T15:04:05.000Z")
	return value.Object(
		object("Execution", text("Id", x.ARN), value.Member{Key: "Input", Value: x.Input}, text("Name", x.Name), text("RoleArn", x.RoleARN), text("StartTime", started)),
		object("StateMachine", text("Id", x.MachineARN), text("Name", x.MachineName)),
		object("State", text("Name", ""), text("EnteredTime", started)),
		object("Task", text("Token", "")),
	)
}
