package interp

import (
	"cmp"

	"statehouse/engine/value"
)

// Limits are what one execution may use. Zero is AWS's value.
type Limits struct {
	Payload   int // bytes of one input, output or Assign; 262,144
	Variables int // bytes of all variables of an execution; 10 MiB
	History   int // events; 25,000
}

// AWS's limits.
const (
	maxPayload   = 262_144
	maxVariables = 10 << 20
	maxEvents    = 25_000
)

// Filled is the limits with AWS's values where none are set.
func (l Limits) Filled() Limits {
	return Limits{
		Payload:   cmp.Or(l.Payload, maxPayload),
		Variables: cmp.Or(l.Variables, maxVariables),
		History:   cmp.Or(l.History, maxEvents),
	}
}

// TooLarge tells whether a value is more than one input, output or Assign may be.
func (l Limits) TooLarge(v value.Value) bool {
	limit := cmp.Or(l.Payload, maxPayload)
	return !v.Within(limit) && v.Size() > limit // blanks of what was read do not count
}
