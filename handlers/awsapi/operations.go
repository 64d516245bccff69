package awsapi

import (
	"context"
	"time"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// Engine is what the API needs of the application.
type Engine interface {
	CreateStateMachine(ctx context.Context, in engine.CreateStateMachine) (ledger.Machine, error)
	UpdateStateMachine(ctx context.Context, in engine.UpdateStateMachine) (ledger.Machine, error)
	StateMachine(ctx context.Context, arn string) (ledger.Machine, error)
	StateMachines(ctx context.Context, q ledger.MachineQuery) ([]ledger.Machine, string, error)
	DeleteStateMachine(ctx context.Context, arn string) error
	StateMachineForExecution(ctx context.Context, executionARN string) (ledger.Machine, error)
	Validate(text, machineType string) []asl.Diagnostic

	StartExecution(ctx context.Context, in engine.StartExecution) (ledger.Execution, error)
	Execution(ctx context.Context, arn string) (ledger.Execution, error)
	Executions(ctx context.Context, q ledger.ExecutionQuery) ([]ledger.Execution, string, error)
	StopExecution(ctx context.Context, arn string, reason, cause *string) (time.Time, error)
	History(ctx context.Context, arn string, q ledger.HistoryQuery) ([]history.Event, error)

	CreateActivity(ctx context.Context, name string) (ledger.Activity, error)
	Activity(ctx context.Context, arn string) (ledger.Activity, error)
	Activities(ctx context.Context, p ledger.Page) ([]ledger.Activity, string, error)
	DeleteActivity(ctx context.Context, arn string) error
	ActivityTask(ctx context.Context, arn, worker string) (*engine.ActivityTask, error)
	TaskSucceeded(ctx context.Context, token, output string) error
	TaskFailed(ctx context.Context, token, reason, cause string) error
	TaskHeartbeat(ctx context.Context, token string) error
}

// operation is one row of the API: what a request may hold, and the call it makes.
type operation struct {
	fields fields
	run    func(h *Handler, ctx context.Context, in value.Value) (value.Value, error)
}

func text(name string) field { return field{name: name, kind: value.KindString} }
func limited(name string, max int64) field {
	return field{name: name, kind: value.KindString, max: max}
}
func need(f field) field { f.required = true; return f }

var (
	maxResults   = field{name: "maxResults", kind: value.KindNumber, max: 1000}
	pageToken    = field{name: "nextToken", kind: value.KindString, min: 1, max: 1024}
	includedData = field{name: "includedData", kind: value.KindString, enum: []string{"ALL_DATA", "METADATA_ONLY"}}
	logging      = field{name: "loggingConfiguration", kind: value.KindObject}
	tracing      = field{name: "tracingConfiguration", kind: value.KindObject}
	encryption   = field{name: "encryptionConfiguration", kind: value.KindObject}
)

var operations = map[string]operation{
	"CreateStateMachine": {fields{
		need(text("name")), need(text("definition")), need(text("roleArn")),
		{name: "type", kind: value.KindString, enum: []string{"STANDARD", "EXPRESS"}},
		logging, tracing, encryption,
		{name: "publish", kind: value.KindBool},
		limited("versionDescription", 256),
		{name: "tags", kind: value.KindArray},
	}, createStateMachine},
	"UpdateStateMachine": {fields{
		need(text("stateMachineArn")), text("definition"), text("roleArn"),
		logging, tracing, encryption,
		{name: "publish", kind: value.KindBool},
		limited("versionDescription", 256),
	}, updateStateMachine},
	"DescribeStateMachine":             {fields{need(text("stateMachineArn")), includedData}, describeStateMachine},
	"DescribeStateMachineForExecution": {fields{need(text("executionArn")), includedData}, describeStateMachineForExecution},
	"ListStateMachines":                {fields{maxResults, pageToken}, listStateMachines},
	"DeleteStateMachine":               {fields{need(text("stateMachineArn"))}, deleteStateMachine},

	"StartExecution":    {fields{need(text("stateMachineArn")), text("name"), text("input"), limited("traceHeader", 256)}, startExecution},
	"DescribeExecution": {fields{need(text("executionArn")), includedData}, describeExecution},
	"ListExecutions": {fields{
		text("stateMachineArn"), text("mapRunArn"),
		{name: "statusFilter", kind: value.KindString, enum: []string{"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"}},
		maxResults,
		{name: "nextToken", kind: value.KindString, min: 1, max: 3096},
		{name: "redriveFilter", kind: value.KindString, enum: []string{"REDRIVEN", "NOT_REDRIVEN"}},
	}, listExecutions},
	"StopExecution": {fields{need(text("executionArn")), limited("error", 256), limited("cause", 32768)}, stopExecution},
	"GetExecutionHistory": {fields{
		need(text("executionArn")), maxResults, pageToken,
		{name: "reverseOrder", kind: value.KindBool},
		{name: "includeExecutionData", kind: value.KindBool},
	}, getExecutionHistory},

	"CreateActivity":    {fields{need(text("name")), {name: "tags", kind: value.KindArray}, encryption}, createActivity},
	"DescribeActivity":  {fields{need(text("activityArn"))}, describeActivity},
	"ListActivities":    {fields{maxResults, pageToken}, listActivities},
	"DeleteActivity":    {fields{need(text("activityArn"))}, deleteActivity},
	"GetActivityTask":   {fields{need(text("activityArn")), limited("workerName", 80)}, getActivityTask},
	"SendTaskSuccess":   {fields{need(text("taskToken")), need(text("output"))}, sendTaskSuccess},
	"SendTaskFailure":   {fields{need(text("taskToken")), limited("error", 256), limited("cause", 32768)}, sendTaskFailure},
	"SendTaskHeartbeat": {fields{need(text("taskToken"))}, sendTaskHeartbeat},
}
