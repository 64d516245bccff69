package interp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// MapItem is one item of a Distributed Map, as $$.Map.Item tells it.
type MapItem struct {
	Index  int64 // from 0
	Value  value.Value
	Key    *string // of an object's member, nil: the items are no object
	Source string  // STATE_DATA, S3://bucket or S3://bucket/key
}

// ItemError is why the input of an item cannot be made, by the name of AWS's error.
type ItemError struct{ Code, Cause string }

// Error is the code and the cause.
func (e *ItemError) Error() string { return e.Code + ": " + e.Cause }

// ItemMaker makes the inputs of the children of a map run: it applies the ItemSelector.
// It is not for several goroutines. Equal items give equal inputs, at any time and in any
// order: random numbers follow from the execution's seed and the index of the item.
type ItemMaker struct {
	st *step // nil: there is no ItemSelector
	sc *Scope
	s  *asl.State
}

// ItemMaker is a maker for the run; m is the machine of the execution that started it.
func (spec *MapSpec) ItemMaker(m *asl.Machine) (*ItemMaker, error) {
	if spec.Scene.IsAbsent() {
		return &ItemMaker{}, nil
	}
	x, err := restoreScene(spec.Scene)
	if err != nil {
		return nil, fmt.Errorf("scene of a map run: %w", err)
	}
	k := &ItemMaker{st: &step{m: m, x: x, at: x.Begin.Started}, sc: x.Scopes[RootScope]}
	if b := m.Block(k.sc.Def); b != nil {
		k.s = b.States[k.sc.State]
	}
	if k.s == nil || k.s.Type != asl.Map {
		return nil, fmt.Errorf("the definition has no Map '%s'", k.sc.State)
	}
	return k, nil
}

// During lets a trial's own context object be seen, as the rest of its state saw it.
func (k *ItemMaker) During(t *Trial) *ItemMaker {
	if k.st != nil {
		k.st.x.trial = t
	}
	return k
}

// Input is the input that an item gives, before it goes into a batch. The error is an *ItemError,
// or the cause of the end of ctx.
func (k *ItemMaker) Input(ctx context.Context, i MapItem) (value.Value, error) {
	it := mapItem{index: int(i.Index), value: i.Value, source: i.Source}
	if i.Key != nil {
		it.key, it.keyed = *i.Key, true
	}
	if k.st == nil {
		return it.input(), nil
	}
	k.sc.Tip = history.ID(i.Index) // what random numbers follow from
	k.st.random = nil
	k.st.ctx, k.st.cut = ctx, nil
	v, f := k.st.language(k.sc, k.s).item(it)
	switch {
	case k.st.cut != nil:
		return value.Value{}, k.st.cut
	case f != nil:
		return value.Value{}, f.itemError()
	}
	return v, nil
}

// Oversized is why the input of a child is refused that is too large; nil when it is not.
func (l Limits) Oversized(state string, input value.Value) *ItemError {
	if !l.TooLarge(input) {
		return nil
	}
	return Oversize(state)
}

// Oversize is the failure of a Map whose results, or the input of one of whose items, are too
// large.
func Oversize(state string) *ItemError { return resultLimit(state).itemError() }

// ErrThreshold and ThresholdExceeded are the error of a map run that failed for its failed
// items.
const (
	ErrThreshold      = "States.ExceedToleratedFailureThreshold"
	ThresholdExceeded = "The specified tolerated failure threshold was exceeded"
)

// ToleranceExceeded tells whether a map run has failed: more items failed than are
// tolerated, by count or by percentage. Without either none is. While the number of all
// items is not known no percentage is exceeded.
func ToleranceExceeded(count *int64, percentage *float64, failed, total int64, known bool) bool {
	switch {
	case failed == 0:
		return false
	case count == nil && percentage == nil:
		return true
	case count != nil && failed > *count:
		return true
	}
	return percentage != nil && known && float64(failed)*100 > *percentage*float64(total)
}

func (f *failure) itemError() *ItemError {
	e := &ItemError{Code: f.name()}
	if f.Cause != nil {
		e.Cause = *f.Cause
	}
	return e
}

// A scene is an execution that has come to the Map and nothing else: the row of its origin
// and one scope with all variables that the Map can see.

func (st *step) scene(sc *Scope) value.Value {
	vars := map[string]value.Value{}
	for up := sc; up != nil; up = st.x.Scopes[up.Parent] {
		own := up.Vars
		if up.Fan != nil {
			own = st.x.Scopes[up.Fan.Hold].Vars
		}
		for name, v := range own {
			if _, inner := vars[name]; !inner {
				vars[name] = v
			}
		}
	}
	only := &Scope{
		Kind: Root, Def: sc.Def, State: sc.State, Raw: sc.Raw, Vars: vars, Retries: sc.Retries,
		Entered: sc.Entered, EnteredAt: sc.EnteredAt,
	}
	origin := *st.x.Scopes[OriginScope]
	o, _ := origin.Row() // rows of our own values can be written
	s, _ := only.Row()
	return value.Object(member("origin", value.Raw(string(o))), member("scope", value.Raw(string(s))))
}

func restoreScene(v value.Value) (*Exec, error) {
	head, err := json.Marshal(headRow{Rules: CurrentRules})
	if err != nil {
		return nil, err
	}
	rows := map[ScopeID][]byte{}
	for id, name := range map[ScopeID]string{OriginScope: "origin", RootScope: "scope"} {
		row := v.Get(name)
		if row.IsAbsent() {
			return nil, errors.New("it has no " + name)
		}
		rows[id] = []byte(row.JSON())
	}
	x, err := Restore(head, rows)
	if err != nil {
		return nil, err
	}
	x.Memory = sizeOf(maps.Clone(x.Scopes[RootScope].Vars))
	return x, nil
}
