package asl_test

import (
	"testing"

	"statehouse/engine/asl"

	"github.com/google/go-cmp/cmp"
)

// Variables are listed with the innermost state that reads them, wherever it reads them.
func TestReadsOfVariables(t *testing.T) {
	t.Parallel()
	m, list := asl.Parse(`{"StartAt":"Set","States":{
		"Set":{"Type":"Pass","Assign":{"list":[1],"n":2,"s":"x","plain":"$list"},"Next":"Pick"},
		"Pick":{"Type":"Choice","Choices":[{"And":[{"Variable":"$n","NumericEqualsPath":"$m.deep"},{"Variable":"$.a","IsPresent":true}],"Next":"Each","Assign":{"k.$":"$s"}}],"Default":"Each"},
		"Each":{"Type":"Map","ItemsPath":"$list","MaxConcurrencyPath":"$n","ItemSelector":{"a.$":"States.Format('{}{}', $s, States.ArrayLength($list))"},
			"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Stop","Assign":{"e.$":"$n"}}],
			"ItemProcessor":{"StartAt":"Rest","States":{"Rest":{"Type":"Wait","SecondsPath":"$n","OutputPath":"$s","End":true}}},"Next":"Stop"},
		"Stop":{"Type":"Fail","ErrorPath":"$s","CausePath":"States.Format('{}', $s)"}}}`)
	if m == nil {
		t.Fatal(asl.MessageOf(list))
	}
	want := map[string][]string{
		"Pick": {"m", "n", "s"},
		"Each": {"list", "n", "s"},
		"Rest": {"n", "s"},
		"Stop": {"s"},
	}
	if diff := cmp.Diff(want, m.Reads); diff != "" {
		t.Error(diff)
	}
}
