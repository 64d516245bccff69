package asl

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
	Message  string
	Location string // JSON pointer, as AWS writes it: "/States/A/Next"
	Pos, End Position
	State    string // the innermost state it is in, empty outside of states
	Field    string // the field of that state, or of the machine
}
