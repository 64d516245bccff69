package engine

import (
	"testing"

	"statehouse/engine/history"
	"statehouse/engine/ledger"
)

// sampled is an execution with a history of so many events, the first of which are in the sample.
func sampled(id, events int64, first int) sample {
	s := sample{execution: ledger.Execution{ID: ledger.ExecutionID(id), ARN: "a", Events: events}}
	for i := range first {
		s.events = append(s.events, history.Event{ID: history.ID(i + 1)})
	}
	return s
}

func TestASampleIsReadAgainWhenTheExecutionWentOn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kept, now sample
		want      bool
	}{
		"nothing new":                        {sampled(1, 5, 5), sampled(1, 5, 5), true},
		"it went on":                         {sampled(1, 5, 5), sampled(1, 6, 6), false},
		"before its first event":             {sampled(1, 0, 0), sampled(1, 2, 2), false},
		"it went on while it was read":       {sampled(1, 5, 6), sampled(1, 7, 7), false},
		"it went on beyond what is sampled":  {sampled(1, 2000, 1000), sampled(1, 3000, 1000), true},
		"another execution with as many":     {sampled(1, 5, 5), sampled(2, 5, 5), false},
		"one after a restart, in its place":  {sample{execution: ledger.Execution{ID: 1, ARN: "b", Events: 5}}, sampled(1, 5, 5), false},
		"one that is in no store: its first": {sampled(-1, 3, 3), sampled(-2, 3, 3), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s samples
			s.keep(tt.kept)
			if _, ok := s.find(tt.now.execution); ok != tt.want {
				t.Errorf("kept: %t, want %t", ok, tt.want)
			}
		})
	}
}

func TestFewSamplesAreKept(t *testing.T) {
	t.Parallel()
	var s samples
	for id := range int64(sampledKept + 1) {
		s.keep(sampled(id, 1, 1))
		if id == 2 {
			s.find(sampled(0, 1, 1).execution) // is asked for again
		}
	}
	s.keep(sampled(sampledKept, 2, 2))
	if len(s.kept) != sampledKept {
		t.Errorf("%d samples are kept, want %d", len(s.kept), sampledKept)
	}
	for id, want := range map[int64]bool{0: true, 1: false, 2: true} {
		if _, ok := s.find(sampled(id, 1, 1).execution); ok != want {
			t.Errorf("execution %d is kept: %t, want %t", id, ok, want)
		}
	}
}
