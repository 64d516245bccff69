package history

// Type names what happened. The set is AWS's.
type Type string

// The 62 types of the API.
const (
	ActivityFailed               Type = "ActivityFailed"
	ActivityScheduleFailed       Type = "ActivityScheduleFailed"
	ActivityScheduled            Type = "ActivityScheduled"
	ActivityStarted              Type = "ActivityStarted"
	ActivitySucceeded            Type = "ActivitySucceeded"
	ActivityTimedOut             Type = "ActivityTimedOut"
	ChoiceStateEntered           Type = "ChoiceStateEntered"
	ChoiceStateExited            Type = "ChoiceStateExited"
	EvaluationFailed             Type = "EvaluationFailed"
	ExecutionAborted             Type = "ExecutionAborted"
	ExecutionFailed              Type = "ExecutionFailed"
	ExecutionRedriven            Type = "ExecutionRedriven"
	ExecutionStarted             Type = "ExecutionStarted"
	ExecutionSucceeded           Type = "ExecutionSucceeded"
	ExecutionTimedOut            Type = "ExecutionTimedOut"
	FailStateEntered             Type = "FailStateEntered"
	LambdaFunctionFailed         Type = "LambdaFunctionFailed"
	LambdaFunctionScheduleFailed Type = "LambdaFunctionScheduleFailed"
	LambdaFunctionScheduled      Type = "LambdaFunctionScheduled"
	LambdaFunctionStartFailed    Type = "LambdaFunctionStartFailed"
	LambdaFunctionStarted        Type = "LambdaFunctionStarted"
	LambdaFunctionSucceeded      Type = "LambdaFunctionSucceeded"
	LambdaFunctionTimedOut       Type = "LambdaFunctionTimedOut"
	MapIterationAborted          Type = "MapIterationAborted"
	MapIterationFailed           Type = "MapIterationFailed"
	MapIterationStarted          Type = "MapIterationStarted"
	MapIterationSucceeded        Type = "MapIterationSucceeded"
	MapRunAborted                Type = "MapRunAborted"
	MapRunFailed                 Type = "MapRunFailed"
	MapRunRedriven               Type = "MapRunRedriven"
	MapRunStarted                Type = "MapRunStarted"
	MapRunSucceeded              Type = "MapRunSucceeded"
	MapStateAborted              Type = "MapStateAborted"
	MapStateEntered              Type = "MapStateEntered"
	MapStateExited               Type = "MapStateExited"
	MapStateFailed               Type = "MapStateFailed"
	MapStateStarted              Type = "MapStateStarted"
	MapStateSucceeded            Type = "MapStateSucceeded"
	ParallelStateAborted         Type = "ParallelStateAborted"
	ParallelStateEntered         Type = "ParallelStateEntered"
	ParallelStateExited          Type = "ParallelStateExited"
	ParallelStateFailed          Type = "ParallelStateFailed"
	ParallelStateStarted         Type = "ParallelStateStarted"
	ParallelStateSucceeded       Type = "ParallelStateSucceeded"
	PassStateEntered             Type = "PassStateEntered"
	PassStateExited              Type = "PassStateExited"
	SucceedStateEntered          Type = "SucceedStateEntered"
	SucceedStateExited           Type = "SucceedStateExited"
	TaskFailed                   Type = "TaskFailed"
	TaskScheduled                Type = "TaskScheduled"
	TaskStartFailed              Type = "TaskStartFailed"
	TaskStarted                  Type = "TaskStarted"
	TaskStateAborted             Type = "TaskStateAborted"
	TaskStateEntered             Type = "TaskStateEntered"
	TaskStateExited              Type = "TaskStateExited"
	TaskSubmitFailed             Type = "TaskSubmitFailed"
	TaskSubmitted                Type = "TaskSubmitted"
	TaskSucceeded                Type = "TaskSucceeded"
	TaskTimedOut                 Type = "TaskTimedOut"
	WaitStateAborted             Type = "WaitStateAborted"
	WaitStateEntered             Type = "WaitStateEntered"
	WaitStateExited              Type = "WaitStateExited"
)

// members says in which member of the JSON a type keeps its details; types that are
// not listed have none.
var members = map[Type]string{
	ActivityFailed:               "activityFailedEventDetails",
	ActivityScheduleFailed:       "activityScheduleFailedEventDetails",
	ActivityScheduled:            "activityScheduledEventDetails",
	ActivityStarted:              "activityStartedEventDetails",
	ActivitySucceeded:            "activitySucceededEventDetails",
	ActivityTimedOut:             "activityTimedOutEventDetails",
	ChoiceStateEntered:           "stateEnteredEventDetails",
	ChoiceStateExited:            "stateExitedEventDetails",
	EvaluationFailed:             "evaluationFailedEventDetails",
	ExecutionAborted:             "executionAbortedEventDetails",
	ExecutionFailed:              "executionFailedEventDetails",
	ExecutionRedriven:            "executionRedrivenEventDetails",
	ExecutionStarted:             "executionStartedEventDetails",
	ExecutionSucceeded:           "executionSucceededEventDetails",
	ExecutionTimedOut:            "executionTimedOutEventDetails",
	FailStateEntered:             "stateEnteredEventDetails",
	LambdaFunctionFailed:         "lambdaFunctionFailedEventDetails",
	LambdaFunctionScheduleFailed: "lambdaFunctionScheduleFailedEventDetails",
	LambdaFunctionScheduled:      "lambdaFunctionScheduledEventDetails",
	LambdaFunctionStartFailed:    "lambdaFunctionStartFailedEventDetails",
	LambdaFunctionSucceeded:      "lambdaFunctionSucceededEventDetails",
	LambdaFunctionTimedOut:       "lambdaFunctionTimedOutEventDetails",
	MapIterationAborted:          "mapIterationAbortedEventDetails",
	MapIterationFailed:           "mapIterationFailedEventDetails",
	MapIterationStarted:          "mapIterationStartedEventDetails",
	MapIterationSucceeded:        "mapIterationSucceededEventDetails",
	MapRunFailed:                 "mapRunFailedEventDetails",
	MapRunRedriven:               "mapRunRedrivenEventDetails",
	MapRunStarted:                "mapRunStartedEventDetails",
	MapStateEntered:              "stateEnteredEventDetails",
	MapStateExited:               "stateExitedEventDetails",
	MapStateStarted:              "mapStateStartedEventDetails",
	ParallelStateEntered:         "stateEnteredEventDetails",
	ParallelStateExited:          "stateExitedEventDetails",
	PassStateEntered:             "stateEnteredEventDetails",
	PassStateExited:              "stateExitedEventDetails",
	SucceedStateEntered:          "stateEnteredEventDetails",
	SucceedStateExited:           "stateExitedEventDetails",
	TaskFailed:                   "taskFailedEventDetails",
	TaskScheduled:                "taskScheduledEventDetails",
	TaskStartFailed:              "taskStartFailedEventDetails",
	TaskStarted:                  "taskStartedEventDetails",
	TaskStateEntered:             "stateEnteredEventDetails",
	TaskStateExited:              "stateExitedEventDetails",
	TaskSubmitFailed:             "taskSubmitFailedEventDetails",
	TaskSubmitted:                "taskSubmittedEventDetails",
	TaskSucceeded:                "taskSucceededEventDetails",
	TaskTimedOut:                 "taskTimedOutEventDetails",
	WaitStateEntered:             "stateEnteredEventDetails",
	WaitStateExited:              "stateExitedEventDetails",
}

// Types lists all types by name.
func Types() []Type {
	return []Type{
		ActivityFailed, ActivityScheduleFailed, ActivityScheduled, ActivityStarted, ActivitySucceeded,
		ActivityTimedOut, ChoiceStateEntered, ChoiceStateExited, EvaluationFailed, ExecutionAborted, ExecutionFailed,
		ExecutionRedriven, ExecutionStarted, ExecutionSucceeded, ExecutionTimedOut, FailStateEntered,
		LambdaFunctionFailed, LambdaFunctionScheduleFailed, LambdaFunctionScheduled, LambdaFunctionStartFailed,
		LambdaFunctionStarted, LambdaFunctionSucceeded, LambdaFunctionTimedOut, MapIterationAborted,
		MapIterationFailed, MapIterationStarted, MapIterationSucceeded, MapRunAborted, MapRunFailed, MapRunRedriven,
		MapRunStarted, MapRunSucceeded, MapStateAborted, MapStateEntered, MapStateExited, MapStateFailed,
		MapStateStarted, MapStateSucceeded, ParallelStateAborted, ParallelStateEntered, ParallelStateExited,
		ParallelStateFailed, ParallelStateStarted, ParallelStateSucceeded, PassStateEntered, PassStateExited,
		SucceedStateEntered, SucceedStateExited, TaskFailed, TaskScheduled, TaskStartFailed, TaskStarted,
		TaskStateAborted, TaskStateEntered, TaskStateExited, TaskSubmitFailed, TaskSubmitted, TaskSucceeded,
		TaskTimedOut, WaitStateAborted, WaitStateEntered, WaitStateExited,
	}
}
