package throttle_test

import (
	"testing"
	"time"

	"statehouse/engine/throttle"
)

func TestABucketEmptiesAndFillsAgain(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	th, err := throttle.New([]string{"Start", "Stop"}, throttle.Config{
		Rates: map[string]throttle.Rate{"Start": {Bucket: 3, Refill: 2}}, Clock: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	take := func(n int) (passed int) {
		for range n {
			if th.Take("Start") {
				passed++
			}
		}
		return passed
	}
	if n := take(5); n != 3 {
		t.Errorf("%d calls passed at once, want 3", n)
	}
	now = now.Add(time.Second)
	if n := take(5); n != 2 {
		t.Errorf("%d calls passed after a second, want 2", n)
	}
	now = now.Add(time.Hour)
	if n := take(5); n != 3 {
		t.Errorf("%d calls passed after an hour, want 3", n)
	}
	for range 100 {
		if !th.Take("Stop") {
			t.Fatal("what has no bucket was throttled")
		}
	}
	got := th.Counts()
	if len(got) != 2 || got[0].Passed != 8 || got[0].Throttled != 7 || got[1].Passed != 100 || got[1].Rate != nil {
		t.Errorf("counts are %+v", got)
	}
}

func TestWhatIsSpentIsWaitedFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	th, err := throttle.New([]string{"Step", "Free"}, throttle.Config{
		Rates: map[string]throttle.Rate{"Step": {Bucket: 10, Refill: 2}}, Clock: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		n    int
		want time.Duration
	}{{4, 0}, {6, 0}, {1, 500 * time.Millisecond}, {25, 13 * time.Second}} {
		if got := th.Spend("Step", c.n); got != c.want {
			t.Errorf("spending %d, number %d, takes %s, want %s", c.n, i, got, c.want)
		}
	}
	now = now.Add(time.Minute)
	if got := th.Spend("Step", 10); got != 0 {
		t.Errorf("a minute later it takes %s", got)
	}
	if th.Spend("Free", 1000) != 0 || th.Spend("unknown", 1) != 0 || th.Knows("unknown") || !th.Knows("Free") {
		t.Error("what has no bucket is waited for")
	}
	if got := th.Counts()[1]; got.Action != "Step" || got.Passed != 46 || got.Throttled != 2 {
		t.Errorf("counts are %+v", got)
	}
}

func TestRatesAreRead(t *testing.T) {
	t.Parallel()
	if r, err := throttle.ParseRate("1300/300"); err != nil || r != (throttle.Rate{Bucket: 1300, Refill: 300}) {
		t.Errorf("1300/300 is %v: %v", r, err)
	}
	if r, err := throttle.ParseRate("10/0.5"); err != nil || r.Refill != 0.5 {
		t.Errorf("10/0.5 is %v: %v", r, err)
	}
	for _, bad := range []string{"", "10", "0/1", "1/0", "1/-1", "1/NaN", "x/1", "1/Inf"} {
		if r, err := throttle.ParseRate(bad); err == nil {
			t.Errorf("%q is %v", bad, r)
		}
	}
}

func TestUnknownActionsAreRefused(t *testing.T) {
	t.Parallel()
	_, err := throttle.New([]string{"Start"}, throttle.Config{Rates: map[string]throttle.Rate{"Begin": {Bucket: 1, Refill: 1}}})
	if err == nil {
		t.Error("a rate of an unknown action was taken")
	}
}
