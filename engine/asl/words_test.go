package asl_test

import (
	"strings"
	"testing"

	"statehouse/engine/asl"

	"github.com/google/go-cmp/cmp"
)

// What AWS's ValidateStateMachineDefinition answers: code, message and location. The state under
// test is called S; the rest of the machine is well.
func TestWordsOfAWS(t *testing.T) {
	t.Parallel()
	const (
		task = `{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:listBuckets","End":true`
		each = `"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`
		far  = `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`
	)
	schema := func(rest string) string { return "SCHEMA_VALIDATION_FAILED: " + rest }
	for name, tc := range map[string]struct {
		state string
		want  []string
	}{
		"a field of another type of state":    {`{"Type":"Pass","TimeoutSeconds":5,"End":true}`, []string{schema("Field 'TimeoutSeconds' is not supported at /States/S")}},
		"Catch on a Pass":                     {`{"Type":"Pass","Catch":[{"ErrorEquals":["States.ALL"],"Next":"S"}],"End":true}`, []string{schema("Field 'Catch' is not supported at /States/S")}},
		"a field of the other query language": {`{"Type":"Pass","Output":1,"End":true}`, []string{schema("The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/S")}},
		"QueryLanguage in small letters is JSONata": {`{"Type":"Pass","QueryLanguage":"jsonata","InputPath":"$.a","End":true}`, []string{
			schema("The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/S"),
			schema("Value should be one of the following: [JSONPath, JSONata] at /States/S/QueryLanguage"),
		}},
		"QueryLanguage that is a number": {`{"Type":"Pass","QueryLanguage":5,"End":true}`, []string{schema("Expected value of type [STRING] at /States/S/QueryLanguage")}},
		"QueryLanguage of a body":        {`{"Type":"Map","ItemProcessor":{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`, []string{schema("Field 'QueryLanguage' is not supported at /States/S/ItemProcessor")}},
		"no way on":                      {`{"Type":"Pass"}`, []string{schema("This object should have only one of the following fields: [Next, End] at /States/S"), "MISSING_END_STATE: Workflow has no terminal state at null"}},
		"two ways on":                    {`{"Type":"Pass","Next":"S","End":true}`, []string{schema("There should only be one of the following fields: [Next, End] at /States/S")}},
		"two times":                      {`{"Type":"Wait","Seconds":1,"SecondsPath":"$.s","End":true}`, []string{schema("There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/S")}},
		"time that is a text":            {`{"Type":"Wait","Seconds":"1","End":true}`, []string{schema("Expected value of type Integer at /States/S/Seconds")}},
		"time before now":                {`{"Type":"Wait","Seconds":-1,"End":true}`, []string{schema("Minimum value is 0 at /States/S/Seconds")}},
		"timeout beyond all bounds":      {task + `,"TimeoutSeconds":100000000}`, []string{schema("Maximum value is 99999999 at /States/S/TimeoutSeconds")}},
		"jitter that does not exist":     {task + `,"Retry":[{"ErrorEquals":["E"],"JitterStrategy":"SOME"}]}`, []string{schema("Value should be one of the following: [NONE, FULL] at /States/S/Retry[0]/JitterStrategy")}},
		"all errors and one more":        {task + `,"Retry":[{"ErrorEquals":["E","States.ALL"]}]}`, []string{schema("States.ALL must appear alone and at end of list at /States/S/Retry[0]/ErrorEquals")}},
		"all errors too early":           {task + `,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"S"},{"ErrorEquals":["E"],"Next":"S"}]}`, []string{schema("States.ALL must appear alone and at end of list at /States/S/Catch[0]/ErrorEquals")}},
		"a catcher that leads nowhere":   {task + `,"Catch":[{"ErrorEquals":["E"],"Next":"Ghost"}]}`, []string{"MISSING_TRANSITION_TARGET: Missing 'Next' target: Ghost at /States/S/Catch[0]/Next"}},
		"no name at all":                 {task + `,"Retry":[{"ErrorEquals":[]}]}`, []string{schema("Value cannot be empty at /States/S/Retry[0]/ErrorEquals")}},
		"a path that is none":            {`{"Type":"Pass","InputPath":"a.b","End":true}`, []string{schema("Value must be a valid JSONPath. at /States/S/InputPath")}},
		"Jayway's sloppy bracket":        {`{"Type":"Pass","InputPath":"$.items[","End":true}`, []string{schema("Value must be a valid JSONPath. at /States/S/InputPath")}},
		"a result for many places":       {`{"Type":"Pass","ResultPath":"$.a[*]","End":true}`, []string{schema("Value is not a Reference Path at /States/S/ResultPath")}},
		"a result in the context":        {`{"Type":"Pass","ResultPath":"$$.a","End":true}`, []string{schema("Value is not a Reference Path at /States/S/ResultPath")}},
		"a result in a variable":         {`{"Type":"Pass","ResultPath":"$a.b","End":true}`, []string{schema("Value is not a Reference Path at /States/S/ResultPath")}},
		"a comparison of nothing":        {`{"Type":"Choice","Choices":[{"Variable":"n","IsNull":true,"Next":"S"}],"Default":"S"}`, []string{schema("Value is not a Reference Path: Reference path didn't start with '$' at /States/S/Choices[0]/Variable"), "MISSING_END_STATE: Workflow has no terminal state at null"}},
		"two comparisons":                {`{"Type":"Choice","Choices":[{"Variable":"$.n","IsNull":true,"IsString":true,"Next":"S"}],"Default":"S"}`, []string{schema("There should only be one of the following fields: [IsNull, IsString] at /States/S/Choices[0]"), "MISSING_END_STATE: Workflow has no terminal state at null"}},
		"And and Variable":               {`{"Type":"Choice","Choices":[{"Variable":"$.n","And":[{"Variable":"$.n","IsNull":true}],"Next":"S"}],"Default":"S"}`, []string{schema("The object must have only one of the following fields, [And, Or, Not, Variable, Condition] at /States/S/Choices[0]"), "MISSING_END_STATE: Workflow has no terminal state at null"}},
		"a way out inside of Not":        {`{"Type":"Choice","Choices":[{"Not":{"Variable":"$.n","IsNull":true,"Next":"S"},"Next":"S"}],"Default":"S"}`, []string{schema("Field 'Next' is not supported at /States/S/Choices[0]/Not"), "MISSING_END_STATE: Workflow has no terminal state at null"}},
		"a task for no ARN":              {`{"Type":"Task","Resource":"nobody","End":true}`, []string{schema("Value is not a valid resource ARN at /States/S/Resource")}},
		"credentials for a worker":       {`{"Type":"Task","Credentials":{"RoleArn":"arn:aws:iam::123456789012:role/x"},"Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true}`, []string{schema("The field 'Credentials' is not supported for activities at /States/S/Credentials")}},
		"more than all may fail":         {`{"Type":"Map","ToleratedFailurePercentage":101,` + far, []string{schema("Maximum value is 100.0 at /States/S/ToleratedFailurePercentage")}},
		"both bodies":                    {`{"Type":"Map","Iterator":{"StartAt":"Q","States":{"Q":{"Type":"Pass","End":true}}},` + each, []string{schema("There should only be one of the following fields: [ItemProcessor, Iterator] at /States/S")}},
		"children of an inline Map":      {`{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`, []string{schema("Field 'ExecutionType' is not supported at /States/S/ItemProcessor/ProcessorConfig")}},
		"children of no type":            {`{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`, []string{schema("These fields are required: [ExecutionType] at /States/S/ItemProcessor/ProcessorConfig")}},
		"a reader of queues":             {`{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::sqs:receive"},` + far, []string{schema("The field 'Resource' does not match any of the allowed values at /States/S/ItemReader/Resource")}},
		"headers that are not said":      {`{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV"}},` + far, []string{schema("The field 'CSVHeaderLocation' is required at /States/S/ItemReader/ReaderConfig")}},
		"headers that are not given":     {`{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}},` + far, []string{schema("These fields are required: [CSVHeaders] at /States/S/ItemReader/ReaderConfig")}},
		"headers of JSON":                {`{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","CSVHeaderLocation":"FIRST_ROW"}},` + far, []string{schema("Field 'CSVHeaderLocation' is not supported at /States/S/ItemReader/ReaderConfig")}},
		"a variable with a dot":          {`{"Type":"Pass","Assign":{"x.y":1},"End":true}`, []string{"INVALID_VARIABLE_NAME: Invalid variable name 'x.y': the variable name contains invalid characters. at /States/S/Assign/x.y"}},
		"the reserved variable":          {`{"Type":"Pass","Assign":{"states":1},"End":true}`, []string{"RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/S/Assign/states"}},
		"a variable of outside": {`{"Type":"Parallel","Assign":{"x":1},"Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","Assign":{"x.$":"$.a"},"End":true}}}],"End":true}`, []string{
			"DUPLICATE_VARIABLE_NAME: The variable name 'x' was already defined in a parent scope. at /States/S/Branches[0]/States/P/Assign/x.$",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wordsOf(t, `{"StartAt":"S","States":{"S":`+tc.state+`}}`, "STANDARD", tc.want)
		})
	}
}

// The same for expressions of JSONata, which stand in the Output of a Pass.
func TestWordsOfAWSAboutExpressions(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		`{% a[1,2) %}`:                         `INVALID_JSONATA_EXPRESSION: Expected "]", got ","`,
		`{% 'unterminated %}`:                  `INVALID_JSONATA_EXPRESSION: String literal must be terminated by a matching quote`,
		`{% 1 + %}`:                            `INVALID_JSONATA_EXPRESSION: Unexpected end of expression`,
		`{% {'a':} %}`:                         `INVALID_JSONATA_EXPRESSION: The symbol "}" cannot be used as a unary operator`,
		`{% $match('a', /abc %}`:               `INVALID_JSONATA_EXPRESSION: No terminating / in regular expression`,
		`{% phone %.other %}`:                  `INVALID_JSONATA_EXPRESSION: The symbol "." cannot be used as a unary operator`,
		`{%  %}`:                               `INVALID_JSONATA_EXPRESSION: Unexpected end of expression`,
		`{% $$ %}`:                             `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported.`,
		`{% $.phone %}`:                        `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$' at the top level is not supported.`,
		`{% phone[0] %}`:                       `UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported.`,
		`{% $states.errorOutput %}`:            `UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist.`,
		`{% $states.result %}`:                 `UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist.`,
		`{% $states.input.a`:                   `SCHEMA_VALIDATION_FAILED: JSONata string must start with {% and end with %}`,
		`{% $states.input[n > 3] %}`:           "",
		`{% $states.context.State %}`:          "",
		`{% $map([1], function($x) { $x }) %}`: "",
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			var list []string
			if want != "" {
				list = []string{want + " at /States/S/Output/a[0]"}
			}
			wordsOf(t, `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","Output":{"a":["`+expression+`"]},"End":true}}}`, "STANDARD", list)
		})
	}
}

// What expressions see of $states depends on the field they stand in.
func TestStatesIsWhatAFieldCanSee(t *testing.T) {
	t.Parallel()
	wordsOf(t, `{"QueryLanguage":"JSONata","StartAt":"S","States":{
		"S":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":"{% $states.input %}","Output":"{% $states.result %}","Assign":{"a":"{% $states.result %}"},
			"Catch":[{"ErrorEquals":["States.ALL"],"Next":"S","Output":"{% $states.errorOutput %}","Assign":{"e":"{% $states.errorOutput.Cause %}"}}],"End":true}}}`, "STANDARD", nil)
	wordsOf(t, `{"QueryLanguage":"JSONata","StartAt":"S","States":{
		"S":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":"{% $states.result %}",
			"Catch":[{"ErrorEquals":["States.ALL"],"Next":"S","Output":"{% $states.result %}"}],"End":true}}}`, "STANDARD", []string{
		"UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/S/Arguments",
		"UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/S/Catch[0]/Output",
	})
}

func TestExpressHasNoDistributedMap(t *testing.T) {
	t.Parallel()
	wordsOf(t, `{"StartAt":"S","States":{"S":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}`, "EXPRESS",
		[]string{"SCHEMA_VALIDATION_FAILED: The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines at /States/S/ItemProcessor/ProcessorConfig/Mode"})
}

func TestAStartThatIsNotThereReachesNothing(t *testing.T) {
	t.Parallel()
	wordsOf(t, `{"StartAt":"Nope","States":{"a/b":{"Type":"Pass","End":true}}}`, "STANDARD", []string{
		"MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /StartAt",
		`MISSING_TRANSITION_TARGET: State "a/b" is not reachable. at /States/a/b`,
	})
}

func wordsOf(t *testing.T, text, machineType string, want []string) {
	t.Helper()
	var got []string
	for _, d := range asl.Validate(text, machineType) {
		if d.Severity == asl.Error {
			got = append(got, d.Plain())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%s", text, diff)
	}
}

// A variable that no scope in sight assigns is doubtful; what happens in time is not judged.
func TestVariablesThatMayBeMissing(t *testing.T) {
	t.Parallel()
	const body = `"StartAt":"In","States":{"In":{"Type":"Pass","Parameters":{"a.$":"$far","b.$":"$near"},"Assign":{"near":1},"End":true}}`
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"inner blocks read outer variables":    {`{"StartAt":"S","States":{"S":{"Type":"Map","Assign":{"far":1},"ItemProcessor":{` + body + `},"End":true}}}`, nil},
		"children of a Distributed Map do not": {`{"StartAt":"S","States":{"S":{"Type":"Map","Assign":{"far":1},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},` + body + `},"End":true}}}`, []string{"far"}},
		"outer blocks do not read inner ones":  {`{"StartAt":"S","States":{"S":{"Type":"Map","Assign":{"far":1,"out.$":"$near"},"ItemProcessor":{` + body + `},"End":true}}}`, []string{"near"}},
		"expressions read variables too":       {`{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","Output":"{% $x + $sum([1]) + ($y := 2; $y) %}","End":true}}}`, []string{"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range asl.Validate(tc.text, "STANDARD") {
				if d.Code != "POSSIBLY_UNDEFINED_VARIABLE" || d.Severity != asl.Warning {
					t.Errorf("%+v", d)
				}
				got = append(got, strings.Split(d.Message, "'")[1])
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
