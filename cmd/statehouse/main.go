// Command statehouse runs workflows in Amazon States Language: a designer, an inbox,
// a live view and the AWS Step Functions API in one binary.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"statehouse/engine/layout"
)

// workerArgument makes the binary draw pictures for its parent instead of serving:
// Graphviz runs in a process of its own (see package layout).
const workerArgument = "graphviz-worker"

// Exit statuses.
const (
	exitFailure = 1
	exitUsage   = 2
	exitData    = 3 // the data folder cannot be used: corrupt, newer, or in use
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == workerArgument {
		if err := layout.WorkerMain(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailure)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// program is the command line. Every flag is also a variable STATEHOUSE_….
type program struct {
	Serve     serve       `cmd:"" help:"Serve the web application and the AWS API."`
	Test      tryOut      `cmd:"" help:"Try definitions out in scenarios, without calling anything."`
	Convert   convertFile `cmd:"" help:"Turn a JSONPath definition into JSONata."`
	Import    importFiles `cmd:"" help:"Take state machines out of files: ASL, CloudFormation, SAM, CDK, Terraform."`
	Export    exportFile  `cmd:"" help:"Write a workflow as JSON, YAML, CloudFormation, SAM or Terraform."`
	AccessKey accessKeys  `cmd:"" help:"Make, list and revoke the keys that programs sign their calls with."`
	Version   version     `cmd:"" help:"Print the version."`
}

// run is main without the process: it answers the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var p program
	exited := -1
	parser, err := kong.New(&p,
		kong.Name("statehouse"),
		kong.Description("Draw state machines, run them durably, approve their human steps, watch every step live."),
		kong.DefaultEnvars("STATEHOUSE"),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitFailure
	}
	command, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help
		return exited
	case err != nil:
		fmt.Fprintf(stderr, "statehouse: %s\nTry 'statehouse --help'.\n", err)
		return exitUsage
	}
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(&console{out: stdout, err: stderr}); err != nil {
		if status, ok := errors.AsType[testStatus](err); ok {
			return int(status)
		}
		fmt.Fprintln(stderr, "statehouse:", err)
		if _, ok := errors.AsType[dataError](err); ok {
			return exitData
		}
		if _, ok := errors.AsType[usage](err); ok {
			return exitUsage
		}
		return exitFailure
	}
	return 0
}

// console is where a command writes.
type console struct{ out, err io.Writer }

type version struct{}

func (version) Run(c *console) error {
	_, err := fmt.Fprintln(c.out, "statehouse", currentVersion())
	return err
}

// currentVersion is the module's version, or the revision it was built from.
func currentVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel " + s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}
