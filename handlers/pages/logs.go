package pages

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/logfile"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// Logs is what the log pages need of the application.
type Logs interface {
	MachineLogs(ctx context.Context, name string, q engine.LogQuery) (logfile.Page, error)
	LogsGo() (files, out bool)
	LogCounts() (records, dropped int64)
}

// Workflow is the name of the workflow that the address names.
func (h *Handler) Workflow(c echo.Context) string { return param(c, "name") }

// Logs shows what the executions of a workflow have logged, newest first.
func (h *Handler) Logs(c echo.Context) error {
	ctx := c.Request().Context()
	w, err := h.engine.Workflow(ctx, param(c, "name"))
	if err != nil {
		return err
	}
	q := pages.LogFilter{
		Query: strings.TrimSpace(c.QueryParam("q")), Level: pages.LogLevelFrom(c.QueryParam("level")), Type: c.QueryParam("type"),
		ExecutionARN: c.QueryParam("execution"), Token: c.QueryParam("page"),
	}
	status, problem := http.StatusOK, ""
	page, err := h.engine.MachineLogs(ctx, w.Name, engine.LogQuery{
		Level: q.Level, Type: q.Type, ExecutionARN: q.ExecutionARN, Text: q.Query, Limit: pageSize, Token: q.Token,
	})
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Field == "filterPattern" {
		status, problem = http.StatusUnprocessableEntity, fault.Message+"."
	} else if err != nil {
		return err
	}
	var facts pages.LogFacts
	facts.Files, facts.Out = h.engine.LogsGo()
	_, facts.Dropped = h.engine.LogCounts()
	v := pages.NewLogsView(h.Clock(), w, q, page, facts)
	v.Problem = problem
	return h.render(c, status, pages.Logs(h.frame(c, "Logs · "+v.Bar.Title, layout.Workflows, "logs"), v))
}
