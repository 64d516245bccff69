package teststate

import (
	"slices"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// Status is how a test ended.
type Status string

// The ends of a test.
const (
	Succeeded   Status = "SUCCEEDED"
	Failed      Status = "FAILED"
	Retriable   Status = "RETRIABLE"    // a Retrier would try again
	CaughtError Status = "CAUGHT_ERROR" // a Catcher took the error
)

// Report is what became of a state.
type Report struct {
	Status       Status
	Output       value.Value // Absent unless Succeeded or CaughtError
	Error, Cause *string
	NextState    string

	Input     value.Value
	Stages    []interp.Stage // what the data became, in order
	Shown     []interp.Stage // those of them that AWS shows
	Variables value.Value    // after the state, Absent when there are none

	RetryIndex, CatchIndex *int
	Backoff                *time.Duration // before the next attempt; nil: there is none
	MaxConcurrency         *int64         // of a Map
	ToleratedCount         *int64         // of a Distributed Map
	ToleratedPercentage    *float64
	Request, Response      *Message // of an HTTP call
}

// Message is one side of an HTTP call.
type Message struct {
	Protocol   string // "https"
	Method     string // of a request
	URL        string
	StatusCode string // of a response
	StatusText string
	Headers    string // "[name: value, name: value]"
	Body       string
}

// report says what became of the state.
func (r *run) report(input value.Value) *Report {
	t := &r.trial
	out := &Report{
		Input: input, Stages: r.ordered(), RetryIndex: t.RetryIndex, CatchIndex: t.CatchIndex,
		MaxConcurrency: t.MaxConcurrency, Request: r.work.Request, Response: r.work.Response,
	}
	out.Shown = r.shown(out.Stages)
	if r.spec != nil {
		out.MaxConcurrency = &r.spec.MaxConcurrency
		out.ToleratedCount, out.ToleratedPercentage = r.spec.ToleratedCount, r.spec.ToleratedPercentage
	}
	o := r.exec.Outcome
	switch {
	case r.overdue || o == nil:
		out.Status, out.Error = Failed, new("States.Timeout")
		out.Cause = new("The state did not end within the 5 minutes that a test may take.")
		out.RetryIndex, out.CatchIndex = nil, nil
	case t.Retriable:
		out.Status, out.Error, out.Cause, out.Backoff = Retriable, t.Error, t.Cause, &t.Backoff
	case o.Status != interp.Succeeded:
		out.Status, out.Error, out.Cause = Failed, o.Error, o.Cause
	default:
		out.Status, out.Output, out.NextState = Succeeded, o.Output, t.Next
		if t.CatchIndex != nil {
			out.Status, out.Error, out.Cause = CaughtError, t.Error, t.Cause
		}
	}
	out.Variables = t.Variables
	if out.Status == Succeeded || out.Status == CaughtError {
		out.Variables = t.Assigned
	}
	if out.Variables.Len() == 0 {
		out.Variables = value.Value{}
	}
	return out
}

// ordered are all stages in the order in which a state goes through them.
func (r *run) ordered() []interp.Stage {
	all := slices.Concat(r.trial.Seen, r.stages)
	slices.SortStableFunc(all, func(a, b interp.Stage) int { return place(a.Name) - place(b.Name) })
	return all
}

var order = []interp.StageName{
	interp.AfterInputPath, interp.AfterParameters, interp.AfterArguments, interp.AfterItemsPath, interp.AfterItemsPointer,
	interp.AfterItemSelector, interp.AfterItemBatcher, interp.ResultStage, interp.AfterResultSelector, interp.AfterResultPath,
}

func place(name interp.StageName) int { return slices.Index(order, name) }

// shown are the stages that AWS shows for a state. It leaves out some that exist: of a
// Parallel everything before its result, of a Pass with a Result everything before that,
// the result itself of a Map and a Parallel, and what the Items of a JSONata Map are.
func (t *Test) shown(stages []interp.Stage) []interp.Stage {
	hidden := func(s interp.Stage) bool {
		switch t.state.Type {
		case asl.Parallel:
			return s.Name != interp.AfterResultSelector && s.Name != interp.AfterResultPath
		case asl.Map:
			return s.Name == interp.ResultStage || s.Name == interp.AfterItemsPath && t.state.Language == asl.JSONata
		case asl.Pass:
			return !t.state.Result.IsAbsent() && (s.Name == interp.AfterInputPath || s.Name == interp.AfterParameters)
		case asl.Task, asl.Choice, asl.Wait, asl.Succeed, asl.Fail:
		}
		return false
	}
	return slices.DeleteFunc(slices.Clone(stages), hidden)
}
