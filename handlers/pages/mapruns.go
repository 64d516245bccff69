package pages

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// MapRunARN is the map run that the address names.
func (h *Handler) MapRunARN(c echo.Context) string {
	return h.engine.Names().MapRun(param(c, "machine"), param(c, "label"), param(c, "id"))
}

// MapRun shows how far the run of a Distributed Map is, and its children.
func (h *Handler) MapRun(c echo.Context) error {
	v, err := h.mapRunView(c)
	if err != nil {
		return err
	}
	v.Limits.Saved = c.QueryParam("saved") != ""
	return h.renderMapRun(c, http.StatusOK, v)
}

func (h *Handler) renderMapRun(c echo.Context, status int, v pages.MapRunView) error {
	return h.render(c, status, pages.MapRun(h.frame(c, v.State+" · "+v.Execution, layout.Executions, "maprun"), v))
}

func (h *Handler) mapRunView(c echo.Context) (pages.MapRunView, error) {
	ctx := c.Request().Context()
	run, err := h.engine.MapRun(ctx, h.MapRunARN(c))
	if err != nil {
		return pages.MapRunView{}, err
	}
	parent, err := h.engine.Execution(ctx, run.ExecutionARN)
	if err != nil {
		return pages.MapRunView{}, err
	}
	status, token := pages.StatusFrom(c.QueryParam("status")), c.QueryParam("page")
	children, next, err := h.engine.ChildExecutions(ctx, run.ARN, ledger.ExecutionQuery{
		Status: status, Page: ledger.Page{Limit: pageSize, Token: token},
	})
	if err != nil {
		return pages.MapRunView{}, err
	}
	return pages.NewMapRunView(h.Clock(), run, parent, status, token, children, next), nil
}

// UpdateMapRun changes the limits of a run while it goes on.
func (h *Handler) UpdateMapRun(c echo.Context) error {
	u := engine.UpdateMapRun{ARN: h.MapRunARN(c)}
	wrong := func(field, problem string) error {
		v, err := h.mapRunView(c)
		if err != nil {
			return err
		}
		v.Limits.Field, v.Limits.Problem = field, problem
		v.Limits.Concurrency, v.Limits.Count = c.FormValue("maxConcurrency"), c.FormValue("toleratedFailureCount")
		v.Limits.Percentage = c.FormValue("toleratedFailurePercentage")
		return h.renderMapRun(c, http.StatusUnprocessableEntity, v)
	}
	for _, f := range []struct {
		name string
		most int64
		to   **int64
	}{{"maxConcurrency", 10_000, &u.MaxConcurrency}, {"toleratedFailureCount", 100_000_000, &u.ToleratedCount}} {
		text := strings.TrimSpace(c.FormValue(f.name))
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > f.most {
			return wrong(f.name, "This must be a whole number from 0 to "+strconv.FormatInt(f.most, 10)+".")
		}
		*f.to = &n
	}
	if text := strings.TrimSpace(c.FormValue("toleratedFailurePercentage")); text != "" {
		p, err := strconv.ParseFloat(text, 64)
		if err != nil || !(p >= 0 && p <= 100) {
			return wrong("toleratedFailurePercentage", "This must be a number from 0 to 100.")
		}
		u.ToleratedPercentage = &p
	}
	err := h.engine.UpdateMapRun(c.Request().Context(), u)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Code == "ValidationException" {
		return wrong("maxConcurrency", fault.Message)
	}
	if err != nil {
		return err
	}
	return seeOther(c, pages.MapRunHref(u.ARN)+"?saved=1")
}
