package teststate

import (
	"fmt"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/value"
)

// Longest is how long a test may take on AWS: then it fails with States.Timeout.
const Longest = 5 * time.Minute

// Level says how much a report tells.
type Level string

// The levels of inspection. Debug adds the data at every stage, Trace also the request and
// the response of an HTTP call.
const (
	Info  Level = "INFO"
	Debug Level = "DEBUG"
	Trace Level = "TRACE"
)

// Mode says how closely a mocked result is held against what the service answers.
type Mode string

// The modes. Strict, the default, wants every required member, Present only that those
// which are there fit.
const (
	Strict  Mode = "STRICT"
	Present Mode = "PRESENT"
	None    Mode = "NONE"
)

// Request is what is to be tested. Texts that hold JSON are nil when they were not given.
type Request struct {
	Definition string // of one state; of a whole machine when StateName says which state
	StateName  string
	RoleARN    string
	Input      value.Value // Absent: {}
	Variables  *string     // an object: variable → value
	Context    *string     // the context object; with a mock only
	Mock       *Mock       // nil: the world answers
	Config     Configuration
	Level      Level // default Info
	Reveal     bool  // show what a connection added to an HTTP request
}

// Mock stands for the work of a Task, or for the children of a Parallel or Map.
type Mock struct {
	Result      *string // JSON
	ErrorOutput *ErrorOutput
	Mode        Mode // default Strict
}

// ErrorOutput is a mocked error.
type ErrorOutput struct{ Error, Cause string }

// Configuration is what has happened before, and around, the state under test.
type Configuration struct {
	RetrierRetryCount        int     // attempts that the Retrier of the mocked error has made already
	ErrorCausedByState       string  // inside a Parallel or Map
	MapIterationFailureCount int     // iterations of a Map that failed
	MapItemReaderData        *string // what the ItemReader of a Distributed Map reads
}

// Refused says why a request cannot be tested, by AWS's name for the error.
type Refused struct {
	Code        string
	Message     string
	Field       string           // the parameter that is wrong
	Diagnostics []asl.Diagnostic // of InvalidDefinition
}

// Error is the code and the message.
func (r *Refused) Error() string { return r.Code + ": " + r.Message }

func refused(field, format string, args ...any) *Refused {
	return &Refused{Code: "ValidationException", Field: field, Message: fmt.Sprintf(format, args...)}
}

func badDefinition(format string, args ...any) *Refused {
	return &Refused{Code: "InvalidDefinition", Field: "definition", Message: fmt.Sprintf(format, args...)}
}
