package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// Limits are how large things may become. Zero is AWS's value.
type Limits struct {
	interp.Limits
	Definition int // bytes of a definition; 1 MiB, which is also the most
}

func (l Limits) filled() Limits {
	return Limits{Limits: l.Filled(), Definition: min(cmp.Or(l.Definition, maxDefinition), maxDefinition)}
}

// Usage is what an execution has used up of its limits.
type Usage struct {
	Events, MaxEvents       int // of the history
	Variables, MaxVariables int // bytes of all variables; those of an execution that is over are gone
	MaxPayload              int // bytes of one input, output or Assign
}

// Usage tells how far an execution is from the limits that end it.
func (e *Engine) Usage(ctx context.Context, x ledger.Execution) (Usage, error) {
	u := Usage{Events: int(x.Events), MaxEvents: e.limits.History, MaxVariables: e.limits.Variables, MaxPayload: e.limits.Payload}
	if x.Status != interp.Running || x.ID == 0 {
		return u, nil
	}
	l, err := e.store.Load(ctx, x.ID)
	if errors.Is(err, ledger.ErrNotFound) {
		return u, nil // an Express execution that is in memory only
	}
	if err != nil {
		return u, stored("read execution "+x.ARN, err)
	}
	if l.Exec != nil {
		u.Variables = l.Exec.Memory
	}
	return u, nil
}

// warnFrom is the part of a limit from which people are warned, in percent.
const warnFrom = 80

// Near tells whether a quantity has come close to its limit.
func Near(used, limit int) bool { return used >= limit/100*warnFrom }

// sizeWarning warns about a definition that will soon be too large.
func (e *Engine) sizeWarning(text string) []asl.Diagnostic {
	if !Near(len(text), e.limits.Definition) || len(text) > e.limits.Definition {
		return nil
	}
	at := asl.Position{Line: 1, Column: 1}
	return []asl.Diagnostic{{
		Severity: asl.Warning, Code: "DEFINITION_SIZE", Location: "/", Pos: at, End: at,
		Message: "The definition has " + kilobytes(len(text)) + " of the " + kilobytes(e.limits.Definition) + " that are allowed",
		Hint:    "state machines of their own, started with states:startExecution, take parts of it over",
	}}
}

// kilobytes is a size for people.
func kilobytes(n int) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", (n+1023)>>10)
}
