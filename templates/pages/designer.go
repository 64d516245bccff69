package pages

import (
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/ledger"
	"statehouse/templates/ui"
)

// DesignerView is the page on which a workflow is drawn.
type DesignerView struct {
	Name, Title string
	Tabs        []ui.Chip
	State       ui.Badge
	SaveState   string
	Published   bool
	Errors      int
	Problems    []ProblemView
	Text        string
	Run         RunView
	Exports     []ExportLink
	Data        DesignerData
}

// ProblemView is one problem of the definition.
type ProblemView struct {
	Icon, Tone, Word, Message, Place string
}

// DesignerData is what the page's script begins with.
type DesignerData struct {
	Name          string       `json:"name"`
	Text          string       `json:"text"`
	Input         string       `json:"input"`
	Revision      int64        `json:"revision"`
	Published     bool         `json:"published"`
	PublishedText string       `json:"publishedText"`
	SavedAt       string       `json:"savedAt,omitempty"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
	Starters      []string     `json:"starters"`
	Restore       *Restored    `json:"restore,omitempty"` // what the draft shall become, in a way that can be taken back
}

// Restored is the definition of a version that becomes the draft.
type Restored struct {
	Name string `json:"name"` // of the change
	Text string `json:"text"`
}

// Diagnostic is a problem as scripts get it. Columns count UTF-16 units, as browsers do.
type Diagnostic struct {
	Severity  asl.Severity `json:"severity"`
	Code      string       `json:"code"`
	Message   string       `json:"message"`
	Location  string       `json:"location"`
	Offset    int          `json:"offset"`
	EndOffset int          `json:"endOffset"`
	Line      int          `json:"line"`
	Column    int          `json:"column"`
	EndLine   int          `json:"endLine"`
	EndColumn int          `json:"endColumn"`
	State     string       `json:"state"`
	Field     string       `json:"field"`
}

// Diagnostics prepares problems for a script.
func Diagnostics(list []asl.Diagnostic) []Diagnostic {
	out := make([]Diagnostic, 0, len(list))
	for _, d := range list {
		message := d.Message
		if d.Hint != "" {
			message += " (" + d.Hint + ")"
		}
		out = append(out, Diagnostic{
			Severity: d.Severity, Code: d.Code, Message: message, Location: d.Pointer,
			Offset: d.Pos.Offset, EndOffset: d.End.Offset,
			Line: d.Pos.Line, Column: d.Pos.Column, EndLine: d.End.Line, EndColumn: d.End.Column,
			State: d.State, Field: d.Field,
		})
	}
	return out
}

// NewDesignerView prepares the designer. draft is what is drawn, also where nothing was saved yet.
func NewDesignerView(w ledger.Workflow, draft ledger.Draft, diagnostics []asl.Diagnostic) DesignerView {
	v := DesignerView{
		Name: w.Name, Title: ui.Title(w.Name), Tabs: WorkflowTabs(w.Name, DesignTab), State: StateOf(w), SaveState: "Draft · saved",
		Text: draft.Text, Exports: ExportLinks(w.Name),
		Data: DesignerData{
			Name: w.Name, Text: draft.Text, Input: draft.Input, Revision: draft.Revision,
			Diagnostics: Diagnostics(diagnostics), Starters: []string{},
		},
	}
	if w.Machine != nil {
		v.Data.PublishedText = w.Machine.Definition
		v.Data.Published = w.Machine.Definition == draft.Text
		v.Published = v.Data.Published
	}
	if v.Published {
		v.SaveState = "Published"
	}
	if !draft.Updated.IsZero() {
		v.Data.SavedAt = draft.Updated.UTC().Format(time.RFC3339Nano)
	}
	for _, d := range diagnostics {
		p := ProblemView{Icon: "triangle-alert", Tone: "caught", Word: "Advice", Message: d.Message, Place: d.Location}
		if d.Severity == asl.Error {
			v.Errors++
			p.Icon, p.Tone, p.Word = "circle-x", "failed", "Error"
		}
		v.Problems = append(v.Problems, p)
	}
	return v
}
