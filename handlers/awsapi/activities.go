package awsapi

import (
	"context"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func createActivity(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	a, err := h.engine.CreateActivity(ctx, engine.CreateActivity{
		Name: in.Get("name").Text(), Encryption: jsonText(in, "encryptionConfiguration"), Tags: tagsIn(in),
	})
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("activityArn", a.ARN)
	o.when("creationDate", a.Created)
	return o.value(), nil
}

func describeActivity(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	a, err := h.engine.Activity(ctx, in.Get("activityArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	o := activity(a)
	o.raw("encryptionConfiguration", a.Encryption, ownedKey)
	return o.value(), nil
}

func activity(a ledger.Activity) object {
	var o object
	o.text("activityArn", a.ARN)
	o.text("name", a.Name)
	o.when("creationDate", a.Created)
	return o
}

func listActivities(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	as, next, err := h.engine.Activities(ctx, page(in))
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(as))
	for i, a := range as {
		items[i] = activity(a).value()
	}
	return list("activities", items, next), nil
}

func deleteActivity(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.DeleteActivity(ctx, in.Get("activityArn").Text())
}

// getActivityTask waits for work until the poll time is over; then the token is null,
// as on AWS, and the worker asks again.
func getActivityTask(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	ctx, cancel := context.WithTimeout(ctx, h.poll)
	defer cancel()
	t, err := h.engine.ActivityTask(ctx, in.Get("activityArn").Text(), in.Get("workerName").Text())
	if err != nil {
		return value.Value{}, err
	}
	var o object
	if t != nil {
		o.text("taskToken", t.Token)
		o.text("input", t.Input)
	}
	return o.value(), nil
}

func sendTaskSuccess(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.TaskSucceeded(ctx, in.Get("taskToken").Text(), in.Get("output").Text())
}

func sendTaskFailure(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.TaskFailed(ctx, in.Get("taskToken").Text(), in.Get("error").Text(), in.Get("cause").Text())
}

func sendTaskHeartbeat(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.TaskHeartbeat(ctx, in.Get("taskToken").Text())
}
