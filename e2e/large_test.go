package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// TestLargePayloadsComeInParts runs a workflow that carries 250 KB through 40 states: no
// answer brings it all at once, and nothing is missing in the end.
func TestLargePayloadsComeInParts(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	states := map[string]any{}
	const many = 40
	for i := range many {
		state := map[string]any{"Type": "Pass", "Next": fmt.Sprint("S", i+1)}
		if i == many-1 {
			state = map[string]any{"Type": "Pass", "End": true}
		}
		states[fmt.Sprint("S", i)] = state
	}
	definition, err := json.Marshal(map[string]any{"StartAt": "S0", "States": states})
	if err != nil {
		t.Fatal(err)
	}
	arn := run(t, c, machine(t, c, "large", string(definition)), `{"x":"`+strings.Repeat("y", 250_000)+`"}`)
	finished(t, c, arn)
	const total, limit = 2*many + 2, 5 << 20
	for _, path := range []string{pageOf(arn), "/api" + pageOf(arn) + "/events", "/executions", "/workflows/large"} {
		if a := s.get(t, path); a.StatusCode != 200 || len(a.Body) > limit {
			t.Errorf("%s: %d with %d bytes", path, a.StatusCode, len(a.Body))
		}
	}
	var last int64
	pages := sfn.NewGetExecutionHistoryPaginator(c, &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 1000})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			if e.Id != last+1 {
				t.Fatalf("event %d comes after %d", e.Id, last)
			}
			last = e.Id
		}
	}
	if last != total {
		t.Errorf("%d events, want %d", last, total)
	}
	f := &follower{t: t}
	f.follow(s, pageOf(arn), 1<<20)
	if f.last != total || f.status != "SUCCEEDED" {
		t.Errorf("the stream brought %d events and %s", f.last, f.status)
	}
}
