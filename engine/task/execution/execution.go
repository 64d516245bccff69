// Package execution is the integration states:startExecution: a task that starts an
// execution of another machine and, with .sync and .sync:2, waits for its end.
package execution

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"statehouse/engine/task"
	"statehouse/engine/value"
)

// Start is the execution that a task asks for.
type Start struct {
	Request     task.Request
	MachineARN  string
	Name        string // never empty: invented from the task when it gave none
	Input       string // JSON text
	TraceHeader string
}

// Started is the execution that runs now.
type Started struct {
	ARN string
	At  time.Time
}

// Refused is an error of the request itself, by its AWS name.
type Refused struct{ Code, Message string }

// Error is the code and the message.
func (r *Refused) Error() string { return r.Code + ": " + r.Message }

// Starter starts executions. The same attempt may ask twice, after a crash: then it
// answers with the execution that the first call started.
type Starter interface {
	Start(ctx context.Context, s Start) (Started, error)
}

// New is the integration on top of a Starter.
func New(s Starter) task.Integration { return integration{s} }

type integration struct{ starter Starter }

// Run starts the execution. Waiting for its end is the ledger's and the runner's
// business: the child knows its parent.
func (i integration) Run(ctx context.Context, r task.Request) task.Reply {
	s, reply := read(r)
	if reply.Error != "" {
		return reply
	}
	started, err := i.starter.Start(ctx, s)
	if refused, ok := errors.AsType[*Refused](err); ok {
		return failed(r, "StepFunctions."+refused.Code+"Exception", fmt.Sprintf(
			"%s (Service: AWSStepFunctions; Status Code: 400; Error Code: %s; Request ID: %s; Proxy: null)",
			refused.Message, refused.Code, NameOf(r)))
	}
	if err != nil {
		return failed(r, "StepFunctions.ServiceUnavailable", err.Error())
	}
	answer := value.Object(
		value.Member{Key: "ExecutionArn", Value: value.String(started.ARN)},
		value.Member{Key: "StartDate", Value: millis(started.At)},
	)
	if r.Resource.Waits() {
		return task.Reply{Submitted: true, Output: answer}
	}
	return task.Result(answer)
}

func failed(r task.Request, name, cause string) task.Reply {
	return task.Reply{Error: name, Cause: cause, SubmitFailed: r.Resource.Waits()}
}

// read takes the parameters apart. AWS takes a string for Input as the JSON text itself
// and everything else as the value; null is an empty object.
func read(r task.Request) (Start, task.Reply) {
	s := Start{Request: r, Input: "{}", Name: NameOf(r)}
	if r.Input.Kind() != value.KindObject {
		return s, invalid("Parameters", "must be an object")
	}
	for _, m := range r.Input.Members() {
		text := m.Value.Text()
		isText := m.Value.Kind() == value.KindString
		switch m.Key {
		case "StateMachineArn":
			if !isText {
				return s, invalid(m.Key, "must be a string")
			}
			s.MachineARN = text
		case "Name":
			if !isText && !m.Value.IsNull() {
				return s, invalid(m.Key, "must be a string")
			}
			if isText {
				s.Name = text
			}
		case "TraceHeader":
			if !isText {
				return s, invalid(m.Key, "must be a string")
			}
			s.TraceHeader = text
		case "Input":
			switch {
			case isText:
				s.Input = text
			case !m.Value.IsNull():
				s.Input = m.Value.JSON()
			}
		default:
			return s, invalid(m.Key, "is not a parameter of startExecution")
		}
	}
	if s.MachineARN == "" {
		return s, invalid("StateMachineArn", "is required")
	}
	return s, task.Reply{}
}

func invalid(field, why string) task.Reply {
	return task.Fail("States.Runtime", fmt.Sprintf("The parameter '%s' of states:startExecution %s.", field, why))
}

// NameOf invents the name of the execution that an attempt starts: always the same for
// the same attempt, so that starting it again after a crash finds it, and telling nothing
// about the attempt's token.
func NameOf(r task.Request) string {
	h := sha256.Sum256([]byte("execution started by " + r.TaskToken))
	h[6] = h[6]&0x0f | 0x40
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// millis is a date as AWS writes it into results of nested executions.
func millis(t time.Time) value.Value { return value.Int(t.UnixMilli()) }
