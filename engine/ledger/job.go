package ledger

import (
	"context"
	"time"

	"statehouse/engine/interp"
)

// Job is a task of a running execution that nobody has answered yet.
type Job struct {
	Execution    ExecutionID
	ExecutionARN string
	Run          interp.RunTask
	// Started says that the job needs no handing out again after a restart: a worker has
	// it, or an outside answer is all it waits for. An in-process call that a crash cut
	// off is not started: it is made again.
	Started bool
	Created time.Time // when the store took it
}

// JobKey names a job, and orders jobs.
type JobKey struct {
	Execution ExecutionID
	Token     interp.Token
}

// JobQuery asks for jobs.
type JobQuery struct {
	After   JobKey // the last one of the page before; zero: from the beginning
	Limit   int    // at most this many; 0 means 1000
	Pending bool   // only those not Started
}

// Jobs reads what is still to be done. Jobs come and go with Advance.
type Jobs interface {
	// OpenJobs lists jobs by key.
	OpenJobs(ctx context.Context, q JobQuery) ([]Job, error)
	// JobsOf lists the jobs of one execution by token.
	JobsOf(ctx context.Context, id ExecutionID) ([]Job, error)
	// Job is the job of this key. ErrNotFound.
	Job(ctx context.Context, key JobKey) (Job, error)
	// JobByTaskToken is the job of an activity or of a .waitForTaskToken call whose
	// RunTask.TaskToken this is: the tokens of other tasks never leave the server, so nobody
	// can answer by them. ErrNotFound, also when the task has been answered. Stores look for
	// the token's SHA-256: the time it takes says nothing about the token.
	JobByTaskToken(ctx context.Context, token string) (Job, error)
	// NextActivityJob is the oldest job that runs this activity and is not Started.
	// ErrNotFound. It takes nothing: the caller marks the job with Advance.Started and
	// keeps two workers from having the same one meanwhile.
	NextActivityJob(ctx context.Context, activityARN string) (Job, error)
}

// TimerKind says who set a timer.
type TimerKind string

// The kinds of timers.
const (
	CoreTimer      TimerKind = "core"      // SetTimer: answered with TimerFired
	TimeoutTimer   TimerKind = "timeout"   // TimeoutSeconds of a task: TaskTimedOut
	HeartbeatTimer TimerKind = "heartbeat" // HeartbeatSeconds of a task: TaskTimedOut
)

// Timer is a time at which an execution wants to hear something.
type Timer struct {
	Execution ExecutionID // in New: ignored
	Token     interp.Token
	Kind      TimerKind
	Due       time.Time
}

// Timers keeps times. They come with Advance and go when their token is settled; reading
// a due timer does not take it away.
type Timers interface {
	// DueTimers lists timers with Due not after until, the earliest first, at most limit
	// of them (0 means 1000).
	DueTimers(ctx context.Context, until time.Time, limit int) ([]Timer, error)
	// TimersOf lists the timers of one execution by token and kind.
	TimersOf(ctx context.Context, id ExecutionID) ([]Timer, error)
	// SetTimer moves a timer of a job, or sets it: a heartbeat came. ErrClosed when
	// nobody waits for the token any more.
	SetTimer(ctx context.Context, t Timer) error
}

// Activity is a queue that workers poll.
type Activity struct {
	ARN, Name  string
	Encryption string // its configuration, a JSON object; "" is the key of the service
	Created    time.Time
}

// Activities keeps activities.
type Activities interface {
	// CreateActivity stores an activity and its tags. ErrExists when its ARN is taken.
	CreateActivity(ctx context.Context, a Activity, tags []Tag) error
	// Activity is the activity with this ARN. ErrNotFound.
	Activity(ctx context.Context, arn string) (Activity, error)
	// ListActivities lists activities by name, and the token of the next page, "" at the end.
	ListActivities(ctx context.Context, p Page) ([]Activity, string, error)
	// DeleteActivity forgets the activity; jobs that wait for its workers stay. ErrNotFound.
	DeleteActivity(ctx context.Context, arn string) error
}
