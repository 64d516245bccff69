package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"statehouse/engine/arn"
	"statehouse/engine/exchange"
)

// exportFile writes a workflow of a server, or of a file, in another form.
type exportFile struct {
	What   string          `arg:"" name:"NAME|FILE" help:"A workflow of the running server, or a file with one state machine."`
	Format exchange.Format `default:"json" enum:"json,yaml,cloudformation,cloudformation-json,sam,terraform" help:"One of ${enum}."`
	Out    string          `type:"path" placeholder:"FILE" help:"Write it here instead of to standard output."`

	Remote remote `embed:""`
}

// Help says what is written.
func (exportFile) Help() string {
	return `The draft is written where there is one, otherwise what was published. Templates have parameters for the role and for
every placeholder, and read back by 'statehouse import' as they were.

  statehouse export Order-review --format terraform
  statehouse export order.asl.json --format yaml --out order.asl.yaml

Exit status: 0 when it was written, 1 when there is no such workflow or it cannot be written so, 2 when the file
cannot be used.`
}

// Run writes.
func (f *exportFile) Run(ctx context.Context, c *console) error {
	text, err := f.text(ctx)
	if err != nil {
		return err
	}
	if f.Out != "" {
		return os.WriteFile(f.Out, text, 0o644) //nolint:gosec // a workflow is no secret: its owner says who may read the folder
	}
	_, err = c.out.Write(text)
	return err
}

func (f *exportFile) text(ctx context.Context) ([]byte, error) {
	if info, err := os.Stat(f.What); err == nil && !info.IsDir() && strings.ContainsAny(f.What, "./") {
		return f.fromFile()
	}
	return f.Remote.ask(ctx, http.MethodGet, "/workflows/"+url.PathEscape(f.What)+"/export?format="+url.QueryEscape(string(f.Format)), nil)
}

func (f *exportFile) fromFile() (text []byte, err error) {
	g, err := gather([]string{f.What})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	found, err := g.find(exchange.Known{Names: arn.Names{Account: "000000000000", Region: "us-east-1"}})
	switch {
	case err != nil:
		return nil, usage{err}
	case len(found.Machines) != 1:
		return nil, usage{fmt.Errorf("%s has %d state machines: give a file with one", f.What, len(found.Machines))}
	}
	return exchange.Write(found.Machines[0], f.Format)
}

// usage is an error of what was given.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }
