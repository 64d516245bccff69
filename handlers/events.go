package handlers

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"statehouse/engine/bus"
	"statehouse/engine/interp"
)

// Events are what the bus keeps.
type Events interface {
	Since(id string, f bus.Filter) []bus.Event
}

// events lists the events that are kept, as JSON Lines, oldest first.
func (s *Server) events(c echo.Context) error {
	if s.bus == nil {
		return echo.ErrNotFound
	}
	filter, err := eventFilter(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, "application/jsonl; charset=utf-8")
	c.Response().WriteHeader(http.StatusOK)
	lines := json.NewEncoder(c.Response())
	lines.SetEscapeHTML(false)
	for _, e := range s.bus.Since(c.QueryParam("since"), filter) {
		if err := lines.Encode(e); err != nil {
			return nil // the other side is gone
		}
	}
	return nil
}

// liveEvents streams events as they come.
func (s *Server) liveEvents(c echo.Context) error {
	if s.live == nil || s.bus == nil {
		return echo.ErrNotFound
	}
	filter, err := eventFilter(c)
	if err != nil {
		return err
	}
	s.live.Events(c.Response(), c.Request(), c.QueryParam("since"), filter)
	return nil
}

func eventFilter(c echo.Context) (bus.Filter, error) {
	f := bus.Filter{Machine: c.QueryParam("machine"), Status: interp.Status(c.QueryParam("status"))}
	switch f.Status {
	case "", interp.Running, interp.Succeeded, interp.Failed, interp.TimedOut, interp.Aborted:
		return f, nil
	}
	return f, echo.NewHTTPError(http.StatusBadRequest, "status must be RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED.")
}
