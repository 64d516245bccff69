package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// Run is the form that starts an execution, of what the address says.
func (h *Handler) Run(c echo.Context) error {
	ctx := c.Request().Context()
	w, err := h.engine.Workflow(ctx, param(c, "name"))
	if err != nil {
		return err
	}
	d, err := h.engine.Draft(ctx, w.Name)
	if err != nil {
		return err
	}
	v, err := h.runView(ctx, w, false, d.Input, pages.TargetFrom(c.QueryParam("of")))
	if err != nil {
		return err
	}
	return h.showRun(c, http.StatusOK, v)
}

func (h *Handler) runView(ctx context.Context, w ledger.Workflow, drawn bool, input string, of pages.Target) (pages.RunView, error) {
	versions, aliases, err := h.published(ctx, w)
	return pages.NewRunView(w, drawn, input, versions, aliases, of), err
}

func (h *Handler) showRun(c echo.Context, status int, v pages.RunView) error {
	return h.render(c, status, pages.Run(h.frame(c, "Run "+v.Title, layout.Workflows, ""), v))
}

// RunWorkflow starts an execution: of what is drawn, of what is published, of a version or by an alias.
func (h *Handler) RunWorkflow(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	ctx, name := c.Request().Context(), param(c, "name")
	x, err := h.start(ctx, name, f)
	fault, ok := errors.AsType[*engine.Fault](err)
	if ok && fault.Code == "InvalidName" {
		fault.Message += strings.Replace(nameRule, " spaces,", "", 1)
	}
	if ok && !wantsJSON(c) && fixable(fault) {
		return h.refusedRun(c, f, fault)
	}
	if err != nil {
		return err
	}
	location := pages.ExecutionHref(x.ARN)
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, map[string]string{"location": location})
	}
	return seeOther(c, location)
}

func (h *Handler) start(ctx context.Context, name string, f url.Values) (ledger.Execution, error) {
	of, input := pages.TargetFrom(f.Get("of")), f.Get("input")
	execution := strings.TrimSpace(f.Get("name"))
	if of == (pages.Target{}) {
		return h.engine.RunWorkflow(ctx, name, execution, input)
	}
	s := engine.StartExecution{MachineARN: h.engine.Names().Machine(name), Name: execution}
	if q := of.Qualifier(); q != "" {
		s.MachineARN = h.engine.Names().Qualified(name, q)
	}
	if strings.TrimSpace(input) != "" {
		s.Input = &input
	}
	return h.engine.StartExecution(ctx, s)
}

// refusedRun shows the form again, with what was typed and why nothing was started.
func (h *Handler) refusedRun(c echo.Context, f url.Values, fault *engine.Fault) error {
	ctx := c.Request().Context()
	w, err := h.engine.Workflow(ctx, param(c, "name"))
	if err != nil {
		return err
	}
	v, err := h.runView(ctx, w, false, f.Get("input"), pages.TargetFrom(f.Get("of")))
	if err != nil {
		return err
	}
	v.Problem, v.Name = fault.Message, f.Get("name")
	return h.showRun(c, http.StatusUnprocessableEntity, v)
}
