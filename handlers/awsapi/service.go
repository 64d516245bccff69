package awsapi

import "strings"

// service is one of AWS's services that are answered here. Targets that begin with its
// prefix are its operations; its name is part of every signature and of the names of its
// actions.
type service struct {
	prefix     string // of X-Amz-Target, with the dot
	name       string // as in credential scopes and policies
	operations map[string]operation
}

const target = "AWSStepFunctions."

var services = []service{
	{target, "states", operations},
}

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
