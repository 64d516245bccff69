package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/exchange"
	"statehouse/engine/ledger"
)

// The codes of imports, which AWS does not have.
const (
	InvalidImport        = "InvalidImport"        // a file cannot be read: Message says where
	UnfilledPlaceholders = "UnfilledPlaceholders" // Fields says which
)

// ReadImport finds the state machines in files: see package exchange. Nothing is stored. The
// fault InvalidImport says what cannot be read, and where.
func (e *Engine) ReadImport(files []exchange.File) (exchange.Import, error) {
	found, err := exchange.Read(files, exchange.Known{Names: e.names})
	if err != nil {
		f := fault(InvalidImport, "files", "%s", err.Error())
		f.Cause = err
		return exchange.Import{}, f
	}
	return found, nil
}

// FinishImport is what shall be stored of what ReadImport found.
type FinishImport struct {
	Machines   []exchange.Machine  // Name may be changed: the machines' references to each other follow
	Activities []exchange.Activity // those that do not exist are made
	Values     map[string]string   // of placeholders: see exchange.Fill
	Publish    bool                // machines as well, with their settings, versions and aliases; otherwise drafts only
	Replace    bool                // workflows that have the name
}

// Imported is what became of one machine.
type Imported struct {
	Name        string
	ARN         string // of the machine; "" when it is a draft only
	Replaced    bool   // there was a workflow of this name
	Diagnostics []asl.Diagnostic
}

// FinishImport stores machines that were found in files. All are judged before the first is
// stored: UnfilledPlaceholders has a FieldError for each placeholder without a value, its
// Pointer being "ID:placeholder"; WorkflowExists names the workflows that are there already;
// InvalidDefinition is told when they are to be published.
func (e *Engine) FinishImport(ctx context.Context, f FinishImport) ([]Imported, error) {
	machines, err := e.filled(f)
	if err != nil {
		return nil, err
	}
	before := make([]ledger.Workflow, len(machines))
	var taken []string
	for i, m := range machines {
		if before[i], err = e.importable(ctx, m, f.Publish); err != nil {
			return nil, err
		}
		if before[i].Name != "" {
			taken = append(taken, "'"+m.Name+"'")
		}
	}
	if len(taken) > 0 && !f.Replace {
		return nil, fault(WorkflowExists, "name", "There is a workflow %s already: choose another name, or replace what is there", strings.Join(taken, " and "))
	}
	for _, a := range f.Activities {
		if _, err := e.CreateActivity(ctx, CreateActivity{Name: a.Name, Tags: tagsIn(a.Tags)}); err != nil {
			return nil, err
		}
	}
	var done []Imported
	for i, m := range machines {
		one, err := e.takeIn(ctx, m, before[i], f.Publish)
		if err != nil {
			return done, err
		}
		done = append(done, one)
	}
	return done, nil
}

// filled are the machines with their placeholders filled, or a fault that tells of all that
// are not.
func (e *Engine) filled(f FinishImport) ([]exchange.Machine, error) {
	if len(f.Machines) == 0 {
		return nil, fault("ValidationException", "machines", "Choose at least one state machine")
	}
	var fields []FieldError
	var names []string
	machines := slices.Clone(exchange.Renamed(f.Machines, e.names))
	seen := map[string]bool{}
	for i, m := range machines {
		if err := checkName(m.Name); err != nil {
			return nil, err
		}
		if seen[m.Name] {
			return nil, fault(WorkflowExists, "name", "Two state machines of the import are called '%s': choose another name for one", m.Name)
		}
		seen[m.Name] = true
		full, err := exchange.Fill(m, f.Values)
		if open, ok := errors.AsType[*exchange.Unfilled](err); ok {
			for _, p := range open.Missing {
				fields = append(fields, FieldError{Pointer: m.ID + ":" + p.Name, Message: "This value is needed" + usedIn(p)})
				names = append(names, "${"+p.Name+"}")
			}
			continue
		}
		if bad, ok := errors.AsType[*exchange.BadValue](err); ok {
			fields = append(fields, FieldError{Pointer: m.ID + ":" + bad.Name, Message: "It " + bad.Why})
			names = append(names, "${"+bad.Name+"}")
			continue
		}
		if len(full.Definition) > e.limits.Definition {
			return nil, fault("InvalidDefinition", "definition", "The definition of %s has %d bytes; at most %s (%d bytes) can be saved",
				m.Name, len(full.Definition), kilobytes(e.limits.Definition), e.limits.Definition)
		}
		machines[i] = full
	}
	if len(fields) > 0 {
		bad := fault(UnfilledPlaceholders, "values", "Placeholders need a value: %s", strings.Join(names, ", "))
		bad.Fields = fields
		return nil, bad
	}
	return machines, nil
}

func usedIn(p exchange.Placeholder) string {
	if len(p.Uses) == 0 {
		return ""
	}
	more := ""
	if n := len(p.Uses) - 1; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return " in " + p.Uses[0].String() + more
}

// importable is the workflow that a machine would replace, empty when there is none, and
// refuses what could not be stored.
func (e *Engine) importable(ctx context.Context, m exchange.Machine, publish bool) (ledger.Workflow, error) {
	w, err := e.store.Workflow(ctx, m.Name)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		w = ledger.Workflow{}
	case err != nil:
		return w, stored("read workflow "+m.Name, err)
	case w.Machine != nil && w.Machine.Deleting && publish:
		return w, deleting(w.Machine.ARN, nil)
	case w.Machine != nil && w.Machine.Type != or(m.Type, Standard): // also a draft of it could never be published
		return w, fault(WorkflowExists, "name", "'%s' is there and %s, which cannot be changed to %s: choose another name", m.Name, w.Machine.Type, or(m.Type, Standard))
	}
	if !publish {
		return w, nil
	}
	role := m.Role
	if err := e.checkRole(&role); err != nil {
		return w, err
	}
	if err := errors.Join(checkLogging(m.Logging), checkEncryption(m.Encryption)); err != nil {
		return w, err
	}
	if err := e.checkTags(e.names.Machine(m.Name), tagsIn(m.Tags)); err != nil {
		return w, err
	}
	err = e.checkDefinition(m.Definition, or(m.Type, Standard))
	if f, ok := errors.AsType[*Fault](err); ok {
		f.Message = m.Name + ": " + f.Message
	}
	return w, err
}

// takeIn stores one machine that was judged before.
func (e *Engine) takeIn(ctx context.Context, m exchange.Machine, before ledger.Workflow, publish bool) (Imported, error) {
	done := Imported{Name: m.Name, Replaced: before.Name != ""}
	var base int64
	input := "{}"
	if before.Draft != nil {
		base, input = before.Draft.Revision, before.Draft.Input
	}
	var err error
	draft := ledger.Draft{Name: m.Name, Text: m.Definition, Input: input, Type: or(m.Type, Standard)}
	if _, err = e.store.SaveDraft(ctx, draft, base); errors.Is(err, ledger.ErrStale) || errors.Is(err, ledger.ErrExists) {
		return done, &Fault{Code: DraftStale, Field: "name", Message: "The workflow '" + m.Name + "' was changed elsewhere at this moment.", Cause: err}
	} else if err != nil {
		return done, stored("save draft "+m.Name, err)
	}
	done.Diagnostics = e.Problems(m.Definition, draft.Type)
	if !publish {
		return done, nil
	}
	done.ARN, err = e.publishImport(ctx, m, before.Machine)
	return done, err
}

// publishImport makes or updates the machine with its settings, and its version and aliases.
func (e *Engine) publishImport(ctx context.Context, m exchange.Machine, before *ledger.Machine) (string, error) {
	var about *string
	if m.VersionDescription != "" {
		about = &m.VersionDescription
	}
	var got ledger.Machine
	var err error
	if before == nil {
		got, err = e.CreateStateMachine(ctx, CreateStateMachine{
			Name: m.Name, Definition: m.Definition, RoleARN: m.Role, Type: m.Type, Logging: m.Logging, Tracing: m.Tracing, Encryption: m.Encryption,
			Tags: tagsIn(m.Tags), Publish: m.Version, VersionDescription: about,
		})
	} else {
		u := UpdateStateMachine{ARN: before.ARN, Definition: &m.Definition, Publish: m.Version, VersionDescription: about}
		for _, set := range []struct {
			to   **string
			text *string
		}{{&u.RoleARN, &m.Role}, {&u.Logging, &m.Logging}, {&u.Tracing, &m.Tracing}, {&u.Encryption, &m.Encryption}} {
			if *set.text != "" {
				*set.to = set.text
			}
		}
		if got, err = e.UpdateStateMachine(ctx, u); err == nil && len(m.Tags) > 0 {
			err = e.Tag(ctx, got.ARN, tagsIn(m.Tags))
		}
	}
	if err != nil {
		return "", err
	}
	for _, a := range m.Aliases {
		if err := e.lead(ctx, got, a); err != nil {
			return got.ARN, err
		}
	}
	return got.ARN, nil
}

// lead lets an alias lead to the version that was just published.
func (e *Engine) lead(ctx context.Context, m ledger.Machine, a exchange.Alias) error {
	routes := []Route{{VersionARN: m.VersionARN(), Weight: 100}}
	_, err := e.Alias(ctx, m.ARN+":"+a.Name)
	if err == nil {
		_, err = e.UpdateAlias(ctx, UpdateAlias{ARN: m.ARN + ":" + a.Name, Description: &a.Description, Routes: routes})
		return err
	}
	if f, ok := errors.AsType[*Fault](err); !ok || f.Code != "ResourceNotFound" {
		return err
	}
	_, err = e.CreateAlias(ctx, CreateAlias{Name: a.Name, Description: a.Description, Routes: routes})
	return err
}

func tagsIn(tags []exchange.Tag) []ledger.Tag {
	var out []ledger.Tag
	for _, t := range tags {
		out = append(out, ledger.Tag(t))
	}
	return out
}
