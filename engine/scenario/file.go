package scenario

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/mock"
	"statehouse/engine/value"
)

// File is a definition with the scenarios that it is tried in.
type File struct {
	Name      string // as it was given
	Machine   string // name that executions see
	Type      string // STANDARD or EXPRESS
	Scenarios []Scenario

	machine *asl.Machine
}

// Scenario is one run and what is expected of it.
type Scenario struct {
	Name   string
	Input  value.Value
	Expect Expect

	mocks mock.Case
}

// Expect is what a run shall come to. Absent values and nil are not compared.
type Expect struct {
	Status       interp.Status
	Path         []string // nil: not compared
	Output       value.Value
	Error, Cause *string
}

// Read reads a scenario file and the files it names, with read, which is given paths
// relative to the folder that name is in. The error lists every mistake with its place.
func Read(name string, read func(path string) ([]byte, error)) (*File, error) {
	text, err := read(name)
	if err != nil {
		return nil, err
	}
	v, err := parseYAML(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := &reader{name: name, read: read}
	f := r.file(v)
	if len(r.mistakes) > 0 {
		return nil, errors.Join(r.mistakes...)
	}
	return f, nil
}

type reader struct {
	name     string
	read     func(path string) ([]byte, error)
	mistakes []error
}

func (r *reader) wrong(at, format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Errorf("%s: %s: "+format, append([]any{r.name, at}, args...)...))
}

// object are the members of an object, of those names alone.
func (r *reader) object(at string, v value.Value, names ...string) []value.Member {
	if v.Kind() != value.KindObject {
		r.wrong(at, "must be a mapping, not %s", v.Kind())
		return nil
	}
	var known []value.Member
	for _, m := range v.Members() {
		if !slices.Contains(names, m.Key) {
			r.wrong(at, "%s is not known here; known are %s", m.Key, strings.Join(names, ", "))
			continue
		}
		known = append(known, m)
	}
	return known
}

func (r *reader) text(at string, v value.Value) string {
	if v.Kind() != value.KindString {
		r.wrong(at, "must be a text, not %s", v.Kind())
	}
	return v.Text()
}

// other reads a file that this one names.
func (r *reader) other(at string, v value.Value) string {
	path := r.text(at, v)
	if path == "" {
		return ""
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(r.name), path)
	}
	text, err := r.read(path)
	if err != nil {
		r.wrong(at, "%w", err)
	}
	return string(text)
}

func (r *reader) file(v value.Value) *File {
	f := &File{Name: r.name, Type: "STANDARD", Machine: machineName(r.name)}
	var definition string
	var scenarios value.Value
	for _, m := range r.object("the file", v, "definition", "machine", "type", "scenarios") {
		switch m.Key {
		case "definition":
			if m.Value.Kind() == value.KindObject {
				definition = m.Value.JSON()
			} else {
				definition = r.other("definition", m.Value)
			}
		case "machine":
			f.Machine = r.text("machine", m.Value)
		case "type":
			if f.Type = r.text("type", m.Value); f.Type != "STANDARD" && f.Type != "EXPRESS" {
				r.wrong("type", "must be STANDARD or EXPRESS")
			}
		case "scenarios":
			scenarios = m.Value
		}
	}
	if definition == "" {
		if len(r.mistakes) == 0 {
			r.wrong("the file", "must have a definition: a file, or the definition itself")
		}
		return f
	}
	f.machine = r.definition(definition, f.Type)
	if scenarios.Kind() != value.KindArray || scenarios.Len() == 0 {
		r.wrong("scenarios", "must be a list of at least one")
		return f
	}
	names := map[string]bool{}
	for i, item := range scenarios.Items() {
		s := r.scenario(fmt.Sprintf("scenarios[%d]", i), item, f)
		if names[s.Name] {
			r.wrong(fmt.Sprintf("scenarios[%d].name", i), "'%s' is there twice", s.Name)
		}
		names[s.Name] = true
		f.Scenarios = append(f.Scenarios, s)
	}
	return f
}

// definition parses what is tried out.
func (r *reader) definition(text, machineType string) *asl.Machine {
	for _, d := range asl.Validate(text, machineType) {
		if d.Severity == asl.Error {
			r.wrong("definition", "line %d, column %d: %s: %s (%s)", d.Pos.Line, d.Pos.Column, d.Code, d.Message, d.Location)
		}
	}
	m, _ := asl.Parse(text)
	return m
}

func (r *reader) scenario(at string, v value.Value, f *File) Scenario {
	s := Scenario{Name: at, Input: value.Object()}
	var config, testCase string
	for _, m := range r.object(at, v, "name", "input", "mocks", "mockConfig", "testCase", "expect") {
		here := at + "." + m.Key
		switch m.Key {
		case "name":
			s.Name = r.text(here, m.Value)
		case "input":
			s.Input = m.Value
		case "mocks":
			c, err := mock.ReadCase(here, m.Value)
			if mistakes, ok := errors.AsType[mock.Mistakes](err); ok {
				for _, m := range mistakes { // each begins with its place
					r.mistakes = append(r.mistakes, fmt.Errorf("%s: %s", r.name, m))
				}
			}
			s.mocks = c
		case "mockConfig":
			config = r.other(here, m.Value)
		case "testCase":
			testCase = r.text(here, m.Value)
		case "expect":
			s.Expect = r.expect(here, m.Value)
		}
	}
	if s.Expect.Status == "" {
		s.Expect.Status = interp.Succeeded
	}
	switch {
	case config == "" && testCase == "":
	case config == "" || testCase == "" || s.mocks != nil:
		r.wrong(at, "has either mocks, or mockConfig and testCase")
	default:
		s.mocks = r.testCase(at, config, f.Machine, testCase)
	}
	r.known(at, f.machine, s.mocks)
	return s
}

// testCase is a case of a file of mocked service integrations.
func (r *reader) testCase(at, config, machine, testCase string) mock.Case {
	c, err := mock.Parse(config)
	if err != nil {
		r.wrong(at+".mockConfig", "%w", err)
		return nil
	}
	found, ok := c.Case(machine, testCase)
	if !ok {
		r.wrong(at+".testCase", "there is no test case '%s' of the state machine '%s' in the mock configuration", testCase, machine)
	}
	return found
}

// known refuses mocks of states that are no tasks: a misspelt name would mock nothing.
func (r *reader) known(at string, m *asl.Machine, mocks mock.Case) {
	if m == nil {
		return
	}
	tasks := map[string]bool{}
	collect(m.Root, tasks)
	for state := range mocks {
		if !tasks[state] {
			r.wrong(at, "'%s' is mocked, but it is no Task state of the definition", state)
		}
	}
}

func collect(b *asl.Block, tasks map[string]bool) {
	for _, s := range b.States {
		if s.Type == asl.Task {
			tasks[s.Name] = true
		}
		for _, inner := range s.Blocks() {
			collect(inner, tasks)
		}
	}
}

func (r *reader) expect(at string, v value.Value) Expect {
	var e Expect
	for _, m := range r.object(at, v, "status", "path", "output", "error", "cause") {
		here := at + "." + m.Key
		switch m.Key {
		case "status":
			e.Status = interp.Status(r.text(here, m.Value))
			if !slices.Contains([]interp.Status{interp.Succeeded, interp.Failed, interp.TimedOut, interp.Running}, e.Status) {
				r.wrong(here, "must be SUCCEEDED, FAILED, TIMED_OUT, or RUNNING when it waits for ever")
			}
		case "path":
			if m.Value.Kind() != value.KindArray {
				r.wrong(here, "must be a list of states, not %s", m.Value.Kind())
			}
			e.Path = []string{}
			for i, state := range m.Value.Items() {
				e.Path = append(e.Path, r.text(fmt.Sprintf("%s[%d]", here, i), state))
			}
		case "output":
			e.Output = m.Value
		case "error":
			e.Error = new(r.text(here, m.Value))
		case "cause":
			e.Cause = new(r.text(here, m.Value))
		}
	}
	if e.Status == "" && (e.Error != nil || e.Cause != nil) {
		e.Status = interp.Failed
	}
	return e
}

// machineName is what executions see as the name of a machine that was given none: that of
// its file, without its endings.
func machineName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	if name == "" || len(name) > 80 {
		return "scenario"
	}
	return name
}
