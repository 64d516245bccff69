package logging_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/logging"
	"statehouse/engine/value"
)

const destination = `"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/orders:*"}}]`

func TestParse(t *testing.T) {
	t.Parallel()
	group := "/aws/vendedlogs/states/orders"
	to := func(arn string) string {
		return `{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"` + arn + `"}}]}`
	}
	tests := []struct {
		name, text string
		want       logging.Config
		err        string
	}{
		{"none", "", logging.Config{}, ""},
		{"empty", "{}", logging.Config{}, ""},
		{"all with data", `{"level":"ALL","includeExecutionData":true,` + destination + `}`, logging.Config{Level: logging.All, Data: true, Group: group}, ""},
		{"fatal", `{"level":"FATAL",` + destination + `}`, logging.Config{Level: logging.Fatal, Group: group}, ""},
		{"off needs no destination", `{"level":"OFF"}`, logging.Config{}, ""},
		{"no level is off", `{` + destination + `}`, logging.Config{}, ""},
		{"no destination", `{"level":"ALL"}`, logging.Config{}, "Must specify exactly one Log Destination."},
		{"an empty destination", `{"level":"ALL","destinations":[{}]}`, logging.Config{}, "Must specify exactly one Log Destination."},
		{"without the star", to("arn:aws:logs:us-east-1:000000000000:log-group:orders"), logging.Config{}, "Log Group ARN must be provided with '*' qualifier."},
		{"of another service", to("arn:aws:s3:us-east-1:000000000000:log-group:orders:*"), logging.Config{}, "Log Group ARN is not valid"},
		{"a stream", to("arn:aws:logs:us-east-1:000000000000:log-group:orders:log-stream:x:*"), logging.Config{}, "Log Group ARN is not valid"},
		{"an impossible name", to("arn:aws:logs:us-east-1:000000000000:log-group:a b:*"), logging.Config{}, "Log Group ARN is not valid"},
		{"no name", to("arn:aws:logs:us-east-1:000000000000:log-group::*"), logging.Config{}, "Log Group ARN is not valid"},
		{"a long name", to("arn:aws:logs:us-east-1:000000000000:log-group:" + strings.Repeat("a", 513) + ":*"), logging.Config{}, "Log Group ARN is not valid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := logging.Parse(tt.text)
			if got != tt.want || (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %+v, %v, want %+v, %q", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	// The names of failures are regular, but for the state that fails on purpose.
	for _, typ := range history.Types() {
		s := string(typ)
		failure := strings.HasSuffix(s, "Failed") || strings.HasSuffix(s, "TimedOut") || strings.HasSuffix(s, "Aborted") || typ == history.FailStateEntered
		end := failure && strings.HasPrefix(s, "Execution")
		for level, want := range map[logging.Level]bool{logging.All: true, logging.Error: failure, logging.Fatal: end, logging.Off: false, "": false} {
			if got := level.Logs(typ); got != want {
				t.Errorf("%q logs %s: %v, want %v", level, typ, got, want)
			}
		}
	}
}

func event() *history.Event {
	in, _ := value.Parse(`{"n": 1, "event_timestamp": "7"}`)
	return &history.Event{
		ID: 2, Previous: 1, Type: history.PassStateExited, At: time.UnixMilli(1700000000123),
		Details: history.Details{Name: "P", Output: in, AssignedVariables: []history.Variable{{Name: "event_timestamp", Value: in}}},
	}
}

const execution = "arn:aws:states:us-east-1:000000000000:execution:m:x"

func TestRecord(t *testing.T) {
	t.Parallel()
	e := event()
	whole := logging.Config{Level: logging.All, Data: true, Group: "g"}.Record(nil, e, execution, 3)
	want := `{"id":"2","type":"PassStateExited","details":{"name":"P","output":"{\"n\":1,\"event_timestamp\":\"7\"}","outputDetails":{"truncated":false},` +
		`"assignedVariables":{"event_timestamp":"{\"n\":1,\"event_timestamp\":\"7\"}"},"assignedVariablesDetails":{"truncated":false}},` +
		`"previous_event_id":"1","event_timestamp":"1700000000123","execution_arn":"` + execution + `","redrive_count":"3"}`
	if string(whole) != want {
		t.Errorf("got  %s\nwant %s", whole, want)
	}
	bare := logging.Config{Level: logging.All, Group: "g"}.Record(nil, e, execution, 0)
	want = `{"id":"2","type":"PassStateExited","details":{"name":"P"},"previous_event_id":"1","event_timestamp":"1700000000123","execution_arn":"` + execution + `","redrive_count":"0"}`
	if string(bare) != want {
		t.Errorf("without data got  %s\nwant %s", bare, want)
	}
	for _, line := range [][]byte{whole, bare} {
		if at, ok := logging.Time(line); !ok || !at.Equal(e.At) {
			t.Errorf("time of %s: %v %v", line, at, ok)
		}
		if !logging.Of(line, execution) || logging.Of(line, execution[:len(execution)-1]) || logging.Of(line, execution+"y") {
			t.Errorf("the execution of %s is not told", line)
		}
	}
	if _, ok := logging.Time([]byte(`{"event":1}`)); ok {
		t.Error("a line that is no record has a time")
	}
}

func TestLongPayloadsAreCut(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("a", 300<<10), strings.Repeat("ü\"", 100<<10), strings.Repeat("\u0001", 60<<10)} {
		e := event()
		e.Details.Output = value.String(text)
		line := logging.Config{Level: logging.All, Data: true, Group: "g"}.Record(nil, e, execution, 0)
		var r struct {
			Details struct {
				Output        string
				OutputDetails struct{ Truncated bool }
			}
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if got := r.Details.Output; !r.Details.OutputDetails.Truncated || !strings.HasPrefix(e.Details.Output.JSON(), got) || len(line) > 256<<10 || len(line) < 200<<10 {
			t.Errorf("%.3q…: truncated %v, a record of %d bytes", text, r.Details.OutputDetails.Truncated, len(line))
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	line := logging.Config{Level: logging.All, Data: true, Group: "g"}.Record(nil, event(), execution, 0)
	for pattern, want := range map[string]bool{
		"": true, "  ": true, "PassStateExited": true, "passstateexited": false, "Pass Exited": true, "Pass Fail": false,
		"-Fail": true, "Exited -Pass": false, "?Fail ?Pass": true, "?Fail ?Abort": false, `"StateExited"`: true, `"Pass State"`: false,
		`{ $.type = "PassStateExited" }`: true, `{$.type="Pass*"}`: true, `{ $.type = "*Exit*d" }`: true, `{ $.type = Task* }`: false,
		`{ $.type != "PassStateExited" }`: false, `{ $.id = 2 }`: true, `{ $.id > 1 && $.id <= 2 }`: true, `{ $.id >= 3 }`: false, `{ $.id < 3 }`: true,
		`{ $.details.name = "P" }`: true, `{ $.details.error NOT EXISTS }`: true, `{ $.details.name NOT EXISTS }`: false,
		`{ $.details.outputDetails.truncated IS FALSE }`: true, `{ $.details.outputDetails.truncated IS TRUE }`: false, `{ $.details.name IS NULL }`: false,
		`{ ($.id = 7 || $.id = 2) && $.type = "Pass*" }`: true, `{ $.id = 7 || $.type = "Task*" }`: false, `{ $.nothing = 1 }`: false, `{ $.nothing != 1 }`: false,
	} {
		p, err := logging.ParsePattern(pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if got := p.Matches(line); got != want {
			t.Errorf("%s chooses: %v, want %v", pattern, got, want)
		}
	}
	for _, wrong := range []string{
		"{", "{ }", "{ type = 1 }", "{ $.type }", "{ $.type = }", "{ $.id > x }", "{ $.id = 1", "{ ($.id = 1 }", "{ $.id = 1 ) }", `{ $.a = "b }`, "{ $. = 1 }", "{ $.a[0] = 1 }",
		"{" + strings.Repeat("(", 100) + "$.id = 1" + strings.Repeat(")", 100) + "}", "[a, b]", "%x%", `"open`, "-", "a -", strings.Repeat("a", 1025),
	} {
		if _, err := logging.ParsePattern(wrong); err == nil || !strings.HasPrefix(err.Error(), "Invalid filter pattern") {
			t.Errorf("%s: got %v, want an error", wrong, err)
		}
	}
}

func FuzzParsePattern(f *testing.F) {
	f.Add(`{ ($.id = 7 || $.type = "a*") && $.b NOT EXISTS }`)
	f.Add(`a "b c" -d ?e`)
	f.Fuzz(func(_ *testing.T, text string) {
		if p, err := logging.ParsePattern(text); err == nil {
			p.Matches([]byte(`{"id":"2","type":"PassStateExited","details":{"name":"P"}}`))
		}
	})
}
