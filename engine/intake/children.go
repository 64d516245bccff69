package intake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"statehouse/engine/arn"
)

// Children names the children of a run: their machine is the one of the execution with the
// label of the Map, arn:…:stateMachine:NAME/LABEL.
type Children struct {
	MachineARN, MachineName string

	prefix string // of their ARNs, up to their names
	name   [16]byte
}

// NewChildren are the children of a run that an execution started.
func NewChildren(executionARN, label, runARN string) (Children, error) {
	a, err := arn.Parse(executionARN)
	if err != nil {
		return Children{}, err
	}
	c := Children{MachineName: a.MachineName() + "/" + label}
	a.Resource = string(arn.Machine) + ":" + c.MachineName
	c.MachineARN = a.String()
	a.Resource = string(arn.Execution) + ":" + c.MachineName + ":"
	c.prefix = a.String()
	hash := sha256.Sum256([]byte("children of " + runARN))
	copy(c.name[:], hash[:])
	return c, nil
}

// ARN names child n, counted from 0.
func (c *Children) ARN(n int64) string { return c.prefix + c.Name(n) }

// Name is a UUID, version 8: the run, then the number. Names of one run come in order,
// which keeps the indexes of a store small to write.
func (c *Children) Name(n int64) string {
	b := c.name
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(n))
	copy(b[10:], number[2:])
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
