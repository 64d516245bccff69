package e2e

import (
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"golang.org/x/net/html"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// pagesOf are the addresses of all pages of a server on which one execution asks a person.
func pagesOf(t *testing.T, s *server) []string {
	t.Helper()
	c := s.client()
	arn := run(t, c, machine(t, c, "ask", asking), `{"title":"a page"}`)
	task := s.task(t, "a page")
	return []string{
		"/workflows", "/workflows?q=nothing-like-this", "/workflows/new", "/workflows/import", "/workflows/Order-review", "/workflows/ask",
		"/workflows/ask/versions", "/workflows/ask/executions", "/workflows/ask/settings", "/workflows/ask/run", "/workflows/ask/compare", "/workflows/ask/aliases", "/workflows/ask/versions/1", "/executions", "/executions?status=FAILED",
		pageOf(arn), "/inbox", "/inbox?view=decided", task, "/settings", "/settings/access-keys", "/nowhere", "/workflows/nowhere", "/executions/no/where", "/inbox/nowhere", "/?q=<script>",
	}
}

func TestEveryPageHasAStrictPolicyAndNoInlineCode(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	for _, path := range pagesOf(t, s) {
		a := s.get(t, path)
		if a.StatusCode >= 500 {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
		policy := map[string]string{}
		for _, d := range strings.Split(a.Header.Get("Content-Security-Policy"), ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(d), " ")
			policy[name] = sources
		}
		for name, want := range map[string]string{
			"default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'",
		} {
			if policy[name] != want {
				t.Errorf("%s: %s is %q, want %q", path, name, policy[name], want)
			}
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be sniffed", path)
		}
		for _, found := range inline(a.page) {
			t.Errorf("%s: %s", path, found)
		}
	}
}

// inline lists what the policy would refuse to run: code and style inside of the page.
func inline(page *html.Node) (found []string) {
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			if attribute(n, "src") == "" && attribute(n, "type") != "application/json" {
				found = append(found, "an inline script")
			}
		case "style", "iframe", "object", "embed", "base":
			found = append(found, "an element "+n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				found = append(found, "<"+n.Data+" "+a.Key+"="+a.Val+">")
			}
		}
	}
	return found
}

func TestForeignNamesAndSitesAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	m := machine(t, c, "ask", asking)
	arn := run(t, c, m, `{"title":"mine"}`)
	task := s.task(t, "mine")
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	amz := []string{"Content-Type", "text/plain", "X-Amz-Target", "AWSStepFunctions.DeleteStateMachine"}
	writes := []struct {
		method, path, body string
		headers            []string
	}{
		{http.MethodPost, "/workflows", "name=foreign&starter=hello", form},
		{http.MethodPost, "/workflows/ask/delete", "", form},
		{http.MethodPost, "/workflows/ask/versions", "what=published", form},
		{http.MethodPost, "/workflows/ask/settings", "level=OFF", form},
		{http.MethodPost, "/workflows/ask/tags", "key=foreign&value=1", form},
		{http.MethodPost, "/workflows/import", "", form},
		{http.MethodPost, "/workflows/import/finish", "", form},
		{http.MethodPost, "/settings/access-keys", "name=foreign&role=admin", form},
		{http.MethodPost, "/api/access-keys", `{"name":"foreign","roles":["admin"]}`, []string{"Content-Type", "application/json"}},
		{http.MethodPost, "/workflows/ask/run", "input={}", form},
		{http.MethodPost, pageOf(arn) + "/stop", "", form},
		{http.MethodPost, pageOf(arn) + "/again", "", form},
		{http.MethodPost, task + "/decide", "outcome=Approve", form},
		{http.MethodPut, "/api/drafts/ask", `{"text":"{}","input":"","base":0}`, []string{"Content-Type", "application/json"}},
		{http.MethodPost, "/api/workflows/ask/publish", "", nil},
		{http.MethodPost, "/", `{"stateMachineArn":"` + m + `"}`, amz},
	}
	foreign := map[string]struct {
		headers []string
		status  int
	}{
		"another site":            {[]string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"another port":            {[]string{"Origin", "http://127.0.0.1:1"}, http.StatusForbidden},
		"a page without origin":   {[]string{"Origin", "null"}, http.StatusForbidden},
		"the browser says so":     {[]string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"a neighbour":             {[]string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		"a name that was rebound": {[]string{"Host", "evil.example"}, http.StatusMisdirectedRequest},
		"a rebound name and port": {[]string{"Host", "evil.example:8080", "Origin", "http://evil.example:8080"}, http.StatusMisdirectedRequest},
		"a name that looks alike": {[]string{"Host", "localhost.evil.example"}, http.StatusMisdirectedRequest},
		"an address not its own":  {[]string{"Host", "127.0.0.1.evil.example"}, http.StatusMisdirectedRequest},
	}
	for what, f := range foreign {
		for _, w := range writes {
			if a := s.send(t, w.method, w.path, w.body, append(append([]string{}, w.headers...), f.headers...)...); a.StatusCode != f.status {
				t.Errorf("%s %s from %s: %d, want %d", w.method, w.path, what, a.StatusCode, f.status)
			}
		}
		stream(t, s, "/live/inbox", f.headers, f.status)
		stream(t, s, "/live"+pageOf(arn), f.headers, f.status)
		if f.status == http.StatusMisdirectedRequest {
			for _, path := range []string{"/workflows", "/metrics", "/healthz", "/api/drafts/ask", "/static/css/base.css"} {
				if a := s.send(t, http.MethodGet, path, "", f.headers...); a.StatusCode != f.status {
					t.Errorf("GET %s under %s: %d, want %d", path, what, a.StatusCode, f.status)
				}
			}
		}
	}
	if x, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn}); err != nil || x.Status != "RUNNING" {
		t.Errorf("the run is %v, %v", x, err)
	}
	if a := s.get(t, "/api/access-keys"); !strings.Contains(a.Body, `"accessKeys":[]`) {
		t.Errorf("the access keys are %s", a.Body)
	}
	if l, err := c.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{}); err != nil || len(l.StateMachines) != 2 {
		t.Errorf("the machines are %v, %v", l, err)
	}
	stream(t, s, "/live/inbox", nil, http.StatusSwitchingProtocols)
	stream(t, s, "/live/inbox", []string{"Origin", s.URL}, http.StatusSwitchingProtocols)
}

// stream tries to open a WebSocket and checks the status it gets.
func stream(t *testing.T, s *server, path string, headers []string, want int) {
	t.Helper()
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Sec-Fetch-Site" { // browsers send none of these without an Origin
			h.Set("Origin", "https://evil.example")
		}
		h.Set(headers[i], headers[i+1])
	}
	conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+path, h)
	if err == nil {
		_ = conn.Close()
	}
	if resp == nil || resp.StatusCode != want {
		t.Errorf("stream %s with %v: %v %v, want %d", path, headers, resp, err, want)
	}
}

// hostile is text that would run if a page did not escape it.
const hostile = `</script><img src=x onerror=alert(1)>'"&lt;`

// TestHostileTextStaysText puts hostile text wherever a person can put text, and reads
// every page that shows it.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	quoted := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	name, other := hostile, "2 "+hostile
	definition := quoted(map[string]any{
		"Comment": hostile, "StartAt": name,
		"States": map[string]any{
			name: map[string]any{
				"Comment": hostile, "Type": "Task", "Resource": "arn:aws:states:::human:createTask.sync", "Next": other,
				"Parameters": map[string]any{
					"Title": "hostile " + hostile, "Description": hostile + "\n\n[a](javascript:alert(1)) <b onclick=alert(1)>b</b>\n\n<script>alert(1)</script>", "Assignee": hostile,
					"CandidateGroups": []string{hostile}, "Outcomes": []string{hostile, "Approve"},
					"Summary": []map[string]any{{"Label": hostile, "Value.$": "$.text"}},
					"Form": map[string]any{"type": "object", "title": hostile, "properties": map[string]any{
						hostile: map[string]any{"type": "string", "title": hostile, "description": hostile, "default": hostile},
						"pick":  map[string]any{"type": "string", "enum": []string{hostile, "b"}},
						"note":  map[string]any{"type": "string", "format": "textarea"},
					}},
				},
			},
			other: map[string]any{"Type": "Choice", "Choices": []any{map[string]any{"Variable": "$.Outcome", "StringEquals": hostile, "Next": "End"}}, "Default": "Bad"},
			"End": map[string]any{"Type": "Succeed"},
			"Bad": map[string]any{"Type": "Fail", "Error": hostile, "Cause": hostile},
		},
	})
	m := machine(t, c, "hostile", definition)
	arn := run(t, c, m, quoted(map[string]string{"text": hostile, hostile: hostile}))
	task := s.task(t, "hostile")
	look := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			a := s.get(t, path)
			if a.StatusCode >= 500 {
				t.Errorf("%s answers %d", path, a.StatusCode)
			}
			clean(t, path, a)
		}
	}
	look("/workflows", "/workflows/hostile", "/executions", pageOf(arn), "/inbox", task, "/workflows?q="+hostileQuery, "/executions?q="+hostileQuery, "/inbox?q="+hostileQuery, "/workflows/"+hostileQuery, "/static/"+hostileQuery)
	if a := s.get(t, pageOf(arn)); !strings.Contains(a.text(), name) {
		t.Errorf("the page of the run does not show the state's name as it is")
	}
	a := s.post(t, task+"/decide", map[string][]string{"outcome": {"none of these " + hostile}, "comment": {hostile}, "form:/pick": {hostile + "!"}, "form:/" + hostile: {hostile}})
	if a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an outcome that is not offered: %d", a.StatusCode)
	}
	clean(t, "a refused decision", a)
	a = s.post(t, task+"/decide", map[string][]string{"outcome": {"Approve"}, "comment": {hostile}, "form:/pick": {"b"}, "form:/note": {hostile}})
	if a.StatusCode != http.StatusSeeOther {
		t.Errorf("a decision: %d %s", a.StatusCode, a.text())
	}
	if x := finished(t, c, arn); x.Status != "FAILED" || *x.Error != hostile {
		t.Errorf("the run is %s", x.Status)
	}
	look("/workflows", pageOf(arn), "/executions", "/inbox?view=decided", task)
	clean(t, "a late decision", s.post(t, task+"/decide", map[string][]string{"outcome": {"Approve"}}))
	clean(t, "a refused name", s.post(t, "/workflows", map[string][]string{"name": {hostile}, "starter": {hostile}}))
	clean(t, "a refused input", s.post(t, "/workflows/hostile/run", map[string][]string{"input": {hostile}, "name": {hostile}, "of": {hostile}}))

	for _, f := range []struct {
		path   string
		form   map[string][]string
		status int
	}{
		{"/versions", map[string][]string{"what": {"published"}, "description": {hostile}}, http.StatusSeeOther},
		{"/aliases", map[string][]string{"name": {"live"}, "description": {hostile}, "first": {"1"}, "weight": {hostile}}, http.StatusSeeOther},
		{"/aliases", map[string][]string{"name": {hostile}, "description": {hostile}, "first": {hostile}, "second": {hostile + "2"}, "weight": {"50"}}, http.StatusUnprocessableEntity},
		{"/settings", map[string][]string{"roleArn": {hostile}, "level": {hostile}, "logGroup": {hostile}}, http.StatusUnprocessableEntity},
		{"/tags", map[string][]string{"key": {hostile}, "value": {hostile}}, http.StatusUnprocessableEntity},
	} {
		a := s.post(t, "/workflows/hostile"+f.path, f.form)
		if a.StatusCode != f.status {
			t.Errorf("%s: %d %s", f.path, a.StatusCode, a.text())
		}
		clean(t, f.path, a)
	}
	template := quoted(map[string]any{"Resources": map[string]any{hostile: map[string]any{
		"Type":       "AWS::StepFunctions::StateMachine",
		"Properties": map[string]any{"StateMachineName": hostile, "Definition": json.RawMessage(definition), "Tags": []any{map[string]any{"Key": hostile, "Value": hostile}}, hostile: hostile},
	}}})
	look("/workflows/hostile/versions", "/workflows/hostile/versions/1", "/workflows/hostile/aliases/live", "/workflows/hostile/aliases", "/workflows/hostile/settings",
		"/workflows/hostile/run?of=alias-live", "/workflows/hostile/compare?from=1&to=draft", "/workflows/hostile/executions?q="+hostileQuery+"&of="+hostileQuery,
		"/workflows/hostile/versions?published="+hostileQuery+"&deleted="+hostileQuery, "/workflows/hostile/compare?from="+hostileQuery, "/workflows/hostile/versions/"+hostileQuery,
		"/workflows/hostile/aliases/"+hostileQuery, "/workflows/hostile?restore="+hostileQuery)
	for _, text := range []string{template, definition, hostile, `{"StartAt":` + hostile} {
		var body strings.Builder
		w := multipart.NewWriter(&body)
		if err := errors.Join(w.WriteField("text", text), w.Close()); err != nil {
			t.Fatal(err)
		}
		a := s.send(t, http.MethodPost, "/workflows/import", body.String(), "Content-Type", w.FormDataContentType(), "Origin", s.URL)
		if a.StatusCode >= 500 {
			t.Errorf("importing %q: %d", text, a.StatusCode)
		}
		clean(t, "an import", a)
	}

	events := s.get(t, "/api"+pageOf(arn)+"/events")
	if kind := events.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") || strings.Contains(events.Body, "<img") {
		t.Errorf("events are %s and hold tags", kind)
	}
}

const hostileQuery = `%3C%2Fscript%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E`

// clean fails when hostile text has become part of a page, or its data is broken.
func clean(t *testing.T, where string, a answer) {
	t.Helper()
	for _, found := range inline(a.page) {
		t.Errorf("%s: %s", where, found)
	}
	for n := range a.page.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "img" && attribute(n, "src") == "x", n.Data == "b" && strings.Contains(attribute(n, "onclick"), "alert"):
			t.Errorf("%s: hostile text became an element", where)
		case n.Data == "script" && attribute(n, "type") == "application/json":
			if n.FirstChild == nil || !json.Valid([]byte(n.FirstChild.Data)) {
				t.Errorf("%s: the data of the page is not JSON", where)
			}
		}
	}
}
