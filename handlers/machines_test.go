package handlers

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine"
	"statehouse/engine/ledger"
)

const reviewARN = "arn:aws:states:us-east-1:000000000000:stateMachine:Order-review"

// released is what a fake knows of one machine besides its definition.
type released struct {
	versions []ledger.Machine
	aliases  []ledger.Alias
	tags     []ledger.Tag
	calls    []string // what was changed, in order

	started   engine.StartExecution
	revised   engine.UpdateStateMachine
	ReviseErr error
	AliasErr  error
	TagErr    error
}

// twoVersions are a machine with two versions, an alias that leads to both, and a draft that differs.
func twoVersions(s *site) {
	at := time.Now().Add(-time.Hour)
	s.workflows[0].Machine.RevisionID = "r2"
	s.workflows[0].Draft = &ledger.Draft{Name: "Order-review", Text: `{"StartAt":"New"}`}
	for n, description := range map[int64]string{1: "first <one>", 2: "better"} {
		s.versions = append(s.versions, ledger.Machine{
			ARN: reviewARN, Name: "Order-review", Version: n, Description: description, Created: at,
			RevisionID: "r" + string(rune('0'+n)), Definition: definition,
		})
	}
	slices.SortFunc(s.versions, func(a, b ledger.Machine) int { return int(b.Version - a.Version) })
	s.aliases = []ledger.Alias{{MachineARN: reviewARN, Name: "live", Created: at, Updated: at, Routes: []ledger.Route{{Version: 1, Weight: 90}, {Version: 2, Weight: 10}}}}
}

func (r *released) call(words ...string) { r.calls = append(r.calls, strings.Join(words, " ")) }

func (r *released) StateMachine(_ context.Context, arn string) (ledger.Machine, error) {
	for _, v := range r.versions {
		if v.VersionARN() == arn {
			return v, nil
		}
	}
	return ledger.Machine{}, &engine.Fault{Code: "StateMachineDoesNotExist", Message: "State Machine Does Not Exist: '" + arn + "'"}
}

func (r *released) UpdateStateMachine(_ context.Context, u engine.UpdateStateMachine) (ledger.Machine, error) {
	r.revised = u
	return ledger.Machine{}, r.ReviseErr
}

func (r *released) StartExecution(_ context.Context, s engine.StartExecution) (ledger.Execution, error) {
	r.started = s
	return ledger.Execution{ARN: "arn:aws:states:us-east-1:000000000000:execution:Order-review:by-hand"}, nil
}

func (r *released) CountExecutionsUpTo(context.Context, ledger.ExecutionQuery, int) (int, error) {
	return 7, nil
}

func (r *released) Versions(_ context.Context, q ledger.VersionQuery) ([]ledger.Machine, string, error) {
	return r.versions[:min(q.Page.Limit, len(r.versions))], "", nil
}

func (r *released) PublishWorkflowVersion(_ context.Context, p engine.Release) (ledger.Machine, error) {
	if p.Description == "refuse" {
		return ledger.Machine{}, &engine.Fault{Code: "InvalidDefinition", Message: "Invalid State Machine Definition: 'no'"}
	}
	what := "published"
	if p.Draft {
		what = "draft"
	}
	r.call("publish", what, p.Description)
	return ledger.Machine{Version: 3}, nil
}

func (r *released) RestoreVersion(_ context.Context, arn string) (ledger.Draft, error) {
	r.call("restore", arn)
	return ledger.Draft{Name: "Order-review"}, nil
}

func (r *released) DeleteVersion(_ context.Context, arn string) error {
	if strings.HasSuffix(arn, ":1") {
		return &engine.Fault{Code: "ConflictException", Message: "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live]"}
	}
	r.call("delete", arn)
	return nil
}

func (r *released) Aliases(context.Context, string, ledger.Page) ([]ledger.Alias, string, error) {
	return r.aliases, "", nil
}

func (r *released) Alias(_ context.Context, arn string) (ledger.Alias, error) {
	for _, a := range r.aliases {
		if a.ARN() == arn {
			return a, nil
		}
	}
	return ledger.Alias{}, &engine.Fault{Code: "ResourceNotFound", Message: "Resource not found: '" + arn + "'"}
}

func (r *released) CreateAlias(_ context.Context, c engine.CreateAlias) (ledger.Alias, error) {
	r.call("create", c.Name, routes(c.Routes))
	return ledger.Alias{}, r.AliasErr
}

func (r *released) UpdateAlias(_ context.Context, u engine.UpdateAlias) (ledger.Alias, error) {
	r.call("update", u.ARN, routes(u.Routes))
	return ledger.Alias{}, r.AliasErr
}

func routes(list []engine.Route) string {
	var words []string
	for _, r := range list {
		words = append(words, r.VersionARN[strings.LastIndex(r.VersionARN, ":")+1:]+"="+string(rune('0'+r.Weight/10)))
	}
	return strings.Join(words, ",")
}

func (r *released) DeleteAlias(_ context.Context, arn string) error {
	r.call("delete", arn)
	return nil
}

func (r *released) TagsOf(context.Context, string) ([]ledger.Tag, error) { return r.tags, nil }

func (r *released) Tag(_ context.Context, _ string, tags []ledger.Tag) error {
	r.call("tag", tags[0].Key, tags[0].Value)
	return r.TagErr
}

func (r *released) Untag(_ context.Context, _ string, keys []string) error {
	r.call("untag", keys[0])
	return nil
}

func TestVersionsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twoVersions(s)
	a := s.get("/workflows/Order-review/versions")
	for _, href := range []string{
		"/workflows/Order-review/versions/2", "/workflows/Order-review/aliases/live", "/workflows/Order-review/run?of=version-1",
		"/workflows/Order-review/executions?of=version-2", "/workflows/Order-review/compare?from=1&to=2", "/workflows/Order-review/compare?from=published&to=draft",
	} {
		if a.find("href", href) == nil {
			t.Errorf("nothing leads to %s", href)
		}
	}
	if words := text(a.page); !strings.Contains(words, "first <one>") || !strings.Contains(words, "The alias “live” leads here") {
		t.Error(words)
	}
	if attr(a.find("aria-current", "page"), "href") == "" {
		t.Error("no tab is the current one")
	}
	if a := s.post("/workflows/Order-review/versions", "what=draft&description=new"); a.Code != 303 || a.Header().Get("Location") != "/workflows/Order-review/versions?published=3" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	a = s.post("/workflows/Order-review/versions", "what=published&description=refuse")
	if a.Code != 422 || !strings.Contains(text(a.find("id", "publish-version")), "Invalid State Machine Definition") || text(a.find("id", "version-description")) != "refuse" {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	if a := s.get("/workflows/Order-review/versions?published=3%3Cb%3E&deleted=x"); strings.Contains(text(a.page), "<b>") {
		t.Error("the page repeats its address")
	}
}

func TestEveryVersionCanBeChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twoVersions(s)
	for n := range int64(300) {
		v := s.versions[0]
		v.Version = n + 3
		s.versions = append([]ledger.Machine{v}, s.versions...)
	}
	for path, value := range map[string]string{
		"/workflows/Order-review/aliases": "1", "/workflows/Order-review/run": "version-1",
		"/workflows/Order-review/executions": "version-1", "/workflows/Order-review/compare": "1",
	} {
		if o := s.get(path).find("value", value); o == nil || o.Data != "option" {
			t.Errorf("%s has no option for the oldest version", path)
		}
	}
}

func TestOneVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twoVersions(s)
	a := s.get("/workflows/Order-review/versions/2")
	if a.Code != 200 || text(a.find("id", "version-text")) != definition || a.find("data-copy", reviewARN+":2") == nil {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	for _, number := range []string{"9", "0", "x", "-1"} {
		if a := s.get("/workflows/Order-review/versions/" + number); a.Code != 404 {
			t.Errorf("version %s: %d", number, a.Code)
		}
	}
	if a := s.get("/workflows/Order-review?restore=2"); !strings.Contains(text(a.find("id", "designer-data")), `"restore":{"name":"Restore version 2"`) {
		t.Error("the designer does not get the version")
	}
	for _, number := range []string{"9", "x", "live"} {
		if a := s.get("/workflows/Order-review?restore=" + number); a.Code != 404 {
			t.Errorf("restoring version %s: %d", number, a.Code)
		}
	}
	if a := s.post("/workflows/Order-review/versions/2/restore", ""); a.Code != 303 || a.Header().Get("Location") != "/workflows/Order-review" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	if a := s.post("/workflows/Order-review/versions/1/delete", ""); a.Code != 409 || !strings.Contains(text(a.page), "referencing this version: [live]") {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	if a := s.post("/workflows/Order-review/versions/2/delete", ""); a.Code != 303 {
		t.Error(a.Code)
	}
	if diff := cmp.Diff([]string{"restore " + reviewARN + ":2", "delete " + reviewARN + ":2"}, s.calls); diff != "" {
		t.Error(diff)
	}
}

func TestComparing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twoVersions(s)
	if a := s.get("/workflows/Order-review/compare?from=1&to=2"); !strings.Contains(text(a.page), "Nothing differs") {
		t.Error(text(a.page))
	}
	s.versions[0].Definition = `{"StartAt":"New","States":{"New":{"Type":"Pass","End":true}}}`
	a := s.get("/workflows/Order-review/compare?from=1&to=2")
	if words := text(a.page); !strings.Contains(words, "New added") || !strings.Contains(words, "Ask removed") || a.find("class", "line line-added") == nil {
		t.Error(words)
	}
	if a := s.get("/workflows/Order-review/compare?from=8"); a.Code != 404 {
		t.Error(a.Code)
	}
}

func TestAliasForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twoVersions(s)
	if a := s.post("/workflows/Order-review/aliases", "name=test&first=2&second=1&weight=70"); a.Code != 303 || a.Header().Get("Location") != "/workflows/Order-review/aliases/test?saved=1" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	if a := s.post("/workflows/Order-review/aliases/live", "first=2&second=&weight=10"); a.Code != 303 {
		t.Error(a.Code)
	}
	if a := s.post("/workflows/Order-review/aliases/live/delete", ""); a.Code != 303 {
		t.Error(a.Code)
	}
	if diff := cmp.Diff([]string{"create test 2=7,1=3", "update " + reviewARN + ":live 2=:", "delete " + reviewARN + ":live"}, s.calls); diff != "" {
		t.Error(diff)
	}
	for form, hint := range map[string]string{
		"name=12&first=2&weight=100":              "name-hint",
		"name=a+b&first=2&weight=100":             "name-hint",
		"name=ok&first=&weight=100":               "first-hint",
		"name=ok&first=2&second=2&weight=50":      "second-hint",
		"name=ok&first=2&second=1&weight=50.5":    "weight-hint",
		"name=ok&first=2&second=1&weight=101":     "weight-hint",
		"name=ok&first=2&second=1&weight=%3Cb%3E": "weight-hint",
	} {
		a := s.post("/workflows/Order-review/aliases", form)
		if a.Code != 422 || attr(a.find("id", hint), "class") != "error" || a.find("aria-invalid", "true") == nil {
			t.Errorf("%s: %d %s", form, a.Code, text(a.page))
		}
	}
	s.AliasErr = &engine.Fault{Code: "ConflictException", Field: "name", Message: "An alias with the same name already exists"}
	if a := s.post("/workflows/Order-review/aliases", "name=live&first=2&weight=100"); a.Code != 422 || text(a.find("id", "name-hint")) != "An alias with the same name already exists" {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	if a := s.get("/workflows/Order-review/aliases/gone"); a.Code != 404 {
		t.Error(a.Code)
	}
}

func TestMachineSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twoVersions(s)
	s.tags = []ledger.Tag{{Key: "team", Value: "red"}}
	a := s.get("/workflows/Order-review/settings")
	if a.find("value", "red") == nil || !strings.Contains(text(a.page), "1 of 50") || !strings.Contains(text(a.page), "2 versions and 1 alias go") {
		t.Error(text(a.page))
	}
	if a := s.post("/workflows/Order-review/settings", "roleArn=arn&level=ALL&includeData=yes&tracing=yes"); a.Code != 303 {
		t.Error(a.Code)
	}
	want := `{"level":"ALL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/Order-review-Logs:*"}}]}`
	if *s.revised.Logging != want || *s.revised.Tracing != `{"enabled":true}` || s.revised.Definition != nil {
		t.Errorf("%s %s", *s.revised.Logging, *s.revised.Tracing)
	}
	s.revised = engine.UpdateStateMachine{}
	if a := s.post("/workflows/Order-review/settings", "roleArn=&level=OFF"); a.Code != 303 || s.revised.ARN != "" {
		t.Errorf("what did not change was stored: %d %+v", a.Code, s.revised)
	}
	s.ReviseErr = &engine.Fault{Code: "InvalidArn", Field: "roleArn", Message: "Invalid Role Arn"}
	a = s.post("/workflows/Order-review/settings", "roleArn=nonsense&level=OFF")
	if a.Code != 422 || text(a.find("id", "role-hint")) != "Invalid Role Arn" || attr(a.find("id", "role"), "value") != "nonsense" {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	for _, form := range []string{"do=set&key=+cost+&value=1", "do=drop&key=team"} {
		if a := s.post("/workflows/Order-review/tags", form); a.Code != 303 {
			t.Errorf("%s: %d", form, a.Code)
		}
	}
	s.TagErr = &engine.Fault{Code: "ValidationException", Field: "tags", Message: "The tag key 'aws:x' begins with 'aws:', which is reserved"}
	a = s.post("/workflows/Order-review/tags", "do=set&key=aws%3Ax&value=1")
	if a.Code != 422 || attr(a.find("id", "tag-key"), "value") != "aws:x" || !strings.Contains(text(a.find("id", "tags")), "reserved") {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	if diff := cmp.Diff([]string{"tag cost 1", "untag team", "tag aws:x 1"}, s.calls); diff != "" {
		t.Error(diff)
	}
}

func TestRunningAVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twoVersions(s)
	if a := s.get("/workflows/Order-review/run?of=alias-live"); attr(a.find("value", "alias-live"), "selected") != "" || a.find("id", "run-input") == nil {
		t.Error(text(a.page))
	}
	for of, want := range map[string]string{"version-2": reviewARN + ":2", "alias-live": reviewARN + ":live", "published": reviewARN} {
		if a := s.post("/workflows/Order-review/run", "of="+of+"&name=by-hand&input=%7B%7D"); a.Code != http.StatusSeeOther || s.started.MachineARN != want {
			t.Errorf("%s: %d started %s", of, a.Code, s.started.MachineARN)
		}
	}
	s.RunFunc = func(name, _, _ string) (ledger.Execution, error) {
		return ledger.Execution{ARN: "arn:aws:states:us-east-1:000000000000:execution:" + name + ":drawn"}, nil
	}
	if a := s.post("/workflows/Order-review/run", "of=version-x&input=%7B%7D"); a.Header().Get("Location") != "/executions/Order-review/drawn" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
}

func TestADraftAloneHasPagesToo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.workflows = []ledger.Workflow{{Name: "Idea", Draft: &ledger.Draft{Name: "Idea", Text: "{"}}}
	for path, want := range map[string]string{
		"/workflows/Idea/versions": "Nothing is published yet", "/workflows/Idea/settings": "Nothing is published yet",
		"/workflows/Idea/run": "Run Idea", "/workflows/Idea/compare": "Nothing differs",
	} {
		if a := s.get(path); a.Code != 200 || !strings.Contains(text(a.page), want) {
			t.Errorf("%s: %d %s", path, a.Code, text(a.page))
		}
	}
	if a := s.get("/workflows/Idea/aliases"); a.Code != 303 {
		t.Error(a.Code)
	}
	for _, path := range []string{"/versions", "/settings", "/run", "/compare", "/executions", "/aliases"} {
		if a := s.get("/workflows/Gone" + path); a.Code != 404 {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}
