package awsapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
)

// fake is an engine of which a test answers only the calls it is about.
type fake struct {
	Engine
	startFunc   func(engine.StartExecution) (ledger.Execution, error)
	historyFunc func(ledger.HistoryQuery) ([]history.Event, error)
}

func (f fake) StartExecution(_ context.Context, in engine.StartExecution) (ledger.Execution, error) {
	return f.startFunc(in)
}

func (f fake) Execution(_ context.Context, arn string) (ledger.Execution, error) {
	return ledger.Execution{ARN: arn, Events: 3}, nil
}

func (f fake) History(_ context.Context, _ string, q ledger.HistoryQuery) ([]history.Event, error) {
	return f.historyFunc(q)
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// call sends a signed request and answers status, error name and message.
func call(t *testing.T, e Engine, op, body string, change func(*http.Request)) (int, map[string]any) {
	t.Helper()
	h, err := New(Config{Engine: e, Who: access.Owner("owner"), Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target+op)
	r.Header.Set("X-Amz-Date", now.Format(amzTime))
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s: the answer is not a JSON object: %q", op, w.Body.String())
	}
	return w.Code, out
}

func TestRequestsThatCannotBeServedSayWhy(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		op, body string
		change   func(*http.Request)
		code     string
		words    string
	}{
		"an operation that is not there":     {op: "Frobnicate", code: "UnknownOperationException", words: "Frobnicate"},
		"a body that is a list":              {op: "StartExecution", body: "[]", code: "SerializationException", words: "object"},
		"a body that is not JSON":            {op: "StartExecution", body: "{", code: "SerializationException", words: "not JSON"},
		"a packed body that does not say so": {op: "StartExecution", body: "\x1f\x8b", code: "SerializationException", words: "encoding"},
		"a member twice":                     {op: "StartExecution", body: `{"name":"a","name":"b"}`, code: "SerializationException", words: "name"},
		"a name that is a number":            {op: "StartExecution", body: `{"stateMachineArn":"x","name":5}`, code: "SerializationException", words: "'name' must be a string"},
		"a required member that is missing":  {op: "StartExecution", body: `{}`, code: "ValidationException", words: "'stateMachineArn' failed to satisfy constraint: Member must not be null"},
		"a page that is too long":            {op: "ListStateMachines", body: `{"maxResults":1001}`, code: "ValidationException", words: "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"},
		"a status that AWS does not have":    {op: "ListExecutions", body: `{"statusFilter":"succeeded"}`, code: "ValidationException", words: "Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"},
		"a forged page token of the history": {op: "GetExecutionHistory", body: `{"executionArn":"x","nextToken":"AAAA"}`, code: "InvalidToken", words: "Invalid token"},
		"a body that is packed": {
			op: "StartExecution", body: "x", change: func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") },
			code: "SerializationException", words: "encoding",
		},
		"no signature": {
			op: "StartExecution", change: func(r *http.Request) { r.Header.Del("Authorization") },
			code: "MissingAuthenticationTokenException", words: "sign the request",
		},
		"a signature of 20 minutes ago": {
			op: "StartExecution", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", now.Add(-20*time.Minute).Format(amzTime)) },
			code: "InvalidSignatureException", words: "expired",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, out := call(t, fake{}, tc.op, tc.body, tc.change)
			kind, _ := out["__type"].(string)
			message, _ := out["message"].(string)
			if status != http.StatusBadRequest || !strings.HasSuffix(kind, "#"+tc.code) || !strings.Contains(message, tc.words) {
				t.Errorf("got %d %s %q, want 400 %s with %q", status, kind, message, tc.code, tc.words)
			}
		})
	}
}

func TestUnknownErrorsAreNotShown(t *testing.T) {
	t.Parallel()
	e := fake{startFunc: func(engine.StartExecution) (ledger.Execution, error) {
		return ledger.Execution{}, context.DeadlineExceeded
	}}
	if status, out := call(t, e, "StartExecution", `{"stateMachineArn":"x"}`, nil); status != http.StatusServiceUnavailable {
		t.Errorf("a call that was cut off: got %d %v, want 503", status, out)
	}
	e.startFunc = func(engine.StartExecution) (ledger.Execution, error) {
		return ledger.Execution{}, &json.UnsupportedValueError{Str: "secret"}
	}
	status, out := call(t, e, "StartExecution", `{"stateMachineArn":"x"}`, nil)
	if status != http.StatusInternalServerError || out["message"] != "internal error" {
		t.Errorf("got %d %v, want 500 internal error", status, out)
	}
}

func TestHistoryPagesContinueWhereTheyEnded(t *testing.T) {
	t.Parallel()
	events := []history.Event{{ID: 1, Type: history.ExecutionStarted}, {ID: 2, Type: history.PassStateEntered}, {ID: 3, Type: history.PassStateExited}}
	e := fake{historyFunc: func(q ledger.HistoryQuery) ([]history.Event, error) {
		rest := events[q.After:]
		return rest[:min(q.Limit, len(rest))], nil
	}}
	var ids []float64
	token := ""
	for {
		body := map[string]any{"executionArn": "x", "maxResults": 2}
		if token != "" {
			body["nextToken"] = token
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		_, out := call(t, e, "GetExecutionHistory", string(text), nil)
		page, _ := out["events"].([]any)
		for _, ev := range page {
			ids = append(ids, ev.(map[string]any)["id"].(float64))
		}
		next, more := out["nextToken"].(string)
		if !more {
			break
		}
		token = next
	}
	if len(ids) != 3 || ids[0] != 1 || ids[2] != 3 {
		t.Errorf("got ids %v, want 1 2 3", ids)
	}
}

func TestAValueOfAMegabyteIsNotRepeated(t *testing.T) {
	t.Parallel()
	_, out := call(t, fake{}, "ListActivities", `{"nextToken":"`+strings.Repeat("t", 1<<20)+`"}`, nil)
	message, _ := out["message"].(string)
	if len(message) > 1000 || !strings.Contains(message, "'nextToken'") || !strings.Contains(message, "less than or equal to 1024") {
		t.Errorf("%d bytes: %.600s", len(message), message)
	}
}

func TestLoggingIsDescribedWithItsDefaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ given, want string }{
		"nothing given":  {"", `{"level":"OFF","includeExecutionData":false}`},
		"a part given":   {`{"destinations":[]}`, `{"destinations":[],"level":"OFF","includeExecutionData":false}`},
		"everything set": {`{"level":"ALL","includeExecutionData":true}`, `{"level":"ALL","includeExecutionData":true}`},
	} {
		if got := completed(tc.given, noLogging).JSON(); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}
