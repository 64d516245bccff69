package asl

import "strings"

// Severity says whether a definition can be used.
type Severity string

// The two severities.
const (
	Error   Severity = "ERROR"
	Warning Severity = "WARNING"
)

// Diagnostic is one thing to know about a definition, and where it stands.
type Diagnostic struct {
	Severity Severity
	Code     string
	Message  string // AWS's words where they are known
	Hint     string // what AWS's words leave out
	Location string // JSON pointer, "/States/A/Catch/0/Next"; the source position for faulty JSON; empty for the machine as a whole
	Pos, End Position
	State    string // the innermost state it is in, empty outside of states
	Field    string // the field of that state, or of the machine

	aside bool // the hint is for people only: AWS's message is known to come without it
}

// The codes of diagnostics. They are AWS's, except placeholder.
const (
	invalidJSON         = "INVALID_JSON_DESCRIPTION"
	schemaFailed        = "SCHEMA_VALIDATION_FAILED"
	missingTarget       = "MISSING_TRANSITION_TARGET"
	missingEnd          = "MISSING_END_STATE"
	duplicateState      = "DUPLICATE_STATE_NAME"
	duplicateLabel      = "DUPLICATE_LABEL_NAME"
	invalidLabel        = "INVALID_LABEL_NAME"
	invalidStateName    = "INVALID_STATE_NAME"
	invalidResource     = "INVALID_RESOURCE"
	tooDeeplyNested     = "TOO_DEEPLY_NESTED"
	invalidJSONata      = "INVALID_JSONATA_EXPRESSION"
	noDollar            = "NO_DOLLAR"
	noPath              = "NO_PATH"
	passResultIsStatic  = "PASS_RESULT_IS_STATIC"
	placeholderToFillIn = "UNRESOLVED_PLACEHOLDER"
)

// String is the diagnostic as AWS prints it inside an InvalidDefinition error.
func (d Diagnostic) String() string {
	s := d.Code + ": " + d.Message
	if d.Location != "" && d.Code != invalidJSON { // the message of faulty JSON names its place itself
		s += " at " + d.Location
	}
	return s + d.bracketed()
}

// Words is the message as the API gives it beside the location: with the hint in brackets, unless
// AWS is known to say nothing more.
func (d Diagnostic) Words() string {
	if d.Code == invalidJSON {
		return d.Message
	}
	return d.Message + d.bracketed()
}

func (d Diagnostic) bracketed() string {
	if d.Hint == "" || d.aside {
		return ""
	}
	return " (" + d.Hint + ")"
}

// Text is the diagnostic for a person who already sees where it is: the message and the hint.
func (d Diagnostic) Text() string {
	message, _, _ := strings.Cut(d.Message, "\n")
	if d.Hint == "" {
		return strings.TrimSpace(message)
	}
	return strings.TrimSpace(message) + ": " + d.Hint
}

// MessageOf puts the errors among diagnostics into one sentence, the one that InvalidDefinition
// quotes, with hints in brackets. It is empty when there are no errors.
func MessageOf(list []Diagnostic) string {
	var part []string
	for _, d := range list {
		if d.Severity == Error {
			part = append(part, d.String())
		}
	}
	return strings.Join(part, ", ")
}

// HasErrors tells whether a definition with these diagnostics cannot be used.
func HasErrors(list []Diagnostic) bool {
	for _, d := range list {
		if d.Severity == Error {
			return true
		}
	}
	return false
}
