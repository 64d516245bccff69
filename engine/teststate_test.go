package engine_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

const testRole = "arn:aws:iam::000000000000:role/test"

// A test of an HTTP call makes it, and shows what went over the wire.
func TestATestedCallIsMade(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Date", "today")
		if r.URL.Path != "/ok" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = w.Write([]byte(`{"a":1}`))
	}))
	t.Cleanup(server.Close)
	e, err := engine.New(engine.Config{Store: struct{ ledger.Store }{}, AllowPrivateNetwork: true})
	if err != nil {
		t.Fatal(err)
	}
	definition := func(path string) string {
		return `{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"` + server.URL + path +
			`","Method":"POST","Headers":{"X-One":"1"},"QueryParameters":{"q":"2"},"RequestBody":{"b.$":"$.b"}},"ResultSelector":{"a.$":"$.ResponseBody.a"},"End":true}`
	}
	host := strings.TrimPrefix(server.URL, "http://")
	ok, err := e.TestState(t.Context(), teststate.Request{Definition: definition("/ok"), RoleARN: testRole}, new(`{"b":3}`))
	if err != nil {
		t.Fatal(err)
	}
	want := teststate.Message{
		Protocol: "http", Method: "POST", URL: server.URL + "/ok?q=2", Body: `{"b":3}`,
		Headers: "[Content-Type: application/json, Host: " + host + ", Range: bytes=0-262144, User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, X-One: 1]",
	}
	if ok.Status != teststate.Succeeded || ok.Output.JSON() != `{"a":1}` || *ok.Request != want {
		t.Errorf("%s %s, request %+v", ok.Status, ok.Output, ok.Request)
	}
	want = teststate.Message{
		Protocol: "http", StatusCode: "200", StatusText: "OK", Body: `{"a":1}`,
		Headers: "[Content-Length: 7, Content-Type: application/json, Date: today]",
	}
	if *ok.Response != want {
		t.Errorf("response %+v", ok.Response)
	}
	bad, err := e.TestState(t.Context(), teststate.Request{Definition: definition("/bad"), RoleARN: testRole}, new(`{"b":3}`))
	if err != nil || bad.Status != teststate.Failed || *bad.Error != "States.Http.StatusCode.418" || bad.Response.StatusCode != "418" {
		t.Errorf("%+v: %v", bad, err)
	}
}

func TestATestedStartStarts(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "m", Definition: `{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`})
		if err != nil {
			t.Fatal(err)
		}
		r, err := h.TestState(t.Context(), teststate.Request{RoleARN: testRole, Definition: `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{"StateMachineArn":"` + m.ARN + `","Name":"x"},"Next":"N"}`}, nil)
		if err != nil || r.Status != teststate.Succeeded || r.NextState != "N" {
			t.Fatalf("%+v: %v", r, err)
		}
		if _, err := h.Execution(t.Context(), r.Output.Get("ExecutionArn").Text()); err != nil {
			t.Error(err)
		}
	})
}

func TestTestsAreRefusedByTheirAWSNames(t *testing.T) {
	t.Parallel()
	e, err := engine.New(engine.Config{Store: struct{ ledger.Store }{}})
	if err != nil {
		t.Fatal(err)
	}
	pass := `{"Type":"Pass","End":true}`
	for code, call := range map[string]func() error{
		"InvalidExecutionInput": func() error {
			_, err := e.TestState(t.Context(), teststate.Request{Definition: pass}, new("x"))
			return err
		},
		"InvalidArn": func() error {
			_, err := e.TestState(t.Context(), teststate.Request{Definition: pass, RoleARN: "me"}, nil)
			return err
		},
		"InvalidDefinition": func() error {
			_, err := e.TestState(t.Context(), teststate.Request{Definition: `{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"t"},"End":true}`, RoleARN: testRole}, nil)
			return err
		},
		"ValidationException": func() error {
			_, err := e.TestState(t.Context(), teststate.Request{Definition: `{"StartAt":"A","States":{"A":` + pass + `}}`, StateName: "x"}, nil)
			return err
		},
	} {
		f, ok := errors.AsType[*engine.Fault](call())
		if !ok || f.Code != code {
			t.Errorf("%s: %v", code, f)
		}
	}
	r, err := e.TestState(t.Context(), teststate.Request{Definition: `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}`, RoleARN: testRole}, nil)
	if err != nil || r.Status != teststate.Failed || *r.Error != "States.Runtime" || !value.Equal(r.Input, value.Object()) {
		t.Errorf("a function without a runner: %+v, %v", r, err)
	}
}
