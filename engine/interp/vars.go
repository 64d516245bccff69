package interp

import (
	"cmp"
	"slices"

	"statehouse/engine/history"
	"statehouse/engine/value"
)

// variable looks a variable up in a scope and in those around it.
func (st *step) variable(sc *Scope, name string) (value.Value, bool) {
	for ; sc != nil; sc = st.x.Scopes[sc.Parent] {
		vars := sc.Vars
		if sc.Fan != nil {
			vars = st.x.Scopes[sc.Fan.Hold].Vars
		}
		if v, ok := vars[name]; ok {
			return v, true
		}
	}
	return value.Value{}, false
}

// assign sets variables in a scope and tells which, sorted by name.
func (st *step) assign(sc *Scope, vars value.Value) ([]history.Variable, *failure) {
	if vars.Len() == 0 {
		return nil, nil
	}
	if st.limits.TooLarge(vars) {
		return nil, failed(errDataLimit, "The variables that the state '%s' assigns exceed the maximum number of bytes service limit.", sc.State)
	}
	grow := 0
	set := make([]history.Variable, 0, vars.Len())
	for _, m := range vars.Members() {
		grow += m.Value.Size()
		if old, ok := sc.Vars[m.Key]; ok {
			grow -= old.Size()
		}
		set = append(set, history.Variable{Name: m.Key, Value: m.Value})
	}
	if st.x.Memory+grow > st.limits.Variables {
		return nil, failed(errDataLimit, "The variables of the execution exceed the maximum number of bytes service limit.")
	}
	st.x.Memory += grow
	if sc.Vars == nil {
		sc.Vars = make(map[string]value.Value, len(set))
	}
	for _, v := range set {
		sc.Vars[v.Name] = v.Value
	}
	slices.SortFunc(set, func(a, b history.Variable) int { return cmp.Compare(a.Name, b.Name) })
	return set, nil
}

// sizeOf is what variables count against the limit of the execution.
func sizeOf(vars map[string]value.Value) int {
	n := 0
	for _, v := range vars {
		n += v.Size()
	}
	return n
}

// dataLimit is the failure of a state whose result is too large. It says how large a
// result may be, which AWS leaves to its manual.
func (st *step) dataLimit(state string) *failure {
	return failed(errDataLimit, "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit. At most %d bytes are allowed.",
		state, st.limits.Payload)
}

// resultLimit is the failure of a task whose result is too large, in AWS's words.
func resultLimit(name string) *failure {
	return failed(errDataLimit, "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", name)
}
