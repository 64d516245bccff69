package engine

import (
	"context"
	"errors"
	"sync"

	"statehouse/engine/ledger"
)

// leaving knows the machines that are being deleted, for those who hear of the end of their
// executions and must not read the store. A machine that has gone meanwhile may stay here until
// another one gets its name, or the server starts again.
type leaving struct {
	mu       sync.RWMutex
	machines map[string]bool // by ARN
}

func (l *leaving) has(machineARN string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.machines[machineARN]
}

func (l *leaving) put(machineARN string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.machines == nil {
		l.machines = map[string]bool{}
	}
	l.machines[machineARN] = true
}

func (l *leaving) drop(machineARN string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.machines, machineARN)
}

// recallDeleting remembers what was being deleted before a restart.
func (e *Engine) recallDeleting(ctx context.Context) {
	list, err := e.store.DeletingMachines(ctx)
	if err != nil && ctx.Err() == nil {
		e.log.ErrorContext(ctx, "cannot read which state machines are being deleted", "error", err)
	}
	for _, machineARN := range list {
		e.leaving.put(machineARN)
	}
}

// deleteMachine deletes a machine, and says whether there was one.
func (e *Engine) deleteMachine(ctx context.Context, machineARN string) (bool, error) {
	known := e.leaving.has(machineARN)
	e.leaving.put(machineARN)
	err := e.store.DeleteMachine(ctx, machineARN)
	e.published.forget()
	if !known {
		if _, gone := e.store.Machine(ctx, machineARN); err != nil || errors.Is(gone, ledger.ErrNotFound) {
			e.leaving.drop(machineARN)
		}
	}
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil, stored("delete state machine "+machineARN, err)
}
