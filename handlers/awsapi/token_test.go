package awsapi

import (
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
