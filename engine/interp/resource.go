package interp

import (
	"strings"

	"statehouse/engine/history"
)

// family says which events a resource has in the history.
type family uint8

const (
	service  family = iota // Task…
	function               // LambdaFunction…: a Lambda function by its own ARN
	activity               // Activity…
)

// resource is what the history tells about a task's resource.
type resource struct {
	family   family
	service  string // "sqs", "aws-sdk:s3"; empty unless family is service
	resource string // "sendMessage.waitForTaskToken", or the whole ARN
	place    string // region of the ARN, mostly empty
}

// kindOf takes a resource ARN apart: arn:aws:states:::SERVICE:ACTION.
func kindOf(arn string) resource {
	p, ok := parts(arn)
	if !ok {
		return resource{resource: arn}
	}
	rest := p[5]
	switch {
	case p[2] == "lambda":
		return resource{family: function, resource: arn}
	case strings.HasPrefix(rest, "activity:"):
		return resource{family: activity, resource: arn}
	}
	r := resource{resource: rest, place: p[3]}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		// The action may carry a pattern with a colon of its own: startExecution.sync:2.
		if j := strings.LastIndex(rest, ".sync:"); j >= 0 && i > j {
			i = strings.LastIndexByte(rest[:j], ':')
		}
		if i >= 0 {
			r.service, r.resource = rest[:i], rest[i+1:]
		}
	}
	return r
}

// parts are the six parts of an ARN.
func parts(arn string) (p [6]string, ok bool) {
	for i := range 5 {
		if p[i], arn, ok = strings.Cut(arn, ":"); !ok {
			return p, false
		}
	}
	p[5] = arn
	return p, true
}

// details are the members that every event of the task has.
func (r resource) details() history.Details {
	if r.family != service {
		return history.Details{}
	}
	return history.Details{ResourceType: r.service, Resource: r.resource}
}

// region is where the task runs: where its ARN says, or where the execution is.
func (r resource) region(executionARN string) string {
	if r.place != "" {
		return r.place
	}
	p, _ := parts(executionARN)
	return p[3]
}

// taskEvents are the types of one family.
type taskEvents struct{ scheduled, started, succeeded, failed, timedOut history.Type }

func (r resource) events() taskEvents {
	switch r.family {
	case function:
		return taskEvents{
			history.LambdaFunctionScheduled, history.LambdaFunctionStarted, history.LambdaFunctionSucceeded,
			history.LambdaFunctionFailed, history.LambdaFunctionTimedOut,
		}
	case activity:
		return taskEvents{
			history.ActivityScheduled, history.ActivityStarted, history.ActivitySucceeded,
			history.ActivityFailed, history.ActivityTimedOut,
		}
	case service:
		return taskEvents{
			history.TaskScheduled, history.TaskStarted, history.TaskSucceeded, history.TaskFailed, history.TaskTimedOut,
		}
	}
	panic("unreachable: family")
}
