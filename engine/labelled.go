package engine

import (
	"context"
	"errors"

	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// labelled is the machine that the children of a Distributed Map run, by the label of the Map,
// as StateMachineForExecution tells it of one of them. ARN and name are those of the whole machine.
func (e *Engine) labelled(ctx context.Context, machineARN, label string) (ledger.Machine, error) {
	a, _ := arn.Parse(machineARN) // it was parsed before
	m, err := e.store.Machine(ctx, a.MachineOf().String())
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Machine{}, noMachine(machineARN, err)
	}
	if err != nil {
		return ledger.Machine{}, stored("read state machine "+machineARN, err)
	}
	body := e.bodyOf(m.ARN, m.Definition, m.ARN, label)
	if body == nil {
		return ledger.Machine{}, noMachine(machineARN, nil)
	}
	m.Label, m.Definition, m.Type = label, body.definition, body.machineType
	return m, nil
}

// body is what the children of a Distributed Map run.
type body struct{ definition, machineType string }

// bodyOf looks for a Distributed Map in a definition, and in what the children of the Maps in it
// run; runs is the machine that executes the definition, named "machine/label" for children.
func (e *Engine) bodyOf(machineARN, definition, runs, label string) *body {
	m, err := e.runner.Machine(definition)
	if err != nil {
		return nil
	}
	var found *body
	eachMap(m.Root, func(in *asl.Block, s *asl.State) bool {
		if s.Processor.Mode != asl.Distributed {
			return true
		}
		inner, err := m.Inner(s.Processor.Path)
		if err != nil {
			return true
		}
		has := interp.LabelOf(runs, in.Path, s)
		if has == label {
			found = &body{inner, s.Processor.ExecutionType}
		} else {
			found = e.bodyOf(machineARN, inner, machineARN+"/"+has, label)
		}
		return found == nil
	})
	return found
}

// eachMap goes through the Maps of a block, but not into Distributed ones, until yield says no.
func eachMap(b *asl.Block, yield func(in *asl.Block, s *asl.State) bool) bool {
	for _, name := range b.Order {
		s := b.States[name]
		if s.Processor != nil {
			if !yield(b, s) || s.Processor.Mode != asl.Distributed && !eachMap(s.Processor, yield) {
				return false
			}
		}
		for _, branch := range s.Branches {
			if !eachMap(branch, yield) {
				return false
			}
		}
	}
	return true
}
