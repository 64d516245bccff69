package awsapi

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"statehouse/engine"
	"statehouse/engine/arn"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func startSyncExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	x, err := h.engine.StartSyncExecution(ctx, starting(ctx, in))
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("executionArn", x.ARN)
	o.text("stateMachineArn", x.MachineARN)
	o.text("name", x.Name)
	o.when("startDate", x.Started)
	o.when("stopDate", x.Stopped)
	o.text("status", string(x.Status))
	if !metadataOnly(in) {
		o.payloads(x)
	}
	o.filled("traceHeader", x.TraceHeader)
	o.add("billingDetails", billing(x.Stopped.Sub(x.Started)))
	return o.value(), nil
}

// starting is what an execution shall be started with. As on AWS the trace that the request
// itself names is preferred to the one in its body.
func starting(ctx context.Context, in value.Value) engine.StartExecution {
	header, _ := ctx.Value(traceKey{}).(string)
	return engine.StartExecution{
		MachineARN:  in.Get("stateMachineArn").Text(),
		Name:        in.Get("name").Text(),
		Input:       optional(in, "input"),
		TraceHeader: cmp.Or(header, in.Get("traceHeader").Text()),
	}
}

// payloads are input and output, or error and cause.
func (o *object) payloads(x ledger.Execution) {
	included := value.Raw(`{"included":true}`)
	o.text("input", x.Input.JSON())
	o.add("inputDetails", included)
	if !x.Output.IsAbsent() {
		o.text("output", x.Output.JSON())
		o.add("outputDetails", included)
	}
	o.some("error", x.Error)
	o.some("cause", x.Cause)
}

// billing is what AWS would charge: tenths of a second, begun ones as well, of the least memory.
func billing(took time.Duration) value.Value {
	const unit = 100 * time.Millisecond
	units := max(1, (took+unit-1)/unit)
	return value.Object(
		value.Member{Key: "billedMemoryUsedInMB", Value: value.Int(64)},
		value.Member{Key: "billedDurationInMilliseconds", Value: value.Int(int64(units) * unit.Milliseconds())},
	)
}

// describable refuses what AWS's API does not tell about: executions of EXPRESS machines,
// unless they are items of a map run. Our own pages show them all.
func describable(executionARN string) error {
	a, err := arn.Parse(executionARN)
	if err == nil && a.Kind() == arn.Express && a.Label() == "" {
		return fault("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'")
	}
	return nil
}

// traceKey is the key of a request's trace header in its context.
type traceKey struct{}

// tracedBy is the context of a request with the trace that its X-Amzn-Trace-Id names. What
// cannot be one is left out.
func tracedBy(r *http.Request) context.Context {
	header := r.Header.Get("X-Amzn-Trace-Id")
	if header == "" || len(header) > 256 || strings.ContainsFunc(header, func(c rune) bool { return c < ' ' || c > '~' }) {
		return r.Context()
	}
	return context.WithValue(r.Context(), traceKey{}, header)
}
