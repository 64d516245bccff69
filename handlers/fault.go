package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/handlers/awsapi"
	handlerpages "statehouse/handlers/pages"
	"statehouse/templates/pages"
)

// statuses are the HTTP statuses of faults that are not 422.
var statuses = map[string]int{
	"StateMachineDoesNotExist":       http.StatusNotFound,
	"ExecutionDoesNotExist":          http.StatusNotFound,
	"ResourceNotFound":               http.StatusNotFound,
	"ActivityDoesNotExist":           http.StatusNotFound,
	"InvalidArn":                     http.StatusNotFound,
	engine.DraftNotFound:             http.StatusNotFound,
	engine.HumanTaskNotFound:         http.StatusNotFound,
	engine.AccessKeyNotFound:         http.StatusNotFound,
	engine.VaultUnusable:             http.StatusServiceUnavailable,
	engine.TaskAlreadyDecided:        http.StatusConflict,
	engine.DraftStale:                http.StatusConflict,
	engine.WorkflowExists:            http.StatusConflict,
	"ExecutionAlreadyExists":         http.StatusConflict,
	"StateMachineDeleting":           http.StatusConflict,
	engine.ServiceUnavailable:        http.StatusServiceUnavailable,
	"UnknownOperationException":      http.StatusBadRequest,
	"ExecutionLimitExceeded":         http.StatusTooManyRequests,
	"StateMachineTypeNotSupported":   http.StatusUnprocessableEntity,
	"StateMachineLimitExceededError": http.StatusTooManyRequests,
}

// problem is an error as the outside learns of it.
type problem struct {
	status  int
	code    string
	message string
	field   string
	fault   *engine.Fault
}

// explain knows three kinds of errors: faults of the engine, refusals of the server, and everything else,
// which is ours to find in the log.
func (s *Server) explain(c echo.Context, err error) problem {
	if f, ok := errors.AsType[*engine.Fault](err); ok {
		status, known := statuses[f.Code]
		if !known {
			status = http.StatusUnprocessableEntity
		}
		return problem{status: status, code: f.Code, message: f.Message, field: f.Field, fault: f}
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok {
		return problem{status: h.Code, code: http.StatusText(h.Code), message: fmt.Sprint(h.Message)}
	}
	ctx := c.Request().Context()
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return problem{status: http.StatusServiceUnavailable, code: engine.ServiceUnavailable, message: "The server is stopping: send the request again."}
	}
	s.log.ErrorContext(ctx, "request failed", "request", c.Response().Header().Get(echo.HeaderXRequestID),
		"method", c.Request().Method, "path", c.Request().URL.Path, "error", err)
	return problem{status: http.StatusInternalServerError, code: "InternalError", message: "internal error"}
}

// fail is the one place where an error becomes an answer.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := s.explain(c, err)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	if p.status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	var failed error
	switch {
	case c.Request().Method == http.MethodHead:
		failed = c.NoContent(p.status)
	case c.Echo() == s.api, c.Request().Header.Get("X-Amz-Target") != "":
		awsapi.Refuse(c.Response(), p.status, &engine.Fault{Code: awsCode(p.status), Message: p.message})
	case handlerpages.WantsJSON(c.Request()):
		failed = c.JSON(p.status, jsonProblem(p))
	default:
		failed = s.pages.Error(c, p.status, errorView(p, h.Get(echo.HeaderXRequestID)))
	}
	if failed != nil && !c.Response().Committed {
		s.log.ErrorContext(c.Request().Context(), "error page failed", "error", failed)
		_ = c.String(http.StatusInternalServerError, "internal error")
	}
}

// awsCode names what was refused before the AWS API saw it, in a word that its clients know.
func awsCode(status int) string {
	switch status {
	case http.StatusForbidden, http.StatusMisdirectedRequest:
		return "AccessDeniedException"
	case http.StatusServiceUnavailable:
		return "ServiceUnavailable"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "UnknownOperationException"
	}
	return "InternalFailure"
}

func jsonProblem(p problem) map[string]any {
	out := map[string]any{"error": p.message, "code": p.code}
	if p.field != "" {
		out["field"] = p.field
	}
	if p.fault != nil && len(p.fault.Diagnostics) > 0 {
		out["diagnostics"] = pages.Diagnostics(p.fault.Diagnostics)
	}
	return out
}

// errorView says what went wrong and what to do about it.
func errorView(p problem, id string) pages.ErrorView {
	v := pages.ErrorView{Place: "A problem", Icon: "triangle-alert", Text: p.message, Href: "/workflows", Action: "Go to the workflows"}
	switch {
	case p.code == engine.DraftNotFound || p.code == "StateMachineDoesNotExist":
		v.Icon, v.Title = "workflow", "There is no such workflow"
		v.Text = p.message + ". It may have been deleted or renamed."
	case p.code == "ExecutionDoesNotExist" || p.code == "InvalidArn":
		v.Icon, v.Title = "play", "There is no such execution"
		v.Text = p.message + ". Look for it in the list by its name or its workflow."
		v.Href, v.Action = "/executions", "Go to the executions"
	case p.code == engine.HumanTaskNotFound:
		v.Icon, v.Title = "inbox", "There is no such task"
		v.Text = p.message + ". The inbox has what needs you."
		v.Href, v.Action = "/inbox", "Go to the inbox"
	case p.code == engine.AccessKeyNotFound:
		v.Icon, v.Title = "key-round", "There is no such access key"
		v.Text = p.message + "."
		v.Href, v.Action = "/settings/access-keys", "Go to the access keys"
	case p.code == "InvalidToken":
		v.Title, v.Text = "This list has no such page", "The address asks for a part of the list that is not there. Begin at its first page."
	case p.status == http.StatusNotFound:
		v.Place, v.Icon, v.Title = "Not found", "map", "There is no page here"
		v.Text = "The address leads nowhere. Look at it again, or begin with the workflows."
	case p.status == http.StatusMethodNotAllowed:
		v.Title = "This address does something else"
		v.Text = "It is there for forms and programs. Begin with the workflows."
	case p.status == http.StatusMisdirectedRequest:
		v.Title, v.Icon = "Wrong name for this server", "shield-alert"
	case p.status == http.StatusForbidden:
		v.Title, v.Icon = "Refused", "shield-alert"
	case p.status == http.StatusServiceUnavailable:
		v.Title = "Not possible at the moment"
		v.Text = p.message + " Nothing was changed. Try again in a moment."
		v.Href, v.Action = "", "Try again"
	case p.status >= http.StatusInternalServerError:
		v.Title, v.ID = "Something went wrong here", id
		v.Text = "This is our fault, not yours. The log has the details under the name of this request. Trying again may help."
	case p.status == http.StatusConflict:
		v.Title = "Somebody was faster"
	default:
		v.Title = "That did not work"
	}
	return v
}
