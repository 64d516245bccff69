// Package inbox keeps the questions that workflows put to people: it opens tasks, lists
// them, checks what a person answers and turns the answer into what the workflow hears.
// The decision itself is stored together with the step it causes, by the engine.
package inbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/task"
	"statehouse/engine/task/human"
	"statehouse/engine/value"
)

// Inbox is all human tasks.
type Inbox struct {
	tasks ledger.HumanTasks
	feed  *feed.Feed
	clock func() time.Time
}

// New is the inbox of a store.
func New(tasks ledger.HumanTasks, f *feed.Feed, clock func() time.Time) *Inbox {
	return &Inbox{tasks: tasks, feed: f, clock: clock}
}

// Open stores a task that somebody shall decide. It is the human.Desk.
func (b *Inbox) Open(ctx context.Context, id string, r task.Request, s human.Spec) error {
	t := ledger.HumanTask{
		ID: id, Execution: ledger.ExecutionID(r.Execution), ExecutionARN: r.ExecutionARN,
		MachineName: r.MachineName, StateName: r.State, Token: interp.Token(r.Token),
		Title: s.Title, Description: s.Description, Assignee: s.Assignee,
		CandidateUsers: s.CandidateUsers, CandidateGroups: s.CandidateGroups,
		Form: s.Form, UISchema: s.UISchema, Defaults: s.Defaults,
		Outcomes: s.Outcomes, FailOn: s.FailOn, Due: s.Due, Priority: s.Priority,
		Created: r.Scheduled,
	}
	for _, i := range s.Summary {
		t.Summary = append(t.Summary, ledger.SummaryItem(i))
	}
	err := b.tasks.CreateTask(ctx, t)
	if errors.Is(err, ledger.ErrClosed) {
		return human.ErrGone
	}
	if err != nil {
		return err
	}
	b.feed.PublishInbox()
	return nil
}

// List lists tasks: open ones by what is due first, decided ones by the latest decision.
func (b *Inbox) List(ctx context.Context, q ledger.TaskQuery) ([]ledger.HumanTask, string, error) {
	if q.View == "" {
		q.View = ledger.OpenTasks
	}
	if q.Sort == "" {
		q.Sort = ledger.SortDue
		if q.View == ledger.DecidedTasks {
			q.Sort = ledger.SortNewest
		}
	}
	return b.tasks.ListTasks(ctx, q)
}

// Offers tells whether a task has this outcome.
func Offers(t ledger.HumanTask, outcome string) bool { return slices.Contains(t.Outcomes, outcome) }

// Choices lists a task's outcomes for a sentence.
func Choices(t ledger.HumanTask) string { return strings.Join(t.Outcomes, ", ") }

// Fails tells whether an outcome fails the task.
func Fails(t ledger.HumanTask, outcome string) bool { return slices.Contains(t.FailOn, outcome) }

// CheckForm lists what is wrong with a filled-in form for an outcome. An outcome that
// fails the task asks for nothing: a failure carries no form, so who rejects need not
// fill in what only an approval needs.
func CheckForm(t ledger.HumanTask, outcome string, data value.Value) ([]human.FieldError, error) {
	faults, err := human.CheckForm(t.Form, data)
	if Fails(t, outcome) {
		faults = slices.DeleteFunc(faults, func(f human.FieldError) bool { return f.Missing })
	}
	return faults, err
}

// Answer is what the workflow hears of a decision: the result of the task, or its failure
// when the outcome is one that fails it.
func Answer(t ledger.HumanTask, d ledger.Decision) interp.Input {
	if Fails(t, d.Outcome) {
		cause := d.Comment
		if cause == "" {
			cause = d.By + " chose " + d.Outcome + " for '" + t.Title + "'."
		}
		return interp.TaskFailed{Token: t.Token, Error: "Human." + d.Outcome, Cause: cause}
	}
	return interp.TaskSucceeded{Token: t.Token, Output: value.Object(
		value.Member{Key: "TaskId", Value: value.String(t.ID)},
		value.Member{Key: "Outcome", Value: value.String(d.Outcome)},
		value.Member{Key: "Form", Value: d.Form},
		value.Member{Key: "Comment", Value: value.String(d.Comment)},
		value.Member{Key: "DecidedBy", Value: value.String(d.By)},
		value.Member{Key: "DecidedAt", Value: value.String(d.At.UTC().Format("2006-01-02T15:04:05.000Z"))},
	)}
}
