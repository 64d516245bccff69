package engine

import (
	"context"
	"errors"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/task/execution"
	"statehouse/engine/task/httpcall"
	"statehouse/engine/task/human"
)

// builtin registers what every server can do, unless the registry has something else
// under the name already.
func (e *Engine) builtin(g *task.Registry, allowPrivate bool) {
	add := func(service, action string, patterns []string, i task.Integration) {
		for _, p := range patterns {
			if _, ok := g.Find(task.Resource{Service: service, Action: action, Pattern: p}); ok {
				return
			}
		}
		g.Register(service, action, patterns, i)
	}
	add("human", "createTask", []string{task.Sync}, human.New(e.inbox))
	add("http", "invoke", []string{task.RequestResponse}, httpcall.New(httpcall.Config{
		Region: e.names.Region, AllowPrivateNetwork: allowPrivate,
	}))
	add("states", "startExecution",
		[]string{task.RequestResponse, task.Sync, task.Sync2, task.WaitForTaskToken},
		execution.New(starterFunc(e.startNested)))
}

type starterFunc func(ctx context.Context, s execution.Start) (execution.Started, error)

func (f starterFunc) Start(ctx context.Context, s execution.Start) (execution.Started, error) {
	return f(ctx, s)
}

// startNested starts the execution that a task asks for. The same attempt may come again
// after a crash: an execution that this attempt must have started is no conflict.
func (e *Engine) startNested(ctx context.Context, s execution.Start) (execution.Started, error) {
	var parent *ledger.ParentRef
	if s.Request.Resource.Pattern == task.Sync || s.Request.Resource.Pattern == task.Sync2 {
		parent = &ledger.ParentRef{
			Execution: ledger.ExecutionID(s.Request.Execution),
			Token:     interp.Token(s.Request.Token),
			Pattern:   s.Request.Resource.Pattern,
		}
	}
	x, err := e.start(ctx, StartExecution{MachineARN: s.MachineARN, Name: s.Name, Input: &s.Input, TraceHeader: or(s.TraceHeader, s.Request.TraceHeader)}, parent)
	f, isFault := errors.AsType[*Fault](err)
	switch {
	case err == nil:
	case isFault && f.Code == "ExecutionAlreadyExists" && mine(x, parent, s):
	case isFault:
		return execution.Started{}, &execution.Refused{Code: f.Code, Message: f.Message}
	default:
		return execution.Started{}, err
	}
	return execution.Started{ARN: x.ARN, At: x.Started}, nil
}

func mine(x ledger.Execution, parent *ledger.ParentRef, s execution.Start) bool {
	if parent != nil {
		return sameParent(x.Parent, parent)
	}
	return x.Parent == nil && !x.Started.Before(s.Request.Scheduled) && x.Input.JSON() == s.Input
}
