package pages

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
	"statehouse/engine/logfile"
	"statehouse/engine/logging"
	"statehouse/engine/value"
	"statehouse/templates/ui"
)

// LogFilter is what the log page of a workflow is asked for. Empty fields do not choose.
type LogFilter struct {
	Query        string
	Level        logging.Level
	Type         string
	ExecutionARN string
	Token        string
}

// narrow tells whether anything is left out.
func (q LogFilter) narrow() bool {
	return q.Query != "" || q.Level != "" || q.Type != "" || q.ExecutionARN != ""
}

// LogFacts is what the page tells about the log itself.
type LogFacts struct {
	Files, Out bool  // where records go
	Dropped    int64 // since the server started
}

// LogsView is the log of one workflow, newest first.
type LogsView struct {
	Bar           WorkflowBar
	Action        string
	Query         string
	Problem       string // with the query
	Levels, Types []Option
	Execution     string // name of the only one that is shown, "" for all
	ExecutionHref string
	ExecutionARN  string
	AllHref       string // without that restriction
	Records       []LogRecord
	Pages         ui.Pages
	Live          string // address that tells of news, "" on later pages
	Says          string // what is logged, and where to
	SettingsHref  string
	Warnings      []string
	Empty         LogsEmpty
	Bare          bool // there is nothing to choose from
}

// LogsEmpty teaches what to do about a page without records.
type LogsEmpty struct {
	Icon, Title, Text string
	Href, Do, DoIcon  string // the one button
}

// LogRecord is one record.
type LogRecord struct {
	ID, Type, State, Words string
	Tone, Icon, Word       string // the level in colour, picture and word
	At                     ui.Time
	Execution, Href        string
	Facts                  []Fact
	JSON                   string
}

var logLevels = []struct {
	level logging.Level
	label string
}{{"", "All events"}, {logging.Error, "Errors"}, {logging.Fatal, "Ends without success"}}

// LogLevelFrom reads a level that the page can choose.
func LogLevelFrom(param string) logging.Level {
	for _, l := range logLevels {
		if string(l.level) == param {
			return l.level
		}
	}
	return ""
}

// LogsHref is the address of the log of an execution's workflow, with the records of that execution.
func LogsHref(executionARN string) string {
	a, err := arn.Parse(executionARN)
	if err != nil {
		return ""
	}
	return href(WorkflowHref(a.MachineName())+"/logs", "execution", executionARN)
}

// NewLogsView prepares the log of a workflow.
func NewLogsView(now time.Time, w ledger.Workflow, q LogFilter, page logfile.Page, facts LogFacts) LogsView {
	path := WorkflowHref(w.Name) + "/logs"
	v := LogsView{
		Bar: NewWorkflowBar(w, LogsTab), Action: path, Query: q.Query, SettingsHref: WorkflowHref(w.Name) + "/settings", ExecutionARN: q.ExecutionARN,
		AllHref: href(path, "q", q.Query, "level", string(q.Level), "type", q.Type),
		Pages:   pagesOf(path, q.Token, page.Next, "q", q.Query, "level", string(q.Level), "type", q.Type, "execution", q.ExecutionARN),
	}
	if a, err := arn.Parse(q.ExecutionARN); err == nil && a.ExecutionName() != "" {
		v.Execution, v.ExecutionHref = a.ExecutionName(), ExecutionHref(q.ExecutionARN)
	}
	for _, l := range logLevels {
		v.Levels = append(v.Levels, Option{Value: string(l.level), Label: l.label, Chosen: l.level == q.Level})
	}
	v.Types = []Option{{Label: "Any type", Chosen: q.Type == ""}}
	for _, t := range history.Types() {
		v.Types = append(v.Types, Option{Value: string(t), Label: string(t), Chosen: q.Type == string(t)})
	}
	if q.Token == "" {
		v.Live = "/live" + path
	}
	for _, e := range page.Events {
		v.Records = append(v.Records, newLogRecord(now, e))
	}
	v.tell(w, facts)
	v.Empty = v.nothing(w, q, facts)
	v.Bare = len(v.Records) == 0 && !q.narrow() && q.Token == "" && page.Next == ""
	return v
}

// tell says what is logged now, and what is wrong with it.
func (v *LogsView) tell(w ledger.Workflow, f LogFacts) {
	on := logging.Config{}
	if w.Machine != nil {
		on, _ = logging.Parse(w.Machine.Logging) // it was checked when it was stored
	}
	switch {
	case !on.On():
		v.Says = "Logging is off: what runs now leaves no records."
	case on.Data:
		v.Says = levelWords(on.Level) + " with data into " + on.Group + "."
	default:
		v.Says = levelWords(on.Level) + " without data into " + on.Group + "."
	}
	if on.On() && !f.Files {
		v.Warnings = append(v.Warnings, "This server writes records to its standard output only (--log-destination stdout): new ones do not appear here.")
	}
	if f.Dropped > 0 {
		v.Warnings = append(v.Warnings, ui.Count(f.Dropped, "record")+" of this server could not be kept since it started: the log group was deleted, or too many waited for the disk.")
	}
}

func levelWords(l logging.Level) string {
	switch l {
	case logging.All:
		return "Every event is logged"
	case logging.Error:
		return "Errors are logged"
	case logging.Fatal:
		return "Ends without success are logged"
	case logging.Off:
	}
	return "Nothing is logged"
}

// nothing says why there are no records, and what can be done about it.
func (v *LogsView) nothing(w ledger.Workflow, q LogFilter, f LogFacts) LogsEmpty {
	on := logging.Config{}
	if w.Machine != nil {
		on, _ = logging.Parse(w.Machine.Logging)
	}
	switch {
	case v.Pages.Next != "":
		return LogsEmpty{"search", "Nothing here yet", "The newest part of the log has no record that matches. Older ones are on the next page.", v.Pages.Next, "Look further back", "chevron-right"}
	case q.narrow():
		return LogsEmpty{"search", "No record matches", "Nothing in this log is like that. Levels that were not logged leave no records.", v.Action, "Show all records", ""}
	case q.Token != "":
		return LogsEmpty{"list", "That was all", "There are no older records.", v.Action, "Show the newest", ""}
	case w.Machine == nil:
		return LogsEmpty{
			"list", "Nothing is published yet", "A log is kept of what runs. Publish the workflow, then say in its settings what to log.",
			WorkflowHref(w.Name), "Open the designer", "",
		}
	case !on.On():
		return LogsEmpty{
			"list", "Keep a log of every run", "Each event of an execution becomes a line of JSON in a log group: to read here, with the aws CLI, or with any tool that reads files.",
			v.SettingsHref + "#level", "Switch logging on", "settings",
		}
	case !f.Files:
		return LogsEmpty{"list", "The log is on standard output", "This server writes records where its output goes. Start it with --log-destination both to read them here, too.", v.Bar.RunHref, "Run", "play"}
	}
	return LogsEmpty{"list", "Nothing is logged yet", "The first record appears here while the next execution runs.", v.Bar.RunHref, "Run", "play"}
}

// logLine is a record as far as the page looks at it.
type logLine struct {
	ID, Type string
	Details  struct {
		Name, Error, Cause, Resource, ResourceType, Location, State, WorkerName, MapRunArn string
		Index, Length                                                                      *int64
	}
	ExecutionARN string `json:"execution_arn"`
	RedriveCount string `json:"redrive_count"`
}

func newLogRecord(now time.Time, e logfile.Event) LogRecord {
	var l logLine
	_ = json.Unmarshal([]byte(e.Text), &l) // we wrote it
	t := history.Type(l.Type)
	r := LogRecord{
		ID: url.PathEscape(e.Stream) + "@" + itoa(int(e.Offset)), Type: l.Type, State: l.Details.Name, At: ui.Clock(now, e.At),
		Tone: "idle", Icon: "circle", Word: "Event",
		JSON: pretty(value.Raw(e.Text)),
	}
	switch {
	case logging.Fatal.Logs(t):
		r.Tone, r.Icon, r.Word = "failed", "circle-x", "Ended without success"
	case t == history.FailStateEntered, logging.Error.Logs(t):
		r.Tone, r.Icon, r.Word = "caught", "triangle-alert", "Error"
	case t == history.ExecutionSucceeded:
		r.Tone, r.Icon, r.Word = "succeeded", "circle-check", "Succeeded"
	case t == history.ExecutionStarted, t == history.ExecutionRedriven:
		r.Tone, r.Icon, r.Word = "running", "circle-play", "Began"
	}
	r.Words = l.words(t)
	if a, err := arn.Parse(l.ExecutionARN); err == nil {
		r.Execution, r.Href = a.ExecutionName(), ExecutionHref(l.ExecutionARN)
	}
	r.Facts = []Fact{{Label: "Event", Value: l.ID}}
	if l.RedriveCount != "" && l.RedriveCount != "0" {
		r.Facts = append(r.Facts, Fact{Label: "After redrive", Value: l.RedriveCount})
	}
	return r
}

// words is what a record tells in one line, beside its type and its state.
func (l *logLine) words(t history.Type) string {
	d := &l.Details
	e := history.Event{Type: t, Details: history.Details{Resource: d.Resource, ResourceType: d.ResourceType, Index: d.Index, Length: d.Length}}
	if d.Error != "" {
		e.Details.Error = &d.Error
	}
	if d.Cause != "" {
		e.Details.Cause = &d.Cause
	}
	words := eventWords(e)
	if words == "" && d.WorkerName != "" {
		words = "by " + d.WorkerName
	}
	return strings.TrimSpace(words)
}
