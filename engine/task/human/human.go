package human

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"statehouse/engine/task"
	"statehouse/engine/value"
)

// InvalidTask is the error of a task whose parameters cannot be a question to a person.
const InvalidTask = "Human.InvalidTask"

// ErrGone is what a Desk answers when nobody waits for the task any more.
var ErrGone = errors.New("the task is no longer waited for")

// Desk is where tasks lie open. Opening the same task twice, after a crash, is one task.
type Desk interface {
	Open(ctx context.Context, id string, r task.Request, s Spec) error
}

// New is the integration on top of a Desk.
func New(d Desk) task.Integration { return integration{d} }

type integration struct{ desk Desk }

// Run checks the parameters and opens the task; a person answers later.
func (i integration) Run(ctx context.Context, r task.Request) task.Reply {
	if r.TaskToken != "" && strings.Contains(r.Input.JSON(), r.TaskToken) {
		return failed("Parameters must not hold the task token: a human task is answered in the inbox only.")
	}
	spec, err := Parse(r.Input, r.Scheduled)
	if err != nil {
		return failed(err.Error() + ".")
	}
	id := TaskID(r)
	err = i.desk.Open(ctx, id, r, spec)
	switch {
	case errors.Is(err, ErrGone):
		return task.Reply{}
	case err != nil:
		return task.Reply{Error: "Human.Unavailable", Cause: err.Error(), SubmitFailed: true}
	}
	return task.Reply{Submitted: true, Output: value.Object(value.Member{Key: "TaskId", Value: value.String(id)})}
}

func failed(cause string) task.Reply {
	return task.Reply{Error: InvalidTask, Cause: cause, SubmitFailed: true}
}

// TaskID names the task of an attempt: the same for the same attempt, and telling nothing
// about its token.
func TaskID(r task.Request) string {
	h := sha256.Sum256([]byte("human task of " + r.TaskToken))
	return hex.EncodeToString(h[:10])
}
