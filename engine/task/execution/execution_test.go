package execution_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"statehouse/engine/task"
	"statehouse/engine/task/execution"
	"statehouse/engine/value"
)

type starter func(execution.Start) (execution.Started, error)

func (f starter) Start(_ context.Context, s execution.Start) (execution.Started, error) { return f(s) }

func request(t *testing.T, pattern, params string) task.Request {
	t.Helper()
	v, err := value.Parse(params)
	if err != nil {
		t.Fatal(err)
	}
	return task.Request{
		TaskToken: "secret", Input: v,
		Resource: task.Resource{Service: "states", Action: "startExecution", Pattern: pattern},
	}
}

const machine = "arn:aws:states:us-east-1:1:stateMachine:m"

func TestRun(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	var got execution.Start
	i := execution.New(starter(func(s execution.Start) (execution.Started, error) {
		got = s
		return execution.Started{ARN: "arn:child", At: at}, nil
	}))
	const answer = `{"ExecutionArn":"arn:child","StartDate":1700000000123}`
	tests := []struct{ name, pattern, params, name2, input string }{
		{"an object is the input", "", `{"StateMachineArn":"` + machine + `","Name":"n","Input":{"a":1}}`, "n", `{"a":1}`},
		{"a string is the text of the input", "sync", `{"StateMachineArn":"` + machine + `","Name":"n","Input":"\"x\""}`, "n", `"x"`},
		{"null is an empty object", "sync:2", `{"StateMachineArn":"` + machine + `","Name":"n","Input":null}`, "n", `{}`},
		{"a name is invented", "waitForTaskToken", `{"StateMachineArn":"` + machine + `"}`, execution.NameOf(task.Request{TaskToken: "secret"}), `{}`},
	}
	for _, tt := range tests {
		reply := i.Run(t.Context(), request(t, tt.pattern, tt.params))
		if reply.Output.JSON() != answer || reply.Done != (tt.pattern == "") || reply.Submitted != (tt.pattern != "") {
			t.Errorf("%s: reply %+v", tt.name, reply)
		}
		if got.MachineARN != machine || got.Name != tt.name2 || got.Input != tt.input {
			t.Errorf("%s: started %+v", tt.name, got)
		}
	}
	for params, field := range map[string]string{
		`[]`: "Parameters", `{}`: "StateMachineArn", `{"StateMachineArn":5}`: "StateMachineArn",
		`{"StateMachineArn":"x","Name":5}`: "Name", `{"StateMachineArn":"x","Foo":5}`: "Foo", `{"StateMachineArn":"x","TraceHeader":{}}`: "TraceHeader",
	} {
		if reply := i.Run(t.Context(), request(t, "", params)); reply.Error != "States.Runtime" || !strings.Contains(reply.Cause, "'"+field+"'") {
			t.Errorf("%s: reply %+v", params, reply)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	var err error = &execution.Refused{Code: "ExecutionAlreadyExists", Message: "Execution Already Exists: 'x'"}
	i := execution.New(starter(func(execution.Start) (execution.Started, error) { return execution.Started{}, err }))
	r := request(t, task.Sync, `{"StateMachineArn":"`+machine+`"}`)
	reply := i.Run(t.Context(), r)
	if reply.Error != "StepFunctions.ExecutionAlreadyExistsException" || !reply.SubmitFailed ||
		!strings.HasPrefix(reply.Cause, "Execution Already Exists: 'x' (Service: AWSStepFunctions; Status Code: 400; Error Code: ExecutionAlreadyExists; Request ID: ") {
		t.Errorf("reply %+v", reply)
	}
	err = errors.New("disk")
	if reply := i.Run(t.Context(), r); reply.Error != "StepFunctions.ServiceUnavailable" {
		t.Errorf("reply %+v", reply)
	}
}

func TestChild(t *testing.T) {
	t.Parallel()
	r := request(t, task.Sync2, `{"StateMachineArn":"`+machine+`:7","Name":"n"}`)
	if got, ok := execution.Child(r); !ok || got != "arn:aws:states:us-east-1:1:execution:m:n" {
		t.Errorf("Child = %q, %v", got, ok)
	}
	for _, r := range []task.Request{
		request(t, "", `{"StateMachineArn":"`+machine+`"}`), request(t, task.Sync, `{}`), request(t, task.Sync, `{"StateMachineArn":"x"}`),
	} {
		if got, ok := execution.Child(r); ok {
			t.Errorf("Child(%s) = %q", r.Input.JSON(), got)
		}
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	in, _ := value.Parse(`{"a":1}`)
	name, cause := "Boom", "bang"
	e := execution.End{
		ARN: "arn:child", Name: "child", MachineARN: machine, Status: "SUCCEEDED", Input: in, Output: in,
		Started: time.UnixMilli(1), Stopped: time.UnixMilli(2),
	}
	const details = `"InputDetails":{"Included":true},"Name":"child",`
	const end = `"OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":1,"StateMachineArn":"` + machine + `","Status":"SUCCEEDED","StopDate":2}`
	if got, want := execution.Answer(task.Sync, e).Output.JSON(), `{"ExecutionArn":"arn:child","Input":"{\"a\":1}",`+details+`"Output":"{\"a\":1}",`+end; got != want {
		t.Errorf(".sync:\n%s\nwant\n%s", got, want)
	}
	if got, want := execution.Answer(task.Sync2, e).Output.JSON(), `{"ExecutionArn":"arn:child","Input":{"a":1},`+details+`"Output":{"a":1},`+end; got != want {
		t.Errorf(".sync:2:\n%s\nwant\n%s", got, want)
	}
	e.Status, e.Output, e.Error, e.Cause = "FAILED", value.Value{}, &name, &cause
	got := execution.Answer(task.Sync, e)
	want := `{"Cause":"bang","Error":"Boom","ExecutionArn":"arn:child","Input":"{\"a\":1}",` + details + `"RedriveCount":0,"RedriveStatus":"REDRIVABLE","StartDate":1,"StateMachineArn":"` + machine + `","Status":"FAILED","StopDate":2}`
	if got.Error != "States.TaskFailed" || got.Cause != want {
		t.Errorf("failure %s:\n%s\nwant\n%s", got.Error, got.Cause, want)
	}
}
