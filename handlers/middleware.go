package handlers

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"statehouse/engine/history"
)

// policy lets a page load from this server only. Nothing needs a nonce: no script and no style is inline.
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// recover turns a panic into an error that somebody reads.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.log.ErrorContext(c.Request().Context(), "panic", "path", c.Request().URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				s.fail(errors.New("panic"), c)
				err = nil
			}
		}()
		return next(c)
	}
}

// requestID gives a request a name that the log and the person, or their client of AWS, share.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, uuid.NewString())
		return next(c)
	}
}

// logRequest writes a line for what failed or took long, and counts everything.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		took, status, route := time.Since(began), c.Response().Status, c.Path()
		if status == http.StatusSwitchingProtocols {
			return nil // a stream lasts as long as its window is open
		}
		s.metrics.observe(c.Request().Method, route, status, took)
		r := c.Request()
		level := s.log.DebugContext
		if status >= http.StatusInternalServerError {
			level = s.log.WarnContext
		}
		level(r.Context(), "request", "request", c.Response().Header().Get(echo.HeaderXRequestID),
			"method", r.Method, "path", r.URL.Path, "status", status, "took", took, "bytes", c.Response().Size)
		return nil
	}
}

func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		return next(c)
	}
}

// errHost says that a request called this server by a name that is not its own.
var errHost = echo.NewHTTPError(http.StatusMisdirectedRequest,
	"This server answers to localhost, 127.0.0.1 and the name it was started with. Open it by one of these.")

// hostCheck refuses requests under a foreign name. A site that points its own name at this machine would
// otherwise be let in by browsers as if it were us (DNS rebinding).
func hostCheck(addr string, more []string) echo.MiddlewareFunc {
	known := map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}
	for _, a := range append([]string{addr}, more...) {
		if h := hostOf(a); h != "" {
			known[h] = true
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			host := hostOf(c.Request().Host)
			// SDKs of AWS put "sync-" before the host of some operations.
			if !known[host] && !known[strings.TrimPrefix(host, "sync-")] {
				return errHost
			}
			return next(c)
		}
	}
}

// hostOf is the host without port, brackets and the dot at the end, in lower case.
func hostOf(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// errCrossOrigin says that another site sent the request.
var errCrossOrigin = echo.NewHTTPError(http.StatusForbidden,
	"Another site sent this request, so nothing was done. Open the page here and do it again.")

// crossOrigin refuses unsafe requests that a browser sends for another site. Programs send neither Origin nor
// Sec-Fetch-Site and pass.
func crossOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if protection.Check(c.Request()) != nil {
				return errCrossOrigin
			}
			return next(c)
		}
	}
}

// noStore keeps pages out of caches: what they show is true for a moment only. Files have their own rule.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !strings.HasPrefix(c.Path(), "/static/") {
			c.Response().Header().Set("Cache-Control", "no-store")
		}
		return next(c)
	}
}

func parseSince(text string) (history.ID, error) {
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return 0, echo.NewHTTPError(http.StatusBadRequest, "since must be the id of an event, a whole number.")
	}
	return history.ID(id), nil
}
