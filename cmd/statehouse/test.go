package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"statehouse/engine/scenario"
)

// tryOut runs scenario files: people's own tests of their definitions.
type tryOut struct {
	Files   []string `arg:"" name:"FILE" help:"Scenario files (YAML or JSON)."`
	JUnit   string   `name:"junit" placeholder:"FILE" type:"path" help:"Also write the results as JUnit XML."`
	Only    string   `name:"run" placeholder:"TEXT" help:"Only scenarios whose name contains this."`
	Verbose bool     `short:"v" help:"Show the path and the output of every scenario."`
}

// Help teaches the format by an example.
func (tryOut) Help() string {
	return `A scenario file names a definition and says what shall become of it. Nothing is called and nobody waits: tasks
are answered by mocks, and time jumps from one timer to the next.

  # order.test.yaml
  definition: order.asl.json        # relative to this file
  type: STANDARD                    # or EXPRESS
  scenarios:
    - name: the card is declined twice
      input: {orderId: 7}
      mocks:                        # by state: answers by the number of the call, from 0
        Charge:
          0-1: {Throw: {Error: Declined, Cause: no money}}
          2: {Return: {paid: true}}
        Approve:                    # .sync and .waitForTaskToken: the immediate answer, then the result
          0: {Submitted: {id: 1}, Return: {ok: true}}
      expect:                       # what is not named is not compared
        path: [Charge, Approve, Ship]
        output: {shipped: true}
    - name: nobody approves
      mocks:
        Charge: {0: {Return: {paid: true}}}
        Approve: {0: {Never: true}} # the state's own timeout has to fire
      expect: {error: States.Timeout}

Instead of mocks, a file of Step Functions Local: mockConfig: mocks.json, testCase: PaymentFails, and at the top
machine: Order.

Exit status: 0 when all scenarios came to what was expected, 1 when one did not, 2 when a file cannot be used.`
}

// testStatus ends the command with a status; what is to be said has been said.
type testStatus int

func (s testStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Run tries every file, prints what became of its scenarios, and answers testStatus when one
// did not come to what was expected.
func (t *tryOut) Run(ctx context.Context, c *console) error {
	began := time.Now()
	var reports []scenario.Report
	for _, name := range t.Files {
		reports = append(reports, t.try(ctx, c.out, name))
	}
	tests, failed, broken := 0, 0, 0
	for _, r := range reports {
		tests += len(r.Results)
		failed += r.Failed()
		if r.Err != nil {
			broken++
		}
	}
	summary := fmt.Sprintf("%d scenarios, %d failed", tests, failed)
	if broken > 0 {
		summary += fmt.Sprintf(", %d files cannot be used", broken)
	}
	if _, err := fmt.Fprintf(c.out, "%s (%s)\n", summary, time.Since(began).Round(time.Millisecond)); err != nil {
		return err
	}
	if err := t.junit(reports); err != nil {
		return err
	}
	switch {
	case broken > 0:
		return testStatus(exitUsage)
	case failed > 0:
		return testStatus(exitFailure)
	case tests == 0:
		fmt.Fprintf(c.err, "statehouse: no scenario has %q in its name\n", t.Only)
		return testStatus(exitUsage)
	}
	return nil
}

// try runs the scenarios of one file and prints what became of them.
func (t *tryOut) try(ctx context.Context, out io.Writer, name string) scenario.Report {
	f, err := scenario.Read(name, os.ReadFile)
	if err != nil {
		fmt.Fprintf(out, "ERROR %s\n%s\n", name, indented(err.Error()))
		return scenario.Report{File: name, Err: err}
	}
	report := scenario.Report{File: name}
	for _, s := range f.Scenarios {
		if !strings.Contains(s.Name, t.Only) {
			continue
		}
		r := f.Run(ctx, s)
		report.Results = append(report.Results, r)
		word := "ok   "
		if len(r.Faults) > 0 {
			word = "FAIL "
		}
		fmt.Fprintf(out, "%s %s: %s (%d events, %s of virtual time)\n", word, name, s.Name, len(r.Run.Events), r.Virtual.Round(time.Millisecond))
		for _, fault := range r.Faults {
			fmt.Fprintln(out, indented(fault))
		}
		if t.Verbose {
			fmt.Fprintln(out, indented("path: "+strings.Join(r.Path, " → ")))
			if !r.Run.Output.IsAbsent() {
				fmt.Fprintln(out, indented("output: "+r.Run.Output.JSON()))
			}
		}
	}
	return report
}

func indented(text string) string { return "      " + strings.ReplaceAll(text, "\n", "\n      ") }

func (t *tryOut) junit(reports []scenario.Report) (err error) {
	if t.JUnit == "" {
		return nil
	}
	f, err := os.Create(t.JUnit)
	if err != nil {
		return fmt.Errorf("--junit: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return scenario.WriteJUnit(f, reports)
}
