package engine

import (
	"context"
	"errors"

	"statehouse/engine/arn"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/task"
	"statehouse/engine/task/activity"
)

// CreateActivity is what a new activity consists of.
type CreateActivity struct {
	Name       string
	Encryption string // raw JSON object or ""
	Tags       []ledger.Tag
}

// CreateActivity makes an activity; one that exists is answered as it is, with the tags
// that it has. Its encryption cannot be changed.
func (e *Engine) CreateActivity(ctx context.Context, c CreateActivity) (ledger.Activity, error) {
	if err := checkName(c.Name); err != nil {
		return ledger.Activity{}, err
	}
	a := ledger.Activity{ARN: e.names.Activity(c.Name), Name: c.Name, Encryption: c.Encryption, Created: e.now()}
	if err := errors.Join(checkEncryption(c.Encryption), e.checkTags(a.ARN, c.Tags)); err != nil {
		return ledger.Activity{}, err
	}
	if err := e.mayCreateActivity(ctx, a.ARN); err != nil {
		return ledger.Activity{}, err
	}
	err := e.store.CreateActivity(ctx, a, c.Tags)
	if !errors.Is(err, ledger.ErrExists) {
		return a, stored("create activity "+a.ARN, err)
	}
	got, readErr := e.Activity(ctx, a.ARN)
	if readErr != nil || sameConfiguration(got.Encryption, a.Encryption, ownedKey) {
		return got, readErr
	}
	f := fault("ActivityAlreadyExists", "name", "Activity Already Exists: '%s'", a.ARN)
	f.Cause = err
	return ledger.Activity{}, f
}

// Activity is the activity of this name.
func (e *Engine) Activity(ctx context.Context, activityARN string) (ledger.Activity, error) {
	if err := checkARN(activityARN, "activityArn", arn.Activity); err != nil {
		return ledger.Activity{}, err
	}
	a, err := e.store.Activity(ctx, activityARN)
	if errors.Is(err, ledger.ErrNotFound) {
		f := fault("ActivityDoesNotExist", "activityArn", "Activity Does Not Exist: '%s'", activityARN)
		f.Cause = err
		return ledger.Activity{}, f
	}
	return a, stored("read activity "+activityARN, err)
}

// Activities lists activities by name, and the token of the next page.
func (e *Engine) Activities(ctx context.Context, p ledger.Page) ([]ledger.Activity, string, error) {
	list, next, err := e.store.ListActivities(ctx, p)
	return list, next, stored("list activities", err)
}

// DeleteActivity deletes the activity. One that does not exist is no error.
func (e *Engine) DeleteActivity(ctx context.Context, activityARN string) error {
	if err := checkARN(activityARN, "activityArn", arn.Activity); err != nil {
		return err
	}
	err := e.store.DeleteActivity(ctx, activityARN)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	return stored("delete activity "+activityARN, err)
}

// ActivityTask is work for a worker. Whoever has the token may answer.
type ActivityTask struct{ Token, Input string }

// ActivityTask hands out the oldest task of an activity and waits for one until ctx ends;
// nil means that none came. That the worker has it is on disk before it is told.
func (e *Engine) ActivityTask(ctx context.Context, activityARN, worker string) (*ActivityTask, error) {
	switch _, err := e.Activity(ctx, activityARN); {
	case err != nil && ctx.Err() != nil:
		return nil, nil
	case err != nil:
		return nil, err
	}
	if err := activity.CheckWorker(worker); err != nil {
		return nil, tooLong("workerName", worker, activity.MaxWorker)
	}
	job, err := e.runner.NextActivity(ctx, activityARN, worker)
	switch {
	case err == nil:
		return &ActivityTask{Token: job.Run.TaskToken, Input: job.Run.Input.JSON()}, nil
	case errors.Is(err, runner.ErrTooManyPollers):
		return nil, tooManyPollers(err)
	case ctx.Err() != nil, errors.Is(err, runner.ErrStopping):
		return nil, nil
	}
	return nil, stored("hand out a task of "+activityARN, err)
}

// TaskSucceeded answers a task by its token.
func (e *Engine) TaskSucceeded(ctx context.Context, token, output string) error {
	job, err := e.jobOf(ctx, token)
	if err != nil && !isTimedOut(err) {
		return err
	}
	v, bad := activity.CheckOutput(output)
	if bad != nil {
		f := fault("InvalidOutput", "output", "Invalid Output: '%s'", bad)
		f.Cause = bad
		return f
	}
	if err != nil {
		return err
	}
	return e.answer(ctx, job, interp.TaskSucceeded{Token: job.Run.Token, Output: v})
}

// TaskFailed answers a task by its token.
func (e *Engine) TaskFailed(ctx context.Context, token, name, cause string) error {
	if err := checkError(&name, &cause); err != nil {
		return err
	}
	job, err := e.jobOf(ctx, token)
	if err != nil {
		return err
	}
	return e.answer(ctx, job, interp.TaskFailed{Token: job.Run.Token, Error: name, Cause: cause})
}

// TaskHeartbeat says that somebody still works on the task.
func (e *Engine) TaskHeartbeat(ctx context.Context, token string) error {
	job, err := e.jobOf(ctx, token)
	if err != nil {
		return err
	}
	err = e.runner.Heartbeat(ctx, job)
	if errors.Is(err, ledger.ErrClosed) {
		return timedOut(err)
	}
	return stored("heartbeat", err)
}

func (e *Engine) answer(ctx context.Context, job ledger.Job, in interp.Input) error {
	err := e.runner.Give(ctx, runner.Answer{Execution: job.Execution, Input: in})
	if errors.Is(err, runner.ErrLate) || errors.Is(err, ledger.ErrClosed) {
		return timedOut(err)
	}
	return running("answer a task of "+job.ExecutionARN, err)
}

// jobOf finds the task that a token names. A text that no token looks like is
// InvalidToken; a token that nobody waits for, or never did, is TaskTimedOut, as on AWS.
// The tokens of human tasks never leave the server, so they are nobody's.
func (e *Engine) jobOf(ctx context.Context, token string) (ledger.Job, error) {
	if !activity.IsToken(token) {
		return ledger.Job{}, fault("InvalidToken", "taskToken", "Invalid Token: 'Invalid token'")
	}
	job, err := e.store.JobByTaskToken(ctx, token)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return ledger.Job{}, timedOut(err)
	case err != nil:
		return ledger.Job{}, stored("find a task by its token", err)
	case task.ParseResource(job.Run.Resource).Service == "human":
		return ledger.Job{}, timedOut(nil)
	}
	return job, nil
}

func timedOut(cause error) *Fault {
	f := fault("TaskTimedOut", "taskToken", "Task Timed Out: 'Provided task does not exist anymore'")
	f.Cause = cause
	return f
}

func isTimedOut(err error) bool {
	f, ok := errors.AsType[*Fault](err)
	return ok && f.Code == "TaskTimedOut"
}
