package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// newAPI is the second door: the AWS API alone, for an address that other machines may
// reach. Any Host will do there, as it is part of what is signed, and nothing else is
// answered, so no page lies behind it.
func (s *Server) newAPI(aws http.Handler) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Pre(s.recover, requestID, s.logRequest, securityHeaders, hurried)
	e.POST("/", echo.WrapHandler(aws)) // each of its operations asks the access table
	e.GET("/healthz", s.healthz)
	return e
}

// hurried gives a request half a minute to arrive. Who sends a body to where none is read
// would keep the connection otherwise; the AWS API sets a time of its own.
func hurried(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(30 * time.Second))
		return next(c)
	}
}

// API answers the AWS API and /healthz, and nothing else; nil without Config.API.
func (s *Server) API() http.Handler {
	if s.api == nil {
		return nil
	}
	return s.api
}
