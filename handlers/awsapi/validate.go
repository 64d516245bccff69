package awsapi

import (
	"context"

	"statehouse/engine/asl"
	"statehouse/engine/value"
)

// validateDefinition answers what is to be known about a definition: errors, and with severity
// WARNING also the rest, at most maxResults of them. Warnings alone leave the result OK.
func validateDefinition(h *Handler, _ context.Context, in value.Value) (value.Value, error) {
	all := h.engine.Validate(in.Get("definition").Text(), in.Get("type").Text())
	warnings := in.Get("severity").Text() == string(asl.Warning)
	list := make([]value.Value, 0, len(all))
	for _, d := range all {
		if d.Severity == asl.Error || warnings {
			list = append(list, diagnostic(d))
		}
	}
	truncated := len(list) > pageLimit(in)
	if truncated {
		list = list[:pageLimit(in)]
	}
	result := "OK"
	if asl.HasErrors(all) {
		result = "FAIL"
	}
	var o object
	o.text("result", result)
	o.add("diagnostics", value.Array(list...))
	o.add("truncated", value.Bool(truncated))
	return o.value(), nil
}

func diagnostic(d asl.Diagnostic) value.Value {
	var o object
	o.text("severity", string(d.Severity))
	o.text("code", d.Code)
	o.text("message", d.Message)
	o.filled("location", d.Location)
	return o.value()
}
