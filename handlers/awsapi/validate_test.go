package awsapi

import (
	"strings"
	"testing"

	"statehouse/engine/asl"

	"github.com/google/go-cmp/cmp"
)

// Validate judges as the engine does, without the rules that only a server has.
func (f fake) Validate(text, machineType string) []asl.Diagnostic {
	return asl.Judge(text, machineType)
}

func TestValidateStateMachineDefinition(t *testing.T) {
	t.Parallel()
	const (
		faulty = `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a":"$.a"},"Next":"B","Seconds":1}}}`
		doubt  = `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a":"$.a"},"End":true}}}`
	)
	for name, tc := range map[string]struct {
		body      string
		result    string
		codes     []string
		truncated bool
	}{
		"errors alone by default":              {body: quoted(faulty, ``), result: "FAIL", codes: []string{"SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET", "MISSING_END_STATE"}},
		"a warning is not a failure":           {body: quoted(doubt, `,"severity":"WARNING"`), result: "OK", codes: []string{"NO_DOLLAR"}},
		"a warning that was not asked for":     {body: quoted(doubt, ``), result: "OK"},
		"more than there is room for":          {body: quoted(faulty, `,"maxResults":1`), result: "FAIL", codes: []string{"SCHEMA_VALIDATION_FAILED"}, truncated: true},
		"nothing said about the number is 100": {body: quoted(faulty, `,"maxResults":0`), result: "FAIL", codes: []string{"SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET", "MISSING_END_STATE"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, out := call(t, fake{}, "ValidateStateMachineDefinition", tc.body, nil)
			if status != 200 || out["result"] != tc.result || out["truncated"] != tc.truncated {
				t.Errorf("got %d %v", status, out)
			}
			var codes []string
			for _, d := range out["diagnostics"].([]any) {
				codes = append(codes, d.(map[string]any)["code"].(string))
			}
			if diff := cmp.Diff(tc.codes, codes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func quoted(definition, more string) string {
	return `{"definition":"` + strings.ReplaceAll(definition, `"`, `\"`) + `"` + more + `}`
}
