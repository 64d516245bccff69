package interp_test

import (
	"fmt"
	"testing"

	"statehouse/engine/interp"
)

func TestComparisons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input, test string
		want        bool
	}{
		{`"abc"`, `"StringMatches":"a*"`, true},
		{`"abc"`, `"StringMatches":"*b"`, false},
		{`"a*c"`, `"StringMatches":"a\\*c"`, true},
		{`"abc"`, `"StringMatches":"a\\*c"`, false},
		{`"a\\b"`, `"StringMatches":"a\\\\b"`, true},
		{`"aXbXc"`, `"StringMatches":"a*b*c"`, true},
		{`""`, `"StringMatches":"*"`, true},
		{`7`, `"StringMatches":"7"`, false},
		// UTF-16 code units: a surrogate pair comes before U+FFxx.
		{`"\ud83d\ude00"`, `"StringLessThan":"\uff5e"`, true},
		{`"10"`, `"StringLessThan":"9"`, true},
		{`1.0`, `"NumericEquals":1`, true},
		{`12345678901234567890`, `"NumericGreaterThan":12345678901234567889`, true},
		{`"1"`, `"NumericEquals":1`, false},
		{`true`, `"BooleanEquals":true`, true},
		{`"true"`, `"BooleanEquals":true`, false},
		{`"2026-01-01T01:00:00+01:00"`, `"TimestampEquals":"2026-01-01T00:00:00Z"`, true},
		{`"2026-01-01"`, `"TimestampLessThan":"2027-01-01T00:00:00Z"`, false},
		{`null`, `"IsNull":true`, true},
		{`null`, `"IsString":true`, false},
		{`1e3`, `"IsNumeric":true`, true},
		{`"x"`, `"IsString":true`, true},
		{`false`, `"IsBoolean":true`, true},
		{`"2026-01-01T00:00:00Z"`, `"IsTimestamp":true`, true},
		{`"2026-01-01 00:00:00Z"`, `"IsTimestamp":false`, true},
		{`null`, `"IsPresent":true`, true},
	} {
		t.Run(c.test+" of "+c.input, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fmt.Sprintf(`{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.v",%s,"Next":"Y"}],"Default":"N"},"Y":{"Type":"Succeed"},"N":{"Type":"Fail"}}}`, c.test), false)
			w.do(`start {"v":` + c.input + `}`)
			if got := w.x.Status() == interp.Succeeded; got != c.want {
				t.Errorf("holds: %v, want %v", got, c.want)
			}
		})
	}
}

// TestMatchingTakesNoExponentialTime matches what a matcher that tries every way would try
// until the test is given up.
func TestMatchingTakesNoExponentialTime(t *testing.T) {
	t.Parallel()
	text, pattern := "", ""
	for range 2000 {
		text += "a"
		pattern += "a*"
	}
	w := newWorld(t, fmt.Sprintf(`{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","StringMatches":%q,"Next":"Y"}],"Default":"N"},"Y":{"Type":"Succeed"},"N":{"Type":"Fail"}}}`, pattern+"b"), false)
	w.do(`start "` + text + `"`)
	if got := w.x.Status(); got != interp.Failed {
		t.Errorf("it ended %s: the pattern has a b more than the text", got)
	}
}
