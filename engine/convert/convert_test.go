package convert_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"statehouse/engine/asl"
	"statehouse/engine/convert"
)

func TestState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, from, to string }{
		{
			"a task with everything keeps its order and text",
			`{
  "Type": "Task",
  "Comment": "asks",
  "Resource": "arn:aws:states:::lambda:invoke",
  "InputPath": "$.order",
  "Parameters": {
    "FunctionName": "f",
    "Payload": {"id.$": "$.id", "all.$": "$", "run.$": "$$.Execution.Name"}
  },
  "ResultSelector": {"code.$": "$.StatusCode", "fixed": [1, 2]},
  "ResultPath": "$.answer.last",
  "TimeoutSecondsPath": "$.limit",
  "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Failed"}],
  "Next": "Then"
}`,
			`{
  "Type": "Task",
  "QueryLanguage": "JSONata",
  "Comment": "asks",
  "Resource": "arn:aws:states:::lambda:invoke",
  "Arguments": {
    "FunctionName": "f",
    "Payload": {"id": "{% $states.input.order.id %}", "all": "{% $states.input.order %}", "run": "{% $states.context.Execution.Name %}"}
  },
  "Output": "{% ($assert($exists($states.result.StatusCode), \"The path $.StatusCode leads nowhere\"); $merge([$states.input, {\"answer\": $merge([$states.input.answer, {\"last\": {\"code\": $states.result.StatusCode, \"fixed\": [1, 2]}}])}])) %}",
  "TimeoutSeconds": "{% $states.input.order.limit %}",
  "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $merge([$states.input, {\"error\": $states.errorOutput}]) %}", "Next": "Failed"}],
  "Next": "Then"
}`,
		},
		{
			"a pass puts its result out",
			`{"Type":"Pass","Result":{"a":1},"ResultPath":"$.x","End":true}`,
			`{"Type":"Pass", "QueryLanguage": "JSONata","Output": "{% $merge([$states.input, {\"x\": {\"a\": 1}}]) %}","End":true}`,
		},
		{
			"a pass that does nothing needs nothing",
			`{"Type": "Pass", "Next": "B"}`,
			`{"Type": "Pass", "QueryLanguage": "JSONata", "Next": "B"}`,
		},
		{
			"a choice guards the types",
			`{"Type": "Choice", "Choices": [{"And": [{"Variable": "$.n", "IsPresent": true}, {"Variable": "$.n", "NumericGreaterThan": 3}], "Next": "A"}], "Default": "B"}`,
			`{"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [{"Condition": "{% $exists($states.input.n) and ($type($states.input.n) = \"number\" and $states.input.n > 3) %}", "Next": "A"}], "Default": "B"}`,
		},
		{
			"a slice and all items are gathered in an array",
			`{"Type": "Pass", "Parameters": {"rest.$": "$.rows[1:].id", "all.$": "$.rows[*].a[0]"}, "End": true}`,
			`{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"rest": "{% [$filter($states.input.rows, function($item, $i) { $i >= 1 }).id] %}", "all": "{% [$states.input.rows.a[0]] %}"}, "End": true}`,
		},
		{
			"names that are no identifiers stand between backticks",
			"{\"Type\": \"Wait\", \"SecondsPath\": \"$['a b'].null\", \"OutputPath\": \"$$.Execution.Input\", \"End\": true}",
			"{\"Type\": \"Wait\", \"QueryLanguage\": \"JSONata\", \"Seconds\": \"{% $number($states.input.`a b`.`null`) %}\", \"Output\": \"{% $states.context.Execution.Input %}\", \"End\": true}",
		},
		{
			"strings that would be expressions stay strings",
			`{"Type": "Pass", "Parameters": {"a": "{% 1 %}", "b.$": "States.Format('{}-{}', $.x, 1)"}, "OutputPath": "$.b", "End": true}`,
			`{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% ($assert($exists($states.input.x), \"The path $.x leads nowhere\"); $states.input.x & \"-\" & 1) %}", "End": true}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := convert.State(c.from)
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != c.to {
				t.Errorf("got\n%s\nwant\n%s\n%v", got.Text, c.to, got.Notes)
			}
		})
	}
}

func TestWhatCannotBeConvertedIsListed(t *testing.T) {
	t.Parallel()
	got, err := convert.Machine(`{"StartAt": "A", "States": {
  "A": {"Type": "Pass", "Parameters": {"x.$": "$.list[?(@.a > 1)]"}, "Next": "B"},
  "B": {"Type": "Pass", "OutputPath": "$.x", "End": true}
}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"StartAt": "A", "States": {
  "A": {"Type": "Pass", "Parameters": {"x.$": "$.list[?(@.a > 1)]"}, "Next": "B"},
  "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.x %}", "End": true}
}}`
	if got.Text != want || got.Whole() || len(got.Notes) != 1 || got.Notes[0].Pointer != "/States/A/Parameters/x.$" {
		t.Errorf("got\n%s\n%v", got.Text, got.Notes)
	}
}

// TestRealWorkflows converts what AWS's public samples hold. The result has no faults, converting
// again changes nothing, and names, comments and order stay.
func TestRealWorkflows(t *testing.T) {
	t.Parallel()
	f, err := os.Open("../asl/testdata/workflows.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	all, whole := 0, 0
	for lines.Scan() {
		var w struct {
			Name       string          `json:"id"`
			Definition json.RawMessage `json:"definition"`
		}
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		got, err := convert.Machine(string(w.Definition))
		if err != nil {
			continue
		}
		all++
		if got.Whole() {
			whole++
		}
		m, problems := asl.Parse(got.Text)
		if m == nil || slices.ContainsFunc(problems, func(d asl.Diagnostic) bool { return d.Severity == asl.Error }) {
			t.Errorf("%s: %v\n%s", w.Name, problems, got.Text)
			continue
		}
		again, err := convert.Machine(got.Text)
		if err != nil || again.Text != got.Text {
			t.Errorf("%s: converted again it is another: %v", w.Name, err)
		}
	}
	t.Logf("%d of %d as a whole", whole, all)
}
