package asl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/asl"
)

const order = `{
  "Comment": "an order",
  "StartAt": "Check",
  "TimeoutSeconds": 60,
  "States": {
    "Check": {
      "Type": "Task", "Resource": "arn:aws:states:::http:invoke",
      "Parameters": {"Url.$": "$.url"}, "ResultPath": null, "HeartbeatSeconds": 5,
      "Retry": [{"ErrorEquals": ["A"]}, {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 0, "BackoffRate": 1.5, "MaxDelaySeconds": 9, "JitterStrategy": "FULL"}],
      "Catch": [{"ErrorEquals": ["B"], "Next": "Bad", "ResultPath": "$.error"}],
      "Next": "Big?"
    },
    "Big?": {
      "Type": "Choice",
      "Choices": [
        {"And": [{"Variable": "$.n", "NumericGreaterThan": 10}, {"Not": {"Variable": "$.vip", "BooleanEqualsPath": "$.flag"}}], "Next": "Each"}
      ],
      "Default": "Both"
    },
    "Each": {
      "Type": "Map", "Parameters": {"x.$": "$$.Map.Item.Value"}, "MaxConcurrency": 2,
      "ItemProcessor": {"StartAt": "In/out", "States": {"In/out": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Deep", "States": {"Deep": {"Type": "Succeed"}}}
      ]}}},
      "Next": "Both"
    },
    "Both": {"Type": "Wait", "SecondsPath": "$.s", "Next": "Done"},
    "Bad": {"Type": "Fail", "ErrorPath": "States.Format('{}', $.error)", "Cause": "no"},
    "Done": {"Type": "Pass", "Result": {"ok": true}, "InputPath": null, "End": true}
  }
}`

func parsed(t *testing.T, text string) *asl.Machine {
	t.Helper()
	m, list := asl.Parse(text)
	if m == nil {
		t.Fatal(asl.MessageOf(list))
	}
	return m
}

func TestParseFillsTheMachine(t *testing.T) {
	t.Parallel()
	m := parsed(t, order)
	if m.Comment != "an order" || *m.TimeoutSeconds != 60 || m.Root.StartAt != "Check" || m.Source != order {
		t.Errorf("machine = %+v", m)
	}
	if diff := cmp.Diff([]string{"Check", "Big?", "Each", "Both", "Bad", "Done"}, m.Root.Order); diff != "" {
		t.Error(diff)
	}
	check := m.Root.States["Check"]
	nine := int64(9)
	want := []asl.Retrier{
		{ErrorEquals: []string{"A"}, IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2},
		{ErrorEquals: []string{"States.ALL"}, IntervalSeconds: 2, MaxAttempts: 0, BackoffRate: 1.5, MaxDelaySeconds: &nine, FullJitter: true},
	}
	if diff := cmp.Diff(want, check.Retry); diff != "" {
		t.Error(diff)
	}
	if check.ResultPath == nil || !check.ResultPath.Null || check.Parameters == nil || check.InputPath != nil {
		t.Errorf("Check = %+v", check)
	}
	if c := check.Catch[0]; c.Next != "Bad" || c.ResultPath.Text != "$.error" {
		t.Errorf("catcher = %+v", c)
	}
	if check.Pos != (asl.Position{Offset: strings.Index(order, `"Check": {`), Line: 6, Column: 5}) || check.Pointer != "/States/Check" {
		t.Errorf("Check stands at %+v %s", check.Pos, check.Pointer)
	}
	if n := check.HeartbeatSeconds; n.Field != "HeartbeatSeconds" || n.Literal.JSON() != "5" {
		t.Errorf("heartbeat = %+v", n)
	}
	if n := m.Root.States["Both"].Seconds; n.Field != "SecondsPath" || n.Path.String() != "$.s" {
		t.Errorf("seconds = %+v", n)
	}
	if f := m.Root.States["Bad"]; f.Error.Path == nil || f.Error.Field != "ErrorPath" || f.Cause.Literal != "no" || f.Cause.Path != nil {
		t.Errorf("fail = %+v %+v", f.Error, f.Cause)
	}
	if d := m.Root.States["Done"]; d.Result.JSON() != `{"ok":true}` || !d.End || !d.InputPath.Null {
		t.Errorf("pass = %+v", d)
	}
}

func TestParseFillsChoices(t *testing.T) {
	t.Parallel()
	s := parsed(t, order).Root.States["Big?"]
	if s.Default != "Both" || len(s.Choices) != 1 || s.Choices[0].Next != "Each" {
		t.Fatalf("choice = %+v", s)
	}
	and := s.Choices[0].Test
	if and.Op != asl.And || len(and.Tests) != 2 {
		t.Fatalf("test = %+v", and)
	}
	if n := and.Tests[0]; n.Op != asl.Compare || n.Comparator != "NumericGreaterThan" || n.Value.JSON() != "10" || n.Variable.String() != "$.n" {
		t.Errorf("comparison = %+v", n)
	}
	if not := and.Tests[1]; not.Op != asl.Not || not.Tests[0].Comparator != "BooleanEquals" || not.Tests[0].ValuePath.String() != "$.flag" {
		t.Errorf("not = %+v", not)
	}
}

func TestBlocksAreFoundByPath(t *testing.T) {
	t.Parallel()
	m := parsed(t, order)
	for _, tt := range []struct {
		path asl.Path
		want string
	}{
		{"", "Check"},
		{"/States/Each/ItemProcessor", "In/out"},
		{"/States/Each/ItemProcessor/States/In~1out/Branches/0", "Deep"},
	} {
		b := m.Block(tt.path)
		if b == nil || b.StartAt != tt.want || b.Path != tt.path {
			t.Errorf("Block(%q) = %+v", tt.path, b)
		}
	}
	for _, path := range []asl.Path{"/States/Nope", "/States/Each", "/States/Each/ItemProcessor/States/In~1out/Branches/1", "x"} {
		if b := m.Block(path); b != nil {
			t.Errorf("Block(%q) = %+v, want none", path, b)
		}
	}
	each := m.Root.States["Each"]
	if each.Processor.Mode != asl.Inline || each.ItemSelector == nil || each.Parameters != nil || each.ItemsPath.Text != "$" {
		t.Errorf("map = %+v", each)
	}
}

func TestJSONataIsCompiled(t *testing.T) {
	t.Parallel()
	m := parsed(t, `{"QueryLanguage":"JSONata","StartAt":"A","States":{
		"A":{"Type":"Wait","Seconds":"{% $states.input.s / 2 %}","Output":{"a":"{% 1 %}"},"Next":"B"},
		"B":{"Type":"Choice","Choices":[{"Condition":"{% $x = 'it is /' or $match($y, /[a-z]/) %}","Next":"C"}],"Default":"C"},
		"C":{"Type":"Fail","Cause":"{% 'because' %}","Error":"E"}}}`)
	a := m.Root.States["A"]
	if a.Language != asl.JSONata || a.Seconds.Query.String() != "$states.input.s / 2" || a.Output.Queries()[0].Field != "Output/a" {
		t.Errorf("A = %+v", a)
	}
	if c := m.Root.States["B"].Choices[0].Condition; c.Queries()[0].Field != "Choices[0]/Condition" {
		t.Errorf("condition = %+v", c)
	}
	if c := m.Root.States["C"]; c.Cause.Query.String() != "'because'" || c.Error.Literal != "E" {
		t.Errorf("C = %+v", c)
	}
}

func TestDiagnosticsPointAtTheText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text     string
		marked         string // the piece of text the first diagnostic points at
		line, column   int
		state, field   string
		location, code string
	}{
		{
			"an unknown target", "{\"StartAt\":\"A\",\"States\":{\n \"A\":{\"Type\":\"Pass\",\"Next\":\"Nope\"},\n \"B\":{\"Type\":\"Pass\",\"End\":true}}}",
			`"Nope"`, 2, 28, "A", "Next", "/States/A/Next", "MISSING_TRANSITION_TARGET",
		},
		{
			"columns count UTF-16 units", `{"StartAt":"😀","States":{"😀":{"Type":"Pass","Foo":1,"End":true}}}`,
			`"Foo"`, 1, 47, "😀", "Foo", "/States/😀", "SCHEMA_VALIDATION_FAILED",
		},
		{
			"a field deep inside", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true,"Retry":[{"ErrorEquals":["X"],"MaxAttempts":-1}]}}}`,
			`-1`, 1, 142, "A", "Retry", "/States/A/Retry[0]/MaxAttempts", "SCHEMA_VALIDATION_FAILED",
		},
		{"faulty JSON", "{\n  \"StartAt\": }", "}", 2, 14, "", "", "[Source: (String)\"{\n  \"StartAt\": }\"; line: 2, column: 15]", "INVALID_JSON_DESCRIPTION"},
		{"a key twice", `{"StartAt":"A","StartAt":"B"}`, `"StartAt"`, 1, 16, "", "", `[Source: (String)"{"StartAt":"A","StartAt":"B"}"; line: 1, column: 25]`, "INVALID_JSON_DESCRIPTION"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, list := asl.Parse(tt.text)
			if m != nil || len(list) == 0 {
				t.Fatalf("machine %v, diagnostics %v", m, list)
			}
			d := list[0]
			if got := tt.text[d.Pos.Offset:d.End.Offset]; got != tt.marked {
				t.Errorf("marks %q, want %q", got, tt.marked)
			}
			if d.Pos.Line != tt.line || d.Pos.Column != tt.column || d.State != tt.state || d.Field != tt.field || d.Location != tt.location || d.Code != tt.code {
				t.Errorf("got %+v", d)
			}
		})
	}
}

func TestWarningsDoNotForbid(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, code, word string }{
		{"a path without .$", `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x":"$.y"},"End":true}}}`, "NO_DOLLAR", "'x'"},
		{"a path in a literal", `{"StartAt":"A","States":{"A":{"Type":"Fail","Cause":"$.cause"}}}`, "NO_PATH", "'Cause'"},
		{"a path in a Result", `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"x.$":"$.y"},"End":true}}}`, "PASS_RESULT_IS_STATIC", "'x.$'"},
		{"a placeholder", `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":"${Pause}","End":true}}}`, "UNRESOLVED_PLACEHOLDER", "${Pause}"},
		{"a resource that is no ARN", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"foo:bar","End":true}}}`, "INVALID_RESOURCE", "foo:bar"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, list := asl.Parse(tt.text)
			if m == nil || len(list) != 1 {
				t.Fatalf("machine %v, diagnostics %v", m, list)
			}
			if d := list[0]; d.Severity != asl.Warning || d.Code != tt.code || !strings.Contains(d.Message, tt.word) {
				t.Errorf("got %+v", d)
			}
			if asl.MessageOf(list) != "" {
				t.Errorf("a warning is no error: %s", asl.MessageOf(list))
			}
		})
	}
}

func TestExpressRefusesWaiting(t *testing.T) {
	t.Parallel()
	for _, resource := range []string{
		"arn:aws:states:us-east-1:123456789012:activity:a", "arn:aws:states:::human:createTask.sync",
		"arn:aws:states:::states:startExecution.sync:2", "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
	} {
		text := `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"` + resource + `","End":true}}}`
		if !asl.HasErrors(asl.Validate(text, "EXPRESS")) {
			t.Errorf("EXPRESS takes %s", resource)
		}
		if list := asl.Validate(text, "STANDARD"); asl.HasErrors(list) {
			t.Errorf("STANDARD refuses %s: %s", resource, asl.MessageOf(list))
		}
	}
}

func TestHintsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]string{
		"arn:aws:states:::human:createTask": "human has createTask.sync",
		"arn:aws:states:::sqs:receive":      "sqs has sendMessage, sendMessage.waitForTaskToken",
	} {
		list := asl.Validate(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+resource+`","End":true}}}`, "STANDARD")
		if len(list) != 1 || list[0].Hint != want {
			t.Errorf("%s: %+v", resource, list)
		}
	}
}

func TestAWSJoinsDiagnosticsInOrder(t *testing.T) {
	t.Parallel()
	_, list := asl.Parse(`{"StartAt":"pass1","States":{"pass1":{"Type":"Pass","Next":"pass3"},"pass2":{"Type":"Pass","End":true}}}`)
	want := `MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next, MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2`
	if got := asl.MessageOf(list); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
