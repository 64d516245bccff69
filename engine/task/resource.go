package task

import (
	"strings"

	"statehouse/engine/arn"
)

// Kind is the family of a Task state's Resource.
type Kind string

// The three families. They differ in the history events AWS writes for them.
const (
	Activity Kind = "activity"
	Lambda   Kind = "lambda"
	Service  Kind = "service"
)

// The ways in which a service integration may wait for its result.
const (
	RequestResponse  = ""
	Sync             = "sync"
	Sync2            = "sync:2"
	WaitForTaskToken = "waitForTaskToken"
)

// Resource is a Task state's Resource, taken apart.
type Resource struct {
	ARN     string
	Kind    Kind
	Service string // "http", "aws-sdk:s3"; "lambda" for a function's own ARN
	Action  string // "invoke"
	Pattern string // RequestResponse, Sync, Sync2 or WaitForTaskToken
}

// ParseResource takes a Resource apart. What is no ARN at all is a Service without a
// name, which no registry knows.
func ParseResource(text string) Resource {
	r := Resource{ARN: text, Kind: Service}
	a, err := arn.Parse(text)
	if err != nil {
		return r
	}
	switch {
	case a.Service == "lambda":
		r.Kind, r.Service, r.Action = Lambda, "lambda", "function"
		return r
	case a.Kind() == arn.Activity:
		r.Kind, r.Service, r.Action = Activity, "activity", a.ActivityName()
		return r
	case a.Service != "states":
		return r
	}
	service, action, ok := cutLast(a.Resource)
	if !ok {
		return r
	}
	r.Service = service
	r.Action, r.Pattern, _ = strings.Cut(action, ".")
	return r
}

// cutLast splits "aws-sdk:s3:getObject.sync:2" before the action. The colon of "sync:2"
// is part of the pattern.
func cutLast(s string) (service, action string, ok bool) {
	head, tail := s, ""
	if dot := strings.IndexByte(s, '.'); dot >= 0 {
		head, tail = s[:dot], s[dot:]
	}
	i := strings.LastIndexByte(head, ':')
	if i < 0 {
		return "", "", false
	}
	return head[:i], head[i+1:] + tail, true
}

// Waits tells whether the result comes after the immediate answer.
func (r Resource) Waits() bool { return r.Pattern != RequestResponse }
