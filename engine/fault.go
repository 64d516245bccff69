package engine

import (
	"errors"
	"fmt"
	"strings"

	"statehouse/engine/asl"
	"statehouse/engine/ledger"
)

// The codes that AWS does not have.
const (
	TaskAlreadyDecided = "TaskAlreadyDecided" // somebody was faster, or the execution went on
	HumanTaskNotFound  = "HumanTaskDoesNotExist"
	InvalidForm        = "InvalidForm" // Fields says which
	DraftStale         = "DraftStale"  // saved elsewhere in the meantime
	DraftNotFound      = "WorkflowDoesNotExist"
	WorkflowExists     = "WorkflowAlreadyExists"
	InvalidAccessKey   = "InvalidAccessKey" // Field says what is wrong with it
	AccessKeyNotFound  = "AccessKeyDoesNotExist"
	VaultUnusable      = "VaultUnusable"      // secrets do not open, for want of their key
	ServiceUnavailable = "ServiceUnavailable" // storage cannot be written, or the server is stopping
)

// Fault is an error that the person or the program can do something about. Code is the
// name AWS gives it, where AWS has one.
type Fault struct {
	Code        string
	Message     string
	Field       string           // the parameter that is wrong, "" when it is not one of them
	Fields      []FieldError     // of InvalidForm
	Diagnostics []asl.Diagnostic // of InvalidDefinition
	Reason      string           // of ValidationException: AWS's code for it, "" when it gives none
	Resource    string           // of ResourceNotFound and TooManyTags: its ARN
	Cause       error            // for the log
}

// FieldError is one fault of a form.
type FieldError struct {
	Pointer string // JSON pointer of the value, "" the whole form
	Message string // in plain words
}

// Error is the code and the message.
func (f *Fault) Error() string { return f.Code + ": " + f.Message }

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.Cause }

func fault(code, field, format string, args ...any) *Fault {
	return &Fault{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// stored explains an error of the store that no verb has a better word for.
func stored(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ledger.ErrUnavailable):
		return &Fault{Code: ServiceUnavailable, Message: "The storage cannot be written at the moment: " + why(err), Cause: err}
	case errors.Is(err, ledger.ErrBadToken):
		return &Fault{Code: "InvalidToken", Field: "nextToken", Message: "Invalid Token: 'Invalid token'", Cause: err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// why is what the storage said, without the words of the code that asked.
func why(err error) string {
	if _, said, ok := strings.Cut(err.Error(), ledger.ErrUnavailable.Error()+": "); ok {
		return said
	}
	return err.Error()
}
