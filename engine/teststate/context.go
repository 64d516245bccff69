package teststate

import (
	"fmt"

	"statehouse/engine/value"
)

// contextFields are the members that a mocked context object may have, each with what it
// must be. Map is left out: AWS does not take it.
var contextFields = map[string]map[string]value.Kind{
	"Execution": {
		"Id": value.KindString, "Input": value.KindAbsent, "Name": value.KindString, "RoleArn": value.KindString,
		"StartTime": value.KindString, "RedriveCount": value.KindNumber, "RedriveTime": value.KindString,
	},
	"State":        {"EnteredTime": value.KindString, "Name": value.KindString, "RetryCount": value.KindNumber},
	"StateMachine": {"Id": value.KindString, "Name": value.KindString},
	"Task":         {"Token": value.KindString},
}

func (t *Test) checkContext() *Refused {
	text := t.request.Context
	if text == nil {
		return nil
	}
	if t.request.Mock == nil {
		return refused("context", "A Context object can only be specified when a mock is specified")
	}
	v, err := value.Parse(*text)
	if err != nil || v.Kind() != value.KindObject {
		return badContext("must be a valid JSON object")
	}
	for _, m := range v.Members() {
		fields, known := contextFields[m.Key]
		switch {
		case m.Key == "Map":
			return badContext("'Map' field is not supported when mocking a Context object")
		case !known:
			return badContext("Field '%s' is not allowed", m.Key)
		case m.Value.Kind() != value.KindObject:
			return badContext("%s must be an object", m.Key)
		}
		for _, f := range m.Value.Members() {
			kind, known := fields[f.Key]
			switch {
			case !known:
				return badContext("Field '%s' is not allowed", f.Key)
			case kind != value.KindAbsent && f.Value.Kind() != kind:
				return badContext("%s.%s must be a %s", m.Key, f.Key, kind)
			}
		}
	}
	t.trial.Context = v
	return nil
}

func badContext(format string, args ...any) *Refused {
	return refused("context", "Invalid Context object provided: %s", fmt.Sprintf(format, args...))
}
