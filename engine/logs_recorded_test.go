package engine_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"statehouse/engine"
	"statehouse/engine/logfile"
	"statehouse/engine/recorded"
)

// recordedLog is what AWS wrote into a log group.
type recordedLog struct {
	ID           string
	Type         string
	Definition   json.RawMessage
	Input        json.RawMessage
	Logging      json.RawMessage // none: ALL with data
	Records      []any
	Last         any // the only one that was recorded
	Deleted      bool
	Placeholders recorded.Placeholders
	Bindings     map[string]string
}

const allWithData = `{"level":"ALL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/test:*"}}]}`

// TestRecordsAreThoseOfAWS runs what was recorded, and compares what is logged.
func TestRecordsAreThoseOfAWS(t *testing.T) {
	f, err := os.Open("testdata/recorded_logs.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	var cases []*recordedLog
	for lines := bufio.NewScanner(f); lines.Scan(); {
		c := &recordedLog{}
		if err := json.Unmarshal(lines.Bytes(), c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	if len(cases) != 18 {
		t.Errorf("%d recordings, want 18", len(cases))
	}
	loggedBubble(t, nil, func(t *testing.T, h *house) {
		h.account = "111111111111"
		h.restart()
		for _, c := range cases {
			for _, d := range c.run(t, h) {
				t.Errorf("%s: %s", c.ID, d)
			}
		}
	})
}

func (c *recordedLog) run(t *testing.T, h *house) []string {
	t.Helper()
	if c.Logging == nil {
		c.Logging = json.RawMessage(allWithData)
	}
	config := strings.ReplaceAll(string(c.Logging), "/aws/vendedlogs/states/sfn-test-group", "/aws/vendedlogs/states/"+newName())
	m, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{
		Name: newName(), Definition: string(c.Definition), Type: c.Type, Logging: config,
		RoleARN: "arn:aws:iam::111111111111:role/test-role",
	})
	if err != nil {
		t.Fatal(err)
	}
	group := strings.TrimSuffix(config[strings.Index(config, ":log-group:")+len(":log-group:"):], `:*"}}]}`)
	if c.Deleted {
		if err := h.DeleteLogGroup(t.Context(), group); err != nil {
			t.Fatal(err)
		}
	}
	h.wait(h.start(m.ARN, string(c.Input)))
	h.delivered()
	var got []any
	page, err := h.FilterLogs(context.Background(), logfile.Query{Group: group, Limit: 1000})
	if err != nil && !c.Deleted && len(c.Records) > 0 {
		t.Fatal(err)
	}
	for _, e := range page.Events {
		v, ok := recorded.ParseJSON(e.Text)
		if !ok {
			t.Fatalf("no JSON: %s", e.Text)
		}
		got = append(got, v)
	}
	k := recorded.New(c.Placeholders, c.Bindings)
	if c.Last != nil {
		return k.Equal(numbered(c.Last), got[len(got)-1], "last", true)
	}
	if len(c.Records) != len(got) {
		return []string{recorded.Short(got) + " is logged, expected " + recorded.Short(c.Records)}
	}
	var differ []string
	for i := range got {
		differ = append(differ, k.Equal(numbered(c.Records[i]), got[i], c.ID, true)...)
	}
	return differ
}

// numbered reads a value again, so that its numbers are those that recorded compares.
func numbered(v any) any {
	text, _ := json.Marshal(v)
	again, _ := recorded.ParseJSON(string(text))
	return again
}
