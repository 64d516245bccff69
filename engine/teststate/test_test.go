package teststate_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/task"
	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

const (
	call = `"Type":"Task","Resource":"arn:aws:states:::http:invoke"`
	role = "arn:aws:iam::111111111111:role/r"
)

// result is a mock that succeeds.
func result(json string) *teststate.Mock { return &teststate.Mock{Result: &json} }

// breaks is a mock that fails.
func breaks(name, cause string) *teststate.Mock {
	return &teststate.Mock{ErrorOutput: &teststate.ErrorOutput{Error: name, Cause: cause}}
}

func TestWhatCannotBeTestedIsRefused(t *testing.T) {
	t.Parallel()
	pass := `{"Type":"Pass","End":true}`
	for name, tc := range map[string]struct {
		request teststate.Request
		want    string
	}{
		"a definition that is none": {
			teststate.Request{Definition: `{"Type":"Pass"`}, "InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ",
		},
		"a state that is not there": {
			teststate.Request{Definition: `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, StateName: "B"}, "ValidationException: State not found in definition",
		},
		"a task without a role":     {teststate.Request{Definition: `{` + call + `,"End":true}`}, "ValidationException: RoleArn must be specified when testing a Task state"},
		"an activity without mock":  {teststate.Request{RoleARN: role, Definition: `{"Type":"Task","Resource":"arn:aws:states:us-east-1:1:activity:a","End":true}`}, "InvalidDefinition: TestState API does not support Activity tasks without a mock"},
		"a job without mock":        {teststate.Request{RoleARN: role, Definition: `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"x"},"End":true}`}, "InvalidDefinition: TestState API does not support the '.sync' service integration pattern without a mock"},
		"a mock of nothing":         {teststate.Request{Definition: `{` + call + `,"End":true}`, Mock: &teststate.Mock{}}, "ValidationException: A test mock should have one of the following fields: [result, errorOutput]."},
		"an error without a name":   {teststate.Request{Definition: `{` + call + `,"End":true}`, Mock: breaks("", "c")}, "ValidationException: A mocked errorOutput must have an error."},
		"secrets of a mock":         {teststate.Request{Definition: `{` + call + `,"End":true}`, Mock: result(`1`), Reveal: true}, "ValidationException: RevealSecrets cannot be set when a mock is specified"},
		"a context without a mock":  {teststate.Request{Definition: pass, Context: new("{}")}, "ValidationException: A Context object can only be specified when a mock is specified"},
		"a context that is no JSON": {teststate.Request{Definition: `{` + call + `,"End":true}`, Mock: result(`1`), Context: new("x")}, "ValidationException: Invalid Context object provided: must be a valid JSON object"},
		"a count that is a text":    {teststate.Request{Definition: `{` + call + `,"End":true}`, Mock: result(`1`), Context: new(`{"State":{"RetryCount":"1"}}`)}, "ValidationException: Invalid Context object provided: State.RetryCount must be a number"},
		"a part that is unknown":    {teststate.Request{Definition: `{` + call + `,"End":true}`, Mock: result(`1`), Context: new(`{"Weather":{}}`)}, "ValidationException: Invalid Context object provided: Field 'Weather' is not allowed"},
		"variables that are a list": {teststate.Request{Definition: pass, Variables: new("[]")}, "ValidationException: Variables must be a valid JSON object"},
		"a list for a service":      {teststate.Request{Definition: `{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem","End":true}`, Mock: result(`[]`)}, "ValidationException: Mocked result must be a JSON object."},
		"a job that has no status": {
			teststate.Request{Definition: `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","End":true}`, Mock: result(`{"ExecutionArn":"a","StateMachineArn":"m"}`)},
			"ValidationException: Mock result schema validation error: Required field 'Status' is missing",
		},
		"a cause outside of the state": {
			teststate.Request{Definition: `{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}],"End":true}`, Mock: breaks("E", ""), Config: teststate.Configuration{ErrorCausedByState: "B"}},
			"ValidationException: State 'B' given as errorCausedByState was not found in state 'StateName'",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := teststate.New(tc.request)
			refused, ok := errors.AsType[*teststate.Refused](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			if got := refused.Error(); got != tc.want && (len(got) < len(tc.want) || got[:len(tc.want)] != tc.want) {
				t.Errorf("refused: %s\n   want: %s", got, tc.want)
			}
		})
	}
}

func TestWhatServicesAnswerToJobsIsNotHeldAgainstCallbacks(t *testing.T) {
	t.Parallel()
	for _, resource := range []string{"sqs:sendMessage.waitForTaskToken", "lambda:invoke.waitForTaskToken", "apigateway:invoke", "eks:call", "http:invoke", "human:createTask.sync"} {
		r := teststate.Request{Definition: `{"Type":"Task","Resource":"arn:aws:states:::` + resource + `","End":true}`, Mock: result(`[1]`)}
		if _, err := teststate.New(r); err != nil {
			t.Errorf("%s: %v", resource, err)
		}
	}
}

// run tests a state in a world whose tasks do what do says.
func run(t *testing.T, r teststate.Request, do func(context.Context, interp.RunTask) teststate.Work) *teststate.Report {
	t.Helper()
	test, err := teststate.New(r)
	if err != nil {
		t.Fatal(err)
	}
	report, err := test.Run(t.Context(), teststate.World{Now: time.Now, Do: do})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// show is a report in one line.
func show(r *teststate.Report) string {
	s := string(r.Status)
	for _, p := range []*string{r.Error, r.Cause} {
		if p != nil {
			s += " " + *p
		}
	}
	if !r.Output.IsAbsent() {
		s += " " + r.Output.JSON()
	}
	if r.NextState != "" {
		s += " > " + r.NextState
	}
	for _, stage := range r.Stages {
		s += "\n" + string(stage.Name) + " " + stage.Data.JSON()
	}
	if !r.Variables.IsAbsent() {
		s += "\nvariables " + r.Variables.JSON()
	}
	return s
}

func TestAStateByItself(t *testing.T) {
	t.Parallel()
	const each = `"ItemProcessor":{"StartAt":"One","States":{"One":{"Type":"Pass","End":true}}}`
	const apart = `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"One","States":{"One":{"Type":"Pass","End":true}}}`
	for name, tc := range map[string]struct {
		request teststate.Request
		want    string
	}{
		"variables are read and set": {
			teststate.Request{Definition: `{"Type":"Pass","Parameters":{"n.$":"$a"},"Assign":{"b.$":"$.n"},"Next":"X"}`, Variables: new(`{"a":1}`)},
			"SUCCEEDED {\"n\":1} > X\nafterInputPath {}\nafterParameters {\"n\":1}\nafterResultSelector {\"n\":1}\nafterResultPath {\"n\":1}\nvariables {\"a\":1,\"b\":1}",
		},
		"a state inside others": {
			teststate.Request{Definition: `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}}}}]}}}`, StateName: "B"},
			"SUCCEEDED {}\nafterInputPath {}",
		},
		"a Retrier with attempts left": {
			teststate.Request{Definition: `{` + call + `,"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":3,"MaxDelaySeconds":5}],"End":true}`, Mock: breaks("E", "c"), Config: teststate.Configuration{RetrierRetryCount: 1}},
			"RETRIABLE E c\nafterInputPath {}\nafterParameters {}",
		},
		"a Catcher after the last attempt": {
			teststate.Request{Definition: `{` + call + `,"Retry":[{"ErrorEquals":["E"],"MaxAttempts":2}],"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"X"}],"End":true}`, Mock: breaks("E", "c"), Config: teststate.Configuration{RetrierRetryCount: 2}},
			"CAUGHT_ERROR E c {\"e\":{\"Error\":\"E\",\"Cause\":\"c\"}} > X\nafterInputPath {}\nafterParameters {}",
		},
		"a path that leads nowhere": {
			teststate.Request{Definition: `{"Type":"Pass","InputPath":"$.none","End":true}`},
			"FAILED States.Runtime An error occurred while executing the state 'StateName' (entered at the event id #2). Invalid path '$.none' : No results for path: $['none']",
		},
		"an inline Map": {
			teststate.Request{Definition: `{"Type":"Map","ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index"},"MaxConcurrency":2,` + each + `,"ResultPath":"$[0]","End":true}`, Input: value.Raw(`["a","b"]`), Mock: result(`[1,2]`)},
			"SUCCEEDED [[1,2],\"b\"]\nafterInputPath [\"a\",\"b\"]\nafterItemsPath [\"a\",\"b\"]\nafterItemSelector [{\"v\":\"a\",\"i\":0},{\"v\":\"b\",\"i\":1}]\nresult [1,2]\nafterResultSelector [1,2]\nafterResultPath [[1,2],\"b\"]",
		},
		"the batches of a Distributed Map": {
			teststate.Request{Definition: `{"Type":"Map","ItemSelector":{"v.$":"$$.Map.Item.Value"},"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"k":1}},` + apart + `,"End":true}`, Input: value.Raw(`[7,8,9]`), Mock: result(`[0]`)},
			"SUCCEEDED [0]\nafterInputPath [7,8,9]\nafterItemsPath [7,8,9]\nafterItemSelector [{\"v\":7},{\"v\":8},{\"v\":9}]\nafterItemBatcher [{\"BatchInput\":{\"k\":1},\"Items\":[{\"v\":7},{\"v\":8}]},{\"BatchInput\":{\"k\":1},\"Items\":[{\"v\":9}]}]\nresult [0]\nafterResultSelector [0]\nafterResultPath [0]",
		},
		"more failed items than a percentage allows": {
			teststate.Request{Definition: `{"Type":"Map",` + apart + `,"ToleratedFailurePercentage":50,"Catch":[{"ErrorEquals":["States.ExceedToleratedFailureThreshold"],"Next":"X"}],"End":true}`, Input: value.Raw(`[7,8,9]`), Mock: result(`[0]`), Config: teststate.Configuration{MapIterationFailureCount: 2}},
			"CAUGHT_ERROR States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded {\"Error\":\"States.ExceedToleratedFailureThreshold\",\"Cause\":\"The specified tolerated failure threshold was exceeded\"} > X\nafterInputPath [7,8,9]\nafterItemsPath [7,8,9]",
		},
		"the context that was given, and the item": {
			teststate.Request{Definition: `{"Type":"Map","ItemSelector":{"n.$":"$$.Execution.Name","v.$":"$$.Map.Item.Value"},` + apart + `,"ResultPath":null,"OutputPath":"$[0]","End":true}`, Input: value.Raw(`[7]`), Context: new(`{"Execution":{"Name":"N"}}`), Mock: result(`[0]`)},
			"SUCCEEDED 7\nafterInputPath [7]\nafterItemsPath [7]\nafterItemSelector [{\"n\":\"N\",\"v\":7}]\nresult [0]\nafterResultSelector [0]\nafterResultPath [7]",
		},
		"a task in JSONata": {
			teststate.Request{Definition: `{"QueryLanguage":"JSONata",` + call + `,"Arguments":{"n":"{% $states.input.a + $b %}"},"Assign":{"c":"{% $states.result.x %}"},"Output":"{% $c := 5 %}","Next":"N"}`, Input: value.Raw(`{"a":1}`), Variables: new(`{"b":2}`), Mock: result(`{"x":7}`)},
			"SUCCEEDED 5 > N\nafterArguments {\"n\":3}\nresult {\"x\":7}\nvariables {\"b\":2,\"c\":7}",
		},
		"an expression that fails": {
			teststate.Request{Definition: `{"QueryLanguage":"JSONata",` + call + `,"Arguments":"{% $states.input.none %}","Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Output":"{% $states.errorOutput.Error %}","Next":"X"}],"End":true}`, Mock: result(`1`)},
			"CAUGHT_ERROR States.QueryEvaluationError An error occurred while executing the state 'StateName' (entered at the event id #2). The JSONata expression '$states.input.none' specified for the field 'Arguments' returned nothing (undefined). \"States.QueryEvaluationError\" > X",
		},
		"a Map in JSONata": {
			teststate.Request{Definition: `{"QueryLanguage":"JSONata","Type":"Map","Items":"{% $states.input.l %}","ItemSelector":{"v":"{% $states.context.Map.Item.Value * 2 %}"},` + apart + `,"Output":"{% $count($states.result) %}","End":true}`, Input: value.Raw(`{"l":[1,2]}`), Mock: result(`[0,0]`)},
			"SUCCEEDED 2\nafterItemsPath [1,2]\nafterItemSelector [{\"v\":2},{\"v\":4}]\nresult [0,0]",
		},
		"a Parallel that failed inside": {
			teststate.Request{Definition: `{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}],"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"X"}],"End":true}`, Mock: breaks("E", ""), Config: teststate.Configuration{ErrorCausedByState: "A"}},
			"CAUGHT_ERROR E {\"Error\":\"E\",\"Cause\":\"\"} > X\nafterInputPath {}\nafterParameters {}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := show(run(t, tc.request, nil)); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

func TestMoreFailuresThanIterationsAreRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{`"Mode":"INLINE"`, `"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"`} {
		test, err := teststate.New(teststate.Request{
			Definition: `{"Type":"Map","ItemProcessor":{"ProcessorConfig":{` + mode + `},"StartAt":"A","States":{"A":{"Type":"Succeed"}}},"End":true}`,
			Input:      value.Raw(`[1,2]`), Mock: result(`[1]`), Config: teststate.Configuration{MapIterationFailureCount: 3},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = test.Run(t.Context(), teststate.World{Now: time.Now})
		if refused, ok := errors.AsType[*teststate.Refused](err); !ok || refused.Message != "Map iteration failure count must be less than or equal to the number of Map iterations" {
			t.Errorf("%s: error %v", mode, err)
		}
	}
}

func TestTimePasses(t *testing.T) {
	t.Parallel()
	stuck := func(ctx context.Context, _ interp.RunTask) teststate.Work {
		<-ctx.Done()
		return teststate.Work{Reply: task.Fail("States.Http.Socket", "cut off")}
	}
	for name, tc := range map[string]struct {
		definition string
		want       string
		took       time.Duration
	}{
		"a Wait":                       {`{"Type":"Wait","Seconds":40,"End":true}`, "SUCCEEDED {}\nafterInputPath {}", 40 * time.Second},
		"a Wait beyond the limit":      {`{"Type":"Wait","Seconds":301,"End":true}`, "FAILED States.Timeout The state did not end within the 5 minutes that a test may take.\nafterInputPath {}", 0},
		"a task with a limit":          {`{` + call + `,"TimeoutSeconds":7,"Catch":[{"ErrorEquals":["States.Timeout"],"Next":"X"}],"End":true}`, "CAUGHT_ERROR States.Timeout {\"Error\":\"States.Timeout\",\"Cause\":\"\"} > X\nafterInputPath {}\nafterParameters {}", 7 * time.Second},
		"a task that does not come to": {`{` + call + `,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"}],"End":true}`, "FAILED States.Timeout The state did not end within the 5 minutes that a test may take.\nafterInputPath {}\nafterParameters {}", 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				got := show(run(t, teststate.Request{Definition: tc.definition, RoleARN: role}, stuck))
				if took := time.Since(start); got != tc.want || took != tc.took {
					t.Errorf("after %v:\n%s\nwant after %v:\n%s", took, got, tc.took, tc.want)
				}
			})
		})
	}
}

func TestATestEndsWithItsContext(t *testing.T) {
	t.Parallel()
	test, err := teststate.New(teststate.Request{Definition: `{"Type":"Wait","Seconds":60,"End":true}`})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := test.Run(ctx, teststate.World{Now: time.Now}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
