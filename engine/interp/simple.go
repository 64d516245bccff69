package interp

import (
	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// pass hands its input on, or its Result.
func (st *step) pass(sc *Scope, s *asl.State) {
	v, f := st.language(sc, s).input()
	if f != nil {
		st.fail(sc, s, f)
		return
	}
	if !s.Result.IsAbsent() {
		v = s.Result
		st.saw(ResultStage, v)
	}
	st.exit(sc, s, v)
}

// succeed ends its line of control.
func (st *step) succeed(sc *Scope, s *asl.State) {
	v, f := st.language(sc, s).input()
	if f != nil {
		st.fail(sc, s, f)
		return
	}
	st.exit(sc, s, v)
}

// failState fails its line of control. It is never left.
func (st *step) failState(sc *Scope, s *asl.State) {
	cause, f := st.language(sc, s).cause()
	if f != nil {
		cause = f
	}
	st.fail(sc, s, cause)
}

// choice goes where the first rule that holds leads.
func (st *step) choice(sc *Scope, s *asl.State) {
	l, f := st.language(sc, s).choose()
	if f == nil {
		f = st.leave(sc, s, l)
	}
	if f != nil {
		st.fail(sc, s, f)
	}
}

// child is a new line of control inside the state of another.
func (st *step) child(parent *Scope, kind Kind, i int, b *asl.Block, input value.Value, tip history.ID) *Scope {
	return st.add(&Scope{
		ID: parent.Fan.First + ScopeID(i), Parent: parent.ID, Kind: kind, Index: i,
		Def: b.Path, State: b.StartAt, Raw: input, Tip: tip, Last: tip,
	})
}
