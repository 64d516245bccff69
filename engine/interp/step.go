package interp

import (
	"time"

	"statehouse/engine/asl"
)

// Step gives one input to an execution and runs it until only the world can go on, or
// until it has run for very long (Exec.More). Equal arguments give equal results, on
// every machine, for ever.
//
// Step owns the Exec it is given and changes it in place. A shell that cannot store the
// output throws the Exec away and restores the stored one: there is no half step.
func Step(m *asl.Machine, x *Exec, in Input, at time.Time) Output {
	return Output{}
}
