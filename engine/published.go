package engine

import (
	"context"
	"sync"

	"statehouse/engine/ledger"
)

// published remembers machines for StartExecution, which would read a large definition
// for every start otherwise, by the ARN that names it, with its version if it has one. This process is the only one that changes them, and says so
// with forget; the write that creates an execution looks again whether its machine is
// still there.
type published struct {
	mu    sync.RWMutex
	known map[string]ledger.Machine
	turn  uint64 // counts forget: what was read before it is not kept
}

// maxPublished bounds the memory.
const maxPublished = 512

func (p *published) get(machineARN string) (m ledger.Machine, turn uint64, ok bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	m, ok = p.known[machineARN]
	return m, p.turn, ok
}

func (p *published) keep(machineARN string, m ledger.Machine, turn uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if turn != p.turn {
		return
	}
	if p.known == nil || len(p.known) >= maxPublished {
		p.known = map[string]ledger.Machine{}
	}
	p.known[machineARN] = m
}

func (p *published) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn++
	p.known = nil
}

// toStart is the machine that a new execution belongs to, or the version of it, and the
// alias that chose the version.
func (e *Engine) toStart(ctx context.Context, machineARN string) (m ledger.Machine, alias string, err error) {
	m, turn, ok := e.published.get(machineARN)
	if ok {
		return m, "", nil
	}
	if err := noLabel(machineARN); err != nil {
		return ledger.Machine{}, "", err
	}
	if machine, _, name := qualified(machineARN); name != "" {
		version, err := e.route(ctx, machine, name)
		if err != nil {
			return ledger.Machine{}, "", err
		}
		m, _, err = e.toStart(ctx, version)
		return m, name, err
	}
	m, err = e.StateMachine(ctx, machineARN)
	if err != nil {
		return ledger.Machine{}, "", err
	}
	if m.Deleting {
		return ledger.Machine{}, "", deleting(m.ARN, nil)
	}
	e.published.keep(machineARN, m, turn)
	return m, "", nil
}
