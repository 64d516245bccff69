package interp_test

import (
	"strings"
	"testing"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// Limits are settings of the shell; the sentences name what is set.
func TestLimitsAreSettings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		limits            interp.Limits
		text, input       string
		failure, sentence string
	}{
		"history": {
			interp.Limits{History: 40},
			`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.never","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`, `{}`,
			"States.Runtime", "The execution reached the maximum number of history events (40).",
		},
		"payload": {
			interp.Limits{Payload: 20},
			`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"twice.$":"States.Array($, $)"},"End":true}}}`, `"fifteen letters"`,
			"States.DataLimitExceeded", "At most 20 bytes are allowed.",
		},
		"variables": {
			interp.Limits{Variables: 20},
			`{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"a.$":"$"},"Next":"B"},"B":{"Type":"Pass","Assign":{"b.$":"$"},"End":true}}}`, `"fifteen letters"`,
			"States.DataLimitExceeded", "The variables of the execution exceed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, list := asl.Parse(tc.text)
			if m == nil {
				t.Fatal(asl.MessageOf(list))
			}
			x := interp.New(m, interp.Begin{})
			tc.limits.Step(m, x, interp.Start{Input: value.Raw(tc.input)}, epoch)
			if o := x.Outcome; o == nil || o.Error == nil || *o.Error != tc.failure || !strings.Contains(*o.Cause, tc.sentence) {
				t.Errorf("outcome %+v", o)
			}
			y := interp.New(m, interp.Begin{})
			interp.Step(m, y, interp.Start{Input: value.Raw(tc.input)}, epoch)
			if y.Outcome != nil && y.Outcome.Error != nil && name != "history" {
				t.Errorf("AWS's limits: %s", *y.Outcome.Cause)
			}
		})
	}
}
