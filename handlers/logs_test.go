package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/logfile"
	"statehouse/engine/logging"
)

// logged is a log of one record, newest first.
type logged struct {
	asked   []engine.LogQuery
	dropped int64
	silent  bool // records go to standard output
}

func (l *logged) MachineLogs(_ context.Context, _ string, q engine.LogQuery) (logfile.Page, error) {
	l.asked = append(l.asked, q)
	if _, err := logging.ParsePattern(q.Text); err != nil {
		return logfile.Page{}, &engine.Fault{Code: "InvalidParameterException", Field: "filterPattern", Message: err.Error()}
	}
	if q.Type == "MapRunFailed" || l.silent {
		return logfile.Page{}, nil
	}
	cause := "<script>alert(1)</script>"
	e := history.Event{ID: 7, Previous: 6, Type: history.TaskFailed, At: time.Now(), Details: history.Details{Error: new("Declined"), Cause: &cause}}
	c := logging.Config{Level: logging.All, Group: "g"}
	text := string(c.Record(nil, &e, "arn:aws:states:us-east-1:000000000000:execution:Order-review:order 1042", 0))
	return logfile.Page{Events: []logfile.Event{{Stream: "states/Order-review/x/y", At: e.At, Text: text}}, Next: "older"}, nil
}

func (l *logged) LogsGo() (files, out bool)           { return !l.silent, l.silent }
func (l *logged) LogCounts() (records, dropped int64) { return 1, l.dropped }

const logsPath = "/workflows/Order-review/logs"

func TestLogPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	filter := "execution=" + url.QueryEscape(s.execution.ARN) + "&level=ERROR"
	a := s.get(logsPath + "?q=Declined&type=TaskFailed&" + filter)
	if got, want := s.asked[0], (engine.LogQuery{Level: logging.Error, Type: "TaskFailed", ExecutionARN: s.execution.ARN, Text: "Declined", Limit: 50}); got != want {
		t.Errorf("asked for %+v, want %+v", got, want)
	}
	a.says(t, "TaskFailed", "Declined: <script>alert(1)</script>", "Logging is off", "Only order 1042")
	for _, href := range []string{
		"/executions/Order-review/order%201042", logsPath + "?" + filter + "&page=older&q=Declined&type=TaskFailed",
		"/workflows/Order-review/settings#level", logsPath + "?level=ERROR&q=Declined&type=TaskFailed",
	} {
		if a.find("href", href) == nil {
			t.Errorf("no link to %s", href)
		}
	}
	if a.find("data-live", "/live"+logsPath) == nil || s.get(logsPath+"?page=older").find("data-live", "") == nil {
		t.Error("the newest page follows what comes, and no other")
	}
	s.execution.Logging = logging.Config{Level: logging.All, Group: "g"}
	if x := s.get("/executions/Order-review/order%201042"); x.find("href", logsPath+"?execution="+url.QueryEscape(s.execution.ARN)) == nil {
		t.Error("the execution has no link to its log")
	}
}

// says looks for words on the page.
func (a answer) says(t *testing.T, words ...string) {
	t.Helper()
	all := text(a.page)
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("the page does not say %q: %s", w, all)
		}
	}
}

func TestALogWithoutRecordsSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*site)
		path   string
		words  []string
	}{
		"off":             {func(s *site) { s.silent = true }, "", []string{"Keep a log of every run", "Switch logging on"}},
		"no match":        {func(*site) {}, "?type=MapRunFailed", []string{"No record matches", "Show all records"}},
		"unpublished":     {func(s *site) { s.silent = true; s.workflows[0].Machine = nil }, "", []string{"Nothing is published yet"}},
		"standard output": {func(s *site) { s.silent = true; s.workflows[0].Machine.Logging = on }, "", []string{"The log is on standard output", "--log-destination"}},
		"dropped":         {func(s *site) { s.dropped = 2 }, "", []string{"2 records of this server could not be kept"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			tt.change(s)
			s.get(logsPath+tt.path).says(t, tt.words...)
		})
	}
}

const on = `{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:g:*"}}]}`

func TestABrokenPatternIsSaidBesideTheField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.do(s.request(http.MethodGet, logsPath+"?q=%7B"))
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "Invalid filter pattern") {
		t.Errorf("got %d", a.Code)
	}
}
