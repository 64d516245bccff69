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
)

// Executions lists them, newest first.
func (h *Handler) Executions(c echo.Context) error {
	q := executionFilter(c)
	q.Workflow, q.Of = c.QueryParam("workflow"), pages.Target{}
	list, next, err := h.executions(c, q)
	if err != nil {
		return err
	}
	names, err := h.workflowNames(c.Request().Context())
	if err != nil {
		return err
	}
	v := pages.NewExecutionsView(h.Clock(), q, list, next, names)
	return h.render(c, http.StatusOK, pages.Executions(h.frame(c, "Executions", layout.Executions, ""), v))
}

// WorkflowExecutions lists those of one workflow, or those that a version or an alias of it started.
func (h *Handler) WorkflowExecutions(c echo.Context) error {
	ctx := c.Request().Context()
	w, err := h.engine.Workflow(ctx, param(c, "name"))
	if err != nil {
		return err
	}
	q := executionFilter(c)
	q.Workflow = w.Name
	list, next, err := h.executions(c, q)
	if err != nil {
		return err
	}
	versions, aliases, err := h.published(ctx, w)
	if err != nil {
		return err
	}
	v := pages.NewWorkflowExecutionsView(h.Clock(), w, q, list, next, versions, aliases)
	return h.render(c, http.StatusOK, pages.Executions(h.frame(c, "Runs · "+v.Bar.Title, layout.Workflows, ""), v))
}

func executionFilter(c echo.Context) pages.ExecutionFilter {
	q := pages.ExecutionFilter{
		Query: strings.TrimSpace(c.QueryParam("q")), Token: c.QueryParam("page"),
		Status: pages.StatusFrom(c.QueryParam("status")), Of: pages.TargetFrom(c.QueryParam("of")),
	}
	q.Of.Published = false // that is no version
	return q
}

func (h *Handler) executions(c echo.Context, q pages.ExecutionFilter) ([]ledger.Execution, string, error) {
	find := ledger.ExecutionQuery{Search: q.Query, Status: q.Status, Page: ledger.Page{Limit: pageSize, Token: q.Token}}
	if q.Workflow != "" {
		find.MachineARN = h.engine.Names().Machine(q.Workflow)
	}
	if by := q.Of.Qualifier(); by != "" {
		find.MachineARN = h.engine.Names().Qualified(q.Workflow, by)
	}
	list, next, err := h.engine.Executions(c.Request().Context(), find)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Code == "StateMachineDoesNotExist" {
		return nil, "", nil // its last execution is gone, or there never was one
	}
	return list, next, err
}

// workflowNames is what the list can be narrowed to; the first two hundred are enough for a select.
func (h *Handler) workflowNames(ctx context.Context) ([]string, error) {
	list, _, err := h.engine.Workflows(ctx, ledger.WorkflowQuery{Status: ledger.PublishedWorkflows, Page: ledger.Page{Limit: 200}})
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(list))
	for _, w := range list {
		names = append(names, w.Name)
	}
	return names, nil
}

// A page begins with so many events, and so many bytes of what they carry (a thousand
// events may carry a quarter of a gigabyte); scripts ask for the rest.
const (
	eventsAtOnce = 1000
	bytesAtOnce  = 2 << 20
)

// Execution shows one run.
func (h *Handler) Execution(c echo.Context) error {
	ctx := c.Request().Context()
	x, err := h.ExecutionOf(c)
	if err != nil {
		return err
	}
	machine, err := h.engine.StateMachineForExecution(ctx, x.ARN)
	if err != nil {
		return err
	}
	events, err := h.engine.History(ctx, x.ARN, ledger.HistoryQuery{Limit: eventsAtOnce, Bytes: bytesAtOnce})
	if err != nil {
		return err
	}
	v := pages.NewExecutionView(h.Clock(), x, machine.Definition, events)
	if h.engine.VirtualTime() {
		v.VirtualTime, v.Data.VirtualNow = true, h.Clock().UTC().Format(time.RFC3339Nano)
	}
	used, err := h.engine.Usage(ctx, x)
	if err != nil {
		return err
	}
	v.Data.Limits = pages.LimitsOf(used)
	if v.Running {
		v.Near = pages.LimitNotes(used)
	}
	plan, err := h.engine.RedrivePlan(ctx, x)
	if err != nil {
		return err
	}
	v.Redrive = pages.NewRedriveView(h.Clock(), x, plan)
	runs, _, err := h.engine.MapRuns(ctx, x.ARN, ledger.Page{Limit: pageSize})
	if err != nil {
		return err
	}
	v.MapRuns = pages.MapRunLinks(runs)
	if x.MapRunARN != "" {
		run, err := h.engine.MapRun(ctx, x.MapRunARN)
		if err != nil {
			return err
		}
		v.Workflow, v.WorkflowHref = run.State, pages.MapRunHref(run.ARN) // what lies above a child
	}
	f := h.frame(c, v.Name+" · "+v.Workflow, layout.Executions, "execution")
	f.Class = "main-app execution-page"
	return h.render(c, http.StatusOK, pages.Execution(f, v))
}

// ExecutionOf finds the execution that the address names. Without its id an EXPRESS one is the latest of its name.
func (h *Handler) ExecutionOf(c echo.Context) (ledger.Execution, error) {
	ctx, machine, name := c.Request().Context(), param(c, "machine"), param(c, "name")
	if name, id, ok := strings.Cut(name, ":"); ok {
		return h.engine.Execution(ctx, h.engine.Names().Express(machine, name, id))
	}
	x, err := h.engine.Execution(ctx, h.engine.Names().Execution(machine, name))
	if err == nil {
		return x, nil
	}
	list, _, listErr := h.engine.Executions(ctx, ledger.ExecutionQuery{
		MachineARN: h.engine.Names().Machine(machine), Search: name, Page: ledger.Page{Limit: 20},
	})
	if listErr != nil {
		return x, err
	}
	for _, one := range list {
		if one.Name == name {
			return h.engine.Execution(ctx, one.ARN)
		}
	}
	return x, err
}

// StopExecution stops a run. One that has just ended is shown as it ended.
func (h *Handler) StopExecution(c echo.Context) error {
	x, err := h.ExecutionOf(c)
	if err != nil {
		return err
	}
	cause := "Stopped by " + h.engine.User() + " in the browser"
	if _, err := h.engine.StopExecution(c.Request().Context(), x.ARN, nil, &cause); err != nil {
		return err
	}
	return seeOther(c, pages.ExecutionHref(x.ARN))
}

// RedriveExecution lets a run go on where it failed.
func (h *Handler) RedriveExecution(c echo.Context) error {
	x, err := h.ExecutionOf(c)
	if err != nil {
		return err
	}
	if _, err := h.engine.RedriveExecution(c.Request().Context(), x.ARN, ""); err != nil {
		return err
	}
	return seeOther(c, pages.ExecutionHref(x.ARN)+"?redriven")
}

// RunAgain starts the same workflow with the same input.
func (h *Handler) RunAgain(c echo.Context) error {
	x, err := h.ExecutionOf(c)
	if err != nil {
		return err
	}
	again, err := h.engine.RunAgain(c.Request().Context(), x.ARN)
	if err != nil {
		return err
	}
	return seeOther(c, pages.ExecutionHref(again.ARN))
}
