package awsapi

import (
	"context"
	"encoding/base64"
	"strconv"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func startExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	x, err := h.engine.StartExecution(ctx, engine.StartExecution{
		MachineARN:  in.Get("stateMachineArn").Text(),
		Name:        in.Get("name").Text(),
		Input:       optional(in, "input"),
		TraceHeader: in.Get("traceHeader").Text(),
	})
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("executionArn", x.ARN)
	o.when("startDate", x.Started)
	return o.value(), nil
}

func describeExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	x, err := h.engine.Execution(ctx, in.Get("executionArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	included := value.Raw(`{"included":true}`)
	o := execution(x)
	if !metadataOnly(in) {
		o.text("input", x.Input.JSON())
		o.add("inputDetails", included)
		if !x.Output.IsAbsent() {
			o.text("output", x.Output.JSON())
			o.add("outputDetails", included)
		}
		o.some("error", x.Error)
		o.some("cause", x.Cause)
	}
	o.filled("traceHeader", x.TraceHeader)
	o.add("redriveCount", value.Int(0))
	o.text("redriveStatus", redriveStatus(x.Status))
	if x.Status == interp.Running || x.Status == interp.Succeeded {
		o.text("redriveStatusReason", "Execution is "+string(x.Status)+" and cannot be redriven")
	}
	return o.value(), nil
}

// execution is what a list and a description both tell.
func execution(x ledger.Execution) object {
	var o object
	o.text("executionArn", x.ARN)
	o.text("stateMachineArn", x.MachineARN)
	o.filled("stateMachineVersionArn", x.VersionARN())
	o.filled("stateMachineAliasArn", x.AliasARN())
	o.text("name", x.Name)
	o.text("status", string(x.Status))
	o.when("startDate", x.Started)
	o.when("stopDate", x.Stopped)
	return o
}

func redriveStatus(s interp.Status) string {
	if s == interp.Running || s == interp.Succeeded {
		return "NOT_REDRIVABLE"
	}
	return "REDRIVABLE"
}

func listExecutions(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	arn := in.Get("stateMachineArn").Text()
	if arn == "" {
		return value.Value{}, fault("ValidationException", "Must specify exactly one of 'stateMachineArn' and 'mapRunArn'; map runs are not supported yet")
	}
	xs, next, err := h.engine.ExecutionsOf(ctx, ledger.ExecutionQuery{
		MachineARN: arn,
		Status:     interp.Status(in.Get("statusFilter").Text()),
		Page:       page(in),
	})
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(xs))
	for i, x := range xs {
		o := execution(x)
		o.add("redriveCount", value.Int(0))
		items[i] = o.value()
	}
	return list("executions", items, next), nil
}

func stopExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	at, err := h.engine.StopExecution(ctx, in.Get("executionArn").Text(), optional(in, "error"), optional(in, "cause"))
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.when("stopDate", at)
	return o.value(), nil
}

// pageBytes is how much the payloads of one page of a history may weigh; AWS cuts its
// pages as well.
const pageBytes = 4 << 20

func getExecutionHistory(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	q := ledger.HistoryQuery{Limit: pageLimit(in), Bytes: pageBytes, Reverse: in.Get("reverseOrder").AsBool()}
	if token := in.Get("nextToken").Text(); token != "" {
		from, ok := openHistoryToken(token, q.Reverse)
		if !ok {
			return value.Value{}, fault("InvalidToken", "Invalid Token: 'Invalid token'")
		}
		if q.Reverse {
			q.Before = from
		} else {
			q.After = from
		}
	}
	x, err := h.engine.Execution(ctx, in.Get("executionArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	events, err := h.engine.History(ctx, x.ARN, q)
	if err != nil {
		return value.Value{}, err
	}
	var next string
	if n := len(events); n > 0 {
		last := events[n-1].ID
		if more := !q.Reverse && int64(last) < x.Events || q.Reverse && last > 1; more {
			next = historyToken(last, q.Reverse)
		}
	}
	withData := in.Get("includeExecutionData")
	items := make([]value.Value, len(events))
	for i, e := range events {
		if withData.Kind() == value.KindBool && !withData.AsBool() {
			e = e.WithoutData()
		}
		text, err := e.MarshalJSON()
		if err != nil {
			return value.Value{}, err
		}
		items[i] = value.Raw(string(text))
	}
	return list("events", items, next), nil
}

// A history token names the last event of its page and the direction it was read in.
func historyToken(last history.ID, reverse bool) string {
	return base64.RawURLEncoding.EncodeToString([]byte("history:" + strconv.FormatBool(reverse) + ":" + strconv.FormatInt(int64(last), 10)))
}

func openHistoryToken(token string, reverse bool) (history.ID, bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, false
	}
	prefix := "history:" + strconv.FormatBool(reverse) + ":"
	if len(text) <= len(prefix) || string(text[:len(prefix)]) != prefix {
		return 0, false
	}
	id, err := strconv.ParseInt(string(text[len(prefix):]), 10, 64)
	return history.ID(id), err == nil && id > 0
}
