package access

// api says which operation each action of the AWS API is.
var api = map[string]Operation{
	"CreateActivity":                   EditActivity,
	"CreateLogGroup":                   EditLogs,
	"CreateStateMachine":               Publish,
	"CreateStateMachineAlias":          Publish,
	"DeleteActivity":                   EditActivity,
	"DeleteLogGroup":                   EditLogs,
	"DeleteStateMachine":               DeleteWorkflow,
	"DeleteStateMachineAlias":          Publish,
	"DeleteStateMachineVersion":        Publish,
	"DescribeActivity":                 SeeActivities,
	"DescribeExecution":                SeeExecutions,
	"DescribeLogGroups":                SeeLogs,
	"DescribeLogStreams":               SeeLogs,
	"DescribeMapRun":                   SeeExecutions,
	"DescribeStateMachine":             SeeWorkflows,
	"DescribeStateMachineAlias":        SeeWorkflows,
	"DescribeStateMachineForExecution": SeeExecutions,
	"FilterLogEvents":                  SeeLogs,
	"GetActivityTask":                  Work,
	"GetExecutionHistory":              SeeExecutions,
	"GetLogEvents":                     SeeLogs,
	"ListActivities":                   SeeActivities,
	"ListExecutions":                   SeeExecutions,
	"ListMapRuns":                      SeeExecutions,
	"ListStateMachineAliases":          SeeWorkflows,
	"ListStateMachineVersions":         SeeWorkflows,
	"ListStateMachines":                SeeWorkflows,
	"ListTagsForResource":              SeeWorkflows,
	"PublishStateMachineVersion":       Publish,
	"RedriveExecution":                 StartExecution,
	"SendTaskFailure":                  Work,
	"SendTaskHeartbeat":                Work,
	"SendTaskSuccess":                  Work,
	"StartExecution":                   StartExecution,
	"StartSyncExecution":               StartExecution,
	"StopExecution":                    StopExecution,
	"TagResource":                      Publish,
	"TestState":                        Validate,
	"UntagResource":                    Publish,
	"UpdateMapRun":                     StartExecution,
	"UpdateStateMachine":               Publish,
	"UpdateStateMachineAlias":          Publish,
	"ValidateStateMachineDefinition":   Validate,
}

// API tells which operation an action of the AWS API is; an action without a row is
// nobody's.
func API(action string) (Operation, bool) {
	op, ok := api[action]
	return op, ok
}
