package interp

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// # Redrive
//
// A failure is dealt with in one step: from the state that failed through the Parallels and
// Maps around it, until a Retry or a Catch takes it or the execution is over. Each Parallel
// or Map that breaks on the way ends its children; copies of them go into step.wreck first.
// When the failure is taken the copies are thrown away. When it is not, they and what is
// left of the tree are what a redrive begins with (Exec.Wreck): one value, which a store
// keeps beside the execution, so that only failing executions pay for it.

// RedriveLimit is the length of a history that has no room for a redrive any more: it needs
// the event ExecutionRedriven and at least one other.
const RedriveLimit = maxEvents - 1

// Wreck is the tree of an execution that did not succeed, as a redrive finds it.
type Wreck map[ScopeID]*Scope

// Again are the states that a redrive does again, in the order in which it begins with them,
// with their names as often as there are lines of control.
func (w Wreck) Again() []string {
	var names []string
	for _, id := range slices.Sorted(maps.Keys(w)) {
		if sc := w[id]; sc.control() && sc.Fan == nil {
			names = append(names, sc.State)
		}
	}
	return names
}

// salvage keeps copies of a scope whose Fan is about to end because of a failure, and of
// everything in it. After States.DataLimitExceeded a redrive does all of it again.
func (st *step) salvage(sc *Scope, f *failure) {
	if f != nil && f.name() == errDataLimit {
		st.wreck = nil
		return
	}
	st.keep(sc)
	st.keep(st.x.Scopes[sc.Fan.Hold])
	for i := range sc.Fan.Next {
		if c := st.x.Scopes[sc.Fan.First+ScopeID(i)]; c != nil {
			st.keep(c)
		}
	}
}

// salvageJoined is salvage for a scope whose children have all succeeded, and are gone.
func (st *step) salvageJoined(sc, hold *Scope, outputs []value.Value, f *failure) {
	if f.name() == errDataLimit {
		return
	}
	st.keep(sc)
	st.keep(hold)
	for i, out := range outputs {
		st.keep(&Scope{ID: sc.Fan.First + ScopeID(i), Parent: sc.ID, Kind: Done, Index: i, Raw: out})
	}
}

// keep keeps a copy of a scope, unless there is one from when its Fan was still in flight.
func (st *step) keep(sc *Scope) {
	if st.wreck[sc.ID] != nil {
		return
	}
	if st.wreck == nil {
		st.wreck = Wreck{}
	}
	c := *sc
	st.wreck[sc.ID] = &c
}

// taken throws the copies away: the failure was retried or caught.
func (st *step) taken() { st.wreck = nil }

// leftover is the wreck of an execution that ends now, nil when it cannot be redriven.
func (st *step) leftover(s Status) Wreck {
	if s == Succeeded || st.x.trial != nil || st.x.Next.Event > RedriveLimit {
		return nil
	}
	for _, sc := range st.x.Scopes {
		st.keep(sc)
	}
	for _, sc := range st.wreck {
		sc.Wait, sc.Started, sc.Broken, sc.Attempts, sc.Retries = 0, false, false, nil, 0
	}
	return st.wreck
}

// redrive lets an execution that did not succeed go on where it failed. Time-outs and
// counters of retries begin anew; what succeeded is not done again.
func (st *step) redrive() {
	x := st.x
	if x.Outcome == nil || x.Wreck == nil {
		return
	}
	x.Scopes, x.Outcome, x.Wreck = x.Wreck, nil, nil
	x.Redrives++
	x.Redriven = st.at
	x.waits = map[Token]ScopeID{}
	x.Memory = 0
	for _, id := range slices.Sorted(maps.Keys(x.Scopes)) {
		st.touch(x.Scopes[id])
		x.Memory += sizeOf(x.Scopes[id].Vars)
	}
	st.emit(x.Next.Event-1, history.ExecutionRedriven, history.Details{RedriveCount: new(int64(x.Redrives))})
	st.deadline()
	st.revive(x.Scopes[RootScope])
}

// revive lets one line of control go on, or those of its children that did not succeed. Its
// next event points to its own last one, as that of a retry does: whoever reads the history
// finds the state by following the events back.
func (st *step) revive(sc *Scope) {
	if sc.Run != "" && sc.Phase != Entering {
		st.redriveRun(sc)
		return
	}
	if sc.Fan == nil {
		// A Fail state is entered once more; the others have been, and do their work again.
		if sc.Phase != Entering {
			sc.Phase = Again
		}
		if st.state(sc).Type == asl.Fail {
			sc.Phase = Entering
		}
		st.ready(sc)
		return
	}
	s, fan := st.state(sc), sc.Fan
	sc.Phase = Joining
	fan.Open, fan.Bytes = 0, 0
	busy := make([]bool, len(fan.Slots))
	for i := range fan.Next {
		c := st.x.Scopes[fan.First+ScopeID(i)]
		if !c.control() {
			fan.Bytes += c.Raw.Size() + 1
			continue
		}
		fan.Open++
		if c.Kind == Iteration {
			busy[c.Slot] = true
			st.aside(c, history.MapIterationStarted, history.Details{Name: s.Name, Index: index(c)})
		}
		st.revive(c)
	}
	for slot := range busy {
		if !busy[slot] && fan.Next < fan.Count && !st.iterate(sc, s, slot) {
			return
		}
	}
	if fan.Open == 0 {
		st.ready(sc)
	}
}

// wreckRow is a wreck as a store keeps it.
type wreckRow struct {
	Head   json.RawMessage             `json:"head"`
	Scopes map[ScopeID]json.RawMessage `json:"scopes"`
}

// WreckRow is everything that a redrive of the execution needs, as JSON; nil when it cannot
// be redriven.
func (x *Exec) WreckRow() ([]byte, error) {
	if x.Outcome == nil || x.Wreck == nil {
		return nil, nil
	}
	r := wreckRow{Scopes: make(map[ScopeID]json.RawMessage, len(x.Wreck))}
	var err error
	if r.Head, err = x.Head(); err != nil {
		return nil, err
	}
	for id, sc := range x.Wreck {
		if r.Scopes[id], err = sc.Row(); err != nil {
			return nil, fmt.Errorf("scope %d: %w", id, err)
		}
	}
	return json.Marshal(r)
}

// RestoreWreck is the execution that WreckRow describes. Its first input is Redrive.
func RestoreWreck(text []byte) (*Exec, error) {
	var r wreckRow
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("wreck of an execution: %w", err)
	}
	rows := make(map[ScopeID][]byte, len(r.Scopes))
	for id, row := range r.Scopes {
		rows[id] = row
	}
	x, err := Restore(r.Head, rows)
	if err != nil {
		return nil, err
	}
	if x.Outcome == nil || x.Scopes[RootScope] == nil {
		return nil, errors.New("wreck of an execution: it is not over, or has no root")
	}
	x.Scopes, x.Wreck = map[ScopeID]*Scope{}, x.Scopes
	return x, nil
}
