package awsapi

import (
	"context"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func publishStateMachineVersion(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	v, err := h.engine.PublishVersion(ctx, engine.PublishVersion{
		MachineARN:  in.Get("stateMachineArn").Text(),
		Revision:    optional(in, "revisionId"),
		Description: in.Get("description").Text(),
	})
	if err != nil {
		return value.Value{}, err
	}
	return version(v), nil
}

// version is what a publication and a list tell.
func version(m ledger.Machine) value.Value {
	var o object
	o.when("creationDate", m.Created)
	o.text("stateMachineVersionArn", m.VersionARN())
	return o.value()
}

func listStateMachineVersions(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	vs, next, err := h.engine.Versions(ctx, ledger.VersionQuery{MachineARN: in.Get("stateMachineArn").Text(), Page: page(in)})
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(vs))
	for i, v := range vs {
		items[i] = version(v)
	}
	return list("stateMachineVersions", items, next), nil
}

func deleteStateMachineVersion(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.DeleteVersion(ctx, in.Get("stateMachineVersionArn").Text())
}
