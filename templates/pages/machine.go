package pages

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// MachineSettingsView is what a workflow is besides its definition.
type MachineSettingsView struct {
	Bar       WorkflowBar
	Published bool
	Express   bool
	ARN       string
	Comment   string
	Facts     []Fact
	Form      MachineForm
	Tags      TagsForm
	Delete    ui.Question
	Done      string
}

// MachineForm is what can be changed, and makes a new revision.
type MachineForm struct {
	Action, RoleARN string
	Levels          []Option
	IncludeData     bool
	LogGroup        string
	Suggested       string // log group that an empty field stands for
	Tracing         bool
	Problem         FormProblem
}

// TagsForm lists tags, each a form of its own.
type TagsForm struct {
	Action, Count string
	List          []ledger.Tag
	Full          bool
	Key, Value    string // what was typed for a new one
	Problem       FormProblem
}

// MaxTags is how many tags AWS allows for a resource.
const MaxTags = 50

// Logging is a logging configuration as people see it.
type Logging struct {
	Level       string // OFF, ERROR, FATAL, ALL
	IncludeData bool
	LogGroup    string // ARN
}

type loggingJSON struct {
	Level        string `json:"level"`
	IncludeData  bool   `json:"includeExecutionData"`
	Destinations []struct {
		LogGroup struct {
			ARN string `json:"logGroupArn"`
		} `json:"cloudWatchLogsLogGroup"`
	} `json:"destinations"`
}

// ReadLogging reads a stored logging configuration; an empty one is off.
func ReadLogging(text string) Logging {
	var j loggingJSON
	if text != "" {
		_ = json.Unmarshal([]byte(text), &j) // it was checked when it was stored
	}
	l := Logging{Level: j.Level, IncludeData: j.IncludeData}
	if l.Level == "" {
		l.Level = "OFF"
	}
	for _, d := range j.Destinations {
		l.LogGroup = d.LogGroup.ARN
	}
	return l
}

// JSON is the configuration as AWS writes it.
func (l Logging) JSON() string {
	type group struct {
		ARN string `json:"logGroupArn"`
	}
	type destination struct {
		LogGroup group `json:"cloudWatchLogsLogGroup"`
	}
	out := struct {
		Level        string        `json:"level"`
		IncludeData  bool          `json:"includeExecutionData"`
		Destinations []destination `json:"destinations,omitempty"`
	}{Level: l.Level, IncludeData: l.IncludeData}
	if l.LogGroup != "" {
		out.Destinations = []destination{{group{l.LogGroup}}}
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err) // two strings and a bool
	}
	return string(text)
}

// Word says the level, and whether the data are in the log.
func (l Logging) Word() string {
	for _, known := range levels {
		if known.level == l.Level && l.Level != "OFF" && l.IncludeData {
			return known.word + ", with data"
		} else if known.level == l.Level {
			return known.word
		}
	}
	return l.Level
}

var levels = []struct{ level, word, means string }{
	{"OFF", "Off", "nothing"},
	{"ALL", "All", "every event"},
	{"ERROR", "Error", "errors, also those that were caught"},
	{"FATAL", "Fatal", "what ended an execution"},
}

// ReadTracing tells whether a stored tracing configuration is on.
func ReadTracing(text string) bool {
	var t struct {
		Enabled bool `json:"enabled"`
	}
	return text != "" && json.Unmarshal([]byte(text), &t) == nil && t.Enabled
}

// TracingJSON is a tracing configuration as AWS writes it.
func TracingJSON(on bool) string { return fmt.Sprintf(`{"enabled":%t}`, on) }

// MachineInput is what somebody has chosen, or what is stored.
type MachineInput struct {
	RoleARN string
	Logging Logging
	Tracing bool
}

// MachineInputOf is what is stored.
func MachineInputOf(m ledger.Machine) MachineInput {
	return MachineInput{RoleARN: m.RoleARN, Logging: ReadLogging(m.Logging), Tracing: ReadTracing(m.Tracing)}
}

// NewMachineSettingsView prepares the settings of a workflow that is published. comment is what its definition
// says about itself, suggested the log group that an empty field stands for.
func NewMachineSettingsView(now time.Time, w ledger.Workflow, in MachineInput, comment, suggested string, tags []ledger.Tag, versions, aliases int) MachineSettingsView {
	path := WorkflowHref(w.Name)
	v := MachineSettingsView{Bar: NewWorkflowBar(w, SettingsTab), Comment: comment, Delete: deleteQuestion(w, versions, aliases)}
	if w.Machine == nil {
		v.Express = w.Draft != nil && w.Draft.Type == "EXPRESS"
		return v
	}
	m := *w.Machine
	v.Published, v.Express, v.ARN = true, m.Type == "EXPRESS", m.ARN
	v.Facts = []Fact{
		{Label: "Created", Time: ui.At(now, m.Created)},
		{Label: "Published", Time: ui.At(now, m.Updated)},
		{Label: "Revision", Value: revisionWord(m.RevisionID), Mono: true},
	}
	v.Form = MachineForm{
		Action: path + "/settings", RoleARN: in.RoleARN, IncludeData: in.Logging.IncludeData, LogGroup: in.Logging.LogGroup,
		Suggested: suggested, Tracing: in.Tracing,
	}
	for _, l := range levels {
		v.Form.Levels = append(v.Form.Levels, Option{Value: l.level, Label: l.word + " – " + l.means, Chosen: l.level == in.Logging.Level})
	}
	v.Tags = TagsForm{Action: path + "/tags", List: tags, Count: fmt.Sprintf("%d of %d", len(tags), MaxTags), Full: len(tags) >= MaxTags}
	return v
}

// deleteQuestion says what goes with a workflow, and what stays.
func deleteQuestion(w ledger.Workflow, versions, aliases int) ui.Question {
	goes := []string{"the draft"}
	if versions > 0 {
		goes = append(goes, ui.Count(int64(versions), "version"))
	}
	if aliases == 1 {
		goes = append(goes, "1 alias")
	} else if aliases > 1 {
		goes = append(goes, ui.Number(aliases)+" aliases")
	}
	text := "With it " + list(goes) + " go. "
	if len(goes) == 1 {
		text = "The workflow and its draft go. "
	}
	if w.Running > 0 {
		text += runningGoOn(w.Running) + " "
	}
	title := ui.Title(w.Name)
	return ui.Question{
		ID: "delete", Title: "Delete “" + title + "”?", Action: WorkflowHref(w.Name) + "/delete", Yes: "Delete workflow", No: "Keep it",
		Text: text + "What has run stays in the list of executions.",
	}
}

// list is a list in words: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
