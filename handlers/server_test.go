package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/bus"
	"statehouse/engine/feed"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func TestEveryRouteHasARow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	open := map[string]bool{"POST /": true, "GET /healthz": true, "GET /readyz": true, "GET /static/*": true, "POST /settings/theme": true}
	for _, r := range s.server.Routes() {
		if r.Operation == "" != open[r.Method+" "+r.Path] {
			t.Errorf("%s %s has operation %q", r.Method, r.Path, r.Operation)
		}
		if r.Operation != "" && !access.May(access.Admin, r.Operation) {
			t.Errorf("%s %s: nobody may %s", r.Method, r.Path, r.Operation)
		}
	}
	if got, want := len(s.server.echo.Routes()), len(s.server.Routes()); got != want {
		t.Errorf("%d routes answer, %d are in the table", got, want)
	}
}

func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/workflows", "/nowhere", "/static/css/controls.css", "/healthz", "/api/drafts/None"} {
		h := s.get(path).Header()
		if !strings.Contains(h.Get("Content-Security-Policy"), "script-src 'self';") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, h)
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s allows something unsafe", path)
		}
	}
}

// A policy without inline code is worth nothing if a page needs inline code to work.
func TestNoPageHasInlineCode(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{
		"/workflows", "/workflows/new", "/workflows/Order-review", "/executions", "/executions/Order-review/order%201042",
		"/inbox", "/inbox/t1", "/settings", "/nowhere",
	} {
		a := s.get(path)
		for n := range a.page.Descendants() {
			if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" && attr(n, "type") != "application/json" {
				t.Errorf("%s has an inline %s", path, n.Data)
			}
			for _, at := range n.Attr {
				if at.Key == "style" || strings.HasPrefix(at.Key, "on") || strings.HasPrefix(at.Val, "javascript:") {
					t.Errorf("%s has %s=%q", path, at.Key, at.Val)
				}
			}
		}
	}
}

func TestForeignHostsAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for host, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1:9999": 200, "[::1]:8080": 200, "LOCALHOST": 200, "localhost.": 200, "sync-localhost:8080": 200,
		"evil.example": 421, "127.0.0.1.evil.example:8080": 421, "localhost.evil.example": 421, "": 421, "10.0.0.1:8080": 421,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/workflows", nil)
		r.Host = host
		if got := s.do(r).Code; got != want {
			t.Errorf("Host %q: %d, want %d", host, got, want)
		}
	}
}

func TestClientsOfAWSReadWhyTheyWereRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("{}"))
	r.Host = "statehouse:8080"
	r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
	a := s.do(r)
	var body struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(a.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if a.Code != 421 || !strings.HasSuffix(body.Type, "#AccessDeniedException") || !strings.Contains(body.Message, "answers to localhost") {
		t.Errorf("got %d %+v", a.Code, body)
	}
	if id := a.Header().Get("x-amzn-RequestId"); id == "" || id != a.Header().Get("X-Request-Id") {
		t.Errorf("the client reads the request id %q, the log says %q", id, a.Header().Get("X-Request-Id"))
	}
}

func TestOtherSitesCannotChangeAnything(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		name    string
		headers map[string]string
		want    int
	}{
		{"our own page", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"}, 303},
		{"a program", nil, 303},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"another port", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:9"}, 403},
		{"an old browser on another site", map[string]string{"Origin": "https://evil.example"}, 403},
	} {
		s.deleted = ""
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/workflows/Order-review/delete", nil)
		for k, v := range tt.headers {
			r.Header.Set(k, v)
		}
		if got := s.do(r).Code; got != tt.want || (s.deleted != "") != (tt.want == 303) {
			t.Errorf("%s: %d, want %d; deleted %q", tt.name, got, tt.want, s.deleted)
		}
	}
	aws := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("{}"))
	aws.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
	if a := s.do(aws); a.Body.String() != "aws" {
		t.Errorf("the AWS API answers %d %s", a.Code, a.Body)
	}
}

func TestUnknownErrorsSayNothingAndAreLogged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.WorkflowsFunc = func(ledger.WorkflowQuery) ([]ledger.Workflow, string, error) {
		return nil, "", errors.New("the canary secret")
	}
	a := s.get("/workflows")
	if a.Code != 500 || strings.Contains(a.Body.String(), "canary") {
		t.Errorf("%d: %s", a.Code, a.Body)
	}
	if !strings.Contains(s.log.String(), "the canary secret") || !strings.Contains(text(a.page), a.Header().Get("X-Request-Id")) {
		t.Error("the log has no line for it, or the page does not name the request")
	}
}

func TestAPanicIsAnErrorPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.WorkflowsFunc = func(ledger.WorkflowQuery) ([]ledger.Workflow, string, error) { panic("oops") }
	if a := s.get("/workflows"); a.Code != 500 || !strings.Contains(text(a.page), "Something went wrong here") {
		t.Errorf("%d: %s", a.Code, text(a.page))
	}
	if !strings.Contains(s.log.String(), "oops") {
		t.Error("the log has no line for it")
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		path string
		code int
		want string
	}{
		{"/nowhere", 404, "There is no page here"},
		{"/workflows/None", 404, "There is no such workflow"},
		{"/executions/Order-review/none", 404, "There is no such execution"},
		{"/inbox/none", 404, "There is no such task"},
		{"/workflows/Order-review/tags", 405, "This address does something else"},
		{"//workflows", 404, "There is no page here"},
		{"/workflows/", 404, "There is no page here"},
		{"/WORKFLOWS", 404, "There is no page here"},
		{"/static/../engine/engine.go", 404, ""},
		{"/static/css/none.css", 404, ""},
	} {
		a := s.get(tt.path)
		if a.Code != tt.code || !strings.Contains(text(a.page), tt.want) {
			t.Errorf("%s: %d %s", tt.path, a.Code, text(a.page))
		}
	}
}

func TestStorageThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.WorkflowsFunc = func(ledger.WorkflowQuery) ([]ledger.Workflow, string, error) {
		return nil, "", &engine.Fault{Code: engine.ServiceUnavailable, Message: "storage is full: free space on /data"}
	}
	a := s.get("/workflows")
	if a.Code != 503 || a.Header().Get("Retry-After") == "" || !strings.Contains(text(a.page), "free space on /data") {
		t.Errorf("%d %v: %s", a.Code, a.Header(), text(a.page))
	}
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if a := s.get("/readyz"); a.Code != 200 || !strings.Contains(a.Body.String(), `"ready"`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	s.ready = []engine.Reason{{Part: "storage", Message: "read-only"}}
	if a := s.get("/readyz"); a.Code != 503 || !strings.Contains(a.Body.String(), `{"part":"storage","message":"read-only"}`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	a := newSite(t).get("/metrics")
	for _, want := range []string{
		`statehouse_executions_closed_total{status="SUCCEEDED"} 7`,
		`statehouse_open_executions{state_machine="orders"} 5`,
		"statehouse_open_execution_limit 1000",
		"statehouse_map_run_backlog 2",
		"statehouse_state_machines 3",
		"# HELP statehouse_state_machines State machines. CloudWatch: StateMachineCount.",
	} {
		if !strings.Contains(a.Body.String(), want+"\n") {
			t.Errorf("no %s: %d %s", want, a.Code, a.Body)
		}
	}
}

func TestFilesAreKeptByTheirFingerprint(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	link := s.get("/workflows").find("rel", "stylesheet")
	a := s.get(attr(link, "href"))
	if a.Code != 200 || !strings.Contains(a.Header().Get("Cache-Control"), "immutable") || !strings.HasPrefix(a.Header().Get("Content-Type"), "text/css") {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/static/css/controls.css", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	first := s.do(r)
	if first.Header().Get("Content-Encoding") != "gzip" || first.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("%v", first.Header())
	}
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	if again := s.do(r); again.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", again.Code)
	}
	if page := s.get("/workflows"); page.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("pages may be kept: %v", page.Header())
	}
}

func TestPagesSayWhenNothingCanBeSaved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if body := s.get("/workflows").Body.String(); strings.Contains(body, "Nothing can be saved") {
		t.Error("a healthy server has no banner")
	}
	s.ready = []engine.Reason{{Part: "storage", Message: "storage is full: free space on /data"}}
	for _, path := range []string{"/workflows", "/inbox", "/workflows/Order-review"} {
		if body := s.get(path).Body.String(); !strings.Contains(body, "Nothing can be saved or started at the moment: storage is full: free space on /data") {
			t.Errorf("%s does not say that the storage is full", path)
		}
	}
}

func TestEventsAreJSONLines(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := bus.New(bus.Config{})
	s.server.bus = b
	for _, of := range []string{"a", "b"} {
		b.Stepped(feed.Step{Began: true, Execution: &ledger.Execution{
			Name: "<" + of + ">", MachineARN: "arn:aws:states:us-east-1:000000000000:stateMachine:" + of, Type: engine.Standard, Input: value.Object(),
		}})
	}
	a := s.get("/api/events")
	if lines := strings.Count(a.Body.String(), "\n"); a.Code != 200 || lines != 2 || !strings.HasPrefix(a.Header().Get("Content-Type"), "application/jsonl") {
		t.Errorf("%d, %d lines: %s", a.Code, lines, a.Body)
	}
	if got := s.get("/api/events?machine=b&status=RUNNING").Body.String(); !strings.Contains(got, `"name":"<b>","status":"RUNNING"`) || strings.Contains(got, "<a>") {
		t.Errorf("of b there is %s", got)
	}
	if a := s.get("/api/events?status=DONE"); a.Code != 400 {
		t.Errorf("a status that there is not: %d", a.Code)
	}
	first := b.Since("", bus.Filter{})[0].ID
	if got := s.get("/api/events?since=" + first).Body.String(); strings.Count(got, "\n") != 1 {
		t.Errorf("after the first: %s", got)
	}
}
