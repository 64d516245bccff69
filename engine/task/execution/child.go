package execution

import (
	"statehouse/engine/arn"
	"statehouse/engine/task"
)

// Child names the execution that an attempt started and waits for, from the attempt
// alone; false when it is none. Executions of EXPRESS machines have names that nobody can
// foretell: for them the answer names an execution that does not exist.
func Child(r task.Request) (string, bool) {
	if r.Resource.Service != "states" || r.Resource.Action != "startExecution" ||
		r.Resource.Pattern != task.Sync && r.Resource.Pattern != task.Sync2 {
		return "", false
	}
	s, reply := read(r)
	if reply.Error != "" {
		return "", false
	}
	a, err := arn.Parse(s.MachineARN)
	if err != nil || a.Kind() != arn.Machine {
		return "", false
	}
	a.Resource = string(arn.Execution) + ":" + a.MachineName() + ":" + s.Name
	return a.String(), true
}
