package awsapi

import (
	"context"
	"strings"

	"statehouse/engine"
	"statehouse/engine/arn"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func describeMapRun(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	r, err := h.engine.MapRun(ctx, in.Get("mapRunArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	children, items := r.ChildCounts(), r.ItemCounts()
	if children.NotRedrivable, items.NotRedrivable, err = h.engine.LostItems(ctx, r); err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("mapRunArn", r.ARN)
	o.text("executionArn", r.ExecutionARN)
	o.text("status", string(r.Status))
	o.when("startDate", r.Started)
	o.when("stopDate", r.Stopped)
	o.add("maxConcurrency", value.Int(r.MaxConcurrency))
	percentage, count := 0.0, int64(0)
	if p := r.ToleratedPercentage; p != nil {
		percentage = *p
	}
	if n := r.ToleratedCount; n != nil {
		count = *n
	}
	o.add("toleratedFailurePercentage", value.Float(percentage))
	o.add("toleratedFailureCount", value.Int(count))
	o.add("itemCounts", counts(items))
	o.add("executionCounts", counts(children))
	o.add("redriveCount", value.Int(int64(r.RedriveCount)))
	o.when("redriveDate", r.Redriven)
	return o.value(), nil
}

// counts are MapRunItemCounts or MapRunExecutionCounts.
func counts(c ledger.MapRunTally) value.Value {
	var o object
	for _, m := range []struct {
		name string
		n    int64
	}{
		{"pending", c.Pending},
		{"running", c.Running},
		{"succeeded", c.Succeeded},
		{"failed", c.Failed},
		{"timedOut", c.TimedOut},
		{"aborted", c.Aborted},
		{"total", c.Total},
		{"resultsWritten", c.ResultsWritten},
		{"failuresNotRedrivable", c.NotRedrivable},
		{"pendingRedrive", c.PendingRedrive},
	} {
		o.add(m.name, value.Int(m.n))
	}
	return o.value()
}

func listMapRuns(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	if err := describable(in.Get("executionArn").Text()); err != nil {
		return value.Value{}, err
	}
	runs, next, err := h.engine.MapRuns(ctx, in.Get("executionArn").Text(), page(in))
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(runs))
	for i, r := range runs {
		var o object
		o.text("executionArn", r.ExecutionARN)
		o.text("mapRunArn", r.ARN)
		o.text("stateMachineArn", labelled(r))
		o.when("startDate", r.Started)
		o.when("stopDate", r.Stopped)
		items[i] = o.value()
	}
	return list("mapRuns", items, next), nil
}

// labelled is the ARN of the machine that the children of a run execute, which is what AWS lists.
func labelled(r ledger.MapRun) string {
	machine, _, _ := strings.Cut(r.MachineARN, "/")
	run, _ := arn.Parse(r.ARN) // always one: it was made here
	return machine + "/" + run.Label()
}

func updateMapRun(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	u := engine.UpdateMapRun{ARN: in.Get("mapRunArn").Text()}
	whole := func(name string) *int64 {
		if i, ok := in.Get(name).AsInt(); ok {
			return &i
		}
		return nil
	}
	u.MaxConcurrency, u.ToleratedCount = whole("maxConcurrency"), whole("toleratedFailureCount")
	if p := in.Get("toleratedFailurePercentage"); p.Kind() == value.KindNumber {
		u.ToleratedPercentage = new(p.AsFloat())
	}
	return empty, h.engine.UpdateMapRun(ctx, u)
}
