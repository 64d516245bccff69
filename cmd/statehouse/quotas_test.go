package main

import (
	"strings"
	"testing"

	"statehouse/engine"
	"statehouse/engine/throttle"
)

func TestQuotasAreReadByName(t *testing.T) {
	t.Parallel()
	q := quotas{Quota: map[string]int{"machines": 5, "activity-pollers": 7}}
	if got, err := q.quotas(); err != nil || got != (engine.Quotas{Machines: 5, ActivityPollers: 7}) {
		t.Errorf("%+v, %v", got, err)
	}
	for name, n := range map[string]int{"machine": 5, "tags": 0} {
		if _, err := (&quotas{Quota: map[string]int{name: n}}).quotas(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("--quota %s=%d: %v", name, n, err)
		}
	}
}

func TestBucketsAreRead(t *testing.T) {
	t.Parallel()
	th, err := (&quotas{Throttle: []string{"StartExecution=9/9", "aws", "StopExecution=1/0.5"}}).throttle()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range th.Counts() {
		switch {
		case c.Action == "StartExecution" && c.Rate.Bucket != 1300, c.Action == "StopExecution" && c.Rate.Refill != 0.5:
			t.Errorf("%s has %+v", c.Action, c.Rate)
		}
	}
	if !th.Knows(throttle.StateTransition) {
		t.Error("AWS's table has no bucket of state transitions")
	}
	if none, err := new(quotas).throttle(); err != nil || none.Knows(throttle.StateTransition) {
		t.Errorf("without a bucket state transitions are counted as let through: %v", err)
	}
	for _, bad := range []string{"azure", "StartExecution=x", "StrtExecution=1/1"} {
		if _, err := (&quotas{Throttle: []string{bad}}).throttle(); err == nil {
			t.Errorf("--throttle %s was taken", bad)
		}
	}
}
