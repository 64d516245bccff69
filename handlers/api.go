package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// newAPI is the second door: the AWS API alone, for an address that other machines may
// reach. Any Host will do there, as it is part of what is signed, and nothing else is
// answered, so no page lies behind it.
func (s *Server) newAPI(aws http.Handler) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Pre(s.recover, requestID, s.logRequest, securityHeaders)
	e.POST("/", echo.WrapHandler(aws)) // each of its operations asks the access table
	e.GET("/healthz", s.healthz)
	return e
}

// API answers the AWS API and /healthz, and nothing else; nil without Config.API.
func (s *Server) API() http.Handler {
	if s.api == nil {
		return nil
	}
	return s.api
}
