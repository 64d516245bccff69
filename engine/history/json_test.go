package history_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/history"
	"statehouse/engine/value"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 89_000_000, time.UTC)

func TestEventIsWrittenAsTheAPIAnswersIt(t *testing.T) {
	t.Parallel()
	payload := value.Raw(`{"a": 1}`)
	for name, c := range map[string]struct {
		event history.Event
		want  string
	}{
		"state entered": {
			history.Event{ID: 2, Type: history.PassStateEntered, At: at, Details: history.Details{Name: "A", Input: payload}},
			`{"timestamp":1772600767.089,"type":"PassStateEntered","id":2,"previousEventId":0,"stateEnteredEventDetails":{"name":"A","input":"{\"a\":1}","inputDetails":{"truncated":false}}}`,
		},
		"no details": {
			history.Event{ID: 5, Previous: 4, Type: history.MapStateSucceeded, At: at},
			`{"timestamp":1772600767.089,"type":"MapStateSucceeded","id":5,"previousEventId":4}`,
		},
		"empty details": {
			history.Event{ID: 3, Type: history.ExecutionAborted, At: at},
			`{"timestamp":1772600767.089,"type":"ExecutionAborted","id":3,"previousEventId":0,"executionAbortedEventDetails":{}}`,
		},
		"first iteration": {
			history.Event{ID: 4, Previous: 3, Type: history.MapIterationStarted, At: at, Details: history.Details{Name: "M", Index: new(int64(0))}},
			`{"timestamp":1772600767.089,"type":"MapIterationStarted","id":4,"previousEventId":3,"mapIterationStartedEventDetails":{"name":"M","index":0}}`,
		},
		"task scheduled": {
			history.Event{ID: 3, Previous: 2, Type: history.TaskScheduled, At: at, Details: history.Details{
				ResourceType: "sqs", Resource: "sendMessage", Region: "us-east-1", Parameters: payload, TimeoutInSeconds: new(int64(60)),
			}},
			`{"timestamp":1772600767.089,"type":"TaskScheduled","id":3,"previousEventId":2,"taskScheduledEventDetails":{"resourceType":"sqs","resource":"sendMessage","region":"us-east-1","parameters":"{\"a\":1}","timeoutInSeconds":60}}`,
		},
		"assigned variables": {
			history.Event{ID: 3, Previous: 2, Type: history.PassStateExited, At: at, Details: history.Details{
				Name: "A", Output: value.Nil, AssignedVariables: []history.Variable{{Name: "x", Value: value.String("y")}},
			}},
			`{"timestamp":1772600767.089,"type":"PassStateExited","id":3,"previousEventId":2,"stateExitedEventDetails":{"name":"A","output":"null","outputDetails":{"truncated":false},"assignedVariables":{"x":"\"y\""},"assignedVariablesDetails":{"truncated":false}}}`,
		},
		"error with an empty cause": {
			history.Event{ID: 3, Previous: 2, Type: history.ExecutionFailed, At: at, Details: history.Details{Error: new("E"), Cause: new("")}},
			`{"timestamp":1772600767.089,"type":"ExecutionFailed","id":3,"previousEventId":2,"executionFailedEventDetails":{"error":"E","cause":""}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(c.event)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			var back history.Event
			if err := json.Unmarshal(got, &back); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.event, back); d != "" {
				t.Errorf("read back (-want +got):\n%s", d)
			}
		})
	}
}

func TestEventWithoutDataKeepsErrors(t *testing.T) {
	t.Parallel()
	e := history.Event{ID: 3, Type: history.PassStateExited, At: at, Details: history.Details{
		Name: "A", Output: value.Int(1), Error: new("E"), AssignedVariables: []history.Variable{{Name: "x"}},
	}}
	want := history.Event{ID: 3, Type: history.PassStateExited, At: at, Details: history.Details{Name: "A", Error: new("E")}}
	if d := cmp.Diff(want, e.WithoutData()); d != "" {
		t.Error(d)
	}
	if e.Details.Output.IsAbsent() {
		t.Error("the event itself lost its data")
	}
}

func TestBadEventsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `{"id":"x"}`, `{"type":"PassStateEntered","stateEnteredEventDetails":7}`} {
		if err := json.Unmarshal([]byte(text), new(history.Event)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}
