package interp_test

import (
	"fmt"
	"strings"
	"testing"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// drive steps until the core wants nothing more, and hands each output to see.
func drive(t *testing.T, m *asl.Machine, x *interp.Exec, in interp.Input, see func(interp.Output)) {
	t.Helper()
	for {
		out := interp.Step(m, x, in, epoch)
		see(out)
		if !x.More() {
			return
		}
		in = interp.Continue{}
	}
}

// endless is a machine that does a state, called A, again and again.
func endless(state string) string {
	return `{"StartAt":"A","States":{"A":` + state + `,
		"C":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"S"}],"Default":"A"},
		"S":{"Type":"Succeed"}}}`
}

func TestEndlessLoopEndsAtTheLimitInSmallSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endless(`{"Type":"Pass","Next":"C"}`), false)
	steps, longest, total := 0, 0, 0
	var last history.Event
	drive(t, w.m, w.x, interp.Start{Input: value.Object()}, func(out interp.Output) {
		steps++
		longest = max(longest, len(out.Events))
		total += len(out.Events)
		last = out.Events[len(out.Events)-1]
	})
	if total != 25_000 || last.ID != 25_000 || last.Type != history.ExecutionFailed {
		t.Errorf("%d events, the last is %d %s", total, last.ID, last.Type)
	}
	if got := *w.x.Outcome.Cause; got != "The execution reached the maximum number of history events (25000)." {
		t.Errorf("cause %q", got)
	}
	if longest > 1100 || steps < 20 {
		t.Errorf("%d steps, the longest with %d events", steps, longest)
	}
}

func TestEndlessMapAndParallelEndAtTheLimit(t *testing.T) {
	t.Parallel()
	for name, machine := range map[string]string{
		"map":      endless(`{"Type":"Map","ItemsPath":"$.list","ResultPath":null,"Next":"C","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}`),
		"parallel": endless(`{"Type":"Parallel","ResultPath":null,"Next":"C","Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},{"StartAt":"Q","States":{"Q":{"Type":"Pass","Next":"R"},"R":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"T"}],"Default":"Q"},"T":{"Type":"Succeed"}}}]}`),
		"catch":    endless(`{"Type":"Parallel","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"C"}],"Next":"C","Branches":[{"StartAt":"P","States":{"P":{"Type":"Fail"}}}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, machine, false)
			n := 0
			drive(t, w.m, w.x, interp.Start{Input: w.json(`{"list":[1,2,3]}`)}, func(out interp.Output) { n += len(out.Events) })
			if w.x.Status() != interp.Failed || n != 25_000 || len(w.x.Scopes) != 0 {
				t.Errorf("%s after %d events, %d scopes left", w.x.Status(), n, len(w.x.Scopes))
			}
		})
	}
}

func TestAnswerThatFindsNoRoomInTheHistoryEndsTheExecution(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endless(`{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Next":"C"}`), false)
	last := history.ID(0)
	see := func(out interp.Output) {
		for _, e := range out.Events {
			last = e.ID
		}
	}
	drive(t, w.m, w.x, interp.Start{Input: value.Object()}, see)
	for token := interp.Token(1); w.x.Outcome == nil; token++ {
		drive(t, w.m, w.x, interp.TaskStarted{Token: token}, see)
		drive(t, w.m, w.x, interp.TaskSucceeded{Token: token, Output: value.Object()}, see)
	}
	if last != 25_000 || w.x.Status() != interp.Failed {
		t.Errorf("%s after %d events", w.x.Status(), last)
	}
}

func TestDoublingPayloadFailsWithDataLimitExceeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, endless(`{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"Next":"C"}`), false)
	bytes := 0
	drive(t, w.m, w.x, interp.Start{Input: w.json(`{"x":"0123456789"}`)}, func(out interp.Output) {
		for _, e := range out.Events {
			bytes += e.Details.Output.Size()
		}
	})
	o := w.x.Outcome
	if o.Status != interp.Failed || *o.Error != "States.DataLimitExceeded" {
		t.Fatalf("%+v", o)
	}
	if want := "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit. At most 262144 bytes are allowed."; *o.Cause != want {
		t.Errorf("cause %q", *o.Cause)
	}
	if bytes > 1<<20 {
		t.Errorf("%d bytes of output", bytes)
	}
}

func TestResultOfATaskIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}`, false)
	w.do("start {}")
	w.step(interp.TaskSucceeded{Token: 1, Output: value.String(strings.Repeat("x", 262_143))})
	if w.x.Status() != interp.Succeeded {
		t.Fatal(w.x.Status())
	}
	if e := w.events[4]; e.Type != history.TaskFailed || *e.Details.Error != "States.DataLimitExceeded" {
		t.Errorf("event %s", printEvent(e))
	}
}

func TestResultsOfAMapAreLimitedTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `{"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"Next":"C"}],"End":true,
		"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}},"C":{"Type":"Succeed"}}}`, false)
	w.do("start [1,2,3]")
	for token := interp.Token(1); token <= 3; token++ {
		w.step(interp.TaskSucceeded{Token: token, Output: value.String(strings.Repeat("x", 100_000))})
	}
	if w.x.Status() != interp.Succeeded {
		t.Fatal(w.x.Status())
	}
	e := w.events[len(w.events)-5]
	if e.Type != history.MapStateFailed {
		t.Errorf("event %s", printEvent(e))
	}
}

func TestVariablesAreLimitedTogether(t *testing.T) {
	t.Parallel()
	var states []string
	for i := range 50 {
		states = append(states, fmt.Sprintf(`"S%d":{"Type":"Pass","Assign":{"v%d.$":"$.x"},"Next":"S%d"}`, i, i, i+1))
	}
	states = append(states, `"S50":{"Type":"Succeed"}`)
	w := newWorld(t, `{"StartAt":"S0","States":{`+strings.Join(states, ",")+`}}`, false)
	drive(t, w.m, w.x, interp.Start{Input: value.Object(value.Member{Key: "x", Value: value.String(strings.Repeat("x", 250_000))})}, func(interp.Output) {})
	if o := w.x.Outcome; o.Status != interp.Failed || *o.Error != "States.DataLimitExceeded" {
		t.Errorf("%+v", o)
	}
	if w.x.Memory != 0 {
		t.Errorf("%d bytes of variables are still counted", w.x.Memory)
	}
}

// TestStepOfAWideMapWritesFewSmallRows holds what doc.go promises about rows.
func TestStepOfAWideMapWritesFewSmallRows(t *testing.T) {
	t.Parallel()
	const items = 3000
	w := newWorld(t, `{"StartAt":"V","States":{"V":{"Type":"Pass","Assign":{"big.$":"$"},"Next":"M"},
		"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true}}}}}}`, false)
	list := make([]value.Value, items)
	for i := range list {
		list[i] = value.String(fmt.Sprintf("item %d", i))
	}
	written := func(out interp.Output) (rows, bytes int) {
		head, err := w.x.Head()
		if err != nil {
			t.Fatal(err)
		}
		bytes = len(head)
		for _, id := range out.Changed {
			rows++
			if s := w.x.Scopes[id]; s != nil {
				b, err := s.Row()
				if err != nil {
					t.Fatal(err)
				}
				bytes += len(b)
			}
		}
		return rows, bytes
	}
	out := interp.Step(w.m, w.x, interp.Start{Input: value.Array(list...)}, epoch)
	if n := len(out.Commands); n != 40 {
		t.Fatalf("%d commands at first, want 40", n)
	}
	for token := interp.Token(1); token <= items; token++ {
		out := interp.Step(w.m, w.x, interp.TaskSucceeded{Token: token, Output: value.String("done")}, epoch)
		if w.x.Outcome != nil {
			break
		}
		if rows, bytes := written(out); rows > 3 || bytes > 2500 {
			t.Fatalf("answer %d wrote %d rows, %d bytes", token, rows, bytes)
		}
		if n := len(w.x.Scopes); n > items+100 {
			t.Fatalf("%d scopes", n)
		}
	}
	if w.x.Status() != interp.Succeeded || w.x.Outcome.Output.Len() != items {
		t.Errorf("%s, %d results", w.x.Status(), w.x.Outcome.Output.Len())
	}
}
