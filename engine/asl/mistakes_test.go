package asl_test

import (
	"strings"
	"testing"

	"statehouse/engine/asl"
)

// Mistakes that people make in the whole definition, each with words that the message
// must hold: where the fault lies, and what it is.
func TestMistakesInADefinitionAreToldWhere(t *testing.T) {
	t.Parallel()
	const done = `"States":{"Done":{"Type":"Succeed"}}`
	for name, tc := range map[string]struct {
		text  string
		words []string
	}{
		"a key without quotes":       {"{\n StartAt: \"Done\"}", []string{"line 2"}},
		"text behind the end":        {`{"StartAt":"Done",` + done + `} ,`, []string{"line 1"}},
		"a list":                     {`["Done"]`, []string{"object"}},
		"a text":                     {`"Done"`, []string{"object"}},
		"nothing but a start":        {`{"StartAt":"Done"}`, []string{"States"}},
		"no states":                  {`{"StartAt":"Done","States":{}}`, []string{"States"}},
		"no start":                   {`{` + done + `}`, []string{"StartAt"}},
		"a start that is not there":  {`{"StartAt":"Begin",` + done + `}`, []string{"StartAt", "Begin"}},
		"a start that is a list":     {`{"StartAt":["Done"],` + done + `}`, []string{"StartAt"}},
		"a field nobody knows":       {`{"StartAt":"Done",` + done + `,"Owner":"me"}`, []string{"Owner"}},
		"a version of the future":    {`{"StartAt":"Done",` + done + `,"Version":"3.1"}`, []string{"Version"}},
		"a circle":                   {`{"StartAt":"Ping","States":{"Ping":{"Type":"Pass","Next":"Pong"},"Pong":{"Type":"Pass","Next":"Ping"}}}`, []string{"terminal"}},
		"JSONPath inside of JSONata": {`{"QueryLanguage":"JSONata","StartAt":"Done","States":{"Done":{"Type":"Succeed","QueryLanguage":"JSONPath"}}}`, []string{"QueryLanguage"}},
		"a name with a line feed":    {`{"StartAt":"one\ntwo","States":{"one\ntwo":{"Type":"Succeed"}}}`, []string{"control"}},
		"half a character":           {`{"StartAt":"\udfff","States":{"\udfff":{"Type":"Succeed"}}}`, []string{"UTF"}},
	} {
		t.Run(name, func(t *testing.T) { told(t, tc.text, tc.words) })
	}
}

// The same for one state, which stands in a machine that is well otherwise.
func TestMistakesInAStateAreToldWhere(t *testing.T) {
	t.Parallel()
	const call = `"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"Rest"`
	const each = `"ItemProcessor":{"StartAt":"One","States":{"One":{"Type":"Pass","End":true}}}`
	for name, tc := range map[string]struct {
		state string
		words []string
	}{
		"a type nobody knows":             {`{"Type":"Repeat","Next":"Rest"}`, []string{"/States/Step/Type"}},
		"a type in capitals":              {`{"Type":"PASS","Next":"Rest"}`, []string{"/States/Step/Type"}},
		"no way on":                       {`{"Type":"Pass"}`, []string{"/States/Step", "Next", "End"}},
		"a way to nowhere":                {`{"Type":"Pass","Next":"Nirvana"}`, []string{"/States/Step/Next", "Nirvana"}},
		"an end that is a number":         {`{"Type":"Pass","End":1}`, []string{"/States/Step/End"}},
		"a field of another type":         {`{"Type":"Pass","Next":"Rest","Seconds":3}`, []string{"/States/Step/Seconds"}},
		"a Succeed that goes on":          {`{"Type":"Succeed","Next":"Rest"}`, []string{"Next"}},
		"a Parallel without branches":     {`{"Type":"Parallel","Next":"Rest"}`, []string{"Branches"}},
		"a branch that is left":           {`{"Type":"Parallel","Next":"Rest","Branches":[{"StartAt":"In","States":{"In":{"Type":"Pass","Next":"Rest"}}}]}`, []string{"/States/Step/Branches"}},
		"a name twice":                    {`{"Type":"Parallel","Next":"Rest","Branches":[{"StartAt":"Rest","States":{"Rest":{"Type":"Pass","End":true}}}]}`, []string{"Rest"}},
		"a Map over nothing to do":        {`{"Type":"Map","Next":"Rest"}`, []string{"ItemProcessor"}},
		"more than all may fail":          {`{"Type":"Map","Next":"Rest","ToleratedFailurePercentage":250,` + each + `}`, []string{"ToleratedFailurePercentage"}},
		"a reader for an inline Map":      {`{"Type":"Map","Next":"Rest","ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"}},` + each + `}`, []string{"ItemReader"}},
		"a Choice without rules":          {`{"Type":"Choice","Default":"Rest"}`, []string{"Choices"}},
		"a Choice with no rule":           {`{"Type":"Choice","Choices":[],"Default":"Rest"}`, []string{"Choices"}},
		"a rule that leads nowhere":       {`{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1}],"Default":"Rest"}`, []string{"/States/Step/Choices/0", "Next"}},
		"a number compared with a text":   {`{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":"ten","Next":"Rest"}],"Default":"Rest"}`, []string{"NumericLessThan"}},
		"a time that is none":             {`{"Type":"Choice","Choices":[{"Variable":"$.n","TimestampLessThan":"noon","Next":"Rest"}],"Default":"Rest"}`, []string{"TimestampLessThan"}},
		"a Wait for two things":           {`{"Type":"Wait","Seconds":5,"SecondsPath":"$.s","Next":"Rest"}`, []string{"Seconds"}},
		"a Wait backwards":                {`{"Type":"Wait","Seconds":-5,"Next":"Rest"}`, []string{"Seconds"}},
		"a moment without a zone":         {`{"Type":"Wait","Timestamp":"2031-05-05T05:05:05","Next":"Rest"}`, []string{"Timestamp"}},
		"a Task for nobody":               {`{"Type":"Task","Next":"Rest"}`, []string{"Resource"}},
		"an integration nobody has":       {`{"Type":"Task","Resource":"arn:aws:states:::teapot:brew","Next":"Rest"}`, []string{"Resource"}},
		"two timeouts":                    {`{` + call + `,"TimeoutSeconds":9,"TimeoutSecondsPath":"$.t"}`, []string{"TimeoutSeconds"}},
		"all errors and one more":         {`{` + call + `,"Retry":[{"ErrorEquals":["Late","States.ALL"]}]}`, []string{"States.ALL"}},
		"an error that AWS does not have": {`{` + call + `,"Catch":[{"ErrorEquals":["States.Tired"],"Next":"Rest"}]}`, []string{"States.Tired"}},
		"fewer than no attempts":          {`{` + call + `,"Retry":[{"ErrorEquals":["Late"],"MaxAttempts":-3}]}`, []string{"MaxAttempts"}},
		"no pause at all":                 {`{` + call + `,"Retry":[{"ErrorEquals":["Late"],"IntervalSeconds":0}]}`, []string{"IntervalSeconds"}},
		"a catch to nowhere":              {`{` + call + `,"Catch":[{"ErrorEquals":["Late"],"Next":"Nirvana"}]}`, []string{"/States/Step/Catch/0/Next"}},
		"a Pass that tries again":         {`{"Type":"Pass","Next":"Rest","Retry":[{"ErrorEquals":["Late"]}]}`, []string{"Retry"}},
		"a path that does not end":        {`{"Type":"Pass","Next":"Rest","InputPath":"$.list[2"}`, []string{"/States/Step/InputPath"}},
		"a result for many places":        {`{"Type":"Pass","Next":"Rest","ResultPath":"$..n"}`, []string{"ResultPath"}},
		"a path key without a path":       {`{"Type":"Pass","Next":"Rest","Parameters":{"name.$":"Ann"}}`, []string{"name.$"}},
		"a function that AWS lacks":       {`{"Type":"Pass","Next":"Rest","Parameters":{"n.$":"States.Guess()"}}`, []string{"States.Guess"}},
		"a function with too little":      {`{"Type":"Pass","Next":"Rest","Parameters":{"n.$":"States.MathAdd(1)"}}`, []string{"States.MathAdd"}},
		"a bracket that stays open":       {`{"Type":"Pass","Next":"Rest","Parameters":{"n.$":"States.Array(1, 2"}}`, []string{"n.$"}},
		"JSONata that does not end":       {`{"Type":"Pass","Next":"Rest","QueryLanguage":"JSONata","Output":"{% $max([1, 2 %}"}`, []string{"/States/Step/Output"}},
		"a variable with a long name":     {`{"Type":"Pass","Next":"Rest","Assign":{"` + strings.Repeat("long", 21) + `":1}}`, []string{"80"}},
	} {
		t.Run(name, func(t *testing.T) {
			told(t, `{"StartAt":"Step","States":{"Step":`+tc.state+`,"Rest":{"Type":"Succeed"}}}`, tc.words)
		})
	}
}

func told(t *testing.T, text string, words []string) {
	t.Helper()
	found := asl.Validate(text, "STANDARD")
	if !asl.HasErrors(found) {
		t.Fatalf("accepted: %s", text)
	}
	message := asl.MessageOf(found)
	for _, word := range words {
		if !strings.Contains(strings.ToLower(message), strings.ToLower(word)) {
			t.Errorf("%q does not name %q", message, word)
		}
	}
}

// Placeholders of deployment tools: JSON that holds them opens with a warning, also where a number
// must stand; where the language needs an object the problem names the placeholder.
func TestPlaceholdersAreNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"StartAt":"S","States":{"S":{"Type":"Wait","Seconds":"${Pause}","End":true}}}`:                      "UNRESOLVED_PLACEHOLDER",
		`{"StartAt":"S","States":{"S":{"Type":"Pass","InputPath":"${Path}","End":true}}}`:                     "UNRESOLVED_PLACEHOLDER",
		`{"StartAt":"S","States":{"S":{"Type":"Parallel","Branches":"${Branches}","End":true}}}`:              "the placeholder '${Branches}' has to be replaced first",
		`{"StartAt":"S","States":{"S":{"Type":"Wait","Seconds":${Pause},"End":true}}}`:                        "the placeholder ${Pause} is JSON only in quotes",
		`{"StartAt":"S","States":{"S":{"Type":"Task","Resource":{"Fn::GetAtt":["F","Arn"]},"End":true}}}`:     "Fn::GetAtt",
		`{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"${aws_lambda_function.f.arn}","End":true}}}`: "${aws_lambda_function.f.arn}",
	} {
		found := ""
		for _, d := range asl.Validate(text, "STANDARD") {
			found += d.Code + " " + d.Message + " " + d.Hint + "\n"
		}
		if !strings.Contains(found, want) {
			t.Errorf("%s\n%q does not name %q", text, found, want)
		}
	}
}

// Where a value is still to be filled in, a draft can be worked with all the same. Nobody fills it in
// when the definition becomes a state machine: then it is judged as the text that it is.
func TestPlaceholdersAreForDrafts(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{
		`"Type":"Wait","Seconds":"${N}"`:                                                                                      "Expected value of type Integer",
		`"Type":"Wait","TimestampPath":"${N}"`:                                                                                "The value for the field 'TimestampPath' must be a valid JSONPath",
		`"Type":"Pass","InputPath":"${P}"`:                                                                                    "Value must be a valid JSONPath.",
		`"Type":"Pass","ResultPath":"${P}"`:                                                                                   "Value is not a Reference Path",
		`"Type":"Pass","Parameters":{"a":[{"x.$":"${P}"}]}`:                                                                   "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call",
		`"Type":"Pass","Assign":{"x.$":"States.${Call}($.a)"}`:                                                                "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call",
		`"Type":"Task","Resource":"${Function.Arn}"`:                                                                          "Value is not a valid resource ARN",
		`"Type":"Pass","QueryLanguage":"JSONata","Output":{"a":["{% ${A} + 1 %}"]}`:                                           "Expected",
		`"Type":"Wait","QueryLanguage":"JSONata","Seconds":"{% ${A} %}"`:                                                      "Expected",
		`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["E"],"JitterStrategy":"${J}"}]`: "Value should be one of the following: [NONE, FULL]",
		`"Type":"Map","Label":"${L}","ItemReader":{"Resource":"${R}"},"ItemProcessor":{"ProcessorConfig":{"Mode":"${M}"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}}`: "Value should be one of the following: [INLINE, DISTRIBUTED]",
	} {
		text := `{"StartAt":"S","States":{"S":{` + state + `,"End":true}}}`
		if m, list := asl.Parse(text); m == nil {
			t.Errorf("the draft %s: %s", state, errorsOf(list))
		}
		if got := errorsOf(asl.Judge(text, "STANDARD")); !strings.Contains(got, want) {
			t.Errorf("the state machine %s: %q, want %q", state, got, want)
		}
	}
	plain := `{"StartAt":"S","Comment":"${C}","States":{"S":{"Type":"Pass","Result":{"a":"${A}"},"Parameters":{"b":"${B}"},"End":true}}}`
	if got := errorsOf(asl.Judge(plain, "STANDARD")); got != "" {
		t.Errorf("placeholders in plain texts: %s", got)
	}
	for _, needed := range []string{`"Type":"${T}"`, `"Type":"Succeed","QueryLanguage":"${Q}"`} {
		if m, list := asl.Parse(`{"StartAt":"S","States":{"S":{` + needed + `}}}`); m != nil || !strings.Contains(errorsOf(list), "has to be replaced first") {
			t.Errorf("%s: %s", needed, errorsOf(list))
		}
	}
}
