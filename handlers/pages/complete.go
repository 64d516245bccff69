package pages

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
)

// Complete lists what may be typed at a place in a JSONata expression of the designer.
func (h *Handler) Complete(c echo.Context) error {
	var in struct {
		State, Expression  string
		Offset             int64
		Members, Variables []string
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	from, list, err := h.engine.Complete(c.Request().Context(), engine.Complete{
		Workflow: param(c, "name"), State: in.State, Expression: in.Expression, Offset: int(in.Offset),
		Members: in.Members, Variables: in.Variables,
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"from": from, "options": list})
}
