package maprun

import (
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/intake"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/trace"
	"statehouse/engine/value"
)

// kind is what all children of a run have in common.
type kind struct {
	definition string // the body of the Map, as a machine of its own
	names      intake.Children
	like       ledger.Execution
}

func kindOf(m *asl.Machine, parent ledger.Execution, run ledger.MapRun, tracing bool) (kind, error) {
	definition, err := m.Inner(run.Spec.Block)
	if err != nil {
		return kind{}, err
	}
	names, err := intake.NewChildren(parent.ARN, run.Spec.Label, run.ARN)
	if err != nil {
		return kind{}, err
	}
	header, _ := trace.Pass(tracing, parent.TraceHeader, parent.ARN, parent.Redrives, 0)
	return kind{definition: definition, names: names, like: ledger.Execution{
		MachineARN: names.MachineARN, MachineName: names.MachineName, Type: run.Spec.ExecutionType, Status: interp.Running,
		TraceHeader: header, TestCase: parent.TestCase, Logging: parent.Logging, RevisionID: parent.RevisionID, RoleARN: parent.RoleARN,
		MapRun: run.ID, MapRunARN: run.ARN,
	}}, nil
}

// child is number n of the run, counted from 0.
func (k *kind) child(n int64, input value.Value, items int64, at time.Time) ledger.Execution {
	x := k.like
	x.Name, x.ARN = k.names.Name(n), k.names.ARN(n)
	x.Input, x.Items, x.Started = input, items, at
	return x
}
