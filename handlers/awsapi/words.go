package awsapi

import (
	"errors"
	"strings"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/value"
)

// worded says in AWS's words what the engine says in its own. An input that is no JSON is
// refused with the sentence of AWS's JSON reader.
func worded(in value.Value, err error) error {
	f, ok := errors.AsType[*engine.Fault](err)
	if !ok || f.Code != "InvalidExecutionInput" {
		return err
	}
	if _, syntax := errors.AsType[*value.SyntaxError](f.Cause); !syntax {
		return err
	}
	said := asl.NotJSON(in.Get("input").Text())
	if said == "" {
		return err
	}
	g := *f
	g.Message = "Invalid State Machine Execution Input: '" + said + "'"
	if !strings.Contains(strings.ToLower(said), "json") { // for who does not know what such a sentence is about
		g.Message += " (the input is not valid JSON)"
	}
	return &g
}
