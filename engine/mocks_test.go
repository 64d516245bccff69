package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/mock"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// mocked answers from a configuration of one machine M with one test case T.
func (h *house) mocked(states, responses string) {
	h.t.Helper()
	c, err := mock.Parse(`{"StateMachines":{"M":{"TestCases":{"T":` + states + `}}},"MockedResponses":` + responses + `}`)
	if err != nil {
		h.t.Fatal(err)
	}
	h.mocks = c
	h.restart()
}

func TestMocksAnswerTasksOfEveryKind(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.mocked(`{"Service":"One","Function":"One","Activity":"One","Person":"Job","Child":"Job","Callback":"Job"}`,
			`{"One":{"0":{"Return":1}},"Job":{"0":{"Submitted":{"id":7},"Return":2}}}`)
		m := h.machine("M", `{"StartAt":"Service","States":{
			"Service":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:getObject","Next":"Function"},
			"Function":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","Next":"Activity"},
			"Activity":{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:a","Next":"Person"},
			"Person":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"t"},"Next":"Child"},
			"Child":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"x"},"Next":"Callback"},
			"Callback":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"q"},"End":true}}}`)
		x := h.wait(h.start(m+"#T", `{}`))
		wantOutput(t, x, `2`)
		if x.TestCase != "T" || x.MachineARN != m {
			t.Errorf("the execution is of %s, test case %q", x.MachineARN, x.TestCase)
		}
		types := h.types(x.ARN)
		for _, want := range []history.Type{history.TaskSucceeded, history.LambdaFunctionSucceeded, history.ActivityStarted, history.ActivitySucceeded, history.TaskSubmitted} {
			if !slices.Contains(types, want) {
				t.Errorf("there is no %s in %v", want, types)
			}
		}
		again, err := h.RunAgain(context.Background(), x.ARN)
		if err != nil || again.TestCase != "T" {
			t.Errorf("run again has the test case %q: %v", again.TestCase, err)
		}
	})
}

func TestMocksCountCallsOverVisitsAndRestarts(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.mocked(`{"Try":"Tries"}`, `{"Tries":{"0":{"Return":"first"},"1-2":{"Throw":{"Error":"Busy","Cause":"b"}},"3":{"Return":"last"}}}`)
		m := h.machine("M", `{"StartAt":"Try","States":{
			"Try":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:getObject","Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":100,"MaxAttempts":5}],"Next":"Which"},
			"Which":{"Type":"Choice","Choices":[{"Variable":"$","StringEquals":"first","Next":"Pause"}],"Default":"Done"},
			"Pause":{"Type":"Wait","Seconds":100,"Next":"Try"},"Done":{"Type":"Succeed"}}}`)
		arn := h.start(m+"#T", `{}`)
		for range 3 { // in the pause, and in both waits before another attempt
			time.Sleep(99 * time.Second)
			h.restart()
		}
		wantOutput(t, h.wait(arn), `"last"`)
	})
}

func TestAMockThatNeverAnswersTimesOut(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.mocked(`{"A":"N"}`, `{"N":{"0":{"Submitted":{"id":1},"Never":true}}}`)
		m := h.machine("M", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
			"TimeoutSeconds":300,"HeartbeatSeconds":60,"Parameters":{"t.$":"$$.Task.Token"},"End":true}}}`)
		began := time.Now()
		x := h.wait(h.start(m+"#T", `{}`))
		wantStatus(t, x, interp.Failed)
		if took := time.Since(began); text(x.Error) != "States.Timeout" || took < time.Minute || took > 61*time.Second {
			t.Errorf("%s after %s", text(x.Error), took)
		}
		want := []history.Type{
			history.ExecutionStarted, history.TaskStateEntered, history.TaskScheduled, history.TaskStarted,
			history.TaskSubmitted, history.TaskTimedOut, history.ExecutionFailed,
		}
		if got := h.types(x.ARN); !slices.Equal(got, want) {
			t.Errorf("events are %v, want %v", got, want)
		}
	})
}

func TestWhatATestCaseDoesNotMockIsCalled(t *testing.T) {
	real := func(g *task.Registry) {
		g.Register("aws-sdk:real", "call", []string{""}, task.Func(func(context.Context, task.Request) task.Reply {
			return task.Result(value.String("real"))
		}))
	}
	bubble(t, real, func(t *testing.T, h *house) {
		h.mocked(`{"A":"R"}`, `{"R":{"0":{"Return":"mocked"}}}`)
		m := h.machine("M", `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:real:call","ResultPath":"$.a","Next":"B"},
			"B":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:real:call","ResultPath":"$.b","End":true}}}`)
		wantOutput(t, h.wait(h.start(m+"#T", `{}`)), `{"a":"mocked","b":"real"}`)
		wantOutput(t, h.wait(h.start(m, `{}`)), `{"a":"real","b":"real"}`)
	})
}

func TestAMockWithoutAnAnswerSaysSo(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.mocked(`{"A":"R"}`, `{"R":{"0":{"Throw":{"Error":"E"}}}}`)
		m := h.machine("M", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:real:call",
			"Retry":[{"ErrorEquals":["E"]}],"End":true}}}`)
		x := h.wait(h.start(m+"#T", `{}`))
		wantStatus(t, x, interp.Failed)
		if text(x.Error) != "States.Runtime" || !strings.Contains(text(x.Cause), "'R' has no answer for call 1 of the state 'A'") {
			t.Errorf("%s: %s", text(x.Error), text(x.Cause))
		}
	})
}

func TestATestCaseIsCheckedAtTheStart(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		h.mocked(`{"Chrage":"R"}`, `{"R":{"0":{"Return":1}}}`)
		m := h.machine("M", `{"StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:real:call","End":true}}}`)
		for testCase, want := range map[string]string{"T": "'Chrage', which is no Task state", "Other": "there are T"} {
			_, err := h.StartExecution(context.Background(), engine.StartExecution{MachineARN: m + "#" + testCase})
			if f := wantCode(t, err, "ValidationException"); !strings.Contains(f.Message, want) {
				t.Errorf("%s, want %q", f.Message, want)
			}
		}
	})
}
