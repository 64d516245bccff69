package throttle

// StateTransition is no action of the API: its bucket is that of the state transitions of
// Standard executions, which are held back rather than refused.
const StateTransition = "StateTransition"

// AWS is AWS's table: buckets of an account in its largest regions, of actions and of
// StateTransition. Executions of Express machines have a bucket of their own there
// (6,000/6,000); here they share that of their action. StartSyncExecution has none.
func AWS() map[string]Rate {
	table := map[string]Rate{
		"StartExecution":       {1300, 300},
		"RedriveExecution":     {1300, 300},
		"StopExecution":        {1000, 200},
		"GetActivityTask":      {3000, 500},
		"SendTaskSuccess":      {3000, 500},
		"SendTaskFailure":      {3000, 500},
		"SendTaskHeartbeat":    {3000, 500},
		"DescribeExecution":    {300, 15},
		"GetExecutionHistory":  {400, 20},
		"ListExecutions":       {200, 5},
		"DescribeStateMachine": {200, 20},
		"TestState":            {50, 10},
		"ListActivities":       {100, 10},
		"ListStateMachines":    {100, 5},
		StateTransition:        {5000, 5000},
	}
	for _, a := range []string{
		"CreateActivity", "CreateStateMachine", "CreateStateMachineAlias", "DeleteActivity", "DeleteStateMachine",
		"DeleteStateMachineAlias", "DeleteStateMachineVersion", "PublishStateMachineVersion", "UpdateMapRun",
		"UpdateStateMachine", "UpdateStateMachineAlias", "ListMapRuns", "ListStateMachineAliases", "ListStateMachineVersions",
		"ListTagsForResource", "ValidateStateMachineDefinition",
	} {
		table[a] = Rate{100, 1}
	}
	for _, a := range []string{
		"DescribeActivity", "DescribeMapRun", "DescribeStateMachineAlias", "DescribeStateMachineForExecution",
		"TagResource", "UntagResource",
	} {
		table[a] = Rate{200, 1}
	}
	return table
}
