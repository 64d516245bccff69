package pages

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
	"statehouse/templates/ui"
)

// Home leads to the workflows.
func (h *Handler) Home(c echo.Context) error { return seeOther(c, "/workflows") }

// Workflows lists them.
func (h *Handler) Workflows(c echo.Context) error {
	q := ledger.WorkflowQuery{
		Search: strings.TrimSpace(c.QueryParam("q")), Status: ledger.WorkflowStatus(c.QueryParam("status")),
		Page: ledger.Page{Limit: 24, Token: c.QueryParam("page")},
	}
	if q.Status != ledger.PublishedWorkflows && q.Status != ledger.DraftWorkflows {
		q.Status = ledger.AnyWorkflow
	}
	find := q
	find.Search = nameOf(q.Search)
	list, next, err := h.engine.Workflows(c.Request().Context(), find)
	if err != nil {
		return err
	}
	v := pages.NewWorkflowsView(h.Clock(), q, list, next, h.pictures(c.Request().Context(), list))
	return h.render(c, http.StatusOK, pages.Workflows(h.frame(c, "Workflows", layout.Workflows, ""), v))
}

// nameOf is a title as a name: names have hyphens where titles have spaces.
func nameOf(title string) string { return strings.Join(strings.Fields(title), "-") }

// pictureTime is how long a list waits for its pictures; what is drawn later is there the next time.
const pictureTime = 3 * time.Second

func (h *Handler) pictures(ctx context.Context, list []ledger.Workflow) map[string]string {
	out := map[string]string{}
	if h.Pictures == nil {
		return out
	}
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	for _, w := range list {
		text := ""
		switch {
		case w.Draft != nil:
			text = w.Draft.Text
		case w.Machine != nil:
			text = w.Machine.Definition
		}
		out[w.Name] = h.picture(ctx, text)
	}
	return out
}

// picture is a definition as SVG, "" when it cannot be drawn: a definition with errors has no picture.
func (h *Handler) picture(ctx context.Context, text string) string {
	if h.Pictures == nil || ctx.Err() != nil {
		return ""
	}
	svg, err := h.Pictures.SVG(ctx, text)
	if err != nil {
		h.Log.DebugContext(ctx, "no picture", "error", err)
		return ""
	}
	return svg
}

// NewWorkflow asks what to start from.
func (h *Handler) NewWorkflow(c echo.Context) error {
	return h.newWorkflow(c, http.StatusOK, pages.NewWorkflowView{}, c.QueryParam("starter"))
}

func (h *Handler) newWorkflow(c echo.Context, status int, v pages.NewWorkflowView, chosen string) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), pictureTime)
	defer cancel()
	v.Starters = h.starters(ctx, chosen)
	return h.render(c, status, pages.NewWorkflow(h.frame(c, "New workflow", layout.Workflows, ""), v))
}

// nameRule is what AWS's word InvalidName leaves out.
const nameRule = ". Use letters, digits, spaces, hyphens and underscores, up to 80 in all."

// reservedName says why a workflow cannot be called like a page of ours, "" when it is not.
func reservedName(name string) string {
	switch strings.ToLower(name) {
	case "new", "import":
		return "“" + ui.Title(name) + "” is the address of a page here: choose another name."
	}
	return ""
}

// CreateWorkflow makes a draft from a starter and opens it.
func (h *Handler) CreateWorkflow(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	name := nameOf(f.Get("name"))
	v := pages.NewWorkflowView{Name: f.Get("name"), Express: f.Get("type") == "EXPRESS"}
	if v.Problem = reservedName(name); name == "" {
		v.Problem = "The workflow needs a name."
	}
	if v.Problem != "" {
		return h.newWorkflow(c, http.StatusUnprocessableEntity, v, f.Get("starter"))
	}
	d, err := h.engine.NewWorkflow(c.Request().Context(), name, f.Get("starter"), f.Get("type"))
	if fault, ok := errors.AsType[*engine.Fault](err); ok {
		switch fault.Code {
		case engine.WorkflowExists:
			v.Problem = "There is a workflow called “" + ui.Title(name) + "” already: choose another name."
		case "InvalidName":
			v.Problem = fault.Message + nameRule
		default:
			return err
		}
		return h.newWorkflow(c, http.StatusUnprocessableEntity, v, f.Get("starter"))
	}
	if err != nil {
		return err
	}
	return seeOther(c, pages.WorkflowHref(d.Name))
}

// Designer draws one workflow.
func (h *Handler) Designer(c echo.Context) error {
	v, err := h.designer(c.Request().Context(), param(c, "name"))
	if err != nil {
		return err
	}
	if number := c.QueryParam("restore"); number != "" {
		m, err := h.engine.StateMachine(c.Request().Context(), h.engine.Names().Qualified(v.Name, number))
		if err != nil {
			return err
		}
		v.Data.Restore = &pages.Restored{Name: "Restore version " + number, Text: m.Definition}
	}
	f := h.frame(c, v.Title, layout.Workflows, "designer")
	f.MainID, f.Class = "designer", "main-app designer"
	return h.render(c, http.StatusOK, pages.Designer(f, v))
}

func (h *Handler) designer(ctx context.Context, name string) (pages.DesignerView, error) {
	w, err := h.engine.Workflow(ctx, name)
	if err != nil {
		return pages.DesignerView{}, err
	}
	draft, err := h.engine.Draft(ctx, name)
	if err != nil {
		return pages.DesignerView{}, err
	}
	v := pages.NewDesignerView(w, draft, h.engine.Problems(draft.Text, typeOf(w)))
	v.Run, err = h.runView(ctx, w, true, draft.Input, pages.Target{})
	return v, err
}

func typeOf(w ledger.Workflow) string {
	switch {
	case w.Machine != nil:
		return w.Machine.Type
	case w.Draft != nil && w.Draft.Type != "":
		return w.Draft.Type
	}
	return engine.Standard
}

// DeleteWorkflow deletes it; what runs may finish.
func (h *Handler) DeleteWorkflow(c echo.Context) error {
	if err := h.engine.DeleteWorkflow(c.Request().Context(), param(c, "name")); err != nil {
		return err
	}
	return seeOther(c, "/workflows")
}
