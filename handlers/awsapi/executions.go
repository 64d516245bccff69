package awsapi

import (
	"context"
	"encoding/base64"
	"strconv"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func startExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	x, err := h.engine.StartExecution(ctx, starting(ctx, in))
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("executionArn", x.ARN)
	o.when("startDate", x.Started)
	return o.value(), nil
}

func describeExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	arn := in.Get("executionArn").Text()
	if err := describable(arn); err != nil {
		return value.Value{}, err
	}
	x, err := h.engine.Describe(ctx, arn)
	if err != nil {
		return value.Value{}, err
	}
	o := listed(x.Execution)
	if !metadataOnly(in) {
		o.payloads(x.Execution)
	}
	o.filled("traceHeader", x.TraceHeader)
	o.text("redriveStatus", string(x.Redrive))
	o.filled("redriveStatusReason", x.RedriveWhy)
	return o.value(), nil
}

// described is the execution that a request is about.
func (h *Handler) described(ctx context.Context, in value.Value) (ledger.Execution, error) {
	arn := in.Get("executionArn").Text()
	if err := describable(arn); err != nil {
		return ledger.Execution{}, err
	}
	return h.engine.Execution(ctx, arn)
}

// execution is what a list and a description both tell.
func execution(x ledger.Execution) object {
	var o object
	o.text("executionArn", x.ARN)
	o.text("stateMachineArn", x.MachineARN)
	o.filled("stateMachineVersionArn", x.VersionARN())
	o.filled("stateMachineAliasArn", x.AliasARN())
	o.filled("mapRunArn", x.MapRunARN)
	o.text("name", x.Name)
	o.text("status", string(x.Status))
	o.when("startDate", x.Started)
	o.when("stopDate", x.Stopped)
	return o
}

// listed is what a list tells of an execution.
func listed(x ledger.Execution) object {
	o := execution(x)
	o.add("redriveCount", value.Int(int64(x.Redrives)))
	o.when("redriveDate", x.Redriven)
	return o
}

func listExecutions(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	arn, run := optional(in, "stateMachineArn"), optional(in, "mapRunArn")
	if (arn == nil) == (run == nil) {
		return value.Value{}, fault("ValidationException", "Must specify exactly one of 'stateMachineArn' and 'mapRunArn'")
	}
	q := ledger.ExecutionQuery{
		Status:   interp.Status(in.Get("statusFilter").Text()),
		Redriven: redrivenIn(in),
		Page:     page(in),
	}
	var xs []ledger.Execution
	var next string
	var err error
	switch {
	case run != nil:
		xs, next, err = h.engine.ChildExecutions(ctx, *run, q)
	case q.Status == ledger.PendingRedrive:
		err = fault("ValidationException", "The statusFilter PENDING_REDRIVE is for the executions of a Map Run: specify 'mapRunArn' instead of 'stateMachineArn'")
	default:
		q.MachineARN = *arn
		xs, next, err = h.engine.ExecutionsOf(ctx, q)
	}
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(xs))
	for i, x := range xs {
		o := listed(x)
		if x.MapRun != 0 {
			o.add("itemCount", value.Int(x.Items))
		}
		items[i] = o.value()
	}
	return list("executions", items, next), nil
}

// redrivenIn reads redriveFilter, nil when there is none.
func redrivenIn(in value.Value) *bool {
	switch in.Get("redriveFilter").Text() {
	case "REDRIVEN":
		return new(true)
	case "NOT_REDRIVEN":
		return new(false)
	}
	return nil
}

func redriveExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	arn := in.Get("executionArn").Text()
	if err := describable(arn); err != nil {
		return value.Value{}, err
	}
	at, err := h.engine.RedriveExecution(ctx, arn, in.Get("clientToken").Text())
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.when("redriveDate", at)
	return o.value(), nil
}

func stopExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	if err := describable(in.Get("executionArn").Text()); err != nil {
		return value.Value{}, err
	}
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
	x, err := h.described(ctx, in)
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
