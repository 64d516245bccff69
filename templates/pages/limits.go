package pages

import (
	"fmt"

	"statehouse/engine"
)

// LimitNote warns that a running execution will soon meet a limit, and says what to do.
type LimitNote struct{ Title, Text string }

// LimitNotes are the limits that an execution has come close to.
func LimitNotes(u engine.Usage) []LimitNote {
	var out []LimitNote
	if engine.Near(u.Events, u.MaxEvents) {
		out = append(out, LimitNote{
			fmt.Sprintf("%s of %s events", grouped(u.Events), grouped(u.MaxEvents)),
			"The execution fails when its history is full. Let it go on in an execution of its own, started with states:startExecution.",
		})
	}
	if engine.Near(u.Variables, u.MaxVariables) {
		out = append(out, LimitNote{
			fmt.Sprintf("Variables hold %s of %s KiB", grouped((u.Variables+1023)/1024), grouped((u.MaxVariables+1023)/1024)),
			"A state that assigns more than that fails. Keep large values in a file and their address in the variable.",
		})
	}
	return out
}

// grouped writes a number with its thousands apart.
func grouped[N int | int64](n N) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
