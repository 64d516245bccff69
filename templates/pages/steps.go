package pages

import (
	"strings"
	"time"

	"statehouse/engine/history"
)

// StepStatus is how far a step of an execution is.
type StepStatus string

// The states of a step. The browser colours the picture by the same words.
const (
	StepRunning   StepStatus = "running"
	StepWaiting   StepStatus = "waiting" // for a person
	StepSucceeded StepStatus = "succeeded"
	StepFailed    StepStatus = "failed"
	StepCaught    StepStatus = "caught"   // failed, and a Catch took over
	StepRetrying  StepStatus = "retrying" // failed, and will be tried again
	StepCancelled StepStatus = "cancelled"
)

// Step is one visit to a state.
type Step struct {
	Name            string
	Type            string // "Task", "Choice" …
	Status          StepStatus
	Entered, Exited time.Time // Exited is zero while it is open
	Error           string
	Attempts        int
	TaskID          string // of the human task it waits for
	Depth           int    // inside how many Parallel and Map states

	parent int
}

// Steps reads a history, oldest event first, as visits to states. Which state an event belongs to is found by
// following its previous events.
func Steps(events []history.Event) []Step {
	w := walk{owner: make(map[history.ID]int, len(events)), kinds: make(map[history.ID]history.Type, len(events))}
	for _, e := range events {
		w.take(e)
	}
	return w.steps
}

type walk struct {
	steps []Step
	ended time.Time          // of the execution; a redrive goes on
	owner map[history.ID]int // event → index of its step
	kinds map[history.ID]history.Type
}

func (w *walk) take(e history.Event) {
	w.kinds[e.ID] = e.Type
	own, ok := w.owner[e.Previous]
	if !ok {
		own = -1
	}
	kind := string(e.Type)
	switch {
	case strings.HasSuffix(kind, "StateEntered"):
		own = w.enter(e, own)
	case strings.HasSuffix(kind, "StateExited"):
		own = w.exit(e, own)
	case strings.HasPrefix(kind, "Execution"):
		w.end(e, own)
	case e.Type == history.EvaluationFailed:
		own = w.evaluation(e, own)
	case own >= 0:
		own = w.during(e, own)
	}
	if own >= 0 {
		w.owner[e.ID] = own
	}
}

func (w *walk) enter(e history.Event, from int) int {
	parent := -1
	switch w.kinds[e.Previous] {
	case history.ParallelStateStarted, history.MapStateStarted, history.MapIterationStarted:
		parent = from
	default:
		if from >= 0 {
			parent = w.steps[from].parent
		}
	}
	s := Step{
		Name: e.Details.Name, Type: strings.TrimSuffix(string(e.Type), "StateEntered"), Status: StepRunning, Entered: e.At, parent: parent,
	}
	if parent >= 0 {
		s.Depth = w.steps[parent].Depth + 1
	}
	w.steps = append(w.steps, s)
	return len(w.steps) - 1
}

// exit closes a step. The event before a Parallel's or Map's exit belongs to one of their children, so the
// step is looked up by name among those that are open.
func (w *walk) exit(e history.Event, own int) int {
	for own >= 0 && w.steps[own].Name != e.Details.Name {
		own = w.steps[own].parent
	}
	if own < 0 {
		return own
	}
	s := &w.steps[own]
	s.Exited = e.At
	if s.Error != "" && s.Status != StepRunning {
		s.Status = StepCaught
	} else {
		s.Status, s.Error = StepSucceeded, ""
	}
	return own
}

func (w *walk) end(e history.Event, own int) {
	status, word := StepCancelled, ""
	switch e.Type {
	case history.ExecutionStarted:
		return
	case history.ExecutionRedriven:
		w.reopen()
		return
	case history.ExecutionFailed, history.ExecutionTimedOut:
		if e.Details.Error != nil {
			word = *e.Details.Error
		}
	default:
	}
	w.ended = e.At
	for i := range w.steps {
		s := &w.steps[i]
		if !s.Exited.IsZero() {
			continue
		}
		s.Exited = e.At
		switch {
		case i == own && e.Type == history.ExecutionFailed || s.Error != "":
			s.Status = StepFailed
			if s.Error == "" {
				s.Error = word
			}
		default:
			s.Status = status
		}
	}
}

// evaluation marks the step in which an expression failed. The event follows what was before the state, not
// its entering: the step is told by its name, and is the one that was entered last.
func (w *walk) evaluation(e history.Event, own int) int {
	is := func(i int) bool { return w.steps[i].Exited.IsZero() && w.steps[i].Name == e.Details.State }
	for own >= 0 && !is(own) {
		own = w.steps[own].parent
	}
	for i := len(w.steps) - 1; i >= 0 && own < 0; i-- {
		if is(i) {
			own = i
		}
	}
	if own >= 0 && e.Details.Error != nil {
		w.steps[own].Status, w.steps[own].Error = StepRetrying, *e.Details.Error
	}
	return own
}

// reopen goes on with the steps that ended together with the execution. A Fail state is entered anew.
func (w *walk) reopen() {
	for i := range w.steps {
		s := &w.steps[i]
		if s.Exited.Equal(w.ended) && s.Type != "Fail" && (s.Status == StepFailed || s.Status == StepCancelled) {
			s.Status, s.Error, s.Exited = StepRunning, "", time.Time{}
		}
	}
}

func (w *walk) during(e history.Event, own int) int {
	kind := string(e.Type)
	for strings.HasPrefix(kind, "Parallel") && w.steps[own].Type != "Parallel" && w.steps[own].parent >= 0 ||
		strings.HasPrefix(kind, "Map") && w.steps[own].Type != "Map" && w.steps[own].parent >= 0 {
		own = w.steps[own].parent
	}
	s := &w.steps[own]
	switch {
	case strings.HasSuffix(kind, "Scheduled"), strings.HasSuffix(kind, "StateStarted"):
		s.Attempts++
		s.Status, s.TaskID = StepRunning, ""
	case e.Type == history.TaskSubmitted && e.Details.ResourceType == "human":
		s.Status = StepWaiting
		s.TaskID = e.Details.Output.Get("TaskId").Text()
	case strings.HasSuffix(kind, "Aborted"):
		s.Status, s.Exited = StepCancelled, e.At
	case strings.HasPrefix(kind, "MapIteration"):
	case strings.HasSuffix(kind, "Failed"), strings.HasSuffix(kind, "TimedOut"):
		s.Status = StepRetrying // until it is left or the execution ends
		s.Error = "States.Timeout"
		if e.Details.Error != nil {
			s.Error = *e.Details.Error
		}
	case strings.HasSuffix(kind, "Succeeded"):
		s.Status, s.Error = StepRunning, ""
	}
	return own
}
