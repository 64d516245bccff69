package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

const role = "arn:aws:iam::000000000000:role/any"

// work is a worker as people write it: it polls, squares a number, and answers.
func work(ctx context.Context, c *sfn.Client, activity string) error {
	for ctx.Err() == nil {
		task, err := c.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: &activity, WorkerName: aws.String("squares")})
		if err != nil {
			return err
		}
		if aws.ToString(task.TaskToken) == "" {
			continue
		}
		var in struct{ N int }
		if err := json.Unmarshal([]byte(*task.Input), &in); err != nil {
			return err
		}
		if in.N < 0 {
			_, err = c.SendTaskFailure(ctx, &sfn.SendTaskFailureInput{TaskToken: task.TaskToken, Error: aws.String("Negative"), Cause: aws.String("no negative numbers")})
		} else {
			if _, err := c.SendTaskHeartbeat(ctx, &sfn.SendTaskHeartbeatInput{TaskToken: task.TaskToken}); err != nil {
				return err
			}
			_, err = c.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String(fmt.Sprintf(`{"square":%d}`, in.N*in.N))})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWorkerOfTheAWSSDKRunsAnActivity(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	activity, err := c.CreateActivity(t.Context(), &sfn.CreateActivityInput{Name: aws.String("square")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	worked := make(chan error, 1)
	go func() { worked <- work(ctx, c, *activity.ActivityArn) }()
	defer func() {
		cancel()
		if err := <-worked; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}()

	machine, err := c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("squares"), RoleArn: aws.String(role),
		Definition: aws.String(fmt.Sprintf(`{"StartAt":"Square","States":{"Square":{"Type":"Task","Resource":%q,"HeartbeatSeconds":30,
			"Catch":[{"ErrorEquals":["Negative"],"ResultPath":"$.error","Next":"Sorry"}],"End":true},"Sorry":{"Type":"Pass","End":true}}}`, *activity.ActivityArn)),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, input, output string }{
		{"squares a number", `{"N":12}`, `{"square":144}`},
		{"a failure is caught", `{"N":-1}`, `{"N":-1,"error":{"Error":"Negative","Cause":"no negative numbers"}}`},
	} {
		run, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine.StateMachineArn, Input: &tc.input})
		if err != nil {
			t.Fatal(err)
		}
		done := finished(t, c, *run.ExecutionArn)
		if done.Status != types.ExecutionStatusSucceeded || aws.ToString(done.Output) != tc.output {
			t.Errorf("%s: got %s %s, want SUCCEEDED %s", tc.name, done.Status, aws.ToString(done.Output), tc.output)
		}
	}
	var ids []int64
	var kinds []string
	pages := sfn.NewGetExecutionHistoryPaginator(c, &sfn.GetExecutionHistoryInput{ExecutionArn: lastRun(t, c, *machine.StateMachineArn), MaxResults: 3})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			ids = append(ids, e.Id)
			kinds = append(kinds, string(e.Type))
		}
	}
	for i, id := range ids {
		if id != int64(i+1) {
			t.Fatalf("event ids %v are not 1..n", ids)
		}
	}
	want := "ExecutionStarted TaskStateEntered ActivityScheduled ActivityStarted ActivityFailed TaskStateExited PassStateEntered PassStateExited ExecutionSucceeded"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("history\n got %s\nwant %s", got, want)
	}
}

func lastRun(t *testing.T, c *sfn.Client, machine string) *string {
	t.Helper()
	runs, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &machine, MaxResults: 1})
	if err != nil {
		t.Fatal(err)
	}
	return runs.Executions[0].ExecutionArn
}

func finished(t *testing.T, c *sfn.Client, arn string) *sfn.DescribeExecutionOutput {
	t.Helper()
	var x *sfn.DescribeExecutionOutput
	await(t, arn+" has closed", func() bool {
		var err error
		x, err = c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
		if err != nil {
			t.Fatal(err)
		}
		return x.Status != types.ExecutionStatusRunning
	})
	return x
}

func TestErrorsCarryTheirAWSNames(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir()).client()
	_, err := c.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: aws.String("arn:aws:states:us-east-1:000000000000:stateMachine:nowhere")})
	if _, ok := errors.AsType[*types.StateMachineDoesNotExist](err); !ok {
		t.Errorf("got %v, want StateMachineDoesNotExist", err)
	}
	_, err = c.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: aws.String("bad"), RoleArn: aws.String(role), Definition: aws.String(`{"StartAt":"A"}`)})
	if e, ok := errors.AsType[*types.InvalidDefinition](err); !ok || !strings.Contains(e.ErrorMessage(), "These fields are required: [States]") {
		t.Errorf("got %v, want InvalidDefinition that names States", err)
	}
	_, err = c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: aws.String("AAAA"), Output: aws.String("{}")})
	if _, ok := errors.AsType[*types.InvalidToken](err); !ok {
		t.Errorf("got %v, want InvalidToken", err)
	}
}
