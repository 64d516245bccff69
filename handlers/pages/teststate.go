package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"statehouse/engine/access"
	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

// stateTest is what the designer asks. An empty text was not given.
type stateTest struct {
	Definition string // of the machine, or of one state when State is empty
	State      string
	Input      string
	Variables  string
	Context    string

	Answer        string // "result", "error" or, for the world itself, "real"
	Result        string
	Error, Cause  string
	Mode          string
	Attempts      int64  // that the retrier has made already
	Failures      int64  // iterations of a Map that failed
	Items         string // what an ItemReader reads
	CausedByState string
}

// TestState does one state of the designer by itself, with data that a person made up.
func (h *Handler) TestState(c echo.Context) error {
	var in stateTest
	if err := decode(c, &in); err != nil {
		return err
	}
	test := teststate.Request{
		Definition: in.Definition, StateName: in.State, RoleARN: h.engine.Role(),
		Variables: given(in.Variables), Context: given(in.Context), Mock: in.mock(),
		Config: teststate.Configuration{
			RetrierRetryCount: int(in.Attempts), MapIterationFailureCount: int(in.Failures),
			MapItemReaderData: given(in.Items), ErrorCausedByState: in.CausedByState,
		},
	}
	if teststate.Calls(test) && (h.May == nil || !h.May(access.StartExecution)) {
		return errMayNotCall
	}
	r, err := h.engine.TestState(c.Request().Context(), test, given(in.Input))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newTestAnswer(r))
}

// errMayNotCall says that a test would do what only executions may.
var errMayNotCall = echo.NewHTTPError(http.StatusForbidden,
	"Without a mock this would really call the service, which your role may not do: mock the answer, or ask an administrator of this server.")

func (in *stateTest) mock() *teststate.Mock {
	switch in.Answer {
	case "result":
		return &teststate.Mock{Result: &in.Result, Mode: teststate.Mode(in.Mode)}
	case "error":
		return &teststate.Mock{ErrorOutput: &teststate.ErrorOutput{Error: in.Error, Cause: in.Cause}}
	}
	return nil
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// testAnswer is a report for the browser. Data are texts of JSON: numbers and the order of
// keys stay as they are.
type testAnswer struct {
	Status         teststate.Status `json:"status"`
	Output         string           `json:"output,omitempty"`
	Error          *string          `json:"error,omitempty"`
	Cause          *string          `json:"cause,omitempty"`
	Next           string           `json:"next,omitempty"`
	Input          string           `json:"input"`
	Stages         []testStage      `json:"stages"`
	Variables      string           `json:"variables,omitempty"`
	RetryIndex     *int             `json:"retryIndex,omitempty"`
	CatchIndex     *int             `json:"catchIndex,omitempty"`
	BackoffSeconds *float64         `json:"backoffSeconds,omitempty"`
	Request        *testMessage     `json:"request,omitempty"`
	Response       *testMessage     `json:"response,omitempty"`
}

type testStage struct {
	Name string `json:"name"`
	Data string `json:"data"`
}

type testMessage struct {
	Line    string `json:"line"` // "POST https://…" or "200 OK"
	Headers string `json:"headers"`
	Body    string `json:"body"`
}

func newTestAnswer(r *teststate.Report) testAnswer {
	a := testAnswer{
		Status: r.Status, Output: jsonText(r.Output), Error: r.Error, Cause: r.Cause, Next: r.NextState,
		Input: r.Input.JSON(), Stages: []testStage{}, Variables: jsonText(r.Variables),
		RetryIndex: r.RetryIndex, CatchIndex: r.CatchIndex,
	}
	for _, s := range r.Stages {
		a.Stages = append(a.Stages, testStage{Name: string(s.Name), Data: s.Data.JSON()})
	}
	if r.Backoff != nil {
		a.BackoffSeconds = new(r.Backoff.Seconds())
	}
	if m := r.Request; m != nil {
		a.Request = &testMessage{Line: m.Method + " " + m.URL, Headers: m.Headers, Body: m.Body}
	}
	if m := r.Response; m != nil {
		a.Response = &testMessage{Line: m.StatusCode + " " + m.StatusText, Headers: m.Headers, Body: m.Body}
	}
	return a
}

func jsonText(v value.Value) string {
	if v.IsAbsent() {
		return ""
	}
	return v.JSON()
}
