package ledger

import (
	"context"
	"time"

	"statehouse/engine/interp"
	"statehouse/engine/value"
)

// TaskStatus is the state of a human task.
type TaskStatus string

// The states of a human task.
const (
	TaskOpen      TaskStatus = "open"
	TaskDecided   TaskStatus = "decided"
	TaskCancelled TaskStatus = "cancelled" // its execution went on without it
)

// SummaryItem is one line that helps to decide.
type SummaryItem struct{ Label, Value string }

// HumanTask is a question to people. One execution token has one at most.
type HumanTask struct {
	ID                              string
	Execution                       ExecutionID
	ExecutionARN                    string
	MachineName, StateName          string
	Token                           interp.Token
	Title                           string
	Description                     string // Markdown
	Assignee                        string // "" when nobody in particular
	CandidateUsers, CandidateGroups []string
	Form, UISchema, Defaults        value.Value // Absent when not given
	Summary                         []SummaryItem
	Outcomes, FailOn                []string
	Due                             *time.Time
	Priority                        int // 0 to 100, higher is more urgent
	Status                          TaskStatus
	Created                         time.Time
	Closed                          *time.Time // nil while open

	// Of a decided task.
	Outcome, Comment, DecidedBy string
	Data                        value.Value // the form as it was filled in
}

// TaskView chooses among human tasks.
type TaskView string

// The views. OverdueTasks is a part of OpenTasks; cancelled tasks are in none.
const (
	OpenTasks    TaskView = "open"
	OverdueTasks TaskView = "overdue"
	DecidedTasks TaskView = "decided"
)

// TaskSort orders human tasks.
type TaskSort string

// The orders. Tasks without Due come after those with one. Equal ones: newest first.
const (
	SortDue      TaskSort = "due"      // the earliest first
	SortNewest   TaskSort = "newest"   // DecidedTasks: the latest decision first
	SortPriority TaskSort = "priority" // the highest first
)

// TaskQuery asks for human tasks.
type TaskQuery struct {
	View   TaskView // "" is OpenTasks
	Search string   // part of title, workflow, assignee or outcome, letters of either case
	Sort   TaskSort // "" is SortDue
	Page   Page
}

// TaskCounts says how much there is to do. Overdue is a part of Open.
type TaskCounts struct{ Open, Overdue, Decided int64 }

// HumanTasks keeps questions to people. A task is decided by Advance.Decision.
type HumanTasks interface {
	// CreateTask stores an open task; Status, Closed and what belongs to a decision are
	// ignored. Doing it again for the same execution and token is no error and changes
	// nothing. ErrClosed when the job of the token is gone: looked at in the same write.
	CreateTask(ctx context.Context, t HumanTask) error
	// Task is the task with this id. ErrNotFound.
	Task(ctx context.Context, id string) (HumanTask, error)
	// ListTasks lists tasks, and the token of the next page, "" at the end. What is overdue
	// is judged by the store's clock.
	ListTasks(ctx context.Context, q TaskQuery) ([]HumanTask, string, error)
	// CountTasks counts without reading tasks.
	CountTasks(ctx context.Context) (TaskCounts, error)
	// TasksOf lists the tasks of one execution, oldest first.
	TasksOf(ctx context.Context, id ExecutionID) ([]HumanTask, error)
}
