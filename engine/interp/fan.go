package interp

import (
	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// parallel starts one line of control for each branch.
func (st *step) parallel(sc *Scope, s *asl.State) {
	in, f := st.language(sc, s).input()
	if f != nil {
		st.notBegun(sc, s, f)
		return
	}
	if st.x.trial != nil {
		if s.Language == asl.JSONata {
			st.saw(AfterArguments, in)
		}
		st.standIn(sc, s)
		return
	}
	st.follow(sc, history.ParallelStateStarted, history.Details{})
	st.open(sc, value.Value{}, len(s.Branches))
	for i, b := range s.Branches {
		st.ready(st.child(sc, Branch, i, b, in, sc.Tip))
	}
	sc.Fan.Next, sc.Fan.Open = len(s.Branches), len(s.Branches)
	sc.Phase = Joining
}

// open makes the bookkeeping for n children, and puts everything of the scope that stays
// as it is meanwhile into a row of its own.
func (st *step) open(sc *Scope, items value.Value, n int) {
	hold := st.add(&Scope{ID: st.scopeIDs(1), Parent: sc.ID, Kind: Hold, Raw: sc.Raw, Vars: sc.Vars, Items: items})
	sc.Raw, sc.Vars = value.Value{}, nil
	sc.Fan = &Fan{Hold: hold.ID, First: st.scopeIDs(n), Count: n, Last: sc.Tip}
	st.touch(sc)
}

// shut ends the bookkeeping: the rows of the children and of what was held go.
func (st *step) shut(sc *Scope) {
	x, fan := st.x, sc.Fan
	for i := range fan.Next {
		if c := x.Scopes[fan.First+ScopeID(i)]; c != nil {
			st.remove(c)
		}
	}
	hold := x.Scopes[fan.Hold]
	sc.Raw, sc.Vars = hold.Raw, hold.Vars
	hold.Vars = nil // they live on in the scope
	st.remove(hold)
	sc.Fan = nil
	st.touch(sc)
}

// input is the raw input of the scope's state, wherever it lies.
func (s *Scope) input(st *step) value.Value {
	if s.Fan != nil {
		return st.x.Scopes[s.Fan.Hold].Raw
	}
	return s.Raw
}

// childDone takes in the output of a branch or an iteration; its row turns into it.
func (st *step) childDone(c *Scope) {
	parent := st.x.Scopes[c.Parent]
	fan := parent.Fan
	s := st.state(parent)
	if c.Kind == Iteration {
		st.aside(c, history.MapIterationSucceeded, history.Details{Name: s.Name, Index: index(c)})
		fan.Slots[c.Slot] = c.Tip
	}
	fan.Last = max(fan.Last, c.Last)
	fan.Open--
	fan.Bytes += c.Raw.Size() + 1
	slot := c.Slot
	st.x.Memory -= sizeOf(c.Vars)
	done := &Scope{ID: c.ID, Parent: c.Parent, Kind: Done, Index: c.Index}
	if fan.Bytes <= st.limits.Payload {
		done.Raw = c.Raw // beyond the limit the join fails, whatever the outputs are
	}
	st.add(done)
	st.touch(parent)
	if s.Type == asl.Map && fan.Next < fan.Count {
		st.iterate(parent, s, slot)
	}
	if st.x.Scopes[parent.ID] == parent && parent.Fan == fan && fan.Open == 0 {
		st.ready(parent)
	}
}

// join leaves a Parallel or a Map whose children have all succeeded.
func (st *step) join(sc *Scope) {
	s, fan := st.state(sc), sc.Fan
	sc.Tip = fan.Last
	sc.Last = fan.Last
	if fan.Bytes+1 > st.limits.Payload {
		st.shut(sc)
		sc.Phase = Entering
		sc.Broken = true
		st.fail(sc, s, st.dataLimit(s.Name))
		return
	}
	outputs := make([]value.Value, fan.Count)
	for i := range outputs {
		outputs[i] = st.x.Scopes[fan.First+ScopeID(i)].Raw
	}
	joined, hold := *sc, *st.x.Scopes[fan.Hold]
	st.shut(sc)
	if s.Type == asl.Map {
		st.aside(sc, history.MapStateSucceeded, history.Details{})
	} else {
		st.aside(sc, history.ParallelStateSucceeded, history.Details{})
	}
	if f := st.wayOut(sc, s, value.Array(outputs...)); f != nil {
		st.salvageJoined(&joined, &hold, outputs, f)
		st.fail(sc, s, f)
	}
}

// childFailed ends a Parallel or a Map because of one of its children: the others are
// aborted, and the error becomes that of the state.
func (st *step) childFailed(c *Scope, s *asl.State, f *failure) {
	parent := st.x.Scopes[c.Parent]
	ps := st.state(parent)
	fan := parent.Fan
	if c.Kind == Iteration {
		st.aside(c, history.MapIterationFailed, history.Details{Name: ps.Name, Index: index(c)})
	}
	if s.Type == asl.Task {
		st.emit(c.Tip, history.TaskStateAborted, history.Details{})
	}
	for i := range fan.Next {
		if o := st.x.Scopes[fan.First+ScopeID(i)]; o != nil && o != c && o.control() {
			st.abort(o, ps, c.Tip)
		}
	}
	st.salvage(parent, f)
	parent.Tip = c.Tip
	st.shut(parent)
	parent.Phase = Entering
	parent.Broken = true
	st.fail(parent, ps, f)
	st.resume(parent)
}

// abort ends a line of control, and everything inside it, because a sibling failed. The
// events point to what that sibling reached.
func (st *step) abort(sc *Scope, owner *asl.State, tip history.ID) {
	s := st.state(sc)
	if sc.Kind == Iteration {
		st.emit(tip, history.MapIterationAborted, history.Details{Name: owner.Name, Index: index(sc)})
	}
	if sc.running() && s.Type == asl.Map {
		st.emit(tip, history.MapRunAborted, history.Details{})
	}
	st.release(sc)
	if sc.Fan != nil {
		for i := range sc.Fan.Next {
			if c := st.x.Scopes[sc.Fan.First+ScopeID(i)]; c != nil && c.control() {
				st.abort(c, s, tip)
			}
		}
		st.salvage(sc, nil)
		st.shut(sc)
	}
	// A state that is about to be entered has nothing to abort.
	if t, ok := aborted[s.Type]; ok && sc.Phase != Entering {
		st.emit(tip, t, history.Details{})
	}
}

var aborted = map[asl.Type]history.Type{
	asl.Task: history.TaskStateAborted, asl.Wait: history.WaitStateAborted,
	asl.Parallel: history.ParallelStateAborted, asl.Map: history.MapStateAborted,
}

// index is the index of an iteration as events tell it.
func index(sc *Scope) *int64 { return new(int64(sc.Index)) }
