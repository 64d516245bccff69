package pages

import (
	"fmt"

	"statehouse/engine"
	"statehouse/templates/ui"
)

// LimitNote warns that a running execution will soon meet a limit, and says what to do.
type LimitNote struct{ Title, Text string }

// LimitData is what the page's script warns of while it follows a run: most events, and bytes of variables and
// of one payload.
type LimitData struct {
	Events    int `json:"events"`
	Variables int `json:"variables"`
	Payload   int `json:"payload"`
}

// LimitsOf are the limits that a usage is measured against.
func LimitsOf(u engine.Usage) LimitData {
	return LimitData{Events: u.MaxEvents, Variables: u.MaxVariables, Payload: u.MaxPayload}
}

// LimitNotes are the limits that an execution has come close to.
func LimitNotes(u engine.Usage) []LimitNote {
	var out []LimitNote
	if engine.Near(u.Events, u.MaxEvents) {
		out = append(out, LimitNote{
			fmt.Sprintf("%s of %s events", ui.Number(u.Events), ui.Number(u.MaxEvents)),
			"The execution fails when its history is full. Let it go on in an execution of its own, started with states:startExecution.",
		})
	}
	if engine.Near(u.Variables, u.MaxVariables) {
		out = append(out, LimitNote{
			fmt.Sprintf("Variables hold %s of %s KiB", ui.Number((u.Variables+1023)/1024), ui.Number((u.MaxVariables+1023)/1024)),
			"A state that assigns more than that fails. Keep large values in a file and their address in the variable.",
		})
	}
	return out
}
