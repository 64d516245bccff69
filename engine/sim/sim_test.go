package sim_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/sim"
	"statehouse/engine/value"
)

func parse(t *testing.T, text string) *asl.Machine {
	t.Helper()
	m, problems := asl.Parse(text)
	if m == nil {
		t.Fatal(problems)
	}
	return m
}

func TestAYearOfWaitingTakesNoTime(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r, err := sim.Run(t.Context(), parse(t, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":31536000,"End":true}}}`), sim.Options{Start: start})
	if err != nil || r.Status != interp.Succeeded || !r.Stopped.Equal(start.AddDate(1, 0, 0)) {
		t.Errorf("%s at %v: %v", r.Status, r.Stopped, err)
	}
}

func TestAnswersComeAttemptAfterAttempt(t *testing.T) {
	t.Parallel()
	m := parse(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","TimeoutSeconds":10,
		"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":3}],"End":true}}}`)
	r, err := sim.Run(t.Context(), m, sim.Options{Task: sim.ByState(map[string][]sim.Answer{"T": {
		{Error: "E", Cause: "first"},
		{Open: true}, // times out
		{Output: value.Int(1), After: 11 * time.Second},
		{Output: value.Int(2), After: 9 * time.Second},
	}})})
	if err != nil || r.Status != interp.Succeeded || r.Output.JSON() != "2" {
		t.Errorf("%s %s: %v", r.Status, r.Output, err)
	}
}

func TestATaskWithoutAnswerStaysOpen(t *testing.T) {
	t.Parallel()
	m := parse(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}`)
	r, err := sim.Run(t.Context(), m, sim.Options{})
	if err != nil || r.Status != interp.Running || len(r.Open) != 1 || r.Open[0].State != "T" {
		t.Errorf("%s, open %v: %v", r.Status, r.Open, err)
	}
}

func TestRunObeysItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := parse(t, `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"S"}],"Default":"A"},"S":{"Type":"Succeed"}}}`)
	if _, err := sim.Run(ctx, m, sim.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
