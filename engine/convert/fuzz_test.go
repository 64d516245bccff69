package convert_test

import (
	"testing"

	"statehouse/engine/asl"
	"statehouse/engine/convert"
)

// FuzzMachine looks for definitions on which the converter falls over, or makes what does not parse.
func FuzzMachine(f *testing.F) {
	f.Add(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","InputPath":null,"Parameters":{"a.$":"States.Array($.x,1)"},"ResultSelector":{"b.$":"$[0]['c d']"},"ResultPath":"$.e.f","OutputPath":"$.e","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"B"}],"Next":"B"},"B":{"Type":"Fail","CausePath":"States.Format('{}', $.x)"}}}`)
	f.Add(`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Or":[{"Variable":"$.a","IsPresent":false},{"Not":{"Variable":"$.a","StringMatches":"a*\\*"}}],"Next":"A"},{"Variable":"$$.State.Name","TimestampLessThanPath":"$v.t","Assign":{"v.$":"$"},"Next":"A"}]}}}`)
	f.Add(`{"StartAt":"A","States":{"A":{"Type":"Map","ItemsPath":"$.a[1:3]","ItemSelector":{"i.$":"$$.Map.Item.Index"},"MaxConcurrencyPath":"$.n","Iterator":{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"x.$":"{%"},"OutputPath":"$.y","End":true}}},"End":true}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := convert.Machine(text)
		if err != nil {
			return
		}
		if m, problems := asl.Parse(got.Text); m == nil {
			t.Errorf("%v\n%s", problems, got.Text)
		}
	})
}
