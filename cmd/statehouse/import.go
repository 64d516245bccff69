package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"statehouse/engine/arn"
	"statehouse/engine/exchange"
)

// importFiles takes state machines out of files and gives them to a running server.
type importFiles struct {
	Files     []string          `arg:"" name:"FILE" help:"Definitions, templates, Terraform files, archives of them, or folders; - reads standard input."`
	Set       map[string]string `name:"set" mapsep:"none" placeholder:"NAME=VALUE" help:"Value of a placeholder, a parameter or a variable; may be repeated."`
	Values    string            `type:"path" placeholder:"FILE" help:"Values in YAML or JSON, by name."`
	Suggested bool              `help:"Take the suggested values for what has none."`
	Only      []string          `placeholder:"NAME" help:"Only these state machines."`
	Name      string            `placeholder:"NAME" help:"Call the state machine so."`
	Publish   bool              `help:"Publish them, with their settings, versions and aliases; otherwise they become drafts."`
	Replace   bool              `help:"Replace workflows, or files, of the same name."`
	Out       string            `placeholder:"FOLDER" help:"Write the definitions into this folder instead; - prints them."`

	Remote remote `embed:""`
}

// Help says what comes where.
func (importFiles) Help() string {
	return `Understood are Amazon States Language in JSON and YAML, CloudFormation and SAM in JSON and YAML, what 'cdk synth'
writes, Terraform (.tf, .tf.json, .tfvars, 'terraform show -json') and what 'aws stepfunctions describe-state-machine'
prints. Files that a template names are read when they lie below the working folder or beside it.

What a template makes elsewhere, such as the ARN of a Lambda function, is a placeholder. Missing ones are listed with
the --set that fills them. State machines and activities of the same files find each other by themselves.

  statehouse import template.yaml --set ChargeFunctionArn=arn:aws:lambda:us-east-1:123456789012:function:charge
  statehouse import cdk.out --suggested --publish
  statehouse import infra --values test.yaml --out -

Exit status: 0 when all was imported, 1 when a placeholder has no value or the server refused, 2 when a file cannot
be used.`
}

// Run reads, fills and hands over.
func (f *importFiles) Run(ctx context.Context, c *console) error {
	known, err := f.known(ctx)
	if err != nil {
		return err
	}
	found, err := f.read(known)
	if err != nil {
		return usage{err}
	}
	for _, n := range found.Notes {
		fmt.Fprintln(c.err, "note:", n)
	}
	for _, name := range found.Wanted {
		fmt.Fprintf(c.err, "missing: %s: give it as well\n", name)
	}
	if found.Machines, err = f.chosen(found.Machines); err != nil {
		return err
	}
	if f.Suggested {
		suggest(found.Machines, known.Values)
	}
	if f.Out != "" {
		return f.write(c, found.Machines, known.Values)
	}
	if f.tellMissing(c.err, found.Machines, known.Values) {
		return testStatus(exitFailure)
	}
	return f.send(ctx, c, found, known.Values)
}

// known are the names of the server that the definitions are for, and the values given.
func (f *importFiles) known(ctx context.Context) (exchange.Known, error) {
	k := exchange.Known{Names: arn.Names{Account: "000000000000", Region: "us-east-1"}, Values: map[string]string{}}
	if f.Values != "" {
		text, err := os.ReadFile(f.Values)
		if err != nil {
			return k, fmt.Errorf("--values: %w", err)
		}
		if err := yaml.Unmarshal(text, &k.Values); err != nil {
			return k, fmt.Errorf("--values %s: %w", f.Values, err)
		}
	}
	for name, v := range f.Set {
		k.Values[name] = v
	}
	if f.Out != "" {
		return k, nil
	}
	answer, err := f.Remote.ask(ctx, http.MethodGet, "/api/import", nil)
	if err != nil {
		return k, err
	}
	var names struct{ Account, Region string }
	if err := json.Unmarshal(answer, &names); err != nil || names.Account == "" {
		return k, fmt.Errorf("%s is no Statehouse server: its answer is not understood", f.Remote.Endpoint)
	}
	k.Names = arn.Names{Account: names.Account, Region: names.Region}
	return k, nil
}

func (f *importFiles) read(known exchange.Known) (found exchange.Import, err error) {
	g, err := gather(f.Files)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	found, err = g.find(known)
	if err == nil && len(found.Machines) == 0 && len(found.Wanted) > 0 {
		err = fmt.Errorf("the definitions are in files that were not given: %s", strings.Join(found.Wanted, ", "))
	}
	return found, err
}

// chosen are the machines that --only names, with the name that --name gives.
func (f *importFiles) chosen(all []exchange.Machine) ([]exchange.Machine, error) {
	var list []exchange.Machine
	var there []string
	for _, m := range all {
		there = append(there, m.Name)
		if len(f.Only) == 0 || slices.Contains(f.Only, m.Name) || slices.Contains(f.Only, m.ID) {
			list = append(list, m)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("--only names none of the state machines: they are %s", strings.Join(there, ", "))
	}
	if f.Name == "" {
		return list, nil
	}
	if len(list) > 1 {
		return nil, fmt.Errorf("--name is for one state machine, and there are %s: choose one with --only", strings.Join(there, ", "))
	}
	list[0].Name = f.Name
	return list, nil
}

// suggest fills in what is suggested, where nothing else is known.
func suggest(machines []exchange.Machine, values map[string]string) {
	for _, m := range machines {
		for _, p := range m.Placeholders {
			if _, ok := values[p.Name]; !ok && !p.HasDefault && p.Suggestion != "" {
				values[p.Name] = p.Suggestion
			}
		}
	}
}

// tellMissing lists the placeholders without a value, where they are used, and what to say.
func (f *importFiles) tellMissing(w io.Writer, machines []exchange.Machine, values map[string]string) bool {
	var sets []string
	told := map[string]bool{}
	for _, m := range machines {
		_, err := exchange.Fill(m, values)
		open, ok := errors.AsType[*exchange.Unfilled](err)
		if !ok {
			continue
		}
		for _, p := range open.Missing {
			if !told[p.Name] {
				sets = append(sets, "--set '"+p.Name+"="+strings.ReplaceAll(p.Suggestion, "'", `'\''`)+"'")
			}
			told[p.Name] = true
			fmt.Fprintf(w, "%s: ${%s} has no value (%s)\n", m.Name, p.Name, strings.TrimSuffix(string(p.Kind)+", "+p.About, ", "))
			for _, u := range p.Uses {
				fmt.Fprintf(w, "    in %s\n", u)
			}
		}
	}
	if len(sets) > 0 {
		fmt.Fprintf(w, "Give the values:\n  %s\n", strings.Join(sets, " \\\n  "))
	}
	return len(sets) > 0
}

// write puts the definitions into a folder, or prints them. Those that are not complete keep
// their placeholders.
func (f *importFiles) write(c *console, machines []exchange.Machine, values map[string]string) (err error) {
	missing := f.tellMissing(c.err, machines, values)
	var root *os.Root
	if f.Out != "-" {
		if err := os.MkdirAll(f.Out, 0o750); err != nil {
			return err
		}
		if root, err = os.OpenRoot(f.Out); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, root.Close()) }()
	}
	for _, m := range machines {
		full, err := exchange.Fill(m, kept(m, values))
		if err != nil {
			return err
		}
		if root == nil {
			fmt.Fprintln(c.out, full.Definition)
			continue
		}
		name := m.Name + exchange.JSON.Ending()
		how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
		if f.Replace {
			how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		}
		file, err := root.OpenFile(name, how, 0o644)
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("%s is there already: --replace overwrites it", filepath.Join(f.Out, name))
		}
		if err != nil {
			return err
		}
		_, err = io.WriteString(file, full.Definition+"\n")
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		fmt.Fprintln(c.out, filepath.Join(f.Out, name))
	}
	if missing {
		return testStatus(exitFailure)
	}
	return nil
}

// kept are values with which a machine keeps the placeholders that have none.
func kept(m exchange.Machine, values map[string]string) map[string]string {
	_, err := exchange.Fill(m, values)
	open, ok := errors.AsType[*exchange.Unfilled](err)
	if !ok {
		return values
	}
	values = maps.Clone(values)
	for _, p := range open.Missing {
		values[p.Name] = "${" + p.Name + "}"
	}
	return values
}

// send gives the machines to the server and says what became of them.
func (f *importFiles) send(ctx context.Context, c *console, found exchange.Import, values map[string]string) error {
	answer, err := f.Remote.ask(ctx, http.MethodPost, "/api/import", map[string]any{
		"machines": found.Machines, "activities": found.Activities, "values": values, "publish": f.Publish, "replace": f.Replace,
	})
	if no, ok := errors.AsType[*refused](err); ok {
		hint := ""
		if no.Code == "WorkflowAlreadyExists" {
			hint = " (--name gives another name, --replace replaces)"
		}
		fmt.Fprintf(c.err, "statehouse: %s%s\n", no.Message, hint)
		for field, why := range no.Fields {
			fmt.Fprintf(c.err, "    %s: %s\n", field, why)
		}
		return testStatus(exitFailure)
	}
	if err != nil {
		return err
	}
	var done struct {
		Imported []struct {
			Name, ARN, Href string
			Replaced        bool
			Diagnostics     []struct{ Severity, Message, Location string }
		}
	}
	if err := json.Unmarshal(answer, &done); err != nil {
		return fmt.Errorf("the server's answer is not understood: %w", err)
	}
	for _, d := range done.Imported {
		what := "draft"
		if d.ARN != "" {
			what = "published as " + d.ARN
		}
		if d.Replaced {
			what += ", replaced"
		}
		fmt.Fprintf(c.out, "%s: %s, %s%s\n", d.Name, what, strings.TrimSuffix(f.Remote.Endpoint, "/"), d.Href)
		for _, g := range d.Diagnostics {
			fmt.Fprintf(c.err, "%s: %s: %s: %s\n", d.Name, strings.ToLower(g.Severity), g.Location, g.Message)
		}
	}
	return nil
}
