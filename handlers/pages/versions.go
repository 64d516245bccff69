package pages

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// Versions lists what was published of a workflow, and its aliases.
func (h *Handler) Versions(c echo.Context) error {
	v, err := h.versionsView(c.Request().Context(), param(c, "name"), c.QueryParam("page"))
	if err != nil {
		return err
	}
	if n, err := strconv.ParseInt(c.QueryParam("published"), 10, 64); err == nil {
		v.Done = pages.Published(n)
	} else if c.QueryParam("deleted") != "" {
		v.Done = "Deleted."
	}
	return h.showVersions(c, http.StatusOK, v)
}

func (h *Handler) showVersions(c echo.Context, status int, v pages.VersionsView) error {
	return h.render(c, status, pages.Versions(h.frame(c, "Versions · "+v.Bar.Title, layout.Workflows, ""), v))
}

func (h *Handler) versionsView(ctx context.Context, name, token string) (pages.VersionsView, error) {
	d := pages.VersionsData{Token: token, ByNumber: map[int64]int{}, ByAlias: map[string]int{}}
	var err error
	if d.Workflow, err = h.engine.Workflow(ctx, name); err != nil {
		return pages.VersionsView{}, err
	}
	if d.Workflow.Machine == nil {
		return pages.NewVersionsView(h.Clock(), d), nil
	}
	machine := d.Workflow.Machine.ARN
	d.Versions, d.Next, err = h.engine.Versions(ctx, ledger.VersionQuery{MachineARN: machine, Page: ledger.Page{Limit: versionsAtOnce, Token: token}})
	if err != nil {
		return pages.VersionsView{}, err
	}
	newest := d.Versions
	if token != "" {
		if newest, _, err = h.engine.Versions(ctx, ledger.VersionQuery{MachineARN: machine, Page: ledger.Page{Limit: 1}}); err != nil {
			return pages.VersionsView{}, err
		}
	}
	if len(newest) > 0 {
		d.Newest = &newest[0]
	}
	if d.Aliases, _, err = h.engine.Aliases(ctx, machine, ledger.Page{Limit: allAliases}); err != nil {
		return pages.VersionsView{}, err
	}
	for _, m := range d.Versions {
		if d.ByNumber[m.Version], err = h.runsBy(ctx, machine, pages.Target{Version: m.Version}); err != nil {
			return pages.VersionsView{}, err
		}
	}
	for _, a := range d.Aliases {
		if d.ByAlias[a.Name], err = h.runsBy(ctx, machine, pages.Target{Alias: a.Name}); err != nil {
			return pages.VersionsView{}, err
		}
	}
	return pages.NewVersionsView(h.Clock(), d), nil
}

// runsBy counts what a version or an alias has started.
func (h *Handler) runsBy(ctx context.Context, machineARN string, t pages.Target) (int, error) {
	return h.engine.CountExecutionsUpTo(ctx, ledger.ExecutionQuery{MachineARN: machineARN, Version: t.Version, Alias: t.Alias}, pages.MostCounted)
}

// PublishVersion makes a version of the draft, or of what is published.
func (h *Handler) PublishVersion(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	ctx, name := c.Request().Context(), param(c, "name")
	r := engine.Release{Name: name, Draft: f.Get("what") == "draft", Description: f.Get("description")}
	m, err := h.engine.PublishWorkflowVersion(ctx, r)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fixable(fault) {
		v, again := h.versionsView(ctx, name, "")
		if again != nil {
			return again
		}
		v.Publish.Problem = pages.FormProblem{Field: fault.Field, Message: fault.Message}
		v.Publish.Description, v.Publish.Draft = r.Description, r.Draft
		return h.showVersions(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return seeOther(c, pages.WorkflowHref(name)+"/versions?published="+strconv.FormatInt(m.Version, 10))
}

// versionARN is the version that the address names.
func (h *Handler) versionARN(c echo.Context) (string, error) {
	number, err := strconv.ParseInt(param(c, "number"), 10, 64)
	if err != nil || number < 1 {
		return "", echo.ErrNotFound
	}
	return h.engine.Names().Qualified(param(c, "name"), strconv.FormatInt(number, 10)), nil
}

// WorkflowVersion shows one.
func (h *Handler) WorkflowVersion(c echo.Context) error {
	versionARN, err := h.versionARN(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	w, err := h.engine.Workflow(ctx, param(c, "name"))
	if err != nil {
		return err
	}
	m, err := h.engine.StateMachine(ctx, versionARN)
	if err != nil {
		return err
	}
	aliases, _, err := h.engine.Aliases(ctx, versionARN, ledger.Page{Limit: allAliases})
	if err != nil {
		return err
	}
	runs, err := h.runsBy(ctx, m.ARN, pages.Target{Version: m.Version})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	v := pages.NewVersionView(h.Clock(), w, m, aliases, runs, h.picture(ctx, m.Definition))
	return h.render(c, http.StatusOK, pages.Version(h.frame(c, v.Title+" · "+v.Bar.Title, layout.Workflows, ""), v))
}

// RestoreVersion makes its definition the draft.
func (h *Handler) RestoreVersion(c echo.Context) error {
	versionARN, err := h.versionARN(c)
	if err != nil {
		return err
	}
	d, err := h.engine.RestoreVersion(c.Request().Context(), versionARN)
	if err != nil {
		return err
	}
	return seeOther(c, pages.WorkflowHref(d.Name))
}

// DeleteVersion deletes one; an alias that leads to it forbids that.
func (h *Handler) DeleteVersion(c echo.Context) error {
	versionARN, err := h.versionARN(c)
	if err != nil {
		return err
	}
	ctx, name := c.Request().Context(), param(c, "name")
	err = h.engine.DeleteVersion(ctx, versionARN)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Code == "ConflictException" {
		v, again := h.versionsView(ctx, name, "")
		if again != nil {
			return again
		}
		v.Problem = fault.Message
		return h.showVersions(c, http.StatusConflict, v)
	}
	if err != nil {
		return err
	}
	return seeOther(c, pages.WorkflowHref(name)+"/versions?deleted=1")
}

// Compare shows what differs between two versions, the draft and what is published.
func (h *Handler) Compare(c echo.Context) error {
	ctx := c.Request().Context()
	w, err := h.engine.Workflow(ctx, param(c, "name"))
	if err != nil {
		return err
	}
	versions, _, err := h.published(ctx, w)
	if err != nil {
		return err
	}
	from, err := h.side(ctx, w, c.QueryParam("from"), "published")
	if err != nil {
		return err
	}
	to, err := h.side(ctx, w, c.QueryParam("to"), "draft")
	if err != nil {
		return err
	}
	v := pages.NewCompareView(w, pages.Sides(w, versions), from, to)
	return h.render(c, http.StatusOK, pages.Compare(h.frame(c, "What differs · "+v.Bar.Title, layout.Workflows, ""), v))
}

// side reads one of the two definitions that are compared.
func (h *Handler) side(ctx context.Context, w ledger.Workflow, key, usual string) (pages.Side, error) {
	if key == "" {
		key = usual
	}
	number, err := strconv.ParseInt(key, 10, 64)
	switch {
	case err == nil && number > 0:
		m, err := h.engine.StateMachine(ctx, h.engine.Names().Qualified(w.Name, key))
		return pages.Side{Key: key, Name: "Version " + key, Text: m.Definition}, err
	case key == "published" && w.Machine != nil:
		return pages.Side{Key: key, Name: "What is published", Text: w.Machine.Definition}, nil
	}
	d, err := h.engine.Draft(ctx, w.Name)
	return pages.Side{Key: "draft", Name: "The draft", Text: d.Text}, err
}
