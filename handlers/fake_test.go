package handlers

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/exchange"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/jsonata/complete"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/teststate"
	"statehouse/engine/value"
)

// fake is an engine with one workflow, one execution and one task. A test replaces what it is about.
type fake struct {
	workflows []ledger.Workflow
	execution ledger.Execution
	task      ledger.HumanTask
	ready     []engine.Reason

	WorkflowsFunc func(ledger.WorkflowQuery) ([]ledger.Workflow, string, error)
	SaveFunc      func(name, text, input string, base int64) (ledger.Draft, []asl.Diagnostic, error)
	PublishFunc   func(name string) (ledger.Machine, error)
	RunFunc       func(name, execution, input string) (ledger.Execution, error)
	NewFunc       func(name, starter, machineType string) (ledger.Draft, error)
	DecideFunc    func(engine.Decide) (ledger.HumanTask, error)
	TestFunc      func(r teststate.Request, input *string) (*teststate.Report, error)

	keys   []ledger.AccessKey
	keyErr error

	plan                       engine.RedrivePlan
	deleted, stopped, redriven string
	mapRun                     *ledger.MapRun
	updated                    *engine.UpdateMapRun
	imported                   *engine.FinishImport
	ImportErr                  error
	logged
	released // versions, aliases and tags
}

const definition = `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"T"},"End":true}}}`

func newFake() *fake {
	began := time.Now().Add(-5 * time.Minute)
	machine := ledger.Machine{ARN: "arn:aws:states:us-east-1:000000000000:stateMachine:Order-review", Name: "Order-review", Definition: definition}
	x := ledger.Execution{
		ARN: "arn:aws:states:us-east-1:000000000000:execution:Order-review:order 1042", Name: "order 1042", MachineARN: machine.ARN,
		MachineName: machine.Name, Status: interp.Running, Started: began, Events: 2, Waiting: 1, Input: value.Raw(`{"note":"</script><script>alert(1)</script>"}`),
	}
	return &fake{
		workflows: []ledger.Workflow{{Name: "Order-review", Machine: &machine, Last: &x, Running: 1}},
		execution: x,
		task: ledger.HumanTask{
			ID: "t1", ExecutionARN: x.ARN, MachineName: machine.Name, StateName: "Ask", Title: "Approve <order> 1042", Status: ledger.TaskOpen, Created: began,
			Form:     value.Raw(`{"type":"object","required":["code"],"properties":{"code":{"type":"string","title":"Budget code"},"sum":{"type":"number"}}}`),
			Outcomes: []string{"Approve", "Reject"},
		},
	}
}

func (f *fake) Workflows(_ context.Context, q ledger.WorkflowQuery) ([]ledger.Workflow, string, error) {
	if f.WorkflowsFunc != nil {
		return f.WorkflowsFunc(q)
	}
	return f.workflows, "", nil
}

func (f *fake) ReadImport(files []exchange.File) (exchange.Import, error) {
	found, err := exchange.Read(files, exchange.Known{Names: f.Names()})
	if err != nil {
		return found, &engine.Fault{Code: engine.InvalidImport, Message: err.Error()}
	}
	return found, nil
}

func (f *fake) FinishImport(_ context.Context, in engine.FinishImport) ([]engine.Imported, error) {
	if f.ImportErr != nil {
		return nil, f.ImportErr
	}
	f.imported = &in
	var done []engine.Imported
	for _, m := range in.Machines {
		done = append(done, engine.Imported{Name: m.Name})
	}
	return done, nil
}

func (f *fake) Export(ctx context.Context, name string, format exchange.Format) (engine.Exported, error) {
	w, err := f.Workflow(ctx, name)
	if err != nil {
		return engine.Exported{}, err
	}
	data, err := exchange.Write(exchange.Machine{Name: name, Definition: w.Machine.Definition}, format)
	return engine.Exported{Name: name + format.Ending(), Data: data}, err
}

func (f *fake) Workflow(_ context.Context, name string) (ledger.Workflow, error) {
	for _, w := range f.workflows {
		if w.Name == name {
			return w, nil
		}
	}
	return ledger.Workflow{}, &engine.Fault{Code: engine.DraftNotFound, Message: "There is no workflow '" + name + "'"}
}

func (f *fake) NewWorkflow(_ context.Context, name, starter, machineType string) (ledger.Draft, error) {
	if f.NewFunc != nil {
		return f.NewFunc(name, starter, machineType)
	}
	return ledger.Draft{Name: name}, nil
}

func (f *fake) Draft(_ context.Context, name string) (ledger.Draft, error) {
	return ledger.Draft{Name: name, Text: definition, Input: `{"id":1}`}, nil
}

func (f *fake) SaveDraft(_ context.Context, name, text, input string, base int64) (ledger.Draft, []asl.Diagnostic, error) {
	return f.SaveFunc(name, text, input, base)
}

func (f *fake) Publish(_ context.Context, name string) (ledger.Machine, error) {
	return f.PublishFunc(name)
}

func (f *fake) RunWorkflow(_ context.Context, name, execution, input string) (ledger.Execution, error) {
	return f.RunFunc(name, execution, input)
}

func (f *fake) DeleteWorkflow(_ context.Context, name string) error { f.deleted = name; return nil }

func (f *fake) Complete(context.Context, engine.Complete) (int, []complete.Candidate, error) {
	return 4, []complete.Candidate{{Kind: complete.Function, Label: "$sum", Text: "$sum(", Detail: "$sum(array)", Help: "Adds numbers."}}, nil
}

func (f *fake) TestState(_ context.Context, r teststate.Request, input *string) (*teststate.Report, error) {
	return f.TestFunc(r, input)
}

func (f *fake) Role() string { return "arn:aws:iam::000000000000:role/statehouse" }

func (f *fake) Problems(text, machineType string) []asl.Diagnostic {
	return asl.Validate(text, machineType)
}

func (f *fake) Executions(context.Context, ledger.ExecutionQuery) ([]ledger.Execution, string, error) {
	return []ledger.Execution{f.execution}, "", nil
}

func (f *fake) Execution(_ context.Context, name string) (ledger.Execution, error) {
	if name != f.execution.ARN {
		return ledger.Execution{}, &engine.Fault{Code: "ExecutionDoesNotExist", Message: "Execution Does Not Exist: '" + name + "'"}
	}
	return f.execution, nil
}

func (f *fake) StateMachineForExecution(context.Context, string) (ledger.Machine, error) {
	return *f.workflows[0].Machine, nil
}

func (f *fake) History(context.Context, string, ledger.HistoryQuery) ([]history.Event, error) {
	return []history.Event{
		{ID: 1, Type: history.ExecutionStarted, At: f.execution.Started},
		{ID: 2, Type: history.TaskStateEntered, At: f.execution.Started, Details: history.Details{Name: "Ask"}},
	}, nil
}

func (f *fake) StopExecution(_ context.Context, name string, _, _ *string) (time.Time, error) {
	f.stopped = name
	return time.Now(), nil
}

func (f *fake) RedriveExecution(_ context.Context, name, _ string) (time.Time, error) {
	f.redriven = name
	return time.Now(), nil
}

func (f *fake) RedrivePlan(context.Context, ledger.Execution) (engine.RedrivePlan, error) {
	return f.plan, nil
}

func (f *fake) RunAgain(context.Context, string) (ledger.Execution, error) { return f.execution, nil }

func (f *fake) Tasks(context.Context, ledger.TaskQuery) ([]ledger.HumanTask, string, error) {
	return []ledger.HumanTask{f.task}, "", nil
}

func (f *fake) Task(_ context.Context, id string) (ledger.HumanTask, error) {
	if id != f.task.ID {
		return ledger.HumanTask{}, &engine.Fault{Code: engine.HumanTaskNotFound, Message: "There is no task '" + id + "'"}
	}
	return f.task, nil
}

func (f *fake) TaskCounts(context.Context) (ledger.TaskCounts, error) {
	return ledger.TaskCounts{Open: 1}, nil
}

func (f *fake) Decide(_ context.Context, d engine.Decide) (ledger.HumanTask, error) {
	return f.DecideFunc(d)
}

func (f *fake) CreateAccessKey(_ context.Context, name string, roles []access.Role) (engine.NewAccessKey, error) {
	if f.keyErr != nil {
		return engine.NewAccessKey{}, f.keyErr
	}
	k := ledger.AccessKey{ID: "AKSHAAAABBBBCCCCDDDD", Name: name, Roles: roles, Sealed: []byte{1}, Created: time.Now()}
	f.keys = append([]ledger.AccessKey{k}, f.keys...)
	return engine.NewAccessKey{AccessKey: k, Secret: "SECRETSECRETSECRETSECRETSECRETSECRET4040"}, nil
}

func (f *fake) AccessKeys(context.Context) ([]ledger.AccessKey, error) { return f.keys, nil }

func (f *fake) RevokeAccessKey(_ context.Context, id string) error {
	for i := range f.keys {
		if f.keys[i].ID == id {
			f.keys[i].Revoked, f.keys[i].Sealed = time.Now(), nil
			return nil
		}
	}
	return &engine.Fault{Code: engine.AccessKeyNotFound, Message: "There is no access key '" + id + "'"}
}

func (f *fake) Ready(context.Context) []engine.Reason { return f.ready }

func (f *fake) Names() arn.Names { return arn.Names{Account: "000000000000", Region: "us-east-1"} }

func (f *fake) VirtualTime() bool { return false }
func (f *fake) User() string      { return "owner" }

func (f *fake) Stats() engine.Stats {
	return engine.Stats{Stats: runner.Stats{Succeeded: 7}, MapRunBacklog: 2}
}

func (f *fake) Quotas() engine.Quotas { return engine.Quotas{OpenExecutions: 1000} }

func (f *fake) Inventory(context.Context) (ledger.Inventory, error) {
	return ledger.Inventory{Machines: 3, Open: map[string]int64{"arn:aws:states:us-east-1:000000000000:stateMachine:orders": 5}}, nil
}

// site is a server over a fake, and what its log says.
type site struct {
	*testing.T
	*fake
	server *Server
	log    *strings.Builder
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, fake: newFake(), log: &strings.Builder{}}
	log := slog.New(slog.NewTextHandler(io.MultiWriter(t.Output(), s.log), nil))
	aws := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "aws") })
	var err error
	s.server, err = New(Config{Engine: s.fake, Log: log, AWS: aws, Addr: "127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is a response and its page.
type answer struct {
	*httptest.ResponseRecorder
	page *html.Node
}

func (s *site) do(r *http.Request) answer {
	s.Helper()
	if r.Host == "example.com" {
		r.Host = "localhost:8080"
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	page, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		s.Fatal(err)
	}
	return answer{w, page}
}

func (s *site) get(path string) answer {
	s.Helper()
	return s.do(httptest.NewRequestWithContext(s.Context(), http.MethodGet, path, nil))
}

func (s *site) post(path, form string) answer {
	s.Helper()
	r := httptest.NewRequestWithContext(s.Context(), http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(r)
}

func (s *site) json(method, path, body string) answer {
	s.Helper()
	r := httptest.NewRequestWithContext(s.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	return s.do(r)
}

// find is the first element whose attribute has this value.
func (a answer) find(key, val string) *html.Node {
	for n := range a.page.Descendants() {
		if attr(n, key) == val {
			return n
		}
	}
	return nil
}

// text is what can be read on the page, or below one element of it.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, key string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func (f *fake) Usage(context.Context, ledger.Execution) (engine.Usage, error) {
	return engine.Usage{MaxEvents: 25_000, MaxVariables: 10 << 20}, nil
}
