package pages

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/exchange"
	"statehouse/templates/ui"
)

// ImportView is what was found in files, and what is to be said before it is stored. Without anything found it
// is the form that asks for files.
type ImportView struct {
	Problem  string
	Mistakes []ImportMistake // the fields that it is about
	Text     string          // what was pasted
	Found    string          // the whole import as JSON, for the next step
	Title    string
	Machines []ImportMachine
	Notes    []string
	Wanted   []string
	More     int // notes that are not shown
	Publish  bool
	Replace  bool
	Open     bool
	Values   bool // there are placeholders
	Taken    bool // a name is taken
}

// ImportMachine is one state machine that was found.
type ImportMachine struct {
	Index        string
	Name, Where  string
	Chosen       bool
	Kind         string // "Express", "" for what is usual
	Format       string
	Picture      string
	Taken        string // that its name is
	Problems     []ProblemView
	MoreProblems int
	Extras       []string // what comes with it: tags, aliases
	Fields       []ImportField
}

// ImportField asks for the value of a placeholder.
type ImportField struct {
	ID, Placeholder, Value string
	Hint, Uses             string
	Multi                  bool // JSON, on several lines
	Problem                string
}

// About are the ids of what is said about the field.
func (f ImportField) About() string {
	if f.Problem != "" {
		return f.ID + "-problem " + f.ID + "-hint"
	}
	return f.ID + "-hint"
}

// ImportMistake is a field that is wrong, and why.
type ImportMistake struct{ ID, Sentence string }

// ImportInput is what somebody has chosen for an import.
type ImportInput struct {
	Names            []string // by machine
	Chosen           []bool
	Values           []string // by slot
	Publish, Replace bool
	Open             bool
}

// slot is one value that is asked for: a placeholder, and the machines that it stands in with the same guess.
type slot struct {
	placeholder exchange.Placeholder
	machines    []int
}

// slotsOf are the values that an import asks for, each once.
func slotsOf(found exchange.Import) []slot {
	var out []slot
	for i, m := range found.Machines {
		for _, p := range m.Placeholders {
			at := slices.IndexFunc(out, func(s slot) bool {
				q := s.placeholder
				return q.Name == p.Name && q.Kind == p.Kind && q.Default == p.Default && q.HasDefault == p.HasDefault && q.Suggestion == p.Suggestion
			})
			if at < 0 {
				out = append(out, slot{p, []int{i}})
				continue
			}
			out[at].machines = append(out[at].machines, i)
		}
	}
	return out
}

// Slots is how many values an import asks for.
func Slots(found exchange.Import) int { return len(slotsOf(found)) }

// FirstInput is what an import proposes: everything, with the values that the files give or suggest.
func FirstInput(found exchange.Import) ImportInput {
	var in ImportInput
	for _, m := range found.Machines {
		in.Names, in.Chosen = append(in.Names, m.Name), append(in.Chosen, true)
	}
	for _, s := range slotsOf(found) {
		value := s.placeholder.Suggestion
		if s.placeholder.HasDefault {
			value = s.placeholder.Default
		}
		in.Values = append(in.Values, value)
	}
	return in
}

// ImportValues are the values for the engine, by machine and placeholder, and what is wrong with them, by the
// same keys. An empty value is none; where the rest is to stay open it stands for itself.
func ImportValues(found exchange.Import, in ImportInput) (values, wrong map[string]string) {
	values, wrong = map[string]string{}, map[string]string{}
	for i, s := range slotsOf(found) {
		if i >= len(in.Values) {
			break
		}
		value, reference := strings.TrimSpace(in.Values[i]), "${"+s.placeholder.Name+"}"
		if value == "" && in.Open {
			value = reference
		}
		for _, m := range s.machines {
			key := found.Machines[m].ID + ":" + s.placeholder.Name
			if value != "" {
				values[key] = value
			}
			if _, err := arn.Parse(value); err != nil && s.placeholder.Kind == exchange.ARN && value != "" && value != reference {
				wrong[key] = "It must be an ARN: it names a resource."
			}
		}
	}
	return values, wrong
}

// ImportContext is what only the server knows about what was found.
type ImportContext struct {
	Pictures    []string // SVG by machine
	Diagnostics [][]asl.Diagnostic
	Taken       []bool            // there is a workflow of this name
	Wrong       map[string]string // problems by "ID:placeholder"
	Problem     string
}

// A page shows so many problems of one machine, and so many notes.
const (
	problemsAtOnce = 5
	notesAtOnce    = 20
)

// NewImportView prepares what was found.
func NewImportView(found exchange.Import, in ImportInput, c ImportContext) ImportView {
	text, err := json.Marshal(found)
	if err != nil {
		panic(err) // texts and numbers
	}
	v := ImportView{
		Problem: c.Problem, Found: string(text), Publish: in.Publish, Replace: in.Replace, Open: in.Open,
		Title: ui.Count(int64(len(found.Machines)), "workflow") + " found", Wanted: found.Wanted,
	}
	for i, n := range found.Notes {
		if i == notesAtOnce {
			v.More = len(found.Notes) - i
			break
		}
		v.Notes = append(v.Notes, n.String())
	}
	for i, m := range found.Machines {
		one := ImportMachine{
			Index: strconv.Itoa(i), Name: in.Names[i], Chosen: in.Chosen[i], Where: m.Place.String(), Format: formatWord(m.Format),
			Picture: c.Pictures[i], Extras: extras(m),
		}
		if m.Type == "EXPRESS" {
			one.Kind = "Express"
		}
		if c.Taken[i] {
			v.Taken = true
			one.Taken = "There is a workflow of this name: choose another one, or replace what is there below."
		}
		one.problems(c.Diagnostics[i])
		v.Machines = append(v.Machines, one)
	}
	for i, s := range slotsOf(found) {
		at := &v.Machines[s.machines[0]]
		f := importField(found, i, s, in, c.Wrong)
		if f.Problem != "" {
			v.Mistakes = append(v.Mistakes, ImportMistake{f.ID, f.Placeholder + ": " + f.Problem})
		}
		at.Fields = append(at.Fields, f)
		v.Values = true
	}
	return v
}

// placeholderToFill is the code of the advice that a placeholder needs a value.
const placeholderToFill = "UNRESOLVED_PLACEHOLDER"

func (m *ImportMachine) problems(list []asl.Diagnostic) {
	for _, d := range list {
		if d.Code == placeholderToFill { // the form asks for it
			continue
		}
		if len(m.Problems) == problemsAtOnce {
			m.MoreProblems++
			continue
		}
		p := ProblemView{Icon: "triangle-alert", Tone: "caught", Word: "Advice", Message: d.Message, Place: fmt.Sprintf("line %d, column %d", d.Pos.Line, d.Pos.Column)}
		if d.Severity == asl.Error {
			p.Icon, p.Tone, p.Word = "circle-x", "failed", "Error"
		}
		m.Problems = append(m.Problems, p)
	}
}

func importField(found exchange.Import, i int, s slot, in ImportInput, wrong map[string]string) ImportField {
	p := s.placeholder
	f := ImportField{ID: "value-" + strconv.Itoa(i), Placeholder: p.Name, Value: in.Values[i], Hint: p.About, Multi: p.Kind == exchange.Number}
	switch {
	case p.HasDefault:
		f.add("given by the file")
	case p.Suggestion != "":
		f.add("suggested, have a look")
	}
	switch p.Kind {
	case exchange.ARN:
		f.add("an ARN")
	case exchange.Number:
		f.add("a number or other JSON: it stands outside of quotes")
	case exchange.Text:
	}
	f.Hint = capital(f.Hint)
	uses := make([]string, 0, len(p.Uses))
	for _, u := range p.Uses[:min(len(p.Uses), 3)] {
		uses = append(uses, u.String())
	}
	if n := len(p.Uses) - len(uses); n > 0 {
		uses = append(uses, ui.Number(n)+" more")
	}
	if len(uses) > 0 {
		f.Uses = "Used in " + list(uses)
	}
	var others []string
	for _, m := range s.machines[1:] {
		others = append(others, found.Machines[m].Name)
	}
	if len(others) > 0 {
		f.Uses += ", and by " + list(others)
	}
	for _, m := range s.machines {
		if problem := wrong[found.Machines[m].ID+":"+p.Name]; problem != "" {
			f.Problem = problem
		}
	}
	return f
}

func (f *ImportField) add(words string) {
	if f.Hint != "" {
		words = ", " + words
	}
	f.Hint += words
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Probed is a definition to be judged and drawn before its placeholders have values: what stands outside of
// quotes gets a number, the rest stays as it is.
func Probed(m exchange.Machine) string {
	values := map[string]string{}
	for _, p := range m.Placeholders {
		values[p.Name] = "${" + p.Name + "}"
		if p.Kind == exchange.Number {
			values[p.Name] = "1"
		}
	}
	if filled, err := exchange.Fill(m, values); err == nil {
		return filled.Definition
	}
	return m.Definition
}

// extras are what a machine brings besides its definition.
func extras(m exchange.Machine) []string {
	var out []string
	if n := len(m.Tags); n > 0 {
		out = append(out, ui.Count(int64(n), "tag"))
	}
	if m.Version {
		out = append(out, "a version")
	}
	for _, a := range m.Aliases {
		out = append(out, "the alias “"+a.Name+"”")
	}
	for _, one := range []struct{ set, word string }{{m.Logging, "logging"}, {m.Tracing, "tracing"}, {m.Encryption, "encryption"}} {
		if one.set != "" {
			out = append(out, one.word)
		}
	}
	return out
}

// formats are the words for the formats, in the order of the menu.
var formats = []struct {
	format exchange.Format
	word   string
	about  string
}{
	{exchange.JSON, "JSON", "States Language"},
	{exchange.YAML, "YAML", "States Language"},
	{exchange.CloudFormation, "CloudFormation", "YAML"},
	{exchange.CloudFormationJSON, "CloudFormation", "JSON"},
	{exchange.SAM, "SAM", "YAML"},
	{exchange.Terraform, "Terraform", "HCL"},
}

func formatWord(f exchange.Format) string {
	for _, known := range formats {
		if known.format == f {
			return known.word
		}
	}
	return string(f)
}

// ExportLink leads to a workflow as a file.
type ExportLink struct{ Label, About, Href string }

// ExportLinks are all formats that a workflow can be taken along in.
func ExportLinks(name string) []ExportLink {
	out := make([]ExportLink, 0, len(formats))
	for _, f := range formats {
		out = append(out, ExportLink{Label: f.word, About: f.about, Href: href(WorkflowHref(name)+"/export", "format", string(f.format))})
	}
	return out
}

// ImportedView says what became of an import.
type ImportedView struct {
	Title string
	List  []ImportedRow
}

// ImportedRow is one workflow that was stored.
type ImportedRow struct {
	Title, Href string
	State       ui.Badge
	Word        string
}
