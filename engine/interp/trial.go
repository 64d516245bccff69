package interp

import (
	"maps"
	"slices"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/value"
)

// Trial is one state done by itself, apart from the machine around it (TestState). Its
// execution is driven like any other: the shell gives inputs and does commands. It differs
// in three ways. It ends when the state is left, wherever that leads; it ends, too, when a
// Retrier wants another attempt; and a Parallel or an inline Map has no children: Answer
// stands for what they would have come to. (A Distributed Map has its run, as always.)
type Trial struct {
	Context   value.Value // the whole context object, $$; Absent: the execution's own
	Variables value.Value // object: variable → value, when the state is entered
	Attempts  int         // that the Retrier which names the error has made already
	Answer    Answer      // of the children of a Parallel or Map

	Seen           []Stage // what the data became, in order
	Next           string  // where the state leads, "" when it ends its line of control
	Assigned       value.Value
	Retriable      bool // a Retrier wants another attempt, after Backoff
	RetryIndex     *int // the Retrier that names the error, whether or not it has attempts left
	Backoff        time.Duration
	CatchIndex     *int    // the Catcher that took the error
	Error, Cause   *string // of the error that a Retrier or a Catcher, or nobody, took
	Iterations     int     // of an inline Map
	MaxConcurrency *int64  // of an inline Map; nil when the state did not come that far
}

// Answer is what a Parallel or a Map came to: its Output or, when that is Absent, an error.
type Answer struct {
	Output       value.Value
	Error, Cause string
}

// Stage is the data of a state at one point of its way through the state.
type Stage struct {
	Name StageName
	Data value.Value
}

// StageName is a point on that way, in the words of AWS's InspectionData.
type StageName string

// The stages, in the order in which a state goes through them.
const (
	AfterInputPath      StageName = "afterInputPath"
	AfterParameters     StageName = "afterParameters"
	AfterArguments      StageName = "afterArguments"
	AfterItemsPath      StageName = "afterItemsPath"
	AfterItemsPointer   StageName = "afterItemsPointer"
	AfterItemSelector   StageName = "afterItemSelector"
	AfterItemBatcher    StageName = "afterItemBatcher"
	ResultStage         StageName = "result"
	AfterResultSelector StageName = "afterResultSelector"
	AfterResultPath     StageName = "afterResultPath"
)

// Try is an execution of one state of a machine, anywhere inside it: block says in which
// group of states. It has not begun: its first input is Start, with the state's input.
func Try(m *asl.Machine, b Begin, block asl.Path, state string, t *Trial) *Exec {
	x := New(m, b)
	x.trial = t
	root := x.Scopes[RootScope]
	root.Def, root.State = block, state
	if n := t.Variables.Len(); n > 0 {
		root.Vars = make(map[string]value.Value, n)
		for _, v := range t.Variables.Members() {
			root.Vars[v.Key] = v.Value
		}
		x.Memory = sizeOf(root.Vars)
	}
	return x
}

// saw notes a stage, when the execution is a trial. A stage that was seen before stays as
// it is: some are asked for more than once.
func (st *step) saw(name StageName, data value.Value) {
	t := st.x.trial
	if t == nil {
		return
	}
	for _, s := range t.Seen {
		if s.Name == name {
			return
		}
	}
	t.Seen = append(t.Seen, Stage{name, data})
}

// left notes how the state of a trial was left.
func (t *Trial) left(next string, vars map[string]value.Value) {
	t.Next = next
	members := make([]value.Member, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		members = append(members, member(name, vars[name]))
	}
	t.Assigned = value.Object(members...)
}

// standIn leaves a Parallel or a Map with the answer of its trial.
func (st *step) standIn(sc *Scope, s *asl.State) {
	a := st.x.trial.Answer
	if !a.Output.IsAbsent() {
		st.saw(ResultStage, a.Output)
		st.exit(sc, s, a.Output)
		return
	}
	st.fail(sc, s, TaskFailed{Error: a.Error, Cause: a.Cause}.failure())
}

// tryMap makes the inputs of all iterations of an inline Map, and lets the answer of the
// trial stand for what becomes of them.
func (st *step) tryMap(sc *Scope, s *asl.State, items value.Value, concurrency int64) {
	t := st.x.trial
	t.Iterations, t.MaxConcurrency = items.Len(), &concurrency
	st.open(sc, items, t.Iterations)
	inputs := make([]value.Value, t.Iterations)
	var f *failure
	for i := range inputs {
		if inputs[i], f = st.language(sc, s).item(st.mapItem(sc, i)); f != nil {
			break
		}
	}
	st.shut(sc)
	if f != nil {
		st.fail(sc, s, f)
		return
	}
	if s.ItemSelector != nil {
		st.saw(AfterItemSelector, value.Array(inputs...))
	}
	st.standIn(sc, s)
}
