package interp

import (
	"crypto/sha256"
	"maps"
	"slices"

	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// distributed asks the world to run the items of a Map as executions of their own. Whatever
// happens to them, this execution waits for one answer.
func (st *step) distributed(sc *Scope, s *asl.State) {
	l := st.language(sc, s)
	var items value.Value
	concurrency, f := l.concurrency()
	if f == nil && s.ItemReader.IsAbsent() {
		if items, f = l.items(); f == nil {
			st.saw(AfterItemsPath, items)
		}
	}
	if f != nil {
		st.notBegun(sc, s, f)
		return
	}
	// What a reader will find is not known yet: AWS counts nothing then.
	st.follow(sc, history.MapStateStarted, history.Details{Length: new(int64(items.Len()))})
	spec, f := st.mapSpec(l, sc, s)
	if f != nil {
		st.fail(sc, s, f)
		return
	}
	spec.Items, spec.MaxConcurrency = items, concurrency
	token := st.token(sc)
	arn := st.mapRunARN(spec.Label, token)
	st.follow(sc, history.MapRunStarted, history.Details{MapRunArn: arn})
	sc.Phase, sc.Run, sc.Redrives = Awaiting, arn, 0
	st.command(StartMapRun{Token: token, State: s.Name, Scope: sc.ID, ARN: arn, Spec: spec})
}

// mapRunClosed is the end of the run: the state is left with its output, or has failed.
func (st *step) mapRunClosed(sc *Scope, s *asl.State, in MapRunClosed) {
	st.answered(sc)
	sc.Phase = Entering
	if in.Output.IsAbsent() {
		f := &failure{Error: &in.Error, Cause: &in.Cause}
		st.follow(sc, history.MapRunFailed, history.Details{Error: f.Error, Cause: f.Cause})
		if f.final() || f.name() == errDataLimit {
			sc.Run = "" // its children cannot do better: a redrive begins with a new run
		}
		sc.Broken = true
		st.fail(sc, s, f)
		st.resume(sc)
		return
	}
	sc.Run = ""
	st.saw(ResultStage, in.Output)
	began := sc.Tip
	st.follow(sc, history.MapRunSucceeded, history.Details{})
	st.aside(sc, history.MapStateSucceeded, history.Details{})
	// Up to August 2024 AWS recorded that MapStateExited follows MapRunSucceeded, from
	// November 2024 on, when JSONata and variables came, that it follows MapRunStarted.
	// Definitions that use either get the later history.
	if s.Language == asl.JSONata || st.x.Memory > 0 {
		sc.Tip = began
	}
	st.exit(sc, s, in.Output)
	st.resume(sc)
}

// redriveRun lets the run of a Distributed Map go on: those of its children that did not
// succeed are done again.
func (st *step) redriveRun(sc *Scope) {
	sc.Redrives++
	st.follow(sc, history.MapRunRedriven, history.Details{MapRunArn: sc.Run, RedriveCount: new(int64(sc.Redrives))})
	sc.Phase = Awaiting
	st.command(RedriveMapRun{Token: st.token(sc), ARN: sc.Run})
}

// abortRuns publishes that the map runs in flight end with the execution.
func (st *step) abortRuns() {
	for _, id := range slices.Sorted(maps.Keys(st.x.Scopes)) {
		if sc := st.x.Scopes[id]; sc.running() && st.state(sc).Type == asl.Map {
			st.follow(sc, history.MapRunAborted, history.Details{})
		}
	}
}

// running reports whether the scope waits for the answer of a task, a Wait or a map run.
func (s *Scope) running() bool { return s.control() && s.Wait != 0 && s.Phase == Awaiting }

// mapRunARN names a run: arn:…:mapRun:MACHINE/LABEL:UUID.
func (st *step) mapRunARN(label string, t Token) string {
	a, _ := arn.Parse(st.x.Begin.MachineARN) // of our own making
	a.Resource = string(arn.MapRun) + ":" + a.MachineName() + "/" + label + ":" + uuidOf(st.derive("map run", uint64(t)))
	return a.String()
}

func (st *step) labelOf(sc *Scope, s *asl.State) string {
	return LabelOf(st.x.Begin.MachineARN, sc.Def, s)
}

// LabelOf is the label of a Distributed Map in a block of a machine. One that has none in the
// definition gets the same one whenever its machine runs.
func LabelOf(machineARN string, block asl.Path, s *asl.State) string {
	if s.Label != "" {
		return s.Label
	}
	return uuidOf(sha256.Sum256([]byte("label of " + machineARN + string(block) + "/States/" + s.Name)))
}
