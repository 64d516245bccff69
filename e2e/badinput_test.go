package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestBadInputIsToldWhere sends what people and programs get wrong: every answer is a
// refusal, says where the fault lies and why, and is short whatever was sent.
func TestBadInputIsToldWhere(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	c := s.client()
	m := machine(t, c, "ask", asking)
	arn := run(t, c, m, `{"title":"bad input"}`)
	task := s.task(t, "bad input")
	long := strings.Repeat("x", 1<<20)
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	script := append([]string{"Accept", "application/json"}, form...)
	asJSON := []string{"Content-Type", "application/json"}
	for name, tc := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		words              []string
	}{
		"a workflow without a name":      {http.MethodPost, "/workflows", "name=+&starter=hello", form, 422, []string{"needs a name"}},
		"a name with a slash":            {http.MethodPost, "/workflows", "name=a/b&starter=hello", form, 422, []string{"a/b", "letters, digits"}},
		"a name of a megabyte":           {http.MethodPost, "/workflows", "name=" + long, form, 422, []string{"at most 80"}},
		"a name that is taken":           {http.MethodPost, "/workflows", "name=ask&starter=hello", form, 422, []string{"ask", "already"}},
		"an input that is not JSON":      {http.MethodPost, "/workflows/ask/run", `input={"a":`, form, 422, []string{"line 1, column 6"}},
		"the same from a script":         {http.MethodPost, "/workflows/ask/run", `input={"a":`, script, 422, []string{`"field":"input"`, "line 1, column 6"}},
		"a key twice":                    {http.MethodPost, "/workflows/ask/run", `input={"a":1,"a":2}`, script, 422, []string{`"field":"input"`, `\"a\"`}},
		"a run with a colon in its name": {http.MethodPost, "/workflows/ask/run", "input={}&name=a:b", script, 422, []string{`"field":"name"`, "a:b", "letters, digits"}},
		"an input that is too large":     {http.MethodPost, "/workflows/ask/run", `input="` + long + `"`, script, 422, []string{`"field":"input"`, "262144"}},
		"a workflow that is not there":   {http.MethodPost, "/workflows/nowhere/run", "input={}", script, 404, []string{"nowhere"}},
		"an outcome that is not offered": {http.MethodPost, task + "/decide", "outcome=Perhaps", script, 422, []string{"Perhaps", "Approve, Reject"}},
		"no outcome":                     {http.MethodPost, task + "/decide", "", script, 422, []string{"Approve, Reject"}},
		"a comment of a megabyte":        {http.MethodPost, task + "/decide", "outcome=Approve&comment=" + long, script, 422, []string{"comment"}},
		"a task that is not there":       {http.MethodPost, "/inbox/nowhere/decide", "outcome=Approve", script, 404, []string{"nowhere"}},
		"a form that is no form":         {http.MethodPost, task + "/decide", `{"outcome":"Approve"}`, append([]string{"Accept", "application/json"}, asJSON...), 415, []string{"x-www-form-urlencoded"}},
		"a form of 5 MB":                 {http.MethodPost, task + "/decide", "comment=" + strings.Repeat(long, 5), script, 413, []string{"4 MB"}},
		"a draft that is a number":       {http.MethodPut, "/api/drafts/ask", `{"text":5}`, asJSON, 400, []string{"'text'", "string"}},
		"a draft that is a list":         {http.MethodPut, "/api/drafts/ask", `[]`, asJSON, 400, []string{"JSON"}},
		"a draft of a revision to come":  {http.MethodPut, "/api/drafts/Order-review", `{"text":"{}","base":77}`, asJSON, 409, []string{"revision"}},
		"a draft with a forbidden name":  {http.MethodPut, "/api/drafts/a%2Fb", `{"text":"{}","base":0}`, asJSON, 422, []string{"a/b"}},
		"a draft of 2 MiB":               {http.MethodPut, "/api/drafts/ask", `{"text":"` + long + long + `","base":0}`, asJSON, 422, []string{"1 MiB"}},
		"an event that is no number":     {http.MethodGet, "/api" + pageOf(arn) + "/events?after=x", "", nil, 400, []string{"after", "whole number"}},
		"a stream from event -1":         {http.MethodGet, "/live" + pageOf(arn) + "?since=-1", "", nil, 400, []string{"since"}},
		"a page that is not there":       {http.MethodGet, "/executions?page=AAAA", "", nil, 422, []string{"no such page"}},
		"an execution that is not there": {http.MethodGet, "/api/executions/ask/nowhere/events", "", nil, 404, []string{"nowhere"}},
	} {
		began := time.Now()
		a := s.send(t, tc.method, tc.path, tc.body, tc.headers...)
		if a.StatusCode != tc.status {
			t.Errorf("%s: %d, want %d: %.300s", name, a.StatusCode, tc.status, a.Body)
		}
		for _, w := range tc.words {
			if !strings.Contains(a.Body, w) {
				t.Errorf("%s: the answer does not say %q: %.600s", name, w, a.text())
			}
		}
		if json.Valid([]byte(a.Body)) && len(a.Body) > 2000 && tc.status != 409 { // 409 brings the text that is stored
			t.Errorf("%s: the answer has %d bytes", name, len(a.Body))
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}
