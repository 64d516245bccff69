package arn

import "strings"

// Kind says what sort of Step Functions resource a name is of.
type Kind string

// The kinds of resources that have names of their own.
const (
	Unknown   Kind = ""
	Machine   Kind = "stateMachine"
	Execution Kind = "execution"
	Express   Kind = "express"
	Activity  Kind = "activity"
	MapRun    Kind = "mapRun"
)

// parts is how many colon-separated parts the resource of a kind may have, at least and at most:
// a machine may carry a version or an alias.
var parts = map[Kind][2]int{
	Machine:   {2, 3},
	Execution: {3, 3},
	Express:   {4, 4},
	Activity:  {2, 2},
	MapRun:    {3, 3},
}

// KindOf tells what a name stands for; Unknown when it is no name of a Step Functions resource.
func KindOf(text string) Kind {
	a, err := Parse(text)
	if err != nil {
		return Unknown
	}
	return a.Kind()
}

// Kind tells what a name stands for; Unknown when it is no name of a Step Functions resource.
func (a ARN) Kind() Kind {
	if a.Service != "states" || a.Region == "" || a.Account == "" {
		return Unknown
	}
	part := strings.Split(a.Resource, ":")
	k := Kind(part[0])
	n, ok := parts[k]
	if !ok || len(part) < n[0] || len(part) > n[1] {
		return Unknown
	}
	for _, p := range part {
		if p == "" {
			return Unknown
		}
	}
	return k
}

// part is the i-th colon-separated part of the resource, empty when there is none.
func (a ARN) part(i int) string {
	part := strings.Split(a.Resource, ":")
	if i >= len(part) {
		return ""
	}
	return part[i]
}

// MachineName is the name of the state machine that a machine's, an execution's or a map run's
// name mentions, without version, alias and label.
func (a ARN) MachineName() string {
	switch a.Kind() {
	case Machine, Execution, Express, MapRun:
		name, _, _ := strings.Cut(a.part(1), "/")
		return name
	case Activity, Unknown:
	}
	return ""
}

// Label is the label of the Distributed Map whose child machine, child execution or map run this is.
func (a ARN) Label() string {
	switch a.Kind() {
	case Machine, Execution, Express, MapRun:
		_, label, _ := strings.Cut(a.part(1), "/")
		return label
	case Activity, Unknown:
	}
	return ""
}

// Qualifier is the version or alias at the end of a machine's name, empty when there is none.
func (a ARN) Qualifier() string {
	if a.Kind() != Machine {
		return ""
	}
	return a.part(2)
}

// ExecutionName is the name of the execution, empty when the name is of something else.
func (a ARN) ExecutionName() string {
	switch a.Kind() {
	case Execution, Express:
		return a.part(2)
	case Machine, Activity, MapRun, Unknown:
	}
	return ""
}

// ActivityName is the name of the activity, empty when the name is of something else.
func (a ARN) ActivityName() string {
	if a.Kind() != Activity {
		return ""
	}
	return a.part(1)
}

// MachineOf is the name of the machine that an execution or a qualified machine belongs to,
// as a whole resource name without version and alias.
func (a ARN) MachineOf() ARN {
	a.Resource = string(Machine) + ":" + a.MachineName()
	return a
}
