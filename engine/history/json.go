package history

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"statehouse/engine/value"
)

// MarshalJSON writes the event as GetExecutionHistory answers it: execution data are JSON
// texts inside strings.
func (e Event) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil), nil }

// AppendJSON appends what MarshalJSON writes.
func (e Event) AppendJSON(dst []byte) []byte {
	w := writer{dst: dst}
	w.raw(`{"timestamp":`)
	w.dst = appendTime(w.dst, e.At)
	w.raw(`,"type":"`)
	w.raw(string(e.Type))
	w.raw(`","id":`)
	w.dst = strconv.AppendInt(w.dst, int64(e.ID), 10)
	w.raw(`,"previousEventId":`)
	w.dst = strconv.AppendInt(w.dst, int64(e.Previous), 10)
	if m, ok := members[e.Type]; ok {
		w.raw(`,"`)
		w.raw(m)
		w.raw(`":{`)
		w.details(&e.Details)
		w.raw(`}`)
	}
	w.raw(`}`)
	return w.dst
}

// AppendDetails appends the event's details alone, as an object; {} when it has none. Inputs
// and outputs whose texts in JSON are longer than limit bytes are cut, and say so.
func (e *Event) AppendDetails(dst []byte, limit int) []byte {
	w := writer{dst: dst, limit: limit}
	w.raw(`{`)
	w.details(&e.Details)
	w.raw(`}`)
	return w.dst
}

// appendTime writes seconds since 1970 with three decimals.
func appendTime(dst []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms < 0 {
		return strconv.AppendFloat(dst, float64(ms)/1000, 'f', 3, 64)
	}
	dst = strconv.AppendInt(dst, ms/1000, 10)
	f := ms % 1000
	return append(dst, '.', byte('0'+f/100), byte('0'+f/10%10), byte('0'+f%10))
}

// writer appends the members of one JSON object.
type writer struct {
	dst   []byte
	limit int // bytes of a payload's text, 0: none
}

func (w *writer) raw(s string) { w.dst = append(w.dst, s...) }

func (w *writer) key(name string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(w.dst, '"')
	w.dst = append(w.dst, name...)
	w.dst = append(w.dst, '"', ':')
}

func (w *writer) text(name, s string) {
	w.key(name)
	w.dst = value.String(s).AppendJSON(w.dst)
}

func (w *writer) optional(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *writer) pointer(name string, s *string) {
	if s != nil {
		w.text(name, *s)
	}
}

func (w *writer) number(name string, n *int64) {
	if n != nil {
		w.key(name)
		w.dst = strconv.AppendInt(w.dst, *n, 10)
	}
}

// payload writes execution data, with the member that says whether it was cut.
func (w *writer) payload(name string, v value.Value) {
	if !v.IsAbsent() {
		w.flag(name, w.cut(name, v.JSON()))
	}
}

// cut writes a text, or the beginning of it that is short enough, and tells which.
func (w *writer) cut(name, text string) bool {
	start := len(w.dst)
	w.text(name, text)
	excess := len(w.dst) - start - w.limit
	if w.limit == 0 || excess <= 0 {
		return false
	}
	for whole := len(text); excess > 0; excess = len(w.dst) - start - w.limit {
		// An escape is up to six bytes for one: what is taken away is never too much.
		whole = max(0, whole-max(1, excess/6))
		for whole > 0 && !utf8.RuneStart(text[whole]) {
			whole--
		}
		w.dst = w.dst[:start]
		w.text(name, text[:whole])
	}
	return true
}

func (w *writer) flag(name string, truncated bool) {
	w.key(name + "Details")
	w.raw(`{"truncated":`)
	w.dst = strconv.AppendBool(w.dst, truncated)
	w.raw(`}`)
}

func (w *writer) details(d *Details) {
	w.optional("name", d.Name)
	w.payload("input", d.Input)
	w.payload("output", d.Output)
	w.optional("resourceType", d.ResourceType)
	w.optional("resource", d.Resource)
	w.optional("region", d.Region)
	if !d.Parameters.IsAbsent() {
		w.cut("parameters", d.Parameters.JSON())
	}
	w.number("timeoutInSeconds", d.TimeoutInSeconds)
	w.number("heartbeatInSeconds", d.HeartbeatInSeconds)
	if !d.TaskCredentials.IsAbsent() {
		w.key("taskCredentials")
		w.dst = d.TaskCredentials.AppendJSON(w.dst)
	}
	w.optional("workerName", d.WorkerName)
	w.pointer("error", d.Error)
	w.pointer("cause", d.Cause)
	w.optional("location", d.Location)
	w.optional("state", d.State)
	w.number("index", d.Index)
	w.number("length", d.Length)
	w.optional("mapRunArn", d.MapRunArn)
	w.number("redriveCount", d.RedriveCount)
	w.optional("roleArn", d.RoleArn)
	w.optional("stateMachineAliasArn", d.StateMachineAliasArn)
	w.optional("stateMachineVersionArn", d.StateMachineVersionArn)
	if len(d.AssignedVariables) > 0 {
		w.key("assignedVariables")
		w.raw(`{`)
		for _, v := range d.AssignedVariables {
			if w.dst[len(w.dst)-1] != '{' {
				w.dst = append(w.dst, ',')
			}
			w.dst = value.String(v.Name).AppendJSON(w.dst)
			w.dst = append(w.dst, ':')
			w.dst = value.String(v.Value.JSON()).AppendJSON(w.dst)
		}
		w.raw(`}`)
		w.flag("assignedVariables", false)
	}
}

// wire is the JSON of an event's details when it is read.
type wire struct {
	Name                   string            `json:"name"`
	Input                  *string           `json:"input"`
	Output                 *string           `json:"output"`
	ResourceType           string            `json:"resourceType"`
	Resource               string            `json:"resource"`
	Region                 string            `json:"region"`
	Parameters             *string           `json:"parameters"`
	TimeoutInSeconds       *int64            `json:"timeoutInSeconds"`
	HeartbeatInSeconds     *int64            `json:"heartbeatInSeconds"`
	TaskCredentials        value.Value       `json:"taskCredentials"`
	WorkerName             string            `json:"workerName"`
	Error                  *string           `json:"error"`
	Cause                  *string           `json:"cause"`
	Location               string            `json:"location"`
	State                  string            `json:"state"`
	Index                  *int64            `json:"index"`
	Length                 *int64            `json:"length"`
	MapRunArn              string            `json:"mapRunArn"`
	RedriveCount           *int64            `json:"redriveCount"`
	RoleArn                string            `json:"roleArn"`
	StateMachineAliasArn   string            `json:"stateMachineAliasArn"`
	StateMachineVersionArn string            `json:"stateMachineVersionArn"`
	AssignedVariables      map[string]string `json:"assignedVariables"`
}

// UnmarshalJSON reads what MarshalJSON writes. Payloads stay text until they are read.
func (e *Event) UnmarshalJSON(text []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("history event: %w", err)
	}
	var head struct {
		Timestamp       float64 `json:"timestamp"`
		Type            Type    `json:"type"`
		ID              ID      `json:"id"`
		PreviousEventID ID      `json:"previousEventId"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return fmt.Errorf("history event: %w", err)
	}
	*e = Event{
		ID: head.ID, Previous: head.PreviousEventID, Type: head.Type,
		At: time.UnixMilli(int64(math.Round(head.Timestamp * 1000))).UTC(),
	}
	raw, ok := all[members[head.Type]]
	if !ok {
		return nil
	}
	var w wire
	if err := json.Unmarshal(raw, &w); err != nil {
		return fmt.Errorf("details of history event %d: %w", head.ID, err)
	}
	e.Details = w.details()
	return nil
}

func (w *wire) details() Details {
	d := Details{
		Name: w.Name, Input: rawText(w.Input), Output: rawText(w.Output),
		ResourceType: w.ResourceType, Resource: w.Resource, Region: w.Region, Parameters: rawText(w.Parameters),
		TimeoutInSeconds: w.TimeoutInSeconds, HeartbeatInSeconds: w.HeartbeatInSeconds, TaskCredentials: w.TaskCredentials,
		WorkerName: w.WorkerName, Error: w.Error, Cause: w.Cause, Location: w.Location, State: w.State,
		Index: w.Index, Length: w.Length, MapRunArn: w.MapRunArn, RedriveCount: w.RedriveCount, RoleArn: w.RoleArn,
		StateMachineAliasArn: w.StateMachineAliasArn, StateMachineVersionArn: w.StateMachineVersionArn,
	}
	for name, text := range w.AssignedVariables {
		d.AssignedVariables = append(d.AssignedVariables, Variable{Name: name, Value: value.Raw(text)})
	}
	slices.SortFunc(d.AssignedVariables, func(a, b Variable) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return d
}

func rawText(s *string) value.Value {
	if s == nil {
		return value.Value{}
	}
	return value.Raw(*s)
}
