// Package starter holds the definitions that a new workflow can begin with, and the sample that
// a new installation shows. They run without an account, a network or a worker, except the one
// that calls an HTTP API.
package starter

import (
	"embed"
	"strings"
)

//go:embed definitions/*.json
var files embed.FS

// Starter is a definition to begin with.
type Starter struct {
	ID          string
	Title       string
	Description string // one sentence
	Icon        string // of the icon sprite
	Definition  string
	Input       string // what a first run can be given
}

// Workflow is a starter that already has a name.
type Workflow struct {
	Name       string
	Definition string
	Input      string
}

// all lists the starters in the order in which people see them.
var all = []Starter{
	{ID: "empty", Title: "Empty", Description: "A start and an end; the rest is yours.", Icon: "square"},
	{ID: "hello", Title: "Hello", Description: "Two steps that greet whoever the input names.", Icon: "hand"},
	{ID: "approval", Title: "Approval", Description: "A person decides in the inbox, and the workflow goes the way they chose.", Icon: "user"},
	{ID: "parallel", Title: "Fan out and join", Description: "Two branches at once, and a step that waits for both.", Icon: "columns-2"},
	{ID: "map", Title: "Map over a list", Description: "The same steps for every item of a list, three at a time.", Icon: "layers"},
	{ID: "retry", Title: "Retry and catch", Description: "A step that fails, tries again with growing pauses, and cleans up at last.", Icon: "rotate-cw"},
	{ID: "http", Title: "Call an HTTP API", Description: "A request with a timeout, retries for busy servers, and a way out when it fails.", Icon: "globe"},
}

// All lists every starter.
func All() []Starter {
	out := make([]Starter, len(all))
	for i, s := range all {
		s.Definition, s.Input = read(s.ID)
		out[i] = s
	}
	return out
}

// Find gives the starter with an id.
func Find(id string) (Starter, bool) {
	for _, s := range all {
		if s.ID == id {
			s.Definition, s.Input = read(id)
			return s, true
		}
	}
	return Starter{}, false
}

// Sample is the workflow that a new installation shows: an order that waits for a manager.
func Sample() Workflow {
	definition, input := read("order-review")
	return Workflow{Name: "Order-review", Definition: definition, Input: input}
}

// read gives a definition and its input; a definition without a file for the input takes "{}".
func read(id string) (definition, input string) {
	text, err := files.ReadFile("definitions/" + id + ".json")
	if err != nil {
		panic("starter: " + err.Error()) // the table names a file that was not embedded
	}
	in, err := files.ReadFile("definitions/" + id + ".input.json")
	if err != nil {
		in = []byte("{}")
	}
	return strings.TrimRight(string(text), "\n"), strings.TrimRight(string(in), "\n")
}
