package interp_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

func (w *world) print(c interp.Command) string {
	switch c := c.(type) {
	case interp.RunTask:
		s := fmt.Sprintf("run task #%d %s %s", c.Token, c.State, c.Input.JSON())
		if c.Timeout > 0 {
			s += fmt.Sprintf(" timeout=%v", c.Timeout)
		}
		if c.Heartbeat > 0 {
			s += fmt.Sprintf(" heartbeat=%v", c.Heartbeat)
		}
		if c.Attempt > 0 {
			s += fmt.Sprintf(" attempt=%d", c.Attempt)
		}
		return s
	case interp.CancelTask:
		return fmt.Sprintf("cancel task #%d", c.Token)
	case interp.SetTimer:
		w.timers[c.Token] = c.At
		return fmt.Sprintf("set timer #%d +%v %s", c.Token, c.At.Sub(w.now), c.Why)
	case interp.DropTimer:
		return fmt.Sprintf("drop timer #%d", c.Token)
	case interp.StartMapRun:
		return w.printRun(c)
	case interp.RedriveMapRun:
		return fmt.Sprintf("redrive map run #%d %s", c.Token, c.ARN)
	case interp.StopMapRun:
		return fmt.Sprintf("stop map run #%d", c.Token)
	case interp.Close:
		return strings.TrimRight(fmt.Sprintf("close %s %s%s", c.Outcome.Status, printValue(c.Outcome.Output), printError(c.Outcome.Error, c.Outcome.Cause)), " ")
	}
	panic("unreachable: command")
}

// printRun shows what a run is told, and the inputs of its first items. What it is told
// goes through a row, as it does in a store.
func (w *world) printRun(c interp.StartMapRun) string {
	w.t.Helper()
	text, err := json.Marshal(c.Spec)
	if err != nil {
		w.t.Fatal(err)
	}
	var spec interp.MapSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		w.t.Fatal(err)
	}
	maker, err := spec.ItemMaker(w.m)
	if err != nil {
		w.t.Fatal(err)
	}
	s := fmt.Sprintf("start map run #%d %s", c.Token, c.ARN)
	for i, v := range spec.Items.Items()[:min(2, len(spec.Items.Items()))] {
		in, failed := maker.Input(w.t.Context(), interp.MapItem{Index: int64(i), Value: v, Source: "STATE_DATA"})
		if failed != nil {
			s += "\n> item " + failed.Error()
			continue
		}
		s += "\n> item " + in.JSON()
	}
	spec.Scene, spec.Label = value.Value{}, ""
	text, _ = json.Marshal(spec)
	return s + "\n> spec " + string(text)
}

func printEvent(e history.Event) string {
	d := e.Details
	s := fmt.Sprintf("%d %d %s %s", e.ID, e.Previous, e.Type, d.Name)
	if d.Index != nil {
		s += fmt.Sprintf("[%d]", *d.Index)
	}
	if d.Length != nil {
		s += fmt.Sprintf("%d", *d.Length)
	}
	if d.RedriveCount != nil {
		s += fmt.Sprintf("%d", *d.RedriveCount)
	}
	if d.MapRunArn != "" {
		s += " " + d.MapRunArn
	}
	s += " " + printValue(d.Input) + printValue(d.Output) + printValue(d.Parameters) + printError(d.Error, d.Cause)
	for _, v := range d.AssignedVariables {
		s += fmt.Sprintf(" $%s=%s", v.Name, v.Value.JSON())
	}
	return strings.TrimRight(s, " ")
}

func printValue(v value.Value) string {
	if v.IsAbsent() {
		return ""
	}
	return v.JSON()
}

func printError(name, cause *string) string {
	s := ""
	if name != nil {
		s = *name
	}
	if cause != nil {
		s += " " + strconv.Quote(*cause)
	}
	return s
}
