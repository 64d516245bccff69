package awsapi

import (
	"testing"
	"time"

	"statehouse/engine/throttle"
)

func TestCallsAreThrottledByAction(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, d *desk) {
		var err error
		d.api.throttle, err = throttle.New(Actions(), throttle.Config{Rates: map[string]throttle.Rate{"ListActivities": {Bucket: 2, Refill: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			d.must("ListActivities", `{}`)
		}
		a := d.post("ListActivities", `{}`)
		if a.Status != 400 || a.Code != "ThrottlingException" || a.Message != "Rate exceeded" {
			t.Errorf("the third call is answered with %d %s", a.Status, a.Text)
		}
		d.must("ListStateMachines", `{}`)
		time.Sleep(time.Second) // virtual
		d.must("ListActivities", `{}`)
	})
}

func TestTheTableOfAWSNamesActions(t *testing.T) {
	t.Parallel()
	table := throttle.AWS()
	if _, err := throttle.New(append(Actions(), throttle.StateTransition), throttle.Config{Rates: table}); err != nil {
		t.Fatal(err)
	}
	for _, a := range Actions() {
		if _, ok := table[a]; !ok && a != "StartSyncExecution" {
			t.Errorf("%s has no bucket", a)
		}
	}
}
