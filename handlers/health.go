package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

type reason struct {
	Part    string `json:"part"`
	Message string `json:"message"`
}

// readyz says whether it can do its work, and if not, why.
func (s *Server) readyz(c echo.Context) error {
	reasons := s.engine.Ready(c.Request().Context())
	out := struct {
		Status  string   `json:"status"`
		Reasons []reason `json:"reasons"`
	}{Status: "ready", Reasons: []reason{}}
	for _, r := range reasons {
		out.Reasons = append(out.Reasons, reason{r.Part, r.Message})
	}
	if len(reasons) > 0 {
		out.Status = "not ready"
		return c.JSON(http.StatusServiceUnavailable, out)
	}
	return c.JSON(http.StatusOK, out)
}
