package handlers

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

func TestListsLeadOn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if a := s.get("/"); a.Code != 303 || a.Header().Get("Location") != "/workflows" {
		t.Errorf("/: %d %v", a.Code, a.Header())
	}
	a := s.get("/workflows")
	if a.find("href", "/workflows/Order-review") == nil || !strings.Contains(text(a.page), "Order review") {
		t.Error("the list does not lead to the designer")
	}
	if n := a.find("id", "inbox-count"); text(n) != "1" {
		t.Errorf("the inbox counts %q", text(n))
	}
	if s.get("/executions").find("href", "/executions/Order-review/order%201042") == nil {
		t.Error("the list does not lead to the execution")
	}
}

func TestSearchFindsTitles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var asked ledger.WorkflowQuery
	s.WorkflowsFunc = func(q ledger.WorkflowQuery) ([]ledger.Workflow, string, error) { asked = q; return nil, "", nil }
	a := s.get("/workflows?q=order+review&status=nonsense")
	if asked.Search != "order-review" || asked.Status != ledger.AnyWorkflow {
		t.Errorf("asked %+v", asked)
	}
	if attr(a.find("id", "search"), "value") != "order review" || !strings.Contains(text(a.page), "No workflow matches") {
		t.Errorf("the field has %q", attr(a.find("id", "search"), "value"))
	}
}

func TestTheEmptyListTeaches(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.workflows = nil
	if a := s.get("/workflows"); !strings.Contains(text(a.page), "Draw your first workflow") {
		t.Error(text(a.page))
	}
}

func TestNewWorkflowKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.post("/workflows", "name=+Order++intake+&starter=approval")
	if a.Code != 303 || a.Header().Get("Location") != "/workflows/Order-intake" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	s.NewFunc = func(name, _, _ string) (ledger.Draft, error) {
		return ledger.Draft{}, &engine.Fault{Code: engine.WorkflowExists, Message: "exists"}
	}
	for form, want := range map[string]string{
		"name=Order+review&starter=approval": "There is a workflow called “Order review” already",
		"name=++&starter=approval":           "needs a name",
		"name=new&starter=approval":          "choose another name",
	} {
		a := s.post("/workflows", form)
		if a.Code != 422 || !strings.Contains(text(a.page), want) {
			t.Errorf("%s: %d %s", form, a.Code, text(a.page))
		}
		if attr(a.find("value", "approval"), "type") != "radio" || a.find("aria-invalid", "true") == nil {
			t.Errorf("%s: the choice is lost, or the field not marked", form)
		}
	}
}

func TestDesignerBringsItsData(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.get("/workflows/Order-review")
	var data struct {
		Name, Text    string
		Published     bool
		PublishedText string
		Diagnostics   []any
	}
	if err := json.Unmarshal([]byte(a.find("id", "designer-data").FirstChild.Data), &data); err != nil {
		t.Fatal(err)
	}
	if data.Name != "Order-review" || data.Text != definition || !data.Published || data.Diagnostics == nil {
		t.Errorf("%+v", data)
	}
	for _, id := range []string{"designer", "palette", "canvas", "inspector", "code", "problems", "run", "publish", "undo", "redo", "save-state", "run-dialog"} {
		if a.find("id", id) == nil {
			t.Errorf("no #%s", id)
		}
	}
}

func TestRunningFromTheDesigner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.RunFunc = func(name, execution, input string) (ledger.Execution, error) {
		if input == "{" {
			return ledger.Execution{}, &engine.Fault{Code: "InvalidExecutionInput", Field: "input", Message: "Invalid State Machine Execution Input"}
		}
		return ledger.Execution{ARN: s.Names().Execution(name, execution)}, nil
	}
	if a := s.post("/workflows/Order-review/run", "name=a+b&input=%7B%7D"); a.Code != 303 || a.Header().Get("Location") != "/executions/Order-review/a%20b" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	a := s.post("/workflows/Order-review/run", "name=a&input=%7B")
	if a.Code != 422 || text(a.find("id", "run-input")) != "{" || !strings.Contains(text(a.find("id", "run-error")), "Invalid State Machine Execution Input") {
		t.Errorf("%d: %q", a.Code, text(a.page))
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/workflows/Order-review/run", strings.NewReader("input=%7B"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	if a := s.do(r); a.Code != 422 || !strings.Contains(a.Body.String(), `"field":"input"`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestFormsTakeFormsOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/workflows", "/workflows/Order-review/run", "/inbox/t1/decide"} {
		if a := s.json(http.MethodPost, path, `{"outcome":"Approve"}`); a.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%s takes JSON: %d", path, a.Code)
		}
	}
	for _, path := range []string{"/api/validate", "/api/test-state"} {
		if a := s.post(path, "text=x"); a.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%s takes forms: %d", path, a.Code)
		}
	}
}

func TestExpressRunsOfOneNameHaveOwnPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.execution.ARN = s.Names().Express("Fast", "one", "6f0d")
	s.execution.Name, s.execution.MachineName, s.execution.Type = "one", "Fast", "EXPRESS"
	for path, want := range map[string]int{"/executions/Fast/one:6f0d": 200, "/executions/Fast/one:0000": 404, "/executions/Fast/one": 200} {
		if a := s.get(path); a.Code != want {
			t.Errorf("%s: %d, want %d", path, a.Code, want)
		}
	}
}

func TestExecutionPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.get("/executions/Order-review/order%201042")
	if a.Code != 200 || !strings.Contains(text(a.find("id", "status")), "Waiting for a person") {
		t.Fatalf("%d %s", a.Code, text(a.page))
	}
	var data struct {
		ARN    string
		Live   string
		Last   int
		Events []struct{ ID int }
		Input  any
	}
	if err := json.Unmarshal([]byte(a.find("id", "execution-data").FirstChild.Data), &data); err != nil {
		t.Fatal(err)
	}
	if data.ARN != s.execution.ARN || data.Live != "/live/executions/Order-review/order%201042" || data.Last != 2 || len(data.Events) != 2 {
		t.Errorf("%+v", data)
	}
	if a.find("data-id", "2") == nil || a.find("data-state", "Ask") == nil {
		t.Error("no row for the event, or no line for the step")
	}
	if a := s.post("/executions/Order-review/order%201042/stop", ""); a.Code != 303 || s.stopped != s.execution.ARN {
		t.Errorf("%d, stopped %q", a.Code, s.stopped)
	}
}

func TestInboxIsLinksAndForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	list := s.get("/inbox")
	row := list.find("data-task", "t1")
	a := s.get(attr(row, "href"))
	if a.find("name", "form:/code") == nil || attr(a.find("id", "decide"), "action") != "/inbox/t1/decide" {
		t.Fatal(text(a.page))
	}
	if !strings.Contains(text(a.page), "Approve <order> 1042") {
		t.Error("the title is not what was written")
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var got engine.Decide
	s.DecideFunc = func(d engine.Decide) (ledger.HumanTask, error) { got = d; return s.task, nil }
	a := s.post("/inbox/t1/decide", "outcome=Approve&comment=+fine%0D%0Aindeed&form%3A%2Fcode=GOT-441&form%3A%2Fsum=2%2C5&form%3A%2Fevil=1")
	if a.Code != 303 || a.Header().Get("Location") != "/inbox/t1" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	if got.Outcome != "Approve" || got.Comment != "fine\nindeed" || got.Form.JSON() != `{"code":"GOT-441","sum":2.5}` || got.By != "" {
		t.Errorf("decided %+v with %s", got, got.Form.JSON())
	}
}

func TestARefusedDecisionKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.DecideFunc = func(engine.Decide) (ledger.HumanTask, error) {
		return s.task, &engine.Fault{Code: engine.InvalidForm, Fields: []engine.FieldError{{Pointer: "/code", Message: "This field is required."}}}
	}
	a := s.post("/inbox/t1/decide", "outcome=Approve&comment=why&form%3A%2Fcode=&form%3A%2Fsum=a+lot")
	if a.Code != 422 {
		t.Fatal(a.Code)
	}
	code := a.find("name", "form:/code")
	if attr(code, "aria-invalid") != "true" || text(a.find("id", attr(code, "aria-describedby"))) != "This field is required." {
		t.Errorf("the field does not say what is wrong: %v", code.Attr)
	}
	if a.find("href", "#"+attr(code, "id")) == nil || attr(a.find("id", "errors"), "role") != "alert" {
		t.Error("the summary does not lead to the field")
	}
	if attr(a.find("name", "form:/sum"), "value") != "a lot" || text(a.find("id", "comment")) != "why" {
		t.Error("what was typed is lost")
	}
}

func TestTheSlowerOfTwoIsTold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.DecideFunc = func(engine.Decide) (ledger.HumanTask, error) {
		closed := time.Now()
		s.task.Status, s.task.Outcome, s.task.DecidedBy, s.task.Closed = ledger.TaskDecided, "Reject", "eva", &closed
		s.task.Data = value.Raw(`{"code":"X"}`)
		return s.task, &engine.Fault{Code: engine.TaskAlreadyDecided, Message: "eva decided Reject a moment ago"}
	}
	a := s.post("/inbox/t1/decide", "outcome=Approve")
	if a.Code != 409 || !strings.Contains(text(a.page), "eva decided Reject a moment ago") || a.find("id", "decide") != nil {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
}

func TestSavingADraft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.SaveFunc = func(name, text, _ string, base int64) (ledger.Draft, []asl.Diagnostic, error) {
		if base != 3 {
			return ledger.Draft{Revision: 3, Text: "theirs"}, nil, &engine.Fault{Code: engine.DraftStale, Message: "saved elsewhere"}
		}
		return ledger.Draft{Name: name, Text: text, Revision: 4}, asl.Validate(text, "STANDARD"), nil
	}
	a := s.json(http.MethodPut, "/api/drafts/Order-review", `{"text":"{","input":"{}","base":3}`)
	if a.Code != 200 || !strings.Contains(a.Body.String(), `"revision":4`) || !strings.Contains(a.Body.String(), `"severity":"ERROR"`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	a = s.json(http.MethodPut, "/api/drafts/Order-review", `{"text":"mine","base":2}`)
	if a.Code != 409 || !strings.Contains(a.Body.String(), `"text":"theirs"`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	if a := s.json(http.MethodPut, "/api/drafts/Order-review", `{"text":1}`); a.Code != 400 || !strings.Contains(a.Body.String(), "'text' must be a string") {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestPublishingSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.PublishFunc = func(string) (ledger.Machine, error) {
		return ledger.Machine{}, &engine.Fault{Code: "InvalidDefinition", Message: "Invalid", Diagnostics: asl.Validate("{}", "STANDARD")}
	}
	a := s.json(http.MethodPost, "/api/workflows/Order-review/publish", "")
	if a.Code != 422 || !strings.Contains(a.Body.String(), `"diagnostics":[{`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestEventsAfterOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.get("/api/executions/Order-review/order%201042/events?after=1")
	if a.Code != 200 || !strings.Contains(a.Body.String(), `"status":"RUNNING"`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	if a := s.get("/api/executions/Order-review/order%201042/events?after=x"); a.Code != 400 || !strings.Contains(a.Body.String(), "after must be") {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func TestTheThemeIsRemembered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.post("/settings/theme", "theme=dark")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/settings", nil)
	for _, c := range a.Result().Cookies() {
		r.AddCookie(c)
	}
	if got := s.do(r).find("data-theme", "dark"); got == nil || got.Data != "html" {
		t.Error("the page is not dark")
	}
	r = httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/settings", nil)
	r.AddCookie(&http.Cookie{Name: "theme", Value: "x\"><script>"})
	if s.do(r).find("data-theme", "x\"><script>") != nil {
		t.Error("a made-up theme came through")
	}
}
