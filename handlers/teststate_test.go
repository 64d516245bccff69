package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/interp"
	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

func TestAStateIsTestedFromTheDesigner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var asked teststate.Request
	s.TestFunc = func(r teststate.Request, input *string) (*teststate.Report, error) {
		asked = r
		if *input != `{"n":1}` {
			t.Errorf("input %s", *input)
		}
		return &teststate.Report{
			Status: teststate.Retriable, Error: new("E"), Input: value.Raw(`{"n":1.00}`),
			Stages:  []interp.Stage{{Name: interp.AfterInputPath, Data: value.Raw(`{"n":1.00}`)}},
			Backoff: new(1500 * time.Millisecond), RetryIndex: new(0),
			Request: &teststate.Message{Method: "GET", URL: "https://x"}, Response: &teststate.Message{StatusCode: "500", StatusText: "Internal Server Error"},
		}, nil
	}
	a := s.json(http.MethodPost, "/api/test-state", `{"definition":"d","state":"A","input":"{\"n\":1}","answer":"error","error":"E","attempts":2}`)
	want := `{"status":"RETRIABLE","error":"E","input":"{\"n\":1.00}","stages":[{"name":"afterInputPath","data":"{\"n\":1.00}"}],"retryIndex":0,"backoffSeconds":1.5,` +
		`"request":{"line":"GET https://x","headers":"","body":""},"response":{"line":"500 Internal Server Error","headers":"","body":""}}`
	if got := strings.TrimSpace(a.Body.String()); a.Code != http.StatusOK || got != want {
		t.Errorf("%d %s", a.Code, got)
	}
	if asked.StateName != "A" || asked.RoleARN == "" || asked.Mock.ErrorOutput.Error != "E" || asked.Config.RetrierRetryCount != 2 || asked.Context != nil {
		t.Errorf("asked %+v", asked)
	}
	s.TestFunc = func(teststate.Request, *string) (*teststate.Report, error) {
		return nil, &engine.Fault{Code: "ValidationException", Field: "mock", Message: "Mocked result must be valid JSON"}
	}
	if a := s.json(http.MethodPost, "/api/test-state", `{"answer":"result","result":"x"}`); a.Code < 400 || !strings.Contains(a.Body.String(), `"field":"mock"`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

// TestOnlyWhoMayStartMayReallyCall tests a Task as somebody who may only judge definitions.
func TestOnlyWhoMayStartMayReallyCall(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.server.who = access.Principal{Name: "ann", Roles: []access.Role{access.Designer}}
	s.TestFunc = func(teststate.Request, *string) (*teststate.Report, error) {
		return &teststate.Report{Status: teststate.Succeeded}, nil
	}
	const task = `"definition":"{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::http:invoke\",\"End\":true}"`
	for body, want := range map[string]int{
		`{` + task + `,"answer":"real"}`:                               http.StatusForbidden,
		`{` + task + `,"answer":"result","result":"{}"}`:               http.StatusOK,
		`{"definition":"{\"Type\":\"Succeed\"}","answer":"real"}`:      http.StatusOK,
		`{"definition":"not a definition at all","answer":"whatever"}`: http.StatusOK, // the engine says what is wrong
	} {
		if a := s.json(http.MethodPost, "/api/test-state", body); a.Code != want {
			t.Errorf("%s: got %d %s, want %d", body, a.Code, a.Body, want)
		}
	}
}
