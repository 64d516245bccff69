package maprun

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

// kind is what all children of a run have in common.
type kind struct {
	definition string // the body of the Map, as a machine of its own
	prefix     string // of their ARNs, up to their names
	name       [16]byte
	like       ledger.Execution
}

// kindOf works out what the children of a run are like. Their machine is the one of the
// execution, with the label of the Map: arn:…:stateMachine:NAME/LABEL.
func kindOf(m *asl.Machine, parent ledger.Execution, run ledger.MapRun) (kind, error) {
	definition, err := m.Inner(run.Spec.Block)
	if err != nil {
		return kind{}, err
	}
	a, err := arn.Parse(parent.ARN)
	if err != nil {
		return kind{}, err
	}
	labelled := a.MachineName() + "/" + run.Spec.Label
	machine := a
	machine.Resource = string(arn.Machine) + ":" + labelled
	a.Resource = string(arn.Execution) + ":" + labelled + ":"
	k := kind{definition: definition, prefix: a.String(), like: ledger.Execution{
		MachineARN: machine.String(), MachineName: labelled, Type: run.Spec.ExecutionType, Status: interp.Running,
		TraceHeader: parent.TraceHeader, TestCase: parent.TestCase, RevisionID: parent.RevisionID, RoleARN: parent.RoleARN,
		MapRun: run.ID, MapRunARN: run.ARN,
	}}
	hash := sha256.Sum256([]byte("children of " + run.ARN))
	copy(k.name[:], hash[:])
	return k, nil
}

// child is number n of the run, counted from 0.
func (k *kind) child(n int64, input value.Value, items int64, at time.Time) ledger.Execution {
	x := k.like
	x.Name = k.nameOf(n)
	x.ARN = k.prefix + x.Name
	x.Input, x.Items, x.Started = input, items, at
	return x
}

// nameOf is a UUID, version 8: the run, then the number. Names of one run come in order,
// which keeps the indexes of a store small to write.
func (k *kind) nameOf(n int64) string {
	b := k.name
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(n))
	copy(b[10:], number[2:])
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
