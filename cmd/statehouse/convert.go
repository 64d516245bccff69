package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"statehouse/engine/convert"
)

// convertFile turns a JSONPath definition into JSONata.
type convertFile struct {
	File string `arg:"" name:"FILE" help:"A definition, or one state with --state; - reads standard input."`
	One  bool   `name:"state" help:"The file holds one state, not a machine."`
}

// Help says what comes where.
func (convertFile) Help() string {
	return `The definition in JSONata goes to standard output. Comments, the order of keys and whatever needs no change stay as they
are. Standard error names every place that keeps JSONPath, or may mean something else for unusual data, with the reason.

Exit status: 0 when everything was converted, 1 when a state kept JSONPath or the file cannot be used.`
}

// Run prints the converted definition and what there is to know about it.
func (f *convertFile) Run(c *console) error {
	text, err := f.read()
	if err != nil {
		return err
	}
	turn := convert.Machine
	if f.One {
		turn = convert.State
	}
	r, err := turn(string(text))
	if errors.Is(err, convert.ErrNotSound) {
		return fmt.Errorf("%s has problems: open it in the designer, or ask ValidateStateMachineDefinition, and mend it first", f.File)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.File, err)
	}
	if _, err := io.WriteString(c.out, r.Text); err != nil {
		return err
	}
	for _, n := range r.Notes {
		word := "differs"
		if n.Kept {
			word = "kept"
		}
		if _, err := fmt.Fprintf(c.err, "%s: %s: %s\n", word, n.Pointer, n.Reason); err != nil {
			return err
		}
	}
	if !r.Whole() {
		return testStatus(exitFailure)
	}
	return nil
}

func (f *convertFile) read() ([]byte, error) {
	if f.File == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(f.File)
}
