//go:build clients

package clients

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go/middleware"
)

func (w *goWalk) start() {
	in := &sfn.StartExecutionInput{
		StateMachineArn: aws.String(order + ":PROD"), Name: aws.String("first"), Input: aws.String(`{"id": 7}`),
		TraceHeader: aws.String("Root=1-67891233-abcdef012345678912345678"),
	}
	made := must(w.StartExecution(w.ctx, in))
	same(*made.ExecutionArn, prefix+"execution:order:first")
	got := w.closed(made.ExecutionArn)
	same(got.Status, types.ExecutionStatusSucceeded)
	same([]any{parsed(got.Input), parsed(got.Output)}, []any{parsed(in.Input), parsed(aws.String(`{"id": 7, "rate": 2}`))})
	same([]any{*got.StateMachineArn, *got.TraceHeader, got.InputDetails.Included}, []any{order, *in.TraceHeader, true})
	same([]bool{made.StartDate.Equal(*got.StartDate), got.StopDate.Before(*got.StartDate)}, []bool{true, false})
	bare := must(w.DescribeExecution(w.ctx, &sfn.DescribeExecutionInput{ExecutionArn: made.ExecutionArn, IncludedData: types.IncludedDataMetadataOnly}))
	same(bare.Output == nil, true)
	same(*must(w.DescribeStateMachineForExecution(w.ctx, &sfn.DescribeStateMachineForExecutionInput{ExecutionArn: made.ExecutionArn})).Definition, *definition("order-2"))
	refused[*types.ExecutionAlreadyExists](second(w.StartExecution(w.ctx, in)), "Execution Already Exists: '"+*made.ExecutionArn+"'")
	refused[*types.InvalidExecutionInput](second(w.StartExecution(w.ctx, &sfn.StartExecutionInput{StateMachineArn: machine("order"), Input: aws.String("seven")})),
		"Invalid State Machine Execution Input: '")
	refused[*types.StateMachineDoesNotExist](second(w.StartExecution(w.ctx, &sfn.StartExecutionInput{StateMachineArn: machine("nowhere")})), *machine("nowhere"))

	big := w.closed(w.run(machine("order"), "big", `{"id": 2000}`))
	same([]any{big.Status, *big.Error, *big.Cause}, []any{types.ExecutionStatusFailed, "TooBig", "nobody orders this much"})
	failed := must(w.ListExecutions(w.ctx, &sfn.ListExecutionsInput{StateMachineArn: machine("order"), StatusFilter: types.ExecutionStatusFailed}))
	same([]string{*failed.Executions[0].Name}, []string{"big"})
	var versions []string // of all executions, newest first, one a page
	for pages := sfn.NewListExecutionsPaginator(w, &sfn.ListExecutionsInput{StateMachineArn: machine("order"), MaxResults: 1}); pages.HasMorePages(); {
		for _, x := range must(pages.NextPage(w.ctx)).Executions {
			versions = append(versions, aws.ToString(x.StateMachineVersionArn))
		}
	}
	same(versions, []string{"", order + ":2", order + ":1"})
}

func (w *goWalk) stop() {
	same(*must(w.CreateActivity(w.ctx, &sfn.CreateActivityInput{Name: aws.String("worker")})).ActivityArn, worker)
	w.make("work", "work")
	in := &sfn.StartExecutionInput{StateMachineArn: machine("work"), Name: aws.String("stopped"), Input: aws.String(`{"n": 1}`)}
	run, again := must(w.StartExecution(w.ctx, in)), must(w.StartExecution(w.ctx, in))
	same([]any{*again.ExecutionArn, *again.StartDate}, []any{*run.ExecutionArn, *run.StartDate})
	stopped := must(w.StopExecution(w.ctx, &sfn.StopExecutionInput{ExecutionArn: run.ExecutionArn, Error: aws.String("Enough"), Cause: aws.String("no more of it")}))
	got := w.closed(run.ExecutionArn)
	same([]any{got.Status, *got.Error, *got.Cause, *got.StopDate}, []any{types.ExecutionStatusAborted, "Enough", "no more of it", *stopped.StopDate})
}

func (w *goWalk) activity() {
	same(*must(w.DescribeActivity(w.ctx, &sfn.DescribeActivityInput{ActivityArn: aws.String(worker)})).Name, "worker")
	same(*must(sfn.NewListActivitiesPaginator(w, &sfn.ListActivitiesInput{}).NextPage(w.ctx)).Activities[0].ActivityArn, worker)
	done := w.run(machine("work"), "", `{"n": 12}`)
	task := w.take()
	same(parsed(task.Input), parsed(aws.String(`{"n": 12}`)))
	must(w.SendTaskHeartbeat(w.ctx, &sfn.SendTaskHeartbeatInput{TaskToken: task.TaskToken}))
	refused[*types.InvalidOutput](second(w.SendTaskSuccess(w.ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String("{")})))
	w.succeed(task.TaskToken, `{"square": 144}`)
	same(parsed(w.closed(done).Output), parsed(aws.String(`{"square": 144}`)))
	refused[*types.TaskTimedOut](second(w.SendTaskSuccess(w.ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String("{}")})))
	refused[*types.InvalidToken](second(w.SendTaskHeartbeat(w.ctx, &sfn.SendTaskHeartbeatInput{TaskToken: aws.String("made up")})))

	failed := w.run(machine("work"), "", "{}")
	w.fail(w.take().TaskToken, "Tired", "it is late")
	got := w.closed(failed)
	same([]any{got.Status, *got.Error, *got.Cause}, []any{types.ExecutionStatusFailed, "Tired", "it is late"})
	nobody := prefix + "activity:nobody"
	refused[*types.ActivityDoesNotExist](second(w.GetActivityTask(w.ctx, &sfn.GetActivityTaskInput{ActivityArn: &nobody})), nobody)
}

func (w *goWalk) callback() {
	w.make("asked", "asked")
	w.make("callback", "callback")
	// asked starts an execution that asks, and gives it with the token that its child was handed.
	asked := func(name string) (run *string, token string) {
		run = w.run(machine("callback"), name, `{"question": "why"}`)
		child := prefix + "execution:asked:" + name + "-asked"
		until("the child has started", func() bool {
			return slices.ContainsFunc(must(w.ListExecutions(w.ctx, &sfn.ListExecutionsInput{StateMachineArn: machine("asked")})).Executions,
				func(x types.ExecutionListItem) bool { return *x.ExecutionArn == child })
		})
		input, _ := parsed(must(w.DescribeExecution(w.ctx, &sfn.DescribeExecutionInput{ExecutionArn: &child})).Input).(map[string]any)
		token, _ = input["token"].(string)
		return run, token
	}
	run, token := asked("yes")
	must(w.SendTaskHeartbeat(w.ctx, &sfn.SendTaskHeartbeatInput{TaskToken: &token}))
	w.succeed(&token, `{"answer": 42}`)
	same(parsed(w.closed(run).Output), parsed(aws.String(`{"answer": 42}`)))
	run, token = asked("no")
	w.fail(&token, "Refused", "too hard")
	output, _ := parsed(w.closed(run).Output).(map[string]any)
	same(output["why"], map[string]any{"Error": "Refused", "Cause": "too hard"})
}

func (w *goWalk) history() {
	run := aws.String(prefix + "execution:order:first")
	var events []types.HistoryEvent
	for pages := sfn.NewGetExecutionHistoryPaginator(w, &sfn.GetExecutionHistoryInput{ExecutionArn: run, MaxResults: 2}); pages.HasMorePages(); {
		events = append(events, must(pages.NextPage(w.ctx)).Events...)
	}
	var kinds []string
	for i, e := range events {
		same(e.Id, int64(i+1))
		kinds = append(kinds, string(e.Type))
	}
	same(strings.Join(kinds, " "), "ExecutionStarted PassStateEntered PassStateExited ChoiceStateEntered ChoiceStateExited SucceedStateEntered SucceedStateExited ExecutionSucceeded")
	same(parsed(events[0].ExecutionStartedEventDetails.Input), parsed(aws.String(`{"id": 7}`)))
	last := must(w.GetExecutionHistory(w.ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: run, ReverseOrder: true, MaxResults: 1, IncludeExecutionData: aws.Bool(false)})).Events
	same([]any{len(last), last[0].Type}, []any{1, types.HistoryEventTypeExecutionSucceeded})
	if d := last[0].ExecutionSucceededEventDetails; d != nil && d.Output != nil {
		panic("the event has its data: " + *d.Output)
	}
	refused[*types.InvalidToken](second(w.GetExecutionHistory(w.ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: run, NextToken: aws.String("made up")})), "Invalid Token")
	not := *run + "-not"
	refused[*types.ExecutionDoesNotExist](second(w.GetExecutionHistory(w.ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: &not})), "Execution Does Not Exist: '"+not+"'")
}

func (w *goWalk) redrive() {
	run := w.run(machine("work"), "twice", `{"n": 3}`)
	w.fail(w.take().TaskToken, "Tired", "")
	same(w.closed(run).RedriveStatus, types.ExecutionRedriveStatusRedrivable)
	redriven := must(w.RedriveExecution(w.ctx, &sfn.RedriveExecutionInput{ExecutionArn: run}))
	task := w.take()
	same(parsed(task.Input), parsed(aws.String(`{"n": 3}`)))
	w.succeed(task.TaskToken, "9")
	got := w.closed(run)
	same([]any{got.Status, *got.Output, *got.RedriveCount, *got.RedriveDate}, []any{types.ExecutionStatusSucceeded, "9", int32(1), *redriven.RedriveDate})
	refused[*types.ExecutionNotRedrivable](second(w.RedriveExecution(w.ctx, &sfn.RedriveExecutionInput{ExecutionArn: run})), "Execution is SUCCEEDED and cannot be redriven")
	listed := must(w.ListExecutions(w.ctx, &sfn.ListExecutionsInput{StateMachineArn: machine("work"), RedriveFilter: types.ExecutionRedriveFilterRedriven})).Executions
	same([]any{len(listed), *listed[0].ExecutionArn}, []any{1, *run})
}

func (w *goWalk) mapRun() {
	w.make("each", "each")
	run := w.run(machine("each"), "", "[1, 2, 3]")
	tasks := []*sfn.GetActivityTaskOutput{w.take()}
	listed := must(sfn.NewListMapRunsPaginator(w, &sfn.ListMapRunsInput{ExecutionArn: run}).NextPage(w.ctx)).MapRuns
	same([]any{len(listed), *listed[0].ExecutionArn, *listed[0].StateMachineArn}, []any{1, *run, *machine("each/Each")})
	mapped := listed[0].MapRunArn
	describe := func() *sfn.DescribeMapRunOutput {
		return must(w.DescribeMapRun(w.ctx, &sfn.DescribeMapRunInput{MapRunArn: mapped}))
	}
	got := describe()
	same([]any{got.Status, got.MaxConcurrency, got.ItemCounts.Running, got.ItemCounts.Total}, []any{types.MapRunStatusRunning, int32(1), int64(1), int64(3)})
	must(w.UpdateMapRun(w.ctx, &sfn.UpdateMapRunInput{MapRunArn: mapped, MaxConcurrency: aws.Int32(3), ToleratedFailurePercentage: aws.Float32(50)}))
	same(describe().ToleratedFailurePercentage, float32(50))
	tasks = append(tasks, w.take(), w.take()) // both are there while the first is still out
	w.fail(tasks[0].TaskToken, "Odd", "")
	w.succeed(tasks[1].TaskToken, "{}")
	w.succeed(tasks[2].TaskToken, "{}")
	same(w.closed(run).Status, types.ExecutionStatusSucceeded)
	got = describe()
	same([]any{got.Status, got.ItemCounts.Succeeded, got.ItemCounts.Failed}, []any{types.MapRunStatusSucceeded, int64(2), int64(1)})
	children := must(w.ListExecutions(w.ctx, &sfn.ListExecutionsInput{MapRunArn: mapped})).Executions
	same(len(children), 3)
	same(*must(w.DescribeExecution(w.ctx, &sfn.DescribeExecutionInput{ExecutionArn: children[0].ExecutionArn})).MapRunArn, *mapped)
	refusal := as[*types.ValidationException](second(w.UpdateMapRun(w.ctx, &sfn.UpdateMapRunInput{MapRunArn: mapped, MaxConcurrency: aws.Int32(1)})))
	same(refusal.Reason, types.ValidationExceptionReasonCannotUpdateCompletedMapRun)
}

func (w *goWalk) express() {
	must(w.CreateStateMachine(w.ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("sum"), Definition: definition("express"), RoleArn: aws.String(role), Type: types.StateMachineTypeExpress,
	}))
	got := must(w.StartSyncExecution(w.ctx, &sfn.StartSyncExecutionInput{StateMachineArn: machine("sum"), Name: aws.String("now"), Input: aws.String(`{"numbers": [1, 2, 3]}`)}))
	same([]any{got.Status, parsed(got.Output), *got.Name}, []any{types.SyncExecutionStatusSucceeded, parsed(aws.String(`{"sum": 6}`)), "now"})
	same(strings.HasPrefix(*got.ExecutionArn, prefix+"express:sum:now:"), true)
	same(got.BillingDetails.BilledDurationInMilliseconds > 0, true)
	refused[*types.StateMachineTypeNotSupported](second(w.StartSyncExecution(w.ctx, &sfn.StartSyncExecutionInput{StateMachineArn: machine("order")})))
	refused[*types.InvalidArn](second(w.DescribeExecution(w.ctx, &sfn.DescribeExecutionInput{ExecutionArn: got.ExecutionArn})), "express")
}

func (w *goWalk) testState() {
	got := must(w.TestState(w.ctx, &sfn.TestStateInput{
		Definition: state("order-1", "Price"), RoleArn: aws.String(role), Input: aws.String(`{"id": 5}`), InspectionLevel: types.InspectionLevelDebug,
	}))
	want := parsed(aws.String(`{"id": 5, "rate": 1}`))
	same([]any{got.Status, parsed(got.Output), *got.NextState}, []any{types.TestExecutionStatusSucceeded, want, "Big?"})
	same(parsed(got.InspectionData.AfterParameters), want)
	got = must(w.TestState(w.ctx, &sfn.TestStateInput{
		Definition: definition("callback"), StateName: aws.String("Ask"), Input: aws.String(`{"question": "why"}`),
		Mock:    &types.MockInput{ErrorOutput: &types.MockErrorOutput{Error: aws.String("Refused"), Cause: aws.String("too hard")}},
		Context: aws.String(`{"Execution": {"Name": "x"}, "Task": {"Token": "t"}}`),
	}))
	same([]any{got.Status, *got.Error, *got.NextState}, []any{types.TestExecutionStatusCaughtError, "Refused", "Refused"})
	refused[*types.InvalidDefinition](second(w.TestState(w.ctx, &sfn.TestStateInput{Definition: state("callback", "Ask")})), "'.waitForTaskToken'", "without a mock")
}

func (w *goWalk) throttled() {
	others := []string{"second", "third"}
	for _, name := range others {
		must(w.CreateActivity(w.ctx, &sfn.CreateActivityInput{Name: &name}))
	}
	var listed []string
	pages := sfn.NewListActivitiesPaginator(w, &sfn.ListActivitiesInput{MaxResults: 1})
	for pages.HasMorePages() {
		for _, a := range must(pages.NextPage(w.ctx)).Activities {
			listed = append(listed, *a.Name)
		}
	}
	slices.Sort(listed)
	same(listed, append(others, "worker"))
	for _, name := range others {
		must(w.DeleteActivity(w.ctx, &sfn.DeleteActivityInput{ActivityArn: aws.String(prefix + "activity:" + name)}))
	}
}

func (w *goWalk) lostAnswer() {
	attempts := func(m middleware.Metadata) int {
		all, _ := retry.GetAttemptResults(m)
		return len(all.Results)
	}
	run := must(w.StartExecution(w.ctx, &sfn.StartExecutionInput{StateMachineArn: machine("work"), Name: aws.String("lost-answer"), Input: aws.String(`{"n": 5}`)}))
	same(attempts(run.ResultMetadata), 2)
	w.fail(w.take().TaskToken, "Tired", "")
	w.closed(run.ExecutionArn)
	redriven := must(w.RedriveExecution(w.ctx, &sfn.RedriveExecutionInput{ExecutionArn: run.ExecutionArn}))
	same(attempts(redriven.ResultMetadata), 2)
	w.succeed(w.take().TaskToken, "{}")
	same(*w.closed(run.ExecutionArn).RedriveCount, int32(1))
}
