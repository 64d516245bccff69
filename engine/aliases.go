package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"statehouse/engine/arn"
	"statehouse/engine/ledger"
)

// Route is one version that an alias shall lead to.
type Route struct {
	VersionARN string
	Weight     int64 // of 100
}

// CreateAlias says what a new alias shall be.
type CreateAlias struct {
	Name, Description string
	Routes            []Route // one or two versions of one machine
}

// CreateAlias makes a name that leads to one or two versions. Doing it again with the same
// routes and description answers with the one that exists.
func (e *Engine) CreateAlias(ctx context.Context, c CreateAlias) (ledger.Alias, error) {
	machine, routes, err := routing(c.Routes)
	if err != nil {
		return ledger.Alias{}, err
	}
	now := e.now()
	a := ledger.Alias{MachineARN: machine, Name: c.Name, Description: c.Description, Routes: routes, Created: now, Updated: now}
	err = e.store.CreateAlias(ctx, a, e.quotas.Aliases)
	switch {
	case errors.Is(err, ledger.ErrExists):
		return e.sameAlias(ctx, a, err)
	case errors.Is(err, ledger.ErrTooMany):
		f := fault("ServiceQuotaExceededException", "", "The state machine has the most aliases that it may have (%d): '%s'", e.quotas.Aliases, machine)
		f.Cause = err
		return ledger.Alias{}, f
	case err != nil:
		return ledger.Alias{}, routeFault("create alias "+a.ARN(), c.Routes, machine, err)
	}
	e.log.InfoContext(ctx, "alias created", "alias", a.ARN())
	return a, nil
}

func (e *Engine) sameAlias(ctx context.Context, want ledger.Alias, cause error) (ledger.Alias, error) {
	got, err := e.store.Alias(ctx, want.MachineARN, want.Name)
	if err != nil {
		return ledger.Alias{}, stored("read alias "+want.ARN(), err)
	}
	if got.Description == want.Description && slices.Equal(got.Routes, want.Routes) {
		return got, nil
	}
	f := fault("ConflictException", "name", "An alias with the same name already exists: '%s'", want.ARN())
	f.Cause = cause
	return ledger.Alias{}, f
}

// UpdateAlias says what changes; nil leaves it as it is.
type UpdateAlias struct {
	ARN         string
	Description *string
	Routes      []Route
}

// UpdateAlias changes an alias. Executions that run keep the version they began with. An
// update that changes nothing is answered as the one before.
func (e *Engine) UpdateAlias(ctx context.Context, u UpdateAlias) (ledger.Alias, error) {
	a, err := e.Alias(ctx, u.ARN)
	if err != nil {
		return ledger.Alias{}, err
	}
	if u.Description == nil && u.Routes == nil {
		f := fault("ValidationException", "routingConfiguration", "Either the description or the routing configuration must be specified")
		f.Reason = "MISSING_REQUIRED_PARAMETER"
		return ledger.Alias{}, f
	}
	before := a
	if u.Description != nil {
		a.Description = *u.Description
	}
	if u.Routes != nil {
		machine, routes, err := routing(u.Routes)
		if err != nil {
			return ledger.Alias{}, err
		}
		if machine != a.MachineARN {
			return ledger.Alias{}, badRouting("Routing configuration must contain versions of the state machine that the alias belongs to. Received: [%s]", received(u.Routes))
		}
		a.Routes = routes
	}
	if a.Description == before.Description && slices.Equal(a.Routes, before.Routes) {
		return before, nil // the same request again has the same answer
	}
	a.Updated = e.now()
	if err := e.store.UpdateAlias(ctx, a); err != nil {
		return ledger.Alias{}, routeFault("update alias "+u.ARN, u.Routes, a.MachineARN, err)
	}
	e.log.InfoContext(ctx, "alias updated", "alias", u.ARN)
	return a, nil
}

// Alias is the alias of this ARN.
func (e *Engine) Alias(ctx context.Context, aliasARN string) (ledger.Alias, error) {
	machine, name, err := aliasOf(aliasARN)
	if err != nil {
		return ledger.Alias{}, err
	}
	a, err := e.store.Alias(ctx, machine, name)
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Alias{}, noResource(aliasARN, err)
	}
	return a, stored("read alias "+aliasARN, err)
}

// Aliases lists the aliases of a machine, or those that lead to the version that the ARN
// names, by name, and the token of the next page.
func (e *Engine) Aliases(ctx context.Context, machineARN string, p ledger.Page) ([]ledger.Alias, string, error) {
	if err := noLabel(machineARN); err != nil {
		return nil, "", err
	}
	m, err := e.StateMachine(ctx, machineARN)
	if err != nil {
		return nil, "", err
	}
	list, next, err := e.store.ListAliases(ctx, ledger.AliasQuery{MachineARN: m.ARN, Version: m.Version, Page: p})
	return list, next, stored("list aliases of "+machineARN, err)
}

// DeleteAlias deletes an alias. One that does not exist is no error.
func (e *Engine) DeleteAlias(ctx context.Context, aliasARN string) error {
	machine, name, err := aliasOf(aliasARN)
	if err != nil {
		return err
	}
	err = e.store.DeleteAlias(ctx, machine, name)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	return stored("delete alias "+aliasARN, err)
}

func aliasOf(aliasARN string) (machine, name string, err error) {
	if err := checkARN(aliasARN, "stateMachineAliasArn", arn.Machine); err != nil {
		return "", "", err
	}
	machine, _, name = qualified(aliasARN)
	if name == "" {
		return "", "", fault("ValidationException", "stateMachineAliasArn", "The ARN does not name a state machine alias: '%s'", clip(aliasARN))
	}
	return machine, name, nil
}

// route chooses the version that a start by an alias goes to, at random by weight.
func (e *Engine) route(ctx context.Context, machineARN, name string) (versionARN string, err error) {
	a, err := e.store.Alias(ctx, machineARN, name)
	if errors.Is(err, ledger.ErrNotFound) {
		return "", noMachine(machineARN+":"+name, err)
	}
	if err != nil {
		return "", stored("read alias "+name+" of "+machineARN, err)
	}
	r := a.Routes[0]
	if rand.Int64N(100) >= r.Weight {
		r = a.Routes[1]
	}
	return ledger.Machine{ARN: machineARN, Version: r.Version}.VersionARN(), nil
}

// routing checks the routes of an alias, in AWS's words where they are known, and gives
// them with the machine that they are of.
func routing(list []Route) (machine string, routes []ledger.Route, err error) {
	weights, sum := make([]string, len(list)), int64(0)
	for i, r := range list {
		if err := checkARN(r.VersionARN, "routingConfiguration", arn.Machine); err != nil {
			return "", nil, err
		}
		m, version, _ := qualified(r.VersionARN)
		if version == 0 {
			return "", nil, badRouting("Routing configuration must contain state machine version ARNs. Received: [%s]", received(list))
		}
		if machine == "" {
			machine = m
		}
		if m != machine {
			return "", nil, badRouting("Routing configuration must contain versions of one state machine. Received: [%s]", received(list))
		}
		routes = append(routes, ledger.Route{Version: version, Weight: r.Weight})
		weights[i] = fmt.Sprint(r.Weight)
		sum += r.Weight
	}
	switch {
	case len(list) == 2 && routes[0].Version == routes[1].Version:
		return "", nil, badRouting("Routing configuration must contain distinct state machine version ARNs. Received: [%s]", received(list))
	case sum != 100:
		return "", nil, badRouting("Sum of routing configuration weights must equal 100. Received: [%s]", strings.Join(weights, ", "))
	}
	return machine, routes, nil
}

func received(list []Route) string {
	names := make([]string, len(list))
	for i, r := range list {
		names[i] = r.VersionARN
	}
	return strings.Join(names, ", ")
}

func badRouting(format string, args ...any) *Fault {
	f := fault("ValidationException", "routingConfiguration", format, args...)
	f.Reason = "INVALID_ROUTING_CONFIGURATION"
	return f
}

// routeFault explains why an alias cannot be stored.
func routeFault(doing string, routes []Route, machineARN string, err error) error {
	switch {
	case errors.Is(err, ledger.ErrConflict):
		return deleting(machineARN, err)
	case errors.Is(err, ledger.ErrNotFound):
		return noResource(received(routes), err)
	}
	return stored(doing, err)
}

func noResource(resourceARN string, cause error) *Fault {
	f := fault("ResourceNotFound", "", "Resource not found: '%s'", resourceARN)
	f.Resource, f.Cause = resourceARN, cause
	return f
}
