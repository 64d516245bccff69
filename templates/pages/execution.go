package pages

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
	"statehouse/templates/ui"
)

// ExecutionView is one run: its facts, its steps and its events.
type ExecutionView struct {
	Name, Workflow, WorkflowHref string
	Short                        string // the name in a narrow window, when it is long
	Status                       ui.Badge
	VirtualTime                  bool   // its times are those of a clock that jumps
	Mocked                       string // test case that its tasks are answered from, "" in a real run
	Elapsed, Facts               string
	Running                      bool
	Data                         ExecutionData
	Steps                        []StepView
	Events                       []EventView
	More                         string // says that the table holds the first events only
	Error, Cause                 string
	Near                         []LimitNote // limits that it will soon meet
	TaskHref                     string      // of an open human task
	MapRuns                      []MapRunLink
	Input, Output                string
	ARN                          string
	LogsHref                     string // "" when it is not logged
	Started, Stopped             ui.Time
	Express                      bool
	By                           []Link // the alias and the version that started it
	Again                        string // address that starts it once more, "" of a child of a map run
	Stop                         ui.Question
	Redrive                      RedriveView
}

// ExecutionData is what the page's script begins with.
type ExecutionData struct {
	ARN        string          `json:"arn"`
	Machine    string          `json:"machine"`
	Name       string          `json:"name"`
	Status     interp.Status   `json:"status"`
	StartedAt  string          `json:"startedAt"`
	StoppedAt  string          `json:"stoppedAt,omitempty"`
	VirtualNow string          `json:"virtualNow,omitempty"` // the clock of a server whose time jumps
	Definition string          `json:"definition"`
	Input      json.RawMessage `json:"input"`
	Output     json.RawMessage `json:"output,omitempty"`
	Error      string          `json:"error,omitempty"`
	Cause      string          `json:"cause,omitempty"`
	Events     []history.Event `json:"events"`
	Last       history.ID      `json:"last"`
	Total      int64           `json:"total"` // of the events, of which Events are the first
	Live       string          `json:"live"`
	Limits     LimitData       `json:"limits"`
}

// StepView is one line of the timeline.
type StepView struct {
	Name, Icon, Tone, Word string
	Entered                ui.Time
	Took                   string
	Left, Width            string // of its bar, in percent of the run
	Depth                  int
	Href                   string
}

// EventView is one line of the table of events.
type EventView struct {
	ID                   int64
	Type, State, Details string
	Redriven             bool // the redrive: what comes after it was not there before
	At                   ui.Time
}

// NewExecutionView prepares an execution for its page. Events are the first ones, oldest first.
func NewExecutionView(now time.Time, e ledger.Execution, definition string, events []history.Event) ExecutionView {
	end := e.Stopped
	if end.IsZero() {
		end = now
	}
	path := ExecutionHref(e.ARN)
	logs := ""
	if e.Logging.On() {
		logs = LogsHref(e.ARN)
	}
	v := ExecutionView{
		LogsHref: logs, Name: e.Name, Short: short(e.Name), Workflow: ui.Title(e.MachineName), WorkflowHref: WorkflowHref(e.MachineName),
		Status: StatusOf(e), Mocked: e.TestCase, Elapsed: ui.Took(end.Sub(e.Started)), Facts: ui.Count(e.Events, "event"),
		Running: e.Status == interp.Running, Express: e.Type == "EXPRESS", By: startedBy(e),
		Input: pretty(e.Input), Output: pretty(e.Output), ARN: e.ARN,
		Started: ui.At(now, e.Started), Again: path + "/again",
		Stop: ui.Question{
			ID: "stop", Title: "Stop this execution?", Action: path + "/stop", Yes: "Stop execution", No: "Keep it running",
			Text: "Steps that run now are cancelled and open tasks leave the inbox. What has been done is not undone.",
		},
		Data: ExecutionData{
			ARN: e.ARN, Machine: e.MachineName, Name: e.Name, Status: e.Status,
			StartedAt: e.Started.UTC().Format(time.RFC3339Nano), Definition: definition,
			Input: raw(e.Input), Output: raw(e.Output), Events: events, Total: e.Events, Live: "/live" + path,
		},
	}
	if v.Data.Events == nil {
		v.Data.Events = []history.Event{}
	}
	if !e.Stopped.IsZero() {
		v.Stopped = ui.At(now, e.Stopped)
		v.Data.StoppedAt = e.Stopped.UTC().Format(time.RFC3339Nano)
	}
	if n := len(events); n > 0 {
		v.Data.Last = events[n-1].ID
	}
	if int64(len(events)) < e.Events {
		v.More = fmt.Sprintf("These are the first %d of %d events.", len(events), e.Events)
	}
	if e.Error != nil {
		v.Error, v.Data.Error = *e.Error, *e.Error
	}
	if e.Cause != nil {
		v.Cause, v.Data.Cause = *e.Cause, *e.Cause
	}
	if e.MapRunARN != "" {
		v.Again = ""
	}
	v.steps(e, end, events)
	v.events(e.Started.In(now.Location()), events)
	return v
}

func (v *ExecutionView) steps(e ledger.Execution, end time.Time, events []history.Event) {
	whole := max(end.Sub(e.Started), time.Millisecond)
	for _, s := range Steps(events) {
		left := s.Exited
		if left.IsZero() {
			left = end
		}
		word := stepWords[s.Status]
		view := StepView{
			Name: s.Name, Icon: word.Icon, Tone: word.Class, Word: word.Label, Depth: min(s.Depth, 4),
			Entered: ui.Entered(e.Started.In(end.Location()), s.Entered), Took: ui.Took(left.Sub(s.Entered)),
			Left:  percent(s.Entered.Sub(e.Started), whole, 0),
			Width: percent(left.Sub(s.Entered), whole, 0.8),
		}
		if s.Status == StepWaiting && s.TaskID != "" {
			view.Href, v.TaskHref = TaskHref(s.TaskID), TaskHref(s.TaskID)
		}
		v.Steps = append(v.Steps, view)
	}
}

func percent(part, whole time.Duration, least float64) string {
	p := max(100*float64(part)/float64(whole), least)
	return fmt.Sprintf("%.2f%%", min(p, 100))
}

var stepWords = map[StepStatus]ui.Badge{
	StepRunning:   {Class: "running", Icon: "refresh-cw", Label: "Running"},
	StepWaiting:   {Class: "waiting", Icon: "user", Label: "Waiting for a person"},
	StepSucceeded: {Class: "succeeded", Icon: "check", Label: "Succeeded"},
	StepFailed:    {Class: "failed", Icon: "x", Label: "Failed"},
	StepCaught:    {Class: "caught", Icon: "triangle-alert", Label: "Failed, caught"},
	StepRetrying:  {Class: "retrying", Icon: "rotate-cw", Label: "Waits to try again"},
	StepCancelled: {Class: "cancelled", Icon: "ban", Label: "Cancelled"},
}

func (v *ExecutionView) events(started time.Time, events []history.Event) {
	names := map[history.ID]string{}
	for _, e := range events {
		name := cmp.Or(e.Details.Name, e.Details.State)
		if name == "" {
			name = names[e.Previous]
		}
		names[e.ID] = name
		if strings.HasPrefix(string(e.Type), "Execution") {
			name = ""
		}
		v.Events = append(v.Events, EventView{
			Redriven: e.Type == history.ExecutionRedriven,
			ID:       int64(e.ID), Type: string(e.Type), State: name, Details: eventWords(e), At: ui.Clock(started, e.At),
		})
	}
}

// eventWords is what an event tells in one line.
func eventWords(e history.Event) string {
	d := e.Details
	switch {
	case e.Type == history.ExecutionRedriven:
		return "What is below came after the redrive."
	case d.Error != nil && d.Cause != nil && *d.Cause != "":
		return *d.Error + ": " + clip(*d.Cause, 160)
	case d.Error != nil:
		return *d.Error
	case d.Resource != "" && d.ResourceType != "":
		return d.ResourceType + ":" + d.Resource
	case d.Resource != "":
		return d.Resource
	case d.Index != nil && strings.HasPrefix(string(e.Type), "MapIteration"):
		return fmt.Sprintf("item %d", *d.Index)
	case d.Length != nil:
		return ui.Count(*d.Length, "item")
	}
	return ""
}

// broken is an ARN of which a line may end after each part. Nothing stands between the parts: it can be copied.
func broken(arn string) templ.Component {
	return templ.Raw(strings.NewReplacer(":", ":<wbr>", "/", "/<wbr>").Replace(templ.EscapeString(arn)))
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

// raw is JSON for a script; nothing when there is no value.
func raw(v value.Value) json.RawMessage {
	if v.IsAbsent() {
		return nil
	}
	return json.RawMessage(v.JSON())
}

// mostPretty is how many bytes of JSON a page shows of one value.
const mostPretty = 64 << 10

// pretty is JSON as people read it; of what is too large it is the beginning, and a last line says so.
func pretty(v value.Value) string {
	if v.IsAbsent() {
		return ""
	}
	var b strings.Builder
	indent(&b, v, "")
	text := b.String()
	if len(text) <= mostPretty {
		return text
	}
	cut := strings.ToValidUTF8(text[:mostPretty], "")
	return fmt.Sprintf("%s\n… and so on: %d KiB in all", cut, v.Size()>>10)
}

// indent prints with two spaces; keys keep their order and numbers their digits.
func indent(b *strings.Builder, v value.Value, margin string) {
	inner := margin + "  "
	switch {
	case v.Kind() == value.KindObject && v.Len() > 0:
		b.WriteString("{\n")
		for i, m := range v.Members() {
			if i > 0 {
				b.WriteString(",\n")
			}
			b.WriteString(inner + value.String(m.Key).JSON() + ": ")
			indent(b, m.Value, inner)
		}
		b.WriteString("\n" + margin + "}")
	case v.Kind() == value.KindArray && v.Len() > 0:
		b.WriteString("[\n")
		for i, item := range v.Items() {
			if i > 0 {
				b.WriteString(",\n")
			}
			b.WriteString(inner)
			indent(b, item, inner)
		}
		b.WriteString("\n" + margin + "]")
	default:
		b.WriteString(v.JSON())
	}
}

// short leaves of a long name what tells it from others: an invented one is a UUID.
func short(name string) string {
	const most = 18
	letters := []rune(name)
	if len(letters) <= most {
		return ""
	}
	return string(letters[:8]) + "…" + string(letters[len(letters)-4:])
}
