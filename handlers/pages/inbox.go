package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// Inbox lists what waits for a person.
func (h *Handler) Inbox(c echo.Context) error {
	return h.inbox(c, http.StatusOK, inboxFilter(c.QueryParams()), nil)
}

func inboxFilter(q url.Values) pages.InboxFilter {
	f := pages.InboxFilter{
		View: ledger.TaskView(q.Get("view")), Sort: ledger.TaskSort(q.Get("sort")),
		Query: strings.TrimSpace(q.Get("q")), Token: q.Get("page"),
	}
	if f.View != ledger.OverdueTasks && f.View != ledger.DecidedTasks {
		f.View = ledger.OpenTasks
	}
	if f.Sort != ledger.SortNewest && f.Sort != ledger.SortPriority {
		f.Sort = ledger.SortDue
	}
	return f
}

func (h *Handler) inbox(c echo.Context, status int, q pages.InboxFilter, task *pages.TaskView) error {
	ctx := c.Request().Context()
	sort := q.Sort
	if q.View == ledger.DecidedTasks && sort == ledger.SortDue {
		sort = ledger.SortNewest // the latest decision first: what is decided has no due time left
	}
	list, next, err := h.engine.Tasks(ctx, ledger.TaskQuery{
		View: q.View, Search: q.Query, Sort: sort, Page: ledger.Page{Limit: pageSize, Token: q.Token},
	})
	if err != nil {
		return err
	}
	counts, err := h.engine.TaskCounts(ctx)
	if err != nil {
		return err
	}
	title := "Inbox"
	f := h.frame(c, title, layout.Inbox, "inbox")
	f.Class = "main-app"
	if task != nil {
		f.Title = task.Title + " · Inbox"
		if task.Open {
			f.Class = "main-app main-decide"
		}
	}
	return h.render(c, status, pages.Inbox(f, pages.NewInboxView(h.Clock(), q, counts, list, next, task)))
}

// Task shows one task beside the list.
func (h *Handler) Task(c echo.Context) error {
	t, err := h.engine.Task(c.Request().Context(), param(c, "id"))
	if err != nil {
		return err
	}
	q := inboxFilter(c.QueryParams())
	if t.Status == ledger.TaskDecided && c.QueryParam("view") == "" {
		q.View = ledger.DecidedTasks
	}
	v := h.task(c.Request().Context(), t)
	return h.inbox(c, http.StatusOK, q, &v)
}

// task prepares a task with the way its execution has come. Without that way it can be decided as well.
func (h *Handler) task(ctx context.Context, t ledger.HumanTask) pages.TaskView {
	var steps []pages.Step
	var machine *asl.Machine
	events, err := h.engine.History(ctx, t.ExecutionARN, ledger.HistoryQuery{Limit: eventsAtOnce, Bytes: bytesAtOnce})
	if err == nil {
		steps = pages.Steps(events)
		if m, err := h.engine.StateMachineForExecution(ctx, t.ExecutionARN); err == nil {
			machine, _ = asl.Parse(m.Definition)
		}
	} else {
		h.Log.WarnContext(ctx, "no history beside a task", "task", t.ID, "execution", t.ExecutionARN, "error", err)
	}
	return pages.NewTaskView(h.Clock(), t, steps, machine, pages.ExecutionHref(t.ExecutionARN))
}

// Decide takes a person's answer. What is wrong with it is shown beside what was typed.
func (h *Handler) Decide(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request().Context(), param(c, "id")
	t, err := h.engine.Task(ctx, id)
	if err != nil {
		return err
	}
	v := h.task(ctx, t)
	decided, err := h.engine.Decide(ctx, engine.Decide{
		TaskID: id, Outcome: f.Get("outcome"), Comment: strings.TrimSpace(strings.ReplaceAll(f.Get("comment"), "\r\n", "\n")),
		Form: v.Form.Read(f, h.Clock().Location()),
	})
	if err == nil {
		return seeOther(c, pages.TaskHref(decided.ID))
	}
	fault, ok := errors.AsType[*engine.Fault](err)
	if !ok || fault.Code == engine.ServiceUnavailable || wantsJSON(c) {
		return err
	}
	if fault.Code == engine.TaskAlreadyDecided {
		now, err := h.engine.Task(ctx, id)
		if err != nil {
			return err
		}
		v = h.task(ctx, now)
		v.Problem = fault.Message
		return h.inbox(c, http.StatusConflict, inboxFilter(f), &v)
	}
	v.Form.Keep(f)
	v.Comment = f.Get("comment")
	v.Refuse(fault)
	return h.inbox(c, http.StatusUnprocessableEntity, inboxFilter(f), &v)
}
