package awsapi

import (
	"maps"
	"slices"
	"strings"
)

// service is one of AWS's services that are answered here. Targets that begin with its
// prefix are its operations; its name is part of every signature and of the names of its
// actions.
type service struct {
	prefix     string // of X-Amz-Target, with the dot
	name       string // as in credential scopes and policies
	operations map[string]operation

	json   string            // version of AWS's protocol
	codes  map[string]string // names that errors have in this service; nil: ours
	tokens bool              // page tokens grow old
}

const (
	target = "AWSStepFunctions."
	states = "states"
)

var services = []service{
	{prefix: target, name: states, operations: operations, json: "1.0", tokens: true},
	{prefix: logTarget, name: "logs", operations: logOperations, json: "1.1", codes: logCodes},
}

// of is the service that X-Amz-Target names, or the first one.
func of(header string) service {
	for _, s := range services {
		if strings.HasPrefix(header, s.prefix) {
			return s
		}
	}
	return services[0]
}

// Actions lists the actions of Step Functions.
func Actions() []string { return slices.Sorted(maps.Keys(operations)) }

// find is the operation that X-Amz-Target names.
func find(header string) (s service, name string, op operation, err error) {
	for _, s := range services {
		name, ok := strings.CutPrefix(header, s.prefix)
		if !ok {
			continue
		}
		op, ok := s.operations[name]
		if !ok {
			return service{}, "", operation{}, fault("UnknownOperationException", "The operation %s is unknown", name)
		}
		return s, name, op, nil
	}
	return service{}, "", operation{}, fault("UnknownOperationException", "X-Amz-Target must be %s<Operation>", target)
}
