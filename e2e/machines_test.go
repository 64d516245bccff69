package e2e

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// waiting is a machine that waits for a worker and then says a word.
func waiting(activity, word string) string {
	return `{"StartAt":"W","States":{"W":{"Type":"Task","Resource":"` + activity + `","Next":"Say"},"Say":{"Type":"Pass","Result":"` + word + `","End":true}}}`
}

// take takes the oldest task of an activity.
func take(t *testing.T, c *sfn.Client, activity string) string {
	t.Helper()
	task, err := c.GetActivityTask(t.Context(), &sfn.GetActivityTaskInput{ActivityArn: &activity})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(task.TaskToken) == "" {
		t.Fatal("no task came")
	}
	return *task.TaskToken
}

func succeed(t *testing.T, c *sfn.Client, token string) {
	t.Helper()
	if _, err := c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String("{}")}); err != nil {
		t.Fatal(err)
	}
}

func newActivity(t *testing.T, c *sfn.Client, name string) string {
	t.Helper()
	a, err := c.CreateActivity(t.Context(), &sfn.CreateActivityInput{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *a.ActivityArn
}

func TestARunKeepsTheDefinitionItBeganWith(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	c := s.client()
	activity := newActivity(t, c, "gate")
	m := machine(t, c, "keep", waiting(activity, "before"))
	first := run(t, c, m, "{}")
	if _, err := c.UpdateStateMachine(t.Context(), &sfn.UpdateStateMachineInput{StateMachineArn: &m, Definition: aws.String(waiting(activity, "after"))}); err != nil {
		t.Fatal(err)
	}
	second := run(t, c, m, "{}")
	s.kill(t) // also through a restart
	s = start(t, data)
	c = s.client()
	for range 2 {
		succeed(t, c, take(t, c, activity))
	}
	for arn, want := range map[string]string{first: "before", second: "after"} {
		if x := finished(t, c, arn); aws.ToString(x.Output) != `"`+want+`"` {
			t.Errorf("output %s, want %s", aws.ToString(x.Output), want)
		}
		d, err := c.DescribeStateMachineForExecution(t.Context(), &sfn.DescribeStateMachineForExecutionInput{ExecutionArn: &arn})
		if err != nil || !strings.Contains(*d.Definition, want) {
			t.Errorf("definition for the execution: %v %v, want the one with %q", d, err, want)
		}
	}
}

func TestADeletedMachineLetsItsRunsFinish(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	activity := newActivity(t, c, "gate")
	m := machine(t, c, "gone", waiting(activity, "done"))
	arn := run(t, c, m, "{}")
	if _, err := c.DeleteStateMachine(t.Context(), &sfn.DeleteStateMachineInput{StateMachineArn: &m}); err != nil {
		t.Fatal(err)
	}
	d, err := c.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: &m})
	if err != nil || d.Status != types.StateMachineStatusDeleting {
		t.Fatalf("while it runs the machine is %v, %v, want DELETING", d, err)
	}
	_, err = c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &m})
	if _, ok := errors.AsType[*types.StateMachineDeleting](err); !ok {
		t.Errorf("start: %v, want StateMachineDeleting", err)
	}
	if page := s.get(t, "/workflows/gone"); page.StatusCode >= 500 {
		t.Errorf("its page answers %d", page.StatusCode)
	}
	succeed(t, c, take(t, c, activity))
	if x := finished(t, c, arn); x.Status != types.ExecutionStatusSucceeded || aws.ToString(x.Output) != `"done"` {
		t.Errorf("got %s %s", x.Status, aws.ToString(x.Output))
	}
	await(t, "the machine has gone", func() bool {
		_, err := c.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: &m})
		_, ok := errors.AsType[*types.StateMachineDoesNotExist](err)
		return ok
	})
	if page := s.get(t, pageOf(arn)); page.StatusCode != 200 || !strings.Contains(page.text(), "Succeeded") {
		t.Errorf("the page of the run answers %d", page.StatusCode)
	}
}

func TestStartingAgainByNameIsTheSameRun(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	activity := newActivity(t, c, "gate")
	in := &sfn.StartExecutionInput{StateMachineArn: aws.String(machine(t, c, "once", waiting(activity, "done"))), Name: aws.String("order-1"), Input: aws.String(`{"a":1,"b":2}`)}
	first, err := c.StartExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.StartExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if *again.ExecutionArn != *first.ExecutionArn || !again.StartDate.Equal(*first.StartDate) {
		t.Errorf("started again: %s %s, want %s %s", *again.ExecutionArn, again.StartDate, *first.ExecutionArn, first.StartDate)
	}
	exists := func(what string) {
		t.Helper()
		_, err := c.StartExecution(t.Context(), in)
		if e, ok := errors.AsType[*types.ExecutionAlreadyExists](err); !ok || !strings.Contains(e.ErrorMessage(), "order-1") {
			t.Errorf("%s: %v, want ExecutionAlreadyExists that names it", what, err)
		}
	}
	in.Input = aws.String(`{"a":1}`)
	exists("another input")
	succeed(t, c, take(t, c, activity))
	finished(t, c, *first.ExecutionArn)
	in.Input = aws.String(`{"a":1,"b":2}`)
	exists("the same input after it has ended")
}

func TestATokenIsGoodForOneAnswer(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir()).client()
	activity := newActivity(t, c, "gate")
	arn := run(t, c, machine(t, c, "once", waiting(activity, "done")), "{}")
	token := take(t, c, activity)
	_, err := c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String("{")})
	if _, ok := errors.AsType[*types.InvalidOutput](err); !ok {
		t.Errorf("an output that is not JSON: %v, want InvalidOutput", err)
	}
	succeed(t, c, token)
	_, err = c.SendTaskFailure(t.Context(), &sfn.SendTaskFailureInput{TaskToken: &token})
	if _, ok := errors.AsType[*types.TaskTimedOut](err); !ok {
		t.Errorf("a second answer: %v, want TaskTimedOut", err)
	}
	if x := finished(t, c, arn); x.Status != types.ExecutionStatusSucceeded {
		t.Errorf("got %s", x.Status)
	}
}
