package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/ledger"
)

// The two types of state machines.
const (
	Standard = "STANDARD"
	Express  = "EXPRESS"
)

// maxDefinition is AWS's limit for the text of a definition.
const maxDefinition = 1 << 20

// CreateStateMachine is what a new state machine consists of.
type CreateStateMachine struct {
	Name, Definition             string
	RoleARN                      string // default: a role of this server
	Type                         string // default STANDARD
	Logging, Tracing, Encryption string // raw JSON objects or ""
	Tags                         []ledger.Tag
	Publish                      bool    // version 1 as well
	VersionDescription           *string // needs Publish
}

// CreateStateMachine makes a new state machine. Doing it again with the same definition,
// type, configuration and version answers with the one that exists. The answer's Version
// is that of the version, when one was asked for.
func (e *Engine) CreateStateMachine(ctx context.Context, c CreateStateMachine) (ledger.Machine, error) {
	if err := checkName(c.Name); err != nil {
		return ledger.Machine{}, err
	}
	c.Type = or(c.Type, Standard)
	if c.Type != Standard && c.Type != Express {
		return ledger.Machine{}, fault("ValidationException", "type",
			"1 validation error detected: Value '%s' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]", c.Type)
	}
	if err := e.checkRole(&c.RoleARN); err != nil {
		return ledger.Machine{}, err
	}
	if err := checkLogging(c.Logging); err != nil {
		return ledger.Machine{}, err
	}
	if err := errors.Join(checkTracing(c.Tracing), checkEncryption(c.Encryption)); err != nil {
		return ledger.Machine{}, err
	}
	if err := e.checkDefinition(c.Definition, c.Type); err != nil {
		return ledger.Machine{}, err
	}
	now := e.now()
	with := ledger.With{Tags: c.Tags}
	var err error
	if with.Publish, err = e.publishing(c.Publish, c.VersionDescription, now); err != nil {
		return ledger.Machine{}, err
	}
	if err := e.checkTags(e.names.Machine(c.Name), c.Tags); err != nil {
		return ledger.Machine{}, err
	}
	if err := e.wantGroup(c.Logging); err != nil {
		return ledger.Machine{}, err
	}
	m := ledger.Machine{
		ARN: e.names.Machine(c.Name), Name: c.Name, Type: c.Type,
		Definition: c.Definition, RoleARN: c.RoleARN,
		Logging: c.Logging, Tracing: c.Tracing, Encryption: c.Encryption,
		Created: now, Updated: now,
	}
	if err := e.mayCreateMachine(ctx, m.ARN); err != nil {
		return ledger.Machine{}, err
	}
	m.Version, err = e.store.CreateMachine(ctx, m, with)
	switch {
	case errors.Is(err, ledger.ErrConflict):
		return ledger.Machine{}, deleting(m.ARN, err)
	case errors.Is(err, ledger.ErrExists):
		return e.sameMachine(ctx, m, with.Publish, err)
	case err != nil:
		return ledger.Machine{}, stored("create state machine "+m.ARN, err)
	}
	e.leaving.drop(m.ARN)
	e.log.InfoContext(ctx, "state machine created", "machine", m.ARN)
	return m, nil
}

// UpdateStateMachine says what changes; nil leaves it as it is.
type UpdateStateMachine struct {
	ARN                                               string
	Definition, RoleARN, Logging, Tracing, Encryption *string
	Publish                                           bool    // the new revision becomes a version
	VersionDescription                                *string // needs Publish
}

// UpdateStateMachine makes a new revision. Executions that run keep the definition they
// began with. An update that changes nothing keeps the revision. The answer's Version is
// that of the version, when one was asked for.
func (e *Engine) UpdateStateMachine(ctx context.Context, u UpdateStateMachine) (ledger.Machine, error) {
	if err := noLabel(u.ARN); err != nil {
		return ledger.Machine{}, err
	}
	m, err := e.StateMachine(ctx, u.ARN)
	if err != nil {
		return ledger.Machine{}, err
	}
	if m.Version != 0 { // a version never changes
		return ledger.Machine{}, noMachine(u.ARN, nil)
	}
	if m.Deleting {
		return ledger.Machine{}, deleting(m.ARN, nil)
	}
	if u.Definition == nil && u.RoleARN == nil && u.Logging == nil && u.Tracing == nil && u.Encryption == nil {
		return ledger.Machine{}, fault("MissingRequiredParameter", "definition",
			"Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified")
	}
	before := m
	if u.Definition != nil {
		if err := e.checkDefinition(*u.Definition, m.Type); err != nil {
			return ledger.Machine{}, err
		}
		m.Definition = *u.Definition
	}
	if u.RoleARN != nil {
		if err := e.checkRole(u.RoleARN); err != nil {
			return ledger.Machine{}, err
		}
		m.RoleARN = *u.RoleARN
	}
	if u.Logging != nil {
		if err := checkLogging(*u.Logging); err != nil {
			return ledger.Machine{}, err
		}
		if err := e.wantGroup(*u.Logging); err != nil {
			return ledger.Machine{}, err
		}
		m.Logging = *u.Logging
	}
	if u.Tracing != nil {
		if err := checkTracing(*u.Tracing); err != nil {
			return ledger.Machine{}, err
		}
		m.Tracing = *u.Tracing
	}
	if u.Encryption != nil {
		if err := checkEncryption(*u.Encryption); err != nil {
			return ledger.Machine{}, err
		}
		m.Encryption = *u.Encryption
	}
	if m != before || m.RevisionID == "" {
		m.RevisionID = newUUID()
	}
	m.Updated = e.now()
	var with ledger.With
	if with.Publish, err = e.publishing(u.Publish, u.VersionDescription, m.Updated); err != nil {
		return ledger.Machine{}, err
	}
	m.Version, err = e.store.UpdateMachine(ctx, m, with)
	e.published.forget()
	switch {
	case errors.Is(err, ledger.ErrTooMany):
		return ledger.Machine{}, e.tooManyVersions(m.ARN, err)
	case errors.Is(err, ledger.ErrConflict):
		return ledger.Machine{}, deleting(m.ARN, err)
	case errors.Is(err, ledger.ErrNotFound):
		return ledger.Machine{}, noMachine(m.ARN, err)
	case err != nil:
		return ledger.Machine{}, stored("update state machine "+m.ARN, err)
	}
	e.log.InfoContext(ctx, "state machine updated", "machine", m.ARN, "revision", m.RevisionID)
	return m, nil
}

// StateMachine is the machine of this name as it is now, or the version that the ARN names.
// An ARN with the label of a Distributed Map is answered with what the children of that Map run.
func (e *Engine) StateMachine(ctx context.Context, machineARN string) (ledger.Machine, error) {
	if err := checkARN(machineARN, "stateMachineArn", arn.Machine); err != nil {
		return ledger.Machine{}, err
	}
	machine, version, alias := qualified(machineARN)
	if label := labelOf(machineARN); label != "" {
		return e.labelled(ctx, machineARN, label)
	}
	var m ledger.Machine
	var err error
	switch {
	case alias != "": // leads to versions, and is none
		err = ledger.ErrNotFound
	case version != 0:
		m, err = e.store.Version(ctx, machine, version)
	default:
		m, err = e.store.Machine(ctx, machine)
	}
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Machine{}, noMachine(machineARN, err)
	}
	return m, stored("read state machine "+machineARN, err)
}

// StateMachines lists machines by name, and the token of the next page.
func (e *Engine) StateMachines(ctx context.Context, q ledger.MachineQuery) ([]ledger.Machine, string, error) {
	list, next, err := e.store.ListMachines(ctx, q)
	return list, next, stored("list state machines", err)
}

// DeleteStateMachine deletes the machine with its versions and aliases. Executions that run finish; until then the
// machine is seen as being deleted. A machine that does not exist is no error.
func (e *Engine) DeleteStateMachine(ctx context.Context, machineARN string) error {
	if err := checkARN(machineARN, "stateMachineArn", arn.Machine); err != nil {
		return err
	}
	if err := noLabel(machineARN); err != nil {
		return err
	}
	if _, version, alias := qualified(machineARN); version != 0 || alias != "" {
		return fault("ValidationException", "stateMachineArn",
			"State machine versions and aliases are deleted by DeleteStateMachineVersion and DeleteStateMachineAlias: '%s'", machineARN)
	}
	_, err := e.deleteMachine(ctx, machineARN)
	return err
}

func (e *Engine) checkDefinition(text, machineType string) error {
	if len(text) > e.limits.Definition {
		return fault("InvalidDefinition", "definition",
			"Invalid State Machine Definition: 'the definition has %d bytes, at most %s (%d bytes) is allowed'", len(text), kilobytes(e.limits.Definition), e.limits.Definition)
	}
	diagnostics := e.Validate(text, machineType)
	for _, d := range diagnostics {
		if d.Severity == asl.Error {
			f := fault("InvalidDefinition", "definition", "%s", asl.Explanation(text, diagnostics))
			f.Diagnostics = diagnostics
			return f
		}
	}
	return nil
}

// Role is the role that stands for this server where none is given.
func (e *Engine) Role() string {
	return fmt.Sprintf("arn:%s:iam::%s:role/statehouse", arn.PartitionOf(e.names.Region), e.names.Account)
}

// checkRole fills in the role that stands for this server: nothing here asks IAM.
func (e *Engine) checkRole(role *string) error {
	if *role == "" {
		*role = e.Role()
		return nil
	}
	if a, err := arn.Parse(*role); err != nil || a.Service != "iam" {
		return fault("InvalidArn", "roleArn", "Invalid Arn: 'Invalid Role Arn: %s'", clip(*role))
	}
	return nil
}

func noMachine(machineARN string, cause error) *Fault {
	f := fault("StateMachineDoesNotExist", "stateMachineArn", "State Machine Does Not Exist: '%s'", machineARN)
	f.Cause = cause
	return f
}

func deleting(machineARN string, cause error) *Fault {
	f := fault("StateMachineDeleting", "stateMachineArn", "State Machine is being deleted: '%s'", machineARN)
	f.Cause = cause
	return f
}

// now is the time that goes into records: whole milliseconds, as the events of an execution
// have them, so that nothing ends before it began.
func (e *Engine) now() time.Time { return e.clock().UTC().Truncate(time.Millisecond) }

// newUUID is a random UUID of version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
