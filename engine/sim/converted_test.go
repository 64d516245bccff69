package sim_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"statehouse/engine/asl"
	"statehouse/engine/convert"
	"statehouse/engine/sim"
	"statehouse/engine/value"
)

// TestConvertedMachinesGiveTheSame converts the recorded JSONPath machines to JSONata. One that
// converts as a whole and without a caution ends as it did: with the same status and output,
// or with the same error of its own. Errors of the query language change their name.
func TestConvertedMachinesGiveTheSame(t *testing.T) {
	t.Parallel()
	whole, partly, same := 0, 0, 0
	again := recordings(t) // mocks are used up
	for i, c := range recordings(t) {
		text := c.text()
		before, _ := asl.Parse(text)
		if before == nil || before.Language == asl.JSONata {
			continue
		}
		converted, err := convert.Machine(text)
		if errors.Is(err, convert.ErrNotSound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		after, problems := asl.Parse(converted.Text)
		if after == nil || slices.ContainsFunc(problems, func(d asl.Diagnostic) bool { return d.Severity == asl.Error }) {
			t.Errorf("%s: the converted machine is faulty: %v\n%s", c.ID, problems, converted.Text)
			continue
		}
		if !converted.Whole() {
			partly++
		} else {
			whole++
		}
		was := c.play(t, before)
		again[i].store = c.store
		is := again[i].play(t, after)
		switch {
		case agree(was, is):
			same++
		case len(converted.Notes) == 0:
			t.Errorf("%s\n  was %s %s %s %s\n  is  %s %s %s %s\n%s", c.ID, was.Status, was.Output, show(was.Error), show(was.Cause),
				is.Status, is.Output, show(is.Error), show(is.Cause), converted.Text)
		default:
			t.Logf("%s differs, as was noted: %v", c.ID, converted.Notes)
		}
	}
	t.Logf("%d converted as a whole, %d in part, %d of them end the same", whole, partly, same)
}

func agree(was, is sim.Result) bool {
	if was.Status != is.Status || !value.Equal(was.Output, is.Output) {
		return false
	}
	if was.Error == nil || is.Error == nil {
		return was.Error == is.Error
	}
	return *was.Error == *is.Error || strings.HasPrefix(*was.Error, "States.") && *is.Error == "States.QueryEvaluationError"
}
