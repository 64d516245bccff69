package awsapi

import (
	"context"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func createStateMachineAlias(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	a, err := h.engine.CreateAlias(ctx, engine.CreateAlias{
		Name: in.Get("name").Text(), Description: in.Get("description").Text(), Routes: routesIn(in),
	})
	if err != nil {
		return value.Value{}, err
	}
	return alias(a), nil
}

func updateStateMachineAlias(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	a, err := h.engine.UpdateAlias(ctx, engine.UpdateAlias{
		ARN: in.Get("stateMachineAliasArn").Text(), Description: optional(in, "description"), Routes: routesIn(in),
	})
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.when("updateDate", a.Updated)
	return o.value(), nil
}

func describeStateMachineAlias(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	a, err := h.engine.Alias(ctx, in.Get("stateMachineAliasArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	routes := make([]value.Value, len(a.Routes))
	for i, r := range a.Routes {
		var o object
		o.text("stateMachineVersionArn", ledger.Machine{ARN: a.MachineARN, Version: r.Version}.VersionARN())
		o.add("weight", value.Int(r.Weight))
		routes[i] = o.value()
	}
	var o object
	o.text("stateMachineAliasArn", a.ARN())
	o.text("name", a.Name)
	o.filled("description", a.Description)
	o.add("routingConfiguration", value.Array(routes...))
	o.when("creationDate", a.Created)
	o.when("updateDate", a.Updated)
	return o.value(), nil
}

func listStateMachineAliases(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	as, next, err := h.engine.Aliases(ctx, in.Get("stateMachineArn").Text(), page(in))
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(as))
	for i, a := range as {
		items[i] = alias(a)
	}
	return list("stateMachineAliases", items, next), nil
}

func deleteStateMachineAlias(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.DeleteAlias(ctx, in.Get("stateMachineAliasArn").Text())
}

// alias is what a creation and a list tell.
func alias(a ledger.Alias) value.Value {
	var o object
	o.text("stateMachineAliasArn", a.ARN())
	o.when("creationDate", a.Created)
	return o.value()
}

// routesIn reads a routing configuration, nil when there is none.
func routesIn(in value.Value) []engine.Route {
	var routes []engine.Route
	for _, r := range in.Get("routingConfiguration").Items() {
		weight, _ := r.Get("weight").AsInt()
		routes = append(routes, engine.Route{VersionARN: r.Get("stateMachineVersionArn").Text(), Weight: weight})
	}
	return routes
}
