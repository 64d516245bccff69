package ui

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 6, 12, 0, 0, 0, time.UTC) // a Wednesday

func TestAgo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"a moment ago", noon.Add(-3 * time.Second), "just now"},
		{"seconds", noon.Add(-40 * time.Second), "40 seconds ago"},
		{"one minute has no s", noon.Add(-time.Minute), "1 minute ago"},
		{"hours of the same day", noon.Add(-11 * time.Hour), "11 hours ago"},
		{"the evening before", noon.Add(-14 * time.Hour), "yesterday 22:00"},
		{"days of this year", noon.Add(-100 * 24 * time.Hour), "26 January"},
		{"another year", noon.Add(-400 * 24 * time.Hour), "1 April 2025"},
		{"never", time.Time{}, "–"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Ago(noon, tt.at).Words; got != tt.want {
				t.Errorf("Ago = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		at             time.Time
		clock, entered string
	}{
		{"the same day", noon.Add(time.Hour + 5*time.Millisecond), "13:00:00.005", "13:00:00.005"},
		{"the day after", noon.Add(13 * time.Hour), "7 May 01:00:00.000", "7 May 01:00"},
		{"a year on", noon.Add(365 * 24 * time.Hour), "6 May 2027 12:00:00.000", "6 May 2027"},
		{"never", time.Time{}, "–", "–"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Clock(noon, tt.at).Words; got != tt.clock {
				t.Errorf("Clock = %q, want %q", got, tt.clock)
			}
			if got := Entered(noon, tt.at).Words; got != tt.entered {
				t.Errorf("Entered = %q, want %q", got, tt.entered)
			}
		})
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		left time.Duration
		want Badge
	}{
		{"passed", -20 * time.Minute, Badge{"overdue", "triangle-alert", "overdue 20 min"}},
		{"near", 2*time.Hour - 10*time.Minute, Badge{"due-soon", "clock", "due in 2 h"}},
		{"this evening", 9 * time.Hour, Badge{"due", "clock", "due today"}},
		{"the next day", 21*time.Hour + 41*time.Minute, Badge{"due", "clock", "due tomorrow"}},
		{"this week", 48 * time.Hour, Badge{"idle", "clock", "due Friday"}},
		{"some day", 480 * time.Hour, Badge{"idle", "clock", "due 26 May"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Due(noon, noon.Add(tt.left)); got != tt.want {
				t.Errorf("Due = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestTook(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		212 * time.Millisecond:          "212 ms",
		4100 * time.Millisecond:         "4.1 s",
		4*time.Minute + 12*time.Second:  "4 m 12 s",
		26*time.Hour + 5*time.Minute:    "1 d 2 h",
		3*time.Hour + 61*time.Second:    "3 h 1 m",
		-5 * time.Second:                "< 1 ms",
		59*time.Second + 999_000_000:    "59.9 s",
		time.Minute + 400_000_000:       "1 m 0 s",
		48*time.Hour - time.Millisecond: "1 d 23 h",
		48 * time.Hour:                  "2 d",
	} {
		if got := Took(d); got != want {
			t.Errorf("Took(%s) = %q, want %q", d, got, want)
		}
	}
}

func TestNumbersHaveTheirThousandsApart(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 events", 1: "1 event", 999: "999 events", 1000: "1,000 events", 1_000_042: "1,000,042 events"} {
		if got := Count(n, "event"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	if got := Title("Order-review"); got != "Order review" {
		t.Errorf("Title = %q", got)
	}
}
