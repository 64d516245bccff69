package pages

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// Machines is what the pages of one workflow need besides its draft.
type Machines interface {
	StateMachine(ctx context.Context, machineARN string) (ledger.Machine, error)
	UpdateStateMachine(ctx context.Context, u engine.UpdateStateMachine) (ledger.Machine, error)
	StartExecution(ctx context.Context, s engine.StartExecution) (ledger.Execution, error)
	CountExecutionsUpTo(ctx context.Context, q ledger.ExecutionQuery, most int) (int, error)

	Versions(ctx context.Context, q ledger.VersionQuery) ([]ledger.Machine, string, error)
	PublishWorkflowVersion(ctx context.Context, r engine.Release) (ledger.Machine, error)
	RestoreVersion(ctx context.Context, versionARN string) (ledger.Draft, error)
	DeleteVersion(ctx context.Context, versionARN string) error

	Aliases(ctx context.Context, machineARN string, p ledger.Page) ([]ledger.Alias, string, error)
	Alias(ctx context.Context, aliasARN string) (ledger.Alias, error)
	CreateAlias(ctx context.Context, c engine.CreateAlias) (ledger.Alias, error)
	UpdateAlias(ctx context.Context, u engine.UpdateAlias) (ledger.Alias, error)
	DeleteAlias(ctx context.Context, aliasARN string) error

	TagsOf(ctx context.Context, resourceARN string) ([]ledger.Tag, error)
	Tag(ctx context.Context, resourceARN string, tags []ledger.Tag) error
	Untag(ctx context.Context, resourceARN string, keys []string) error
}

// A page shows so many versions. A machine has a thousand of them and a hundred aliases at most, and
// people choose among all.
const (
	versionsAtOnce = 50
	allVersions    = 1000
	allAliases     = 100
)

// published are the versions of a workflow and its aliases; a draft alone has none.
func (h *Handler) published(ctx context.Context, w ledger.Workflow) ([]ledger.Machine, []ledger.Alias, error) {
	if w.Machine == nil {
		return nil, nil, nil
	}
	versions, _, err := h.engine.Versions(ctx, ledger.VersionQuery{MachineARN: w.Machine.ARN, Page: ledger.Page{Limit: allVersions}})
	if err != nil {
		return nil, nil, err
	}
	aliases, _, err := h.engine.Aliases(ctx, w.Machine.ARN, ledger.Page{Limit: allAliases})
	return versions, aliases, err
}

// MachineSettings shows what a workflow is besides its definition.
func (h *Handler) MachineSettings(c echo.Context) error {
	v, err := h.machineSettings(c.Request().Context(), param(c, "name"), nil)
	if err != nil {
		return err
	}
	if c.QueryParam("saved") != "" {
		v.Done = "Saved. New executions use it."
	}
	return h.showMachineSettings(c, http.StatusOK, v)
}

func (h *Handler) showMachineSettings(c echo.Context, status int, v pages.MachineSettingsView) error {
	return h.render(c, status, pages.MachineSettings(h.frame(c, "Settings · "+v.Bar.Title, layout.Workflows, ""), v))
}

// machineSettings prepares the page; in is what was typed, nil for what is stored.
func (h *Handler) machineSettings(ctx context.Context, name string, in *pages.MachineInput) (pages.MachineSettingsView, error) {
	w, err := h.engine.Workflow(ctx, name)
	if err != nil {
		return pages.MachineSettingsView{}, err
	}
	versions, aliases, err := h.published(ctx, w)
	if err != nil {
		return pages.MachineSettingsView{}, err
	}
	var tags []ledger.Tag
	text := ""
	switch {
	case w.Machine != nil:
		if tags, err = h.engine.TagsOf(ctx, w.Machine.ARN); err != nil {
			return pages.MachineSettingsView{}, err
		}
		if text = w.Machine.Definition; in == nil {
			in = new(pages.MachineInputOf(*w.Machine))
		}
	case w.Draft != nil:
		text = w.Draft.Text
	}
	if in == nil {
		in = &pages.MachineInput{}
	}
	return pages.NewMachineSettingsView(h.Clock(), w, *in, comment(text), h.logGroup(name), tags, len(versions), len(aliases)), nil
}

// comment is what a definition says about itself.
func comment(text string) string {
	m, _ := asl.Parse(text)
	if m == nil {
		return ""
	}
	return m.Root.Comment
}

// logGroup is where AWS's console would put the log of a machine.
func (h *Handler) logGroup(name string) string {
	n := h.engine.Names()
	return "arn:" + arn.PartitionOf(n.Region) + ":logs:" + n.Region + ":" + n.Account + ":log-group:/aws/vendedlogs/states/" + name + "-Logs:*"
}

// UpdateMachineSettings makes a new revision with another role, logging or tracing.
func (h *Handler) UpdateMachineSettings(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	ctx, name := c.Request().Context(), param(c, "name")
	in := pages.MachineInput{
		RoleARN: strings.TrimSpace(f.Get("roleArn")), Tracing: f.Get("tracing") != "",
		Logging: pages.Logging{Level: f.Get("level"), IncludeData: f.Get("includeData") != "", LogGroup: strings.TrimSpace(f.Get("logGroup"))},
	}
	w, err := h.engine.Workflow(ctx, name)
	if err != nil {
		return err
	}
	if u, changes := h.changed(w, in); changes {
		_, err = h.engine.UpdateStateMachine(ctx, u)
	}
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fixable(fault) {
		v, again := h.machineSettings(ctx, name, &in)
		if again != nil {
			return again
		}
		v.Form.Problem = pages.FormProblem{Field: fault.Field, Message: fault.Message}
		if fault.Field == "loggingConfiguration" {
			v.Form.Problem.Field = "logGroup"
		}
		return h.showMachineSettings(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return seeOther(c, pages.WorkflowHref(name)+"/settings?saved=1")
}

// changed is what differs from what is stored: what stays as it is makes no new revision.
func (h *Handler) changed(w ledger.Workflow, in pages.MachineInput) (u engine.UpdateStateMachine, changes bool) {
	if in.Logging.Level != "OFF" && in.Logging.LogGroup == "" {
		in.Logging.LogGroup = h.logGroup(w.Name)
	}
	var was pages.MachineInput
	if w.Machine != nil {
		was = pages.MachineInputOf(*w.Machine)
	}
	u.ARN = h.engine.Names().Machine(w.Name)
	if in.RoleARN != was.RoleARN {
		u.RoleARN = &in.RoleARN
	}
	if in.Logging != was.Logging {
		u.Logging = new(in.Logging.JSON())
	}
	if in.Tracing != was.Tracing {
		u.Tracing = new(pages.TracingJSON(in.Tracing))
	}
	return u, u.RoleARN != nil || u.Logging != nil || u.Tracing != nil
}

// fixable tells whether the person at the form can do something about a fault.
func fixable(f *engine.Fault) bool {
	switch f.Code {
	case engine.DraftNotFound, engine.ServiceUnavailable, "StateMachineDoesNotExist":
		return false
	}
	return true
}

// TagWorkflow sets a tag, or takes it away.
func (h *Handler) TagWorkflow(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	ctx, name := c.Request().Context(), param(c, "name")
	machine, key := h.engine.Names().Machine(name), f.Get("key")
	if f.Get("do") == "drop" {
		err = h.engine.Untag(ctx, machine, []string{key})
	} else {
		err = h.engine.Tag(ctx, machine, []ledger.Tag{{Key: strings.TrimSpace(key), Value: strings.TrimSpace(f.Get("value"))}})
	}
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fixable(fault) && fault.Code != "ResourceNotFound" {
		v, again := h.machineSettings(ctx, name, nil)
		if again != nil {
			return again
		}
		v.Tags.Problem, v.Tags.Key, v.Tags.Value = pages.FormProblem{Field: "tags", Message: fault.Message}, key, f.Get("value")
		return h.showMachineSettings(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return seeOther(c, pages.WorkflowHref(name)+"/settings#tags")
}
