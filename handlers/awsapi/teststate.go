package awsapi

import (
	"context"

	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

// testState does one state by itself.
func testState(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	level := teststate.Level(in.Get("inspectionLevel").Text())
	r, err := h.engine.TestState(ctx, testOf(in), optional(in, "input"))
	if err != nil {
		return value.Value{}, err
	}
	var o object
	if !r.Output.IsAbsent() {
		o.text("output", r.Output.JSON())
	}
	o.some("error", r.Error)
	o.some("cause", r.Cause)
	if level == teststate.Debug || level == teststate.Trace {
		o.add("inspectionData", inspection(r, level))
	}
	o.filled("nextState", r.NextState)
	o.text("status", string(r.Status))
	return o.value(), nil
}

// testOf is what is to be tested.
func testOf(in value.Value) teststate.Request {
	return teststate.Request{
		Definition: in.Get("definition").Text(),
		StateName:  in.Get("stateName").Text(),
		RoleARN:    in.Get("roleArn").Text(),
		Variables:  optional(in, "variables"),
		Context:    optional(in, "context"),
		Mock:       mockOf(in.Get("mock")),
		Config:     configurationOf(in.Get("stateConfiguration")),
		Reveal:     in.Get("revealSecrets").AsBool(),
	}
}

// further is the action that a request is besides its own, "" for none: a test that really
// calls a service does what an execution does.
func further(name string, in value.Value) string {
	if name == "TestState" && teststate.Calls(testOf(in)) {
		return "StartExecution"
	}
	return ""
}

func mockOf(in value.Value) *teststate.Mock {
	if in.Kind() != value.KindObject {
		return nil
	}
	m := &teststate.Mock{Result: optional(in, "result"), Mode: teststate.Mode(in.Get("fieldValidationMode").Text())}
	if e := in.Get("errorOutput"); e.Kind() == value.KindObject {
		m.ErrorOutput = &teststate.ErrorOutput{Error: e.Get("error").Text(), Cause: e.Get("cause").Text()}
	}
	return m
}

func configurationOf(in value.Value) teststate.Configuration {
	retries, _ := in.Get("retrierRetryCount").AsInt()
	failures, _ := in.Get("mapIterationFailureCount").AsInt()
	return teststate.Configuration{
		RetrierRetryCount: int(retries), MapIterationFailureCount: int(failures),
		ErrorCausedByState: in.Get("errorCausedByState").Text(), MapItemReaderData: optional(in, "mapItemReaderData"),
	}
}

// inspection is the data at every stage, as texts of JSON.
func inspection(r *teststate.Report, level teststate.Level) value.Value {
	var o object
	o.text("input", r.Input.JSON())
	for _, s := range r.Shown {
		o.text(string(s.Name), s.Data.JSON())
	}
	if !r.Variables.IsAbsent() {
		o.text("variables", r.Variables.JSON())
	}
	var details object
	details.count("catchIndex", r.CatchIndex)
	details.count("retryIndex", r.RetryIndex)
	if r.Backoff != nil {
		details.add("retryBackoffIntervalSeconds", value.Int(int64(r.Backoff.Seconds())))
	}
	if len(details) > 0 {
		o.add("errorDetails", details.value())
	}
	if r.MaxConcurrency != nil {
		o.add("maxConcurrency", value.Int(*r.MaxConcurrency))
	}
	if r.ToleratedCount != nil {
		o.add("toleratedFailureCount", value.Int(*r.ToleratedCount))
	}
	if r.ToleratedPercentage != nil {
		o.add("toleratedFailurePercentage", value.Float(*r.ToleratedPercentage))
	}
	if level == teststate.Trace {
		o.add("request", message(r.Request))
		o.add("response", message(r.Response))
	}
	return o.value()
}

func (o *object) count(name string, n *int) {
	if n != nil {
		o.add(name, value.Int(int64(*n)))
	}
}

// message is one side of an HTTP call.
func message(m *teststate.Message) value.Value {
	if m == nil {
		return value.Value{}
	}
	var o object
	o.filled("protocol", m.Protocol)
	o.filled("method", m.Method)
	o.filled("url", m.URL)
	o.filled("statusCode", m.StatusCode)
	o.filled("statusMessage", m.StatusText)
	o.text("headers", m.Headers)
	o.filled("body", m.Body)
	return o.value()
}
