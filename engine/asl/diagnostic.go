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
	Location string // as AWS prints it: "/States/A/Catch[0]/Next", the state for a field that does not belong there; the source position for faulty JSON; may be empty
	Pointer  string // JSON pointer of what is at fault: "/States/A/Catch/0/Next", "" the definition as a whole
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
	unsupportedJSONata  = "UNSUPPORTED_JSONATA_EXPRESSION"
	reservedVariable    = "RESERVED_VARIABLE_NAME"
	invalidVariable     = "INVALID_VARIABLE_NAME"
	duplicateVariable   = "DUPLICATE_VARIABLE_NAME"
	undefinedVariable   = "POSSIBLY_UNDEFINED_VARIABLE"
	noDollar            = "NO_DOLLAR"
	noPath              = "NO_PATH"
	passResultIsStatic  = "PASS_RESULT_IS_STATIC"
	placeholderToFillIn = "UNRESOLVED_PLACEHOLDER"
)

// String is the diagnostic inside an InvalidDefinition error: AWS's form, and in brackets what a
// person needs besides, a hint and where exactly the fault is when AWS only says whereabouts.
func (d Diagnostic) String() string {
	s := d.Plain()
	var more []string
	if d.Hint != "" && !d.aside {
		more = append(more, d.Hint)
	}
	if d.Pointer != d.Location && d.Pointer != "" && !d.aside {
		more = append(more, d.Pointer)
	}
	if len(more) == 0 {
		return s
	}
	return s + " (" + strings.Join(more, "; ") + ")"
}

// Plain is the diagnostic exactly as AWS prints it inside an InvalidDefinition error.
func (d Diagnostic) Plain() string {
	switch s := d.Code + ": " + d.Message; {
	case d.Code == invalidJSON: // the message of faulty JSON names its place itself
		return s
	case d.Location == "":
		return s + " at null"
	default:
		return s + " at " + d.Location
	}
}

// MessageOf puts the errors among diagnostics into one sentence, with hints in brackets. It is
// empty when there are no errors.
func MessageOf(list []Diagnostic) string { return joined(list, Diagnostic.String) }

func joined(list []Diagnostic, print func(Diagnostic) string) string {
	var part []string
	for _, d := range list {
		if d.Severity == Error {
			part = append(part, print(d))
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
