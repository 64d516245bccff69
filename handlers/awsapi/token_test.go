package awsapi

import (
	"strings"
	"testing"
	"time"

	"statehouse/engine/value"
)

func TestPageTokensGrowOld(t *testing.T) {
	t.Parallel()
	out := sealed("ListActivities", nil, value.Object(), value.Object(value.Member{Key: "nextToken", Value: value.String("inner")}), now)
	for _, tc := range []struct {
		name string
		in   value.Value
		at   time.Time
		ok   bool
	}{
		{"at once", out, now, true},
		{"after 24 hours", out, now.Add(24 * time.Hour), true},
		{"a second later", out, now.Add(24*time.Hour + time.Second), false},
		{"of tomorrow", out, now.Add(-24 * time.Hour), false},
		{"forged", value.Object(value.Member{Key: "nextToken", Value: value.String("AAAA")}), now, false},
	} {
		in, err := opened("ListActivities", nil, tc.in, tc.at)
		if (err == nil) != tc.ok || tc.ok && in.Get("nextToken").Text() != "inner" {
			t.Errorf("%s: %s, %v", tc.name, in.JSON(), err)
		}
	}
	if in, err := opened("ListActivities", nil, value.Object(), now); err != nil || in.Len() != 0 {
		t.Errorf("no token: %s, %v", in.JSON(), err)
	}
}

// TestThePageTokensAreShortEnough lists what has the longest names: AWS's clients refuse a
// token of more than 1024 characters before they send it.
func TestThePageTokensAreShortEnough(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d *desk) {
		for _, end := range []string{"a", "b", "c"} {
			name := strings.Repeat("𝔘", 79) + end
			d.must("CreateActivity", `{"name":"`+name+`"}`)
			in := value.Object(value.Member{Key: "name", Value: value.String(name)}, value.Member{Key: "definition", Value: value.String(definitionPass)},
				value.Member{Key: "roleArn", Value: value.String(scripted["role"])})
			d.must("CreateStateMachine", in.JSON())
		}
		for op, list := range map[string]string{"ListActivities": "activities", "ListStateMachines": "stateMachines"} {
			body, seen := `{"maxResults":1}`, 0
			for body != "" {
				out := d.must(op, body)
				seen += len(out[list].([]any))
				next, more := out["nextToken"].(string)
				if len(next) > 1024 {
					t.Errorf("%s: a token of %d characters", op, len(next))
				}
				if body = ""; more {
					body = `{"maxResults":1,"nextToken":"` + next + `"}`
				}
			}
			if seen != 3 {
				t.Errorf("%s: %d of 3", op, seen)
			}
		}
	})
}
