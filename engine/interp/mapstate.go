package interp

import (
	"statehouse/engine/asl"
	"statehouse/engine/history"
)

// maxSlots is how many iterations of an inline Map run at once, whatever it asks for.
const maxSlots = 40

// mapState starts the first iterations of an inline Map; each of the others begins in the
// slot that becomes free.
func (st *step) mapState(sc *Scope, s *asl.State) {
	if s.Processor.Mode == asl.Distributed {
		st.distributed(sc, s)
		return
	}
	l := st.language(sc, s)
	items, f := l.items()
	var concurrency int64
	if f == nil {
		concurrency, f = l.concurrency()
	}
	if f != nil {
		st.notBegun(sc, s, f)
		return
	}
	if st.x.trial != nil {
		st.saw(AfterItemsPath, items)
		st.tryMap(sc, s, items, concurrency)
		return
	}
	n := items.Len()
	slots := maxSlots
	if concurrency > 0 && concurrency < maxSlots {
		slots = int(concurrency)
	}
	slots = min(slots, n)
	st.follow(sc, history.MapStateStarted, history.Details{Length: new(int64(n))})
	st.open(sc, items, n)
	sc.Phase = Joining
	sc.Fan.Slots = make([]history.ID, slots)
	fan := sc.Fan
	for i := range slots {
		fan.Slots[i] = sc.Tip
		if !st.iterate(sc, s, i) {
			return
		}
	}
}

// iterate starts the next iteration in a free slot. It reports false when that failed and
// the Map is over.
func (st *step) iterate(sc *Scope, s *asl.State, slot int) bool {
	fan := sc.Fan
	i := fan.Next
	in, f := st.language(sc, s).item(st.mapItem(sc, i))
	if f == nil && st.limits.TooLarge(in) {
		f = st.dataLimit(s.Name)
	}
	if f != nil {
		st.breakOff(sc, s, f)
		return false
	}
	fan.Next++
	fan.Open++
	c := st.child(sc, Iteration, i, s.Processor, in, fan.Slots[slot])
	c.Slot = slot
	st.follow(c, history.MapIterationStarted, history.Details{Name: s.Name, Index: index(c)})
	st.ready(c)
	st.touch(sc)
	return true
}

// breakOff ends a Map because the input of an iteration cannot be made.
func (st *step) breakOff(sc *Scope, s *asl.State, f *failure) {
	for i := range sc.Fan.Next {
		if c := st.x.Scopes[sc.Fan.First+ScopeID(i)]; c != nil && c.control() {
			st.abort(c, s, sc.Tip)
		}
	}
	st.salvage(sc, f)
	st.shut(sc)
	sc.Phase = Entering
	st.fail(sc, s, f)
	st.resume(sc)
}
