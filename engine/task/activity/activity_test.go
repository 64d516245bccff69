package activity_test

import (
	"strings"
	"testing"

	"statehouse/engine/task/activity"
)

func TestIsToken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "AAAA": false, strings.Repeat("a", 43): true, strings.Repeat("a", 42) + " ": false,
		strings.Repeat("a", 2048): true, strings.Repeat("a", 2049): false, strings.Repeat("ä", 40): false,
	} {
		if got := activity.IsToken(text); got != want {
			t.Errorf("IsToken(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestCheckOutput(t *testing.T) {
	t.Parallel()
	if v, err := activity.CheckOutput(`{"a":1.50}`); err != nil || v.JSON() != `{"a":1.50}` {
		t.Errorf("CheckOutput = %s, %v", v.JSON(), err)
	}
	for text, want := range map[string]string{
		`{"a":`: "JSON", `"` + strings.Repeat("x", 262143) + `"`: "262144", ``: "JSON",
	} {
		if _, err := activity.CheckOutput(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("CheckOutput(%.20q) = %v, want %q", text, err, want)
		}
	}
}

func TestCheckWorker(t *testing.T) {
	t.Parallel()
	if err := activity.CheckWorker(strings.Repeat("ä", 80)); err != nil {
		t.Error(err)
	}
	if err := activity.CheckWorker(strings.Repeat("a", 81)); err == nil {
		t.Error("81 characters are accepted")
	}
}
