package awsapi

import (
	"context"
	"time"

	"statehouse/engine"
	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
	"statehouse/engine/logfile"
	"statehouse/engine/teststate"
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
	PublishVersion(ctx context.Context, in engine.PublishVersion) (ledger.Machine, error)
	Versions(ctx context.Context, q ledger.VersionQuery) ([]ledger.Machine, string, error)
	DeleteVersion(ctx context.Context, versionARN string) error
	CreateAlias(ctx context.Context, in engine.CreateAlias) (ledger.Alias, error)
	UpdateAlias(ctx context.Context, in engine.UpdateAlias) (ledger.Alias, error)
	Alias(ctx context.Context, aliasARN string) (ledger.Alias, error)
	Aliases(ctx context.Context, machineARN string, p ledger.Page) ([]ledger.Alias, string, error)
	DeleteAlias(ctx context.Context, aliasARN string) error
	Tag(ctx context.Context, resourceARN string, tags []ledger.Tag) error
	Untag(ctx context.Context, resourceARN string, keys []string) error
	TagsOf(ctx context.Context, resourceARN string) ([]ledger.Tag, error)
	Validate(text, machineType string) []asl.Diagnostic

	TestState(ctx context.Context, r teststate.Request, input *string) (*teststate.Report, error)

	StartExecution(ctx context.Context, in engine.StartExecution) (ledger.Execution, error)
	StartSyncExecution(ctx context.Context, in engine.StartExecution) (ledger.Execution, error)
	Execution(ctx context.Context, arn string) (ledger.Execution, error)
	ExecutionsOf(ctx context.Context, q ledger.ExecutionQuery) ([]ledger.Execution, string, error)
	Describe(ctx context.Context, arn string) (engine.Description, error)
	RedriveExecution(ctx context.Context, arn, clientToken string) (time.Time, error)
	StopExecution(ctx context.Context, arn string, reason, cause *string) (time.Time, error)
	History(ctx context.Context, arn string, q ledger.HistoryQuery) ([]history.Event, error)

	MapRun(ctx context.Context, arn string) (ledger.MapRun, error)
	LostItems(ctx context.Context, run ledger.MapRun) (children, items int64, err error)
	MapRuns(ctx context.Context, executionARN string, p ledger.Page) ([]ledger.MapRun, string, error)
	UpdateMapRun(ctx context.Context, u engine.UpdateMapRun) error
	ChildExecutions(ctx context.Context, mapRunARN string, q ledger.ExecutionQuery) ([]ledger.Execution, string, error)

	CreateActivity(ctx context.Context, in engine.CreateActivity) (ledger.Activity, error)
	Activity(ctx context.Context, arn string) (ledger.Activity, error)
	Activities(ctx context.Context, p ledger.Page) ([]ledger.Activity, string, error)
	DeleteActivity(ctx context.Context, arn string) error
	ActivityTask(ctx context.Context, arn, worker string) (*engine.ActivityTask, error)
	TaskSucceeded(ctx context.Context, token, output string) error
	TaskFailed(ctx context.Context, token, reason, cause string) error
	TaskHeartbeat(ctx context.Context, token string) error

	Names() arn.Names
	CreateLogGroup(ctx context.Context, name string) error
	DeleteLogGroup(ctx context.Context, name string) error
	LogGroups(ctx context.Context, prefix, part string) []logfile.Group
	LogStreams(ctx context.Context, group, prefix string) ([]logfile.Stream, error)
	LogStreamTimes(ctx context.Context, group string, s *logfile.Stream) error
	LogStream(ctx context.Context, q logfile.StreamQuery) (logfile.StreamPage, error)
	FilterLogs(ctx context.Context, q logfile.Query) (logfile.Page, error)
}

// operation is one row of the API: what a request may hold, and the call it makes.
type operation struct {
	members members
	run     func(h *Handler, ctx context.Context, in value.Value) (value.Value, error)
}

// operations is the API: every row decodes, checks, calls and encodes one operation.
var operations = map[string]operation{
	"CreateStateMachine": {members{
		must("name", nameShape), must("definition", payloadShape), must("roleArn", otherARN), may("type", machineType),
		may("loggingConfiguration", loggingShape), may("tags", tagList), may("tracingConfiguration", tracingShape),
		may("publish", flagShape), may("versionDescription", descriptionShape), may("encryptionConfiguration", encryptionShape),
	}, createStateMachine},
	"UpdateStateMachine": {members{
		must("stateMachineArn", arnShape), may("definition", payloadShape), may("roleArn", otherARN),
		may("loggingConfiguration", loggingShape), may("tracingConfiguration", tracingShape),
		may("publish", flagShape), may("versionDescription", descriptionShape), may("encryptionConfiguration", encryptionShape),
	}, updateStateMachine},
	"DescribeStateMachine":             {members{must("stateMachineArn", arnShape), may("includedData", includedData)}, describeStateMachine},
	"DescribeStateMachineForExecution": {members{must("executionArn", arnShape), may("includedData", includedData)}, describeStateMachineForExecution},
	"ListStateMachines":                {members{may("maxResults", pageSize), may("nextToken", pageToken)}, listStateMachines},
	"DeleteStateMachine":               {members{must("stateMachineArn", arnShape)}, deleteStateMachine},

	"PublishStateMachineVersion": {members{must("stateMachineArn", arnShape), may("revisionId", anyText), may("description", descriptionShape)}, publishStateMachineVersion},
	"ListStateMachineVersions":   {members{must("stateMachineArn", arnShape), may("nextToken", pageToken), may("maxResults", pageSize)}, listStateMachineVersions},
	"DeleteStateMachineVersion":  {members{must("stateMachineVersionArn", longARN)}, deleteStateMachineVersion},

	"CreateStateMachineAlias":   {members{may("description", descriptionShape), must("name", aliasName), must("routingConfiguration", routingList)}, createStateMachineAlias},
	"UpdateStateMachineAlias":   {members{must("stateMachineAliasArn", arnShape), may("description", descriptionShape), may("routingConfiguration", routingList)}, updateStateMachineAlias},
	"DescribeStateMachineAlias": {members{must("stateMachineAliasArn", arnShape)}, describeStateMachineAlias},
	"ListStateMachineAliases":   {members{must("stateMachineArn", arnShape), may("nextToken", pageToken), may("maxResults", pageSize)}, listStateMachineAliases},
	"DeleteStateMachineAlias":   {members{must("stateMachineAliasArn", arnShape)}, deleteStateMachineAlias},

	"TagResource":         {members{must("resourceArn", arnShape), must("tags", tagList)}, tagResource},
	"UntagResource":       {members{must("resourceArn", arnShape), must("tagKeys", tagKeys)}, untagResource},
	"ListTagsForResource": {members{must("resourceArn", arnShape)}, listTagsForResource},

	"StartExecution": {members{must("stateMachineArn", arnShape), may("name", startedName), may("input", payloadShape), may("traceHeader", traceHeader)}, startExecution},
	"StartSyncExecution": {members{
		must("stateMachineArn", arnShape), may("name", startedName), may("input", payloadShape), may("traceHeader", traceHeader), may("includedData", includedData),
	}, startSyncExecution},
	"DescribeExecution": {members{must("executionArn", arnShape), may("includedData", includedData)}, describeExecution},
	"ListExecutions": {members{
		may("stateMachineArn", arnShape), may("statusFilter", statusFilter), may("maxResults", pageSize),
		may("nextToken", longToken), may("mapRunArn", longARN), may("redriveFilter", redriveFilter),
	}, listExecutions},
	"StopExecution":    {members{must("executionArn", arnShape), may("error", errorName), may("cause", errorCause)}, stopExecution},
	"RedriveExecution": {members{must("executionArn", arnShape), may("clientToken", clientToken)}, redriveExecution},
	"GetExecutionHistory": {members{
		must("executionArn", arnShape), may("maxResults", pageSize), may("reverseOrder", flagShape),
		may("nextToken", pageToken), may("includeExecutionData", flagShape),
	}, getExecutionHistory},

	"DescribeMapRun": {members{must("mapRunArn", longARN)}, describeMapRun},
	"ListMapRuns":    {members{must("executionArn", arnShape), may("maxResults", pageSize), may("nextToken", pageToken)}, listMapRuns},
	"UpdateMapRun": {members{
		must("mapRunArn", longARN), may("maxConcurrency", countOf),
		may("toleratedFailurePercentage", percentage), may("toleratedFailureCount", longCount),
	}, updateMapRun},

	"CreateActivity":    {members{must("name", nameShape), may("tags", tagList), may("encryptionConfiguration", encryptionShape)}, createActivity},
	"DescribeActivity":  {members{must("activityArn", arnShape)}, describeActivity},
	"ListActivities":    {members{may("maxResults", pageSize), may("nextToken", pageToken)}, listActivities},
	"DeleteActivity":    {members{must("activityArn", arnShape)}, deleteActivity},
	"GetActivityTask":   {members{must("activityArn", arnShape), may("workerName", workerShape)}, getActivityTask},
	"SendTaskSuccess":   {members{must("taskToken", tokenShape), must("output", payloadShape)}, sendTaskSuccess},
	"SendTaskFailure":   {members{must("taskToken", tokenShape), may("error", errorName), may("cause", errorCause)}, sendTaskFailure},
	"SendTaskHeartbeat": {members{must("taskToken", tokenShape)}, sendTaskHeartbeat},

	"TestState": {members{
		must("definition", payloadShape), may("roleArn", otherARN), may("input", payloadShape), may("inspectionLevel", inspectionShape),
		may("revealSecrets", flagShape), may("variables", dataShape), may("stateName", stateNameShape), may("mock", mockShape),
		may("context", dataShape), may("stateConfiguration", testConfiguration),
	}, testState},
	"ValidateStateMachineDefinition": {members{
		must("definition", definitionShape), may("type", machineType), may("severity", severityShape), may("maxResults", shortPage),
	}, validateDefinition},
}
