package pages

import (
	"testing"

	"statehouse/engine"

	"github.com/google/go-cmp/cmp"
)

func TestLimitNotesNameWhatIsLeft(t *testing.T) {
	t.Parallel()
	far := engine.Usage{Events: 19_999, MaxEvents: 25_000, Variables: 1 << 20, MaxVariables: 10 << 20}
	if got := LimitNotes(far); got != nil {
		t.Errorf("far from every limit: %v", got)
	}
	near := engine.Usage{Events: 21_300, MaxEvents: 25_000, Variables: 9 << 20, MaxVariables: 10 << 20}
	var titles []string
	for _, n := range LimitNotes(near) {
		titles = append(titles, n.Title)
	}
	if diff := cmp.Diff([]string{"21,300 of 25,000 events", "Variables hold 9,216 of 10,240 KiB"}, titles); diff != "" {
		t.Error(diff)
	}
}
