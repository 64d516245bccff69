package sqlite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"statehouse/engine/history"
	"statehouse/engine/value"
)

// Events are kept as a JSON array with short names, about a third of AWS's form. What
// follows from the event before is left out: an id one higher, a previous id that is the
// id before, the same time. A value that the same row holds already, as the output of a
// task that becomes the next state's input, is written as its number in the row.

// chunkBytes is about how much one row of steps holds; a longer step takes several.
const chunkBytes = 64 << 10

// chunk is one row of steps.
type chunk struct {
	first, last history.ID
	events      []byte
}

// encodeEvents packs the events of a step into rows.
func encodeEvents(events []history.Event) []chunk {
	if len(events) == 0 {
		return nil
	}
	var chunks []chunk
	for len(events) > 0 {
		enc := encoder{buf: make([]byte, 0, 128*min(len(events), 64)+256)}
		n := 0
		for n < len(events) && len(enc.buf) < chunkBytes {
			enc.event(&events[n])
			n++
		}
		enc.buf = append(enc.buf, ']')
		chunks = append(chunks, chunk{events[0].ID, events[n-1].ID, enc.buf})
		events = events[n:]
	}
	return chunks
}

// encoder writes one row.
type encoder struct {
	buf    []byte
	values []span     // of the values in buf that can be referred to
	id     history.ID // of the event before, 0: none
	at     int64      // its time
	comma  bool
}

type span struct{ from, to int }

// referable is how long a value must be to be worth a reference.
const referable = 16

func (e *encoder) event(v *history.Event) {
	if len(e.buf) == 0 {
		e.buf = append(e.buf, '[')
	} else {
		e.buf = append(e.buf, ',')
	}
	e.buf = append(e.buf, '{')
	e.comma = false
	e.text("t", string(v.Type))
	if v.ID != e.id+1 {
		e.number("i", int64(v.ID))
	}
	if v.Previous != v.ID-1 {
		e.number("p", int64(v.Previous))
	}
	at := micros(v.At)
	if e.id == 0 || at != e.at {
		e.number("a", at)
	}
	d := &v.Details
	e.text("n", d.Name)
	e.value("in", "in#", d.Input)
	e.value("out", "out#", d.Output)
	e.text("r", d.Resource)
	e.text("rt", d.ResourceType)
	e.text("rg", d.Region)
	e.value("par", "par#", d.Parameters)
	e.pointer("to", d.TimeoutInSeconds)
	e.pointer("hb", d.HeartbeatInSeconds)
	e.value("cr", "cr#", d.TaskCredentials)
	e.text("w", d.WorkerName)
	e.optional("e", d.Error)
	e.optional("c", d.Cause)
	e.text("lo", d.Location)
	e.text("st", d.State)
	e.pointer("x", d.Index)
	e.pointer("l", d.Length)
	e.text("mr", d.MapRunArn)
	e.pointer("rd", d.RedriveCount)
	e.text("ro", d.RoleArn)
	e.text("al", d.StateMachineAliasArn)
	e.text("ve", d.StateMachineVersionArn)
	if d.AssignedVariables != nil {
		e.key("v")
		e.buf = append(e.buf, '[')
		for i, v := range d.AssignedVariables {
			if i > 0 {
				e.buf = append(e.buf, ',')
			}
			e.buf = append(e.buf, `{"n":`...)
			e.buf = value.String(v.Name).AppendJSON(e.buf)
			if !v.Value.IsAbsent() {
				e.buf = append(e.buf, `,"v":`...)
				e.buf = v.Value.AppendJSON(e.buf)
			}
			e.buf = append(e.buf, '}')
		}
		e.buf = append(e.buf, ']')
	}
	e.buf = append(e.buf, '}')
	e.id, e.at = v.ID, at
}

func (e *encoder) key(name string) {
	if e.comma {
		e.buf = append(e.buf, ',')
	}
	e.comma = true
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, name...)
	e.buf = append(e.buf, '"', ':')
}

func (e *encoder) text(name, s string) {
	if s != "" {
		e.key(name)
		e.buf = appendString(e.buf, s)
	}
}

func (e *encoder) optional(name string, s *string) {
	if s != nil {
		e.key(name)
		e.buf = appendString(e.buf, *s)
	}
}

func (e *encoder) number(name string, n int64) {
	e.key(name)
	e.buf = strconv.AppendInt(e.buf, n, 10)
}

func (e *encoder) pointer(name string, n *int64) {
	if n != nil {
		e.number(name, *n)
	}
}

// value writes v under name, or the number of an equal value under ref.
func (e *encoder) value(name, ref string, v value.Value) {
	if v.IsAbsent() {
		return
	}
	start, comma := len(e.buf), e.comma
	e.key(name)
	from := len(e.buf)
	e.buf = v.AppendJSON(e.buf)
	text := e.buf[from:]
	if len(text) < referable {
		return
	}
	for i, s := range e.values {
		if s.to-s.from == len(text) && bytes.Equal(e.buf[s.from:s.to], text) {
			e.buf, e.comma = e.buf[:start], comma
			e.number(ref, int64(i))
			return
		}
	}
	if len(e.values) < 32 {
		e.values = append(e.values, span{from, len(e.buf)})
	}
}

// appendString writes a JSON string. Most strings here are plain names.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			return value.String(s).AppendJSON(dst)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

// stored is an event as it lies in a row.
type stored struct {
	Type     history.Type    `json:"t"`
	ID       *history.ID     `json:"i"`
	Previous *history.ID     `json:"p"`
	At       *int64          `json:"a"`
	Name     string          `json:"n"`
	In       json.RawMessage `json:"in"`
	InRef    *int            `json:"in#"`
	Out      json.RawMessage `json:"out"`
	OutRef   *int            `json:"out#"`
	R        string          `json:"r"`
	RT       string          `json:"rt"`
	RG       string          `json:"rg"`
	Par      json.RawMessage `json:"par"`
	ParRef   *int            `json:"par#"`
	TO       *int64          `json:"to"`
	HB       *int64          `json:"hb"`
	Cr       json.RawMessage `json:"cr"`
	CrRef    *int            `json:"cr#"`
	W        string          `json:"w"`
	E        *string         `json:"e"`
	C        *string         `json:"c"`
	LO       string          `json:"lo"`
	ST       string          `json:"st"`
	X        *int64          `json:"x"`
	L        *int64          `json:"l"`
	MR       string          `json:"mr"`
	RD       *int64          `json:"rd"`
	RO       string          `json:"ro"`
	AL       string          `json:"al"`
	VE       string          `json:"ve"`
	V        []struct {
		N string      `json:"n"`
		V value.Value `json:"v"`
	} `json:"v"`
}

// decodeEvents unpacks one row.
func decodeEvents(first history.ID, text []byte) ([]history.Event, error) {
	var rows []stored
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, fmt.Errorf("decode events from %d: %w", first, err)
	}
	var values []value.Value
	pick := func(raw json.RawMessage, ref *int) (value.Value, error) {
		if ref != nil {
			if *ref < 0 || *ref >= len(values) {
				return value.Value{}, fmt.Errorf("decode events from %d: no value %d", first, *ref)
			}
			return values[*ref], nil
		}
		if raw == nil {
			return value.Value{}, nil
		}
		v := value.Raw(string(raw))
		if len(raw) >= referable && len(values) < 32 {
			values = append(values, v)
		}
		return v, nil
	}
	events := make([]history.Event, len(rows))
	id, at := first-1, time.Time{}
	for i, r := range rows {
		id++
		if r.ID != nil {
			id = *r.ID
		}
		previous := id - 1
		if r.Previous != nil {
			previous = *r.Previous
		}
		if r.At != nil {
			at = time.UnixMicro(*r.At).UTC()
		}
		d := history.Details{
			Name: r.Name, Resource: r.R, ResourceType: r.RT, Region: r.RG,
			TimeoutInSeconds: r.TO, HeartbeatInSeconds: r.HB, WorkerName: r.W,
			Error: r.E, Cause: r.C, Location: r.LO, State: r.ST, Index: r.X, Length: r.L,
			MapRunArn: r.MR, RedriveCount: r.RD, RoleArn: r.RO,
			StateMachineAliasArn: r.AL, StateMachineVersionArn: r.VE,
		}
		// In the order in which they were written: references count on it.
		var err error
		for _, f := range []struct {
			to  *value.Value
			raw json.RawMessage
			ref *int
		}{
			{&d.Input, r.In, r.InRef},
			{&d.Output, r.Out, r.OutRef},
			{&d.Parameters, r.Par, r.ParRef},
			{&d.TaskCredentials, r.Cr, r.CrRef},
		} {
			if *f.to, err = pick(f.raw, f.ref); err != nil {
				return nil, err
			}
		}
		if r.V != nil {
			d.AssignedVariables = make([]history.Variable, len(r.V))
			for i, v := range r.V {
				d.AssignedVariables[i] = history.Variable{Name: v.N, Value: v.V}
			}
		}
		events[i] = history.Event{ID: id, Previous: previous, Type: r.Type, At: at, Details: d}
	}
	return events, nil
}
