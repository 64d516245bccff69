package jsonata

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Error is what went wrong in an expression, in jsonata-js's words.
type Error struct {
	Code     string // such as T2001; empty where jsonata-js lets an error of JavaScript through
	Position int    // UTF-16 units from the start to the end of the token; 0 when there is none
	Token    string // operator, function or piece of text that the error is about; may be empty
	Message  string
	Budget   Budgeted // the budget that was exceeded, if one was
	Cause    error    // the error of the context, when it ended the evaluation

	hasToken bool
	tokenRaw string // the token as JSON, when it is not a string
	fields   fields
}

// Budgeted names a budget.
type Budgeted string

// The budgets of an evaluation.
const (
	TimeBudget   Budgeted = "time"
	StepsBudget  Budgeted = "steps"
	DepthBudget  Budgeted = "depth"
	BytesBudget  Budgeted = "bytes"
	ContextEnded Budgeted = "context"
)

// fields are what a message's template may mention. Items are written as JSON only when
// somebody will read the message.
type fields map[string]any

func (e *Error) Error() string {
	if e.Code == "" {
		return e.Message
	}
	return e.Code + ": " + e.Message
}

// Unwrap is the context's error, if that was the reason.
func (e *Error) Unwrap() error { return e.Cause }

// rawText is a field that is JSON already.
type rawText string

func fail(code string, f fields) *Error { return &Error{Code: code, fields: f} }

// failAt is an error of the parser.
func failAt(code string, pos int, token string, f fields) *Error {
	return &Error{Code: code, Position: pos, Token: token, hasToken: token != "", fields: f}
}

func (e *Error) setToken(token string) {
	e.Token, e.hasToken, e.tokenRaw = token, true, ""
}

var placeholder = regexp.MustCompile(`\{\{\{?([a-zA-Z0-9]+)\}?\}\}`)

// longestShown bounds what a message shows of a value. Causes have at most 32,768 characters.
const longestShown = 1 << 17

// finish writes the message. The token may have changed since the error was made.
func (e *Error) finish() *Error {
	template, ok := messages[e.Code]
	if !ok || e.Message != "" {
		return e
	}
	e.Message = placeholder.ReplaceAllStringFunc(template, func(hole string) string {
		raw := strings.HasPrefix(hole, "{{{")
		shown := e.field(strings.Trim(hole, "{}"), raw)
		if len(shown) > longestShown {
			shown = strings.ToValidUTF8(shown[:longestShown], "") + "…"
		}
		return shown
	})
	return e
}

func (e *Error) field(name string, raw bool) string {
	if name == "token" {
		switch {
		case e.tokenRaw != "":
			return e.tokenRaw
		case raw:
			return e.Token
		case !e.hasToken:
			return "undefined"
		}
		return quote(e.Token)
	}
	switch x := e.fields[name].(type) {
	case nil:
		return "undefined"
	case string:
		if raw {
			return x
		}
		return quote(x)
	case rawText:
		return string(x)
	case int:
		return strconv.Itoa(x)
	case item:
		return errorJSON(x)
	default:
		return fmt.Sprint(x)
	}
}
