package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/ledger"
)

// firstRevision is what AWS calls the revision of a machine that was never updated.
const firstRevision = "INITIAL"

// PublishVersion says what is to be published.
type PublishVersion struct {
	MachineARN  string
	Revision    *string // nil: whatever it is now
	Description string
}

// PublishVersion makes the current revision of a machine a version, which never changes. A
// revision that was published before answers with the version that exists.
func (e *Engine) PublishVersion(ctx context.Context, p PublishVersion) (ledger.Machine, error) {
	m, err := e.unqualified(ctx, p.MachineARN)
	if err != nil {
		return ledger.Machine{}, err
	}
	want := p.Revision
	if want != nil && *want == firstRevision {
		want = new("")
	}
	v, err := e.store.PublishVersion(ctx, m.ARN, ledger.Publish{Revision: want, Description: p.Description, At: e.now(), Limit: e.quotas.Versions})
	switch {
	case errors.Is(err, ledger.ErrConflict):
		return ledger.Machine{}, deleting(m.ARN, err)
	case errors.Is(err, ledger.ErrNotFound):
		return ledger.Machine{}, noMachine(m.ARN, err)
	case errors.Is(err, ledger.ErrTooMany):
		return ledger.Machine{}, e.tooManyVersions(m.ARN, err)
	case errors.Is(err, ledger.ErrStale):
		f := fault("ConflictException", "revisionId",
			"Failed to publish the State Machine version for revision %s. The current State Machine revision is %s.", clip(*p.Revision), or(m.RevisionID, firstRevision))
		f.Cause = err
		return ledger.Machine{}, f
	case err != nil:
		return ledger.Machine{}, stored("publish "+m.ARN, err)
	}
	e.log.InfoContext(ctx, "state machine version published", "machine", m.ARN, "version", v.Version)
	return v, nil
}

// Versions lists the versions of a machine without their definitions, the newest first, and
// the token of the next page. A machine that does not exist has none.
func (e *Engine) Versions(ctx context.Context, q ledger.VersionQuery) ([]ledger.Machine, string, error) {
	if err := checkARN(q.MachineARN, "stateMachineArn", arn.Machine); err != nil {
		return nil, "", err
	}
	if err := plainMachine(q.MachineARN); err != nil {
		return nil, "", err
	}
	list, next, err := e.store.ListVersions(ctx, q)
	return list, next, stored("list versions of "+q.MachineARN, err)
}

// DeleteVersion deletes a version. One that does not exist is no error; one that an alias
// leads to is ConflictException.
func (e *Engine) DeleteVersion(ctx context.Context, versionARN string) error {
	if err := checkARN(versionARN, "stateMachineVersionArn", arn.Machine); err != nil {
		return err
	}
	machine, version, _ := qualified(versionARN)
	if version == 0 {
		return fault("ValidationException", "stateMachineVersionArn", "The ARN does not name a state machine version: '%s'", clip(versionARN))
	}
	err := e.store.DeleteVersion(ctx, machine, version)
	e.published.forget()
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil
	case errors.Is(err, ledger.ErrConflict):
		list, _, listErr := e.store.ListAliases(ctx, ledger.AliasQuery{MachineARN: machine, Version: version, Page: ledger.Page{Limit: e.quotas.Aliases}})
		if listErr != nil {
			return stored("list aliases of "+versionARN, listErr)
		}
		names := make([]string, len(list))
		for i, a := range list {
			names[i] = a.Name
		}
		f := fault("ConflictException", "stateMachineVersionArn",
			"Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [%s]", strings.Join(names, ", "))
		f.Cause = err
		return f
	}
	return stored("delete version "+versionARN, err)
}

// publishing is the version that an operation shall make, nil for none.
func (e *Engine) publishing(yes bool, description *string, at time.Time) (*ledger.Publish, error) {
	if !yes {
		if description != nil {
			return nil, fault("ValidationException", "versionDescription", "Version description can only be set when publish is true")
		}
		return nil, nil
	}
	p := &ledger.Publish{At: at, Limit: e.quotas.Versions}
	if description != nil {
		p.Description = *description
	}
	return p, nil
}

// unqualified is the machine itself, which an operation needs that knows no versions.
func (e *Engine) unqualified(ctx context.Context, machineARN string) (ledger.Machine, error) {
	if err := checkARN(machineARN, "stateMachineArn", arn.Machine); err != nil {
		return ledger.Machine{}, err
	}
	if err := plainMachine(machineARN); err != nil {
		return ledger.Machine{}, err
	}
	return e.StateMachine(ctx, machineARN)
}

// plainMachine refuses the names of versions, aliases and labelled machines.
func plainMachine(machineARN string) error {
	if err := noLabel(machineARN); err != nil {
		return err
	}
	if _, version, alias := qualified(machineARN); version != 0 || alias != "" {
		return fault("ValidationException", "stateMachineArn", "The ARN must name the state machine itself, without a version or an alias: '%s'", clip(machineARN))
	}
	return nil
}

// noLabel refuses the name of a machine that stands for a Distributed Map of another.
func noLabel(machineARN string) error {
	if labelOf(machineARN) == "" {
		return nil
	}
	f := fault("ValidationException", "stateMachineArn", "This operation does not support labeled state machine ARNs: '%s'", clip(machineARN))
	f.Reason = "API_DOES_NOT_SUPPORT_LABELED_ARNS"
	return f
}

// labelOf is the label in the name of a machine, "" when there is none.
func labelOf(machineARN string) string {
	a, err := arn.Parse(machineARN)
	if err != nil || a.Kind() != arn.Machine {
		return "" // whoever looks it up says so
	}
	return a.Label()
}

// qualified splits the name of a machine from its version or its alias.
func qualified(machineARN string) (machine string, version int64, alias string) {
	a, err := arn.Parse(machineARN)
	if err != nil {
		return machineARN, 0, ""
	}
	q := a.Qualifier()
	if q == "" {
		return machineARN, 0, ""
	}
	machine = strings.TrimSuffix(machineARN, ":"+q)
	if n, err := strconv.ParseInt(q, 10, 64); err == nil && n > 0 {
		return machine, n, ""
	}
	return machine, 0, q
}

func (e *Engine) tooManyVersions(machineARN string, cause error) *Fault {
	f := fault("ServiceQuotaExceededException", "", "%s", fmt.Sprintf("The state machine has the most versions that it may have (%d): '%s'", e.quotas.Versions, machineARN))
	f.Cause = cause
	return f
}
