package awsapi

import (
	"context"
	"maps"
	"slices"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

const (
	noLogging   = `{"level":"OFF","includeExecutionData":false}`
	noTracing   = `{"enabled":false}`
	ownedKey    = `{"type":"AWS_OWNED_KEY"}`
	hiddenField = "{}" // what AWS shows for a definition with METADATA_ONLY
)

func createStateMachine(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	m, err := h.engine.CreateStateMachine(ctx, engine.CreateStateMachine{
		Name:               in.Get("name").Text(),
		Definition:         in.Get("definition").Text(),
		RoleARN:            in.Get("roleArn").Text(),
		Type:               in.Get("type").Text(),
		Logging:            jsonText(in, "loggingConfiguration"),
		Tracing:            jsonText(in, "tracingConfiguration"),
		Encryption:         jsonText(in, "encryptionConfiguration"),
		Tags:               tagsIn(in),
		Publish:            in.Get("publish").AsBool(),
		VersionDescription: optional(in, "versionDescription"),
	})
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("stateMachineArn", m.ARN)
	o.when("creationDate", m.Created)
	o.filled("stateMachineVersionArn", m.VersionARN())
	return o.value(), nil
}

func updateStateMachine(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	m, err := h.engine.UpdateStateMachine(ctx, engine.UpdateStateMachine{
		ARN:                in.Get("stateMachineArn").Text(),
		Definition:         optional(in, "definition"),
		RoleARN:            optional(in, "roleArn"),
		Logging:            optionalJSON(in, "loggingConfiguration"),
		Tracing:            optionalJSON(in, "tracingConfiguration"),
		Encryption:         optionalJSON(in, "encryptionConfiguration"),
		Publish:            in.Get("publish").AsBool(),
		VersionDescription: optional(in, "versionDescription"),
	})
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.when("updateDate", m.Updated)
	o.filled("revisionId", m.RevisionID)
	o.filled("stateMachineVersionArn", m.VersionARN())
	return o.value(), nil
}

func describeStateMachine(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	m, err := h.engine.StateMachine(ctx, in.Get("stateMachineArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("stateMachineArn", described(m))
	o.text("name", m.Name)
	o.text("status", machineStatus(m))
	o.text("definition", definition(m, in))
	o.text("roleArn", m.RoleARN)
	o.text("type", m.Type)
	o.when("creationDate", m.Created)
	configuration(&o, m)
	o.filled("revisionId", m.RevisionID)
	o.filled("label", m.Label)
	o.filled("description", m.Description)
	modern(&o, m, in)
	return o.value(), nil
}

// described is the ARN that a description is of.
func described(m ledger.Machine) string {
	switch v := m.VersionARN(); {
	case v != "":
		return v
	case m.Label != "":
		return m.ARN + "/" + m.Label
	}
	return m.ARN
}

func describeStateMachineForExecution(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	if err := describable(in.Get("executionArn").Text()); err != nil {
		return value.Value{}, err
	}
	m, err := h.engine.StateMachineForExecution(ctx, in.Get("executionArn").Text())
	if err != nil {
		return value.Value{}, err
	}
	var o object
	o.text("stateMachineArn", m.ARN)
	o.text("name", m.Name)
	o.text("definition", definition(m, in))
	o.text("roleArn", m.RoleARN)
	o.when("updateDate", m.Updated)
	configuration(&o, m)
	o.filled("mapRunArn", m.MapRunARN)
	o.filled("label", m.Label)
	o.filled("revisionId", m.RevisionID)
	modern(&o, m, in)
	return o.value(), nil
}

func configuration(o *object, m ledger.Machine) {
	o.add("loggingConfiguration", completed(m.Logging, noLogging))
	o.add("tracingConfiguration", completed(m.Tracing, noTracing))
	o.raw("encryptionConfiguration", m.Encryption, "")
}

// modern adds what AWS began to tell together with JSONata and variables. Answers that were
// recorded for definitions without them have neither member, those for definitions with them have
// both; clients read a missing encryptionConfiguration as the key that AWS owns.
func modern(o *object, m ledger.Machine, in value.Value) {
	parsed, _ := asl.Parse(m.Definition)
	if parsed == nil || !parsed.Modern() {
		return
	}
	if m.Encryption == "" {
		o.add("encryptionConfiguration", value.Raw(ownedKey))
	}
	if len(parsed.Reads) == 0 || metadataOnly(in) { // hidden together with the definition
		return
	}
	var all object
	for _, state := range slices.Sorted(maps.Keys(parsed.Reads)) {
		names := parsed.Reads[state]
		list := make([]value.Value, len(names))
		for i, name := range names {
			list[i] = value.String(name)
		}
		all.add(state, value.Array(list...))
	}
	o.add("variableReferences", all.value())
}

// completed is a JSON object with the members it leaves out taken from the defaults.
func completed(json, defaults string) value.Value {
	all := value.Raw(defaults)
	if json == "" {
		return all
	}
	v := value.Raw(json)
	for _, m := range all.Members() {
		if v.Get(m.Key).IsAbsent() {
			v = v.With(m.Key, m.Value)
		}
	}
	return v
}

func definition(m ledger.Machine, in value.Value) string {
	if metadataOnly(in) {
		return hiddenField
	}
	return m.Definition
}

func metadataOnly(in value.Value) bool { return in.Get("includedData").Text() == "METADATA_ONLY" }

func machineStatus(m ledger.Machine) string {
	if m.Deleting {
		return "DELETING"
	}
	return "ACTIVE"
}

func listStateMachines(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	ms, next, err := h.engine.StateMachines(ctx, ledger.MachineQuery{Page: page(in)})
	if err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, len(ms))
	for i, m := range ms {
		var o object
		o.text("stateMachineArn", m.ARN)
		o.text("name", m.Name)
		o.text("type", m.Type)
		o.when("creationDate", m.Created)
		items[i] = o.value()
	}
	return list("stateMachines", items, next), nil
}

// list is an answer with one page of items.
func list(name string, items []value.Value, next string) value.Value {
	var o object
	o.add(name, value.Array(items...))
	o.filled("nextToken", next)
	return o.value()
}

func deleteStateMachine(h *Handler, ctx context.Context, in value.Value) (value.Value, error) {
	return empty, h.engine.DeleteStateMachine(ctx, in.Get("stateMachineArn").Text())
}
