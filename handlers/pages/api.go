package pages

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/templates/pages"
)

// maxJSON is the largest request of a script in bytes: a definition of 1 MiB, escaped, and its input.
const maxJSON = 4 << 20

// kinds are Go's kinds in the words of JSON.
var kinds = map[reflect.Kind]string{reflect.String: "string", reflect.Int64: "whole number", reflect.Slice: "list"}

// decode reads a JSON request. Another content type is refused: a foreign page can send none without asking.
func decode(c echo.Context, into any) error {
	r := c.Request()
	if !isJSON(r.Header.Get(echo.HeaderContentType)) {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send the body as application/json.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxJSON))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge, "The body is larger than 4 MB.")
	}
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, "The body could not be read.")
	}
	err = json.Unmarshal(body, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return echo.NewHTTPError(http.StatusBadRequest, "The member '"+strings.ToLower(wrong.Field)+"' must be a "+kinds[wrong.Type.Kind()]+", not a "+wrong.Value+".")
	}
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, "The body is not the JSON that is expected here: "+err.Error())
	}
	return nil
}

type draftAnswer struct {
	Revision    int64              `json:"revision"`
	SavedAt     string             `json:"savedAt"`
	Diagnostics []pages.Diagnostic `json:"diagnostics"`
	Published   bool               `json:"published"`
}

type draftConflict struct {
	Error    string `json:"error"`
	Revision int64  `json:"revision"`
	Text     string `json:"text"`
}

// PutDraft saves a definition, however wrong it is.
func (h *Handler) PutDraft(c echo.Context) error {
	var in struct {
		Text, Input string
		Base        int64
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	ctx := c.Request().Context()
	d, diagnostics, err := h.engine.SaveDraft(ctx, param(c, "name"), in.Text, in.Input, in.Base)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Code == engine.DraftStale {
		return c.JSON(http.StatusConflict, draftConflict{Error: fault.Message, Revision: d.Revision, Text: d.Text})
	}
	if err != nil {
		return err
	}
	w, err := h.engine.Workflow(ctx, d.Name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, draftAnswer{
		Revision: d.Revision, SavedAt: d.Updated.UTC().Format(time.RFC3339Nano),
		Diagnostics: pages.Diagnostics(diagnostics), Published: w.Machine != nil && w.Machine.Definition == d.Text,
	})
}

// GetDraft reads it.
func (h *Handler) GetDraft(c echo.Context) error {
	v, err := h.designer(c.Request().Context(), param(c, "name"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, v.Data)
}

// Validate judges a definition without storing it.
func (h *Handler) Validate(c echo.Context) error {
	var in struct{ Text, Type string }
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.Type == "" {
		in.Type = "STANDARD"
	}
	return c.JSON(http.StatusOK, map[string]any{"diagnostics": pages.Diagnostics(h.engine.Problems(in.Text, in.Type))})
}

// Publish makes the draft what executions start with.
func (h *Handler) Publish(c echo.Context) error {
	m, err := h.engine.Publish(c.Request().Context(), param(c, "name"))
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Code == "InvalidDefinition" {
		return c.JSON(http.StatusUnprocessableEntity, map[string]any{
			"error": fault.Message, "diagnostics": pages.Diagnostics(fault.Diagnostics),
		})
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"revision": m.RevisionID})
}

type eventsAnswer struct {
	Events []history.Event `json:"events"`
	Last   history.ID      `json:"last"`
	Status interp.Status   `json:"status"`
}

// Events lists the events of an execution after one id.
func (h *Handler) Events(c echo.Context) error {
	after, err := strconv.ParseInt(c.QueryParam("after"), 10, 64)
	if c.QueryParam("after") != "" && (err != nil || after < 0) {
		return echo.NewHTTPError(http.StatusBadRequest, "after must be the id of an event, a whole number.")
	}
	ctx := c.Request().Context()
	x, err := h.ExecutionOf(c)
	if err != nil {
		return err
	}
	events, err := h.engine.History(ctx, x.ARN, ledger.HistoryQuery{After: history.ID(after), Limit: eventsAtOnce, Bytes: bytesAtOnce})
	if err != nil {
		return err
	}
	out := eventsAnswer{Events: events, Last: history.ID(after), Status: x.Status}
	if n := len(events); n > 0 {
		out.Last = events[n-1].ID
	} else {
		out.Events = []history.Event{}
	}
	return c.JSON(http.StatusOK, out)
}
