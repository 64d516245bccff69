package teststate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/task"
	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

// FuzzState tests any state with anything: it is refused, or there is a report.
func FuzzState(f *testing.F) {
	const each = `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`
	for _, definition := range []string{
		`{"Type":"Pass","Parameters":{"a.$":"$.a"},"ResultPath":"$.b","Next":"X"}`,
		`{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem","Retry":[{"ErrorEquals":["E"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"}],"End":true}`,
		`{"Type":"Map","ItemSelector":{"v.$":"$$.Map.Item.Value"},"ItemBatcher":{"MaxItemsPerBatch":2},` + each + `,"ToleratedFailureCount":1,"End":true}`,
		`{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}},` + each + `,"End":true}`,
		`{"QueryLanguage":"JSONata","Type":"Parallel","Arguments":"{% $states.input %}","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}],"End":true}`,
		`{"Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"X"}],"Default":"Y"}`,
		`{"Type":"Fail","Error":"E"}`,
	} {
		f.Add(definition, `{"a":[1]}`, `[{"b":1}]`, `{"State":{"Name":"x"}}`, "E", 1)
	}
	do := func(context.Context, interp.RunTask) teststate.Work {
		return teststate.Work{Reply: task.Result(value.Int(1))}
	}
	f.Fuzz(func(t *testing.T, definition, input, result, about, name string, count int) {
		in, err := value.Parse(input)
		if err != nil {
			return
		}
		for _, m := range []*teststate.Mock{nil, {Result: &result}, {Result: &result, Mode: teststate.None}, {ErrorOutput: &teststate.ErrorOutput{Error: name}}} {
			r := teststate.Request{Definition: definition, RoleARN: role, Input: in, Mock: m, Variables: &input}
			r.Config = teststate.Configuration{RetrierRetryCount: count, MapIterationFailureCount: count, MapItemReaderData: &result}
			if m != nil {
				r.Context = &about
			}
			test, err := teststate.New(r)
			if err == nil {
				var report *teststate.Report
				report, err = test.Run(t.Context(), teststate.World{Now: time.Now, Skip: true, Do: do})
				if err == nil && report.Status == "" {
					t.Fatal("a report without a status")
				}
			}
			if _, refused := errors.AsType[*teststate.Refused](err); err != nil && !refused {
				t.Fatalf("neither refused nor tested: %v", err)
			}
		}
	})
}
