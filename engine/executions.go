package engine

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"statehouse/engine/arn"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/runner"
	"statehouse/engine/trace"
	"statehouse/engine/value"
)

// maxPayload is AWS's limit for inputs and outputs, in bytes of UTF-8.
const maxPayload = 262144

// StartExecution is what a new execution is started with.
type StartExecution struct {
	MachineARN  string  // with #TestCase at its end the tasks are mocked: see package mock
	Name        string  // default: a new UUID
	Input       *string // default {}
	TraceHeader string
}

// StartExecution starts an execution; it is on disk when this returns. The same name and
// input as an execution that still runs answers with that one.
//
// Executions of EXPRESS machines are independent of each other, whatever their names. After
// a crash they may do again what they did: see package runner.
func (e *Engine) StartExecution(ctx context.Context, s StartExecution) (ledger.Execution, error) {
	return e.start(ctx, s, nil)
}

func (e *Engine) start(ctx context.Context, s StartExecution, parent *ledger.ParentRef) (ledger.Execution, error) {
	birth, err := e.birth(ctx, s)
	if err != nil {
		return ledger.Execution{}, err
	}
	if err := e.mayRun(ctx, birth.Execution); err != nil {
		return ledger.Execution{}, err
	}
	birth.Execution.Parent = parent
	x, err := e.runner.Start(ctx, birth)
	switch {
	case errors.Is(err, ledger.ErrExists):
		return e.sameExecution(ctx, birth.Execution, err)
	case errors.Is(err, ledger.ErrNotFound):
		return ledger.Execution{}, noMachine(birth.Execution.MachineARN, err)
	case errors.Is(err, ledger.ErrConflict):
		return ledger.Execution{}, deleting(birth.Execution.MachineARN, err)
	case err != nil:
		return ledger.Execution{}, running("start execution "+birth.Execution.ARN, err)
	}
	e.log.InfoContext(ctx, "execution started", "execution", x.ARN, "machine", x.MachineARN)
	return x, nil
}

// StartSyncExecution runs an execution of an EXPRESS machine and answers when it is over.
func (e *Engine) StartSyncExecution(ctx context.Context, s StartExecution) (ledger.Execution, error) {
	birth, err := e.birth(ctx, s)
	if err != nil {
		return ledger.Execution{}, err
	}
	if birth.Execution.Type != Express {
		return ledger.Execution{}, wrongType()
	}
	x, err := e.runner.RunSync(ctx, birth)
	if err != nil {
		return ledger.Execution{}, running("run execution "+birth.Execution.ARN, err)
	}
	return x, nil
}

// wrongType refuses what only the other type of state machine can do.
func wrongType() *Fault {
	return fault("StateMachineTypeNotSupported", "stateMachineArn", "This operation is not supported by this type of state machine")
}

// birth checks what an execution is started with.
func (e *Engine) birth(ctx context.Context, s StartExecution) (runner.Birth, error) {
	machineARN, testCase, mocked := strings.Cut(s.MachineARN, "#")
	m, alias, err := e.toStart(ctx, machineARN)
	if err != nil {
		return runner.Birth{}, err
	}
	if mocked {
		if err := e.checkTestCase(m, testCase); err != nil {
			return runner.Birth{}, err
		}
	}
	if s.Name != "" {
		if err := checkName(s.Name); err != nil {
			return runner.Birth{}, err
		}
	}
	if n := utf8.RuneCountInString(s.TraceHeader); n > 256 {
		return runner.Birth{}, tooLong("traceHeader", s.TraceHeader, 256)
	}
	input, err := e.executionInput(s.Input)
	if err != nil {
		return runner.Birth{}, err
	}
	birth := runner.Birth{
		Execution: ledger.Execution{
			Name: or(s.Name, newUUID()), MachineARN: m.ARN, MachineName: m.Name, Type: m.Type,
			Status: interp.Running, Input: input, Started: e.now(),
			TestCase: testCase, RevisionID: m.RevisionID, RoleARN: m.RoleARN,
			Logging: e.loggingOf(m.Logging),
			Version: m.Version, Alias: alias,
		},
		Definition: m.Definition,
	}
	x := &birth.Execution
	x.ARN = e.executionARN(m, x.Name)
	x.TraceHeader = trace.Start(s.TraceHeader, e.tracing && isTraced(m), x.ARN, x.Started)
	return birth, nil
}

// isTraced tells whether the tracing configuration of a machine asks for traces.
func isTraced(m ledger.Machine) bool {
	if m.Tracing == "" {
		return false
	}
	v, err := value.Parse(m.Tracing)
	return err == nil && v.Get("enabled").AsBool()
}

func (e *Engine) executionARN(m ledger.Machine, name string) string {
	if m.Type == Express {
		return e.names.Express(m.Name, name, newUUID())
	}
	return e.names.Execution(m.Name, name)
}

// sameExecution makes StartExecution idempotent by name and input while the execution runs.
func (e *Engine) sameExecution(ctx context.Context, want ledger.Execution, cause error) (ledger.Execution, error) {
	got, err := e.store.Execution(ctx, want.ARN)
	if err != nil {
		return ledger.Execution{}, stored("read execution "+want.ARN, err)
	}
	if got.Status == interp.Running && value.Equal(got.Input, want.Input) && got.TestCase == want.TestCase && sameParent(got.Parent, want.Parent) {
		return got, nil
	}
	f := fault("ExecutionAlreadyExists", "name", "Execution Already Exists: '%s'", want.ARN)
	f.Cause = cause
	return got, f
}

func sameParent(a, b *ledger.ParentRef) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func (e *Engine) executionInput(text *string) (value.Value, error) {
	if text == nil {
		return value.Object(), nil
	}
	if len(*text) > e.limits.Payload {
		return value.Value{}, fault("InvalidExecutionInput", "input",
			"Invalid State Machine Execution Input: 'the input has %d bytes, at most %d are allowed'", len(*text), e.limits.Payload)
	}
	v, err := value.Parse(*text)
	if err != nil {
		f := fault("InvalidExecutionInput", "input", "Invalid State Machine Execution Input: 'not valid JSON: %s'", syntax(err))
		f.Cause = err
		return value.Value{}, f
	}
	return v, nil
}

// syntax says where a JSON text is wrong.
func syntax(err error) string { return err.Error() }

// running explains an error of the runner.
func running(doing string, err error) error {
	if errors.Is(err, runner.ErrStopping) {
		return &Fault{Code: ServiceUnavailable, Message: "The server is stopping; try again in a moment.", Cause: err}
	}
	return stored(doing, err)
}

// Execution describes an execution.
func (e *Engine) Execution(ctx context.Context, executionARN string) (ledger.Execution, error) {
	if err := checkARN(executionARN, "executionArn", arn.Execution, arn.Express); err != nil {
		return ledger.Execution{}, err
	}
	x, err := e.store.Execution(ctx, executionARN)
	if errors.Is(err, ledger.ErrNotFound) {
		f := fault("ExecutionDoesNotExist", "executionArn", "Execution Does Not Exist: '%s'", executionARN)
		f.Cause = err
		return ledger.Execution{}, f
	}
	return x, stored("read execution "+executionARN, err)
}

// Executions lists executions, newest first, and the token of the next page; MachineARN may
// name a version or an alias. The executions of a machine that was deleted are still there.
func (e *Engine) Executions(ctx context.Context, q ledger.ExecutionQuery) ([]ledger.Execution, string, error) {
	if q.MachineARN != "" {
		if err := checkARN(q.MachineARN, "stateMachineArn", arn.Machine); err != nil {
			return nil, "", err
		}
		q.MachineARN, q.Version, q.Alias = qualified(q.MachineARN)
	}
	list, next, err := e.store.ListExecutions(ctx, q)
	return list, next, stored("list executions", err)
}

// ExecutionsOf lists executions of a machine, a version or an alias as AWS's API does: it
// has to exist, and to be STANDARD.
func (e *Engine) ExecutionsOf(ctx context.Context, q ledger.ExecutionQuery) ([]ledger.Execution, string, error) {
	if err := checkARN(q.MachineARN, "stateMachineArn", arn.Machine); err != nil {
		return nil, "", err
	}
	of := q.MachineARN
	if machine, _, alias := qualified(of); alias != "" {
		switch _, err := e.store.Alias(ctx, machine, alias); {
		case errors.Is(err, ledger.ErrNotFound):
			return nil, "", noMachine(of, err)
		case err != nil:
			return nil, "", stored("read alias "+of, err)
		}
		of = machine
	}
	m, err := e.StateMachine(ctx, of)
	if err != nil {
		return nil, "", err
	}
	if m.Type == Express {
		return nil, "", wrongType()
	}
	return e.Executions(ctx, q)
}

// CountExecutions counts executions by status; a machineARN of "" is all machines.
func (e *Engine) CountExecutions(ctx context.Context, machineARN string) (map[interp.Status]int64, error) {
	n, err := e.store.CountExecutions(ctx, machineARN)
	return n, stored("count executions", err)
}

// StateMachineForExecution is the machine as it was when the execution began.
func (e *Engine) StateMachineForExecution(ctx context.Context, executionARN string) (ledger.Machine, error) {
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		return ledger.Machine{}, err
	}
	text, err := e.store.Definition(ctx, x.ID)
	if err != nil {
		return ledger.Machine{}, stored("read definition of "+executionARN, err)
	}
	then := ledger.Machine{
		ARN: x.MachineARN, Name: x.MachineName, Type: x.Type, Definition: text,
		RoleARN: x.RoleARN, RevisionID: x.RevisionID, Created: x.Started, Updated: x.Started,
	}
	if a, err := arn.Parse(x.ARN); err == nil {
		then.Label, then.MapRunARN = a.Label(), x.MapRunARN
	}
	now, err := e.store.Machine(ctx, x.MachineARN)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return then, nil
	case err != nil:
		return ledger.Machine{}, stored("read state machine "+x.MachineARN, err)
	}
	then.Logging, then.Tracing, then.Encryption, then.Created = now.Logging, now.Tracing, now.Encryption, now.Created
	if then.RevisionID == now.RevisionID {
		then.Updated = now.Updated
	}
	return then, nil
}

// StopExecution aborts an execution and says when it ended. One that is over already is
// left as it is.
func (e *Engine) StopExecution(ctx context.Context, executionARN string, name, cause *string) (time.Time, error) {
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		return time.Time{}, err
	}
	if err := checkError(name, cause); err != nil {
		return time.Time{}, err
	}
	if x.Status == interp.Running {
		err = e.runner.Give(ctx, runner.Answer{Execution: x.ID, Input: interp.Stop{Error: name, Cause: cause}})
		if err != nil && !errors.Is(err, runner.ErrLate) {
			return time.Time{}, running("stop execution "+executionARN, err)
		}
		x, err = e.Execution(ctx, executionARN)
		if err != nil {
			return time.Time{}, err
		}
	}
	return x.Stopped, nil
}

func (e *Engine) stopChild(ctx context.Context, executionARN string) error {
	cause := "The execution that waited for this one was stopped or went on without it."
	_, err := e.StopExecution(ctx, executionARN, nil, &cause)
	return err
}

// History is a part of an execution's events.
func (e *Engine) History(ctx context.Context, executionARN string, q ledger.HistoryQuery) ([]history.Event, error) {
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		return nil, err
	}
	events, err := e.store.History(ctx, x.ID, q)
	return events, stored("read history of "+executionARN, err)
}

// RunAgain starts an execution of the same machine, as it is now, with the same input.
func (e *Engine) RunAgain(ctx context.Context, executionARN string) (ledger.Execution, error) {
	x, err := e.Execution(ctx, executionARN)
	if err != nil {
		return ledger.Execution{}, err
	}
	machineARN := x.MachineARN
	if x.TestCase != "" {
		machineARN += "#" + x.TestCase
	}
	return e.StartExecution(ctx, StartExecution{MachineARN: machineARN, Input: new(x.Input.JSON())})
}

// checkError applies AWS's limits for the error and cause that a caller gives.
func checkError(name, cause *string) error {
	if name != nil && utf8.RuneCountInString(*name) > 256 {
		return tooLong("error", *name, 256)
	}
	if cause != nil && utf8.RuneCountInString(*cause) > 32768 {
		return tooLong("cause", *cause, 32768)
	}
	return nil
}

func tooLong(field, text string, limit int) error {
	return fault("ValidationException", field,
		"1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", clip(text), field, limit)
}

// clip keeps a message readable that repeats what was sent.
func clip(text string) string {
	if r := []rune(text); len(r) > 400 {
		return string(r[:400]) + "…"
	}
	return text
}
