package asl_test

import (
	"testing"

	"statehouse/engine/asl"
)

func TestParseState(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		column           int
	}{
		{"where it leads need not exist", `{"Type":"Pass","Next":"Elsewhere"}`, "", 0},
		{"nor what a Choice and a Catch lead to", `{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"B"}],"Default":"C"}`, "", 0},
		{"AWS's name for it", `{"Type":"Parallel","Branches":[],"End":true}`, "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches", 31},
		{
			"blocks inside are whole", `{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}],"End":true}`,
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/StateName/Branches[0]/States/A/Next, MISSING_END_STATE: Workflow has no terminal state at /States/StateName/Branches[0]", 83,
		},
		{"no object", `[]`, "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null", 1},
		{"nothing", ` `, "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, list := asl.ParseState(tt.text)
			want := ""
			if tt.want != "" {
				want = "Invalid State Machine Definition: '" + tt.want + "'"
			}
			if got := asl.Refusal(tt.text, list); got != want {
				t.Errorf("diagnostics = %q, want %q", got, want)
			}
			switch {
			case tt.want == "" && (m == nil || m.Root.States[asl.Lone] == nil):
				t.Error("no machine with the state")
			case tt.want != "" && list[0].Pos.Column != tt.column:
				t.Errorf("column %d, want %d", list[0].Pos.Column, tt.column)
			}
		})
	}
}
