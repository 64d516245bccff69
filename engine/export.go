package engine

import (
	"context"
	"slices"
	"strings"

	"statehouse/engine/exchange"
	"statehouse/engine/ledger"
)

// Exported is a workflow as a file.
type Exported struct {
	Name string // of the file
	Data []byte
}

// Export writes a workflow in a format, which is JSON when it is empty: the draft where there
// is one, otherwise what was published; with the settings of the machine where the format has
// a place for them. See exchange.Formats.
func (e *Engine) Export(ctx context.Context, name string, format exchange.Format) (Exported, error) {
	if format == "" {
		format = exchange.JSON
	}
	if !slices.Contains(exchange.Formats(), format) {
		var all []string
		for _, f := range exchange.Formats() {
			all = append(all, string(f))
		}
		return Exported{}, fault("ValidationException", "format", "There is no format '%s': choose one of %s", format, strings.Join(all, ", "))
	}
	w, err := e.Workflow(ctx, name)
	if err != nil {
		return Exported{}, err
	}
	m := exchange.Machine{Name: name, Type: Standard}
	if w.Machine != nil {
		if m, err = e.outgoing(ctx, *w.Machine); err != nil {
			return Exported{}, err
		}
	}
	if w.Draft != nil {
		m.Definition = w.Draft.Text
		if w.Machine == nil {
			m.Type = or(w.Draft.Type, Standard)
		}
	}
	data, err := exchange.Write(m, format)
	if err != nil {
		f := fault("InvalidDefinition", "definition", "%s", err.Error())
		f.Cause = err
		return Exported{}, f
	}
	return Exported{Name: name + format.Ending(), Data: data}, nil
}

// outgoing is a machine with all that a template may say about it. The role that only stands
// for this server is left out.
func (e *Engine) outgoing(ctx context.Context, m ledger.Machine) (exchange.Machine, error) {
	out := exchange.Machine{
		Name: m.Name, Type: m.Type, Definition: m.Definition, Role: m.RoleARN, Logging: m.Logging, Tracing: m.Tracing, Encryption: m.Encryption,
	}
	if out.Role == e.Role() {
		out.Role = ""
	}
	tags, err := e.TagsOf(ctx, m.ARN)
	if err != nil {
		return out, err
	}
	for _, t := range tags {
		out.Tags = append(out.Tags, exchange.Tag(t))
	}
	versions, _, err := e.Versions(ctx, ledger.VersionQuery{MachineARN: m.ARN, Page: ledger.Page{Limit: 1}})
	if err != nil || len(versions) == 0 {
		return out, err
	}
	out.Version, out.VersionDescription = true, versions[0].Description
	aliases, _, err := e.Aliases(ctx, m.ARN, ledger.Page{Limit: e.quotas.Aliases})
	for _, a := range aliases {
		out.Aliases = append(out.Aliases, exchange.Alias{Name: a.Name, Description: a.Description})
	}
	return out, err
}
