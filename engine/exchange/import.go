package exchange

import (
	"fmt"

	"statehouse/engine/arn"
)

// File is one file that is read.
type File struct {
	Name string // with slashes, relative to where the files were taken from
	Data []byte
}

// Known is what this server knows about itself, where a template asks AWS.
type Known struct {
	Names arn.Names
	// Values are of parameters and variables, by their names. They count before defaults also
	// where names and conditions depend on them.
	Values map[string]string
}

// Place is where something stands in a file. Line and column count from 1, columns in bytes;
// 0 is unknown.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String is file:line:column, as editors take it.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Error says why files cannot be read, and where.
type Error struct {
	Place   Place
	Message string
}

// Error is the place and the message.
func (e *Error) Error() string {
	if e.Place == (Place{}) {
		return e.Message
	}
	return e.Place.String() + ": " + e.Message
}

func fail(at Place, format string, args ...any) *Error {
	return &Error{Place: at, Message: fmt.Sprintf(format, args...)}
}

// Note is something that was not taken over, or not as it stands there.
type Note struct {
	Place   Place  `json:"place"`
	Message string `json:"message"`
}

// String is the place and the message.
func (n Note) String() string { return n.Place.String() + ": " + n.Message }

// Import is what was found in files. It can be written as JSON and read again.
type Import struct {
	Machines   []Machine  `json:"machines"`
	Activities []Activity `json:"activities,omitempty"`
	Notes      []Note     `json:"notes,omitempty"`
	// Wanted names files that the given ones mention and that were not among them: with
	// them given, too, a second Read finds more. One that ends in a slash is a folder, one with
	// * a pattern: see Fits.
	Wanted []string `json:"wanted,omitempty"`
}

// Machine is a state machine, on its way in or out.
type Machine struct {
	ID         string `json:"id"`              // its name inside the files, one of a kind in an Import
	Name       string `json:"name"`            // proposed, or its own on its way out
	Found      string `json:"found,omitempty"` // the name that was proposed: references to it follow when Name is changed
	Type       string `json:"type"`            // STANDARD or EXPRESS
	Definition string `json:"definition"`
	Role       string `json:"role,omitempty"`
	// JSON objects in the words of the AWS API; "" when there are none.
	Logging            string  `json:"logging,omitempty"`
	Tracing            string  `json:"tracing,omitempty"`
	Encryption         string  `json:"encryption,omitempty"`
	Tags               []Tag   `json:"tags,omitempty"`
	Version            bool    `json:"version,omitempty"` // a version is to be published
	VersionDescription string  `json:"versionDescription,omitempty"`
	Aliases            []Alias `json:"aliases,omitempty"` // each leads to that version

	Format       Format        `json:"format,omitempty"`
	Place        Place         `json:"place"`
	Placeholders []Placeholder `json:"placeholders,omitempty"`
}

// Activity is an activity that the machines use.
type Activity struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Tags []Tag  `json:"tags,omitempty"`
}

// Alias is a name that leads to a version.
type Alias struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// Tag is a label.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Kind is what a placeholder stands for.
type Kind string

// The kinds of placeholders.
const (
	Text   Kind = "text"
	ARN    Kind = "ARN"
	Number Kind = "number" // stands outside of quotes: any JSON value
)

// Placeholder is a value that a definition leaves open, written ${Name} in it.
type Placeholder struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Default is the value that the file itself gives; it counts when there is no other.
	Default    string `json:"default,omitempty"`
	HasDefault bool   `json:"hasDefault,omitempty"`
	// Suggestion is a good guess, to be looked at by a person.
	Suggestion string `json:"suggestion,omitempty"`
	About      string `json:"about,omitempty"` // what it is, for a person
	Uses       []Use  `json:"uses"`
}

// Use is one place of a definition where a placeholder stands.
type Use struct {
	State   string `json:"state,omitempty"` // "" is the definition itself
	Pointer string `json:"pointer"`         // JSON pointer in the definition
}

// String names the state and the field.
func (u Use) String() string {
	if u.State == "" {
		return u.Pointer
	}
	return u.State + " (" + u.Pointer + ")"
}

// Format is a form that state machines are written in.
type Format string

// The formats.
const (
	JSON               Format = "json"
	YAML               Format = "yaml"
	CloudFormation     Format = "cloudformation" // YAML
	CloudFormationJSON Format = "cloudformation-json"
	SAM                Format = "sam"
	Terraform          Format = "terraform"
)

// Formats lists the formats that Write knows.
func Formats() []Format {
	return []Format{JSON, YAML, CloudFormation, CloudFormationJSON, SAM, Terraform}
}
