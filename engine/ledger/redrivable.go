package ledger

import "statehouse/engine/interp"

// RedriveStatus says in AWS's word whether an execution can be redriven.
type RedriveStatus string

// The answers.
const (
	Redrivable         RedriveStatus = "REDRIVABLE"
	NotRedrivable      RedriveStatus = "NOT_REDRIVABLE"
	RedrivableByMapRun RedriveStatus = "REDRIVABLE_BY_MAP_RUN"
)

// Why an execution cannot be redriven, in AWS's words; its status may be another reason.
const (
	UnredrivableExpress  = "Execution is of type EXPRESS and cannot be redriven"
	UnredrivableFull     = "Execution history event limit exceeded"
	UnredrivableOld      = "Execution has exceeded the max execution time"
	UnredrivableLate     = "Execution redrivable period exceeded"
	UnredrivableEarlier  = "Execution was started before the launch of RedriveExecution"
	UnredrivableDeleting = "State machine is in DELETING status"
)

// Unredrivable is why an execution with a status cannot be redriven, "" when it can as far as that
// goes.
func Unredrivable(status interp.Status) string {
	if status == interp.Running || status == interp.Succeeded {
		return "Execution is " + string(status) + " and cannot be redriven"
	}
	return ""
}
