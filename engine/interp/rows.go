package interp

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/value"
)

// Rows are written on the hot path, by hand; payloads are copied as the text they are.
// They are read when an execution was cold, by encoding/json. Members that are zero are
// left out; keys are short because there are many rows.

// Head is the execution without its scopes, as JSON. It is small.
func (x *Exec) Head() ([]byte, error) {
	w := row{make([]byte, 0, 128)}
	w.raw('{')
	w.int("rules", int64(x.Rules))
	w.int("event", int64(x.Next.Event))
	w.int("scope", int64(x.Next.Scope))
	w.int("token", int64(x.Next.Token))
	w.int("deadline", int64(x.Deadline))
	w.int("memory", int64(x.Memory))
	w.int("redrives", int64(x.Redrives))
	w.time("redriven", x.Redriven)
	if len(x.Ready) > 0 {
		w.key("ready")
		writeInts(&w, x.Ready)
	}
	if len(x.Calls) > 0 {
		w.key("calls")
		w.raw('{')
		for _, state := range slices.Sorted(maps.Keys(x.Calls)) {
			w.name(state)
			w.dst = strconv.AppendInt(w.dst, int64(x.Calls[state]), 10)
		}
		w.raw('}')
	}
	if o := x.Outcome; o != nil {
		w.key("outcome")
		w.raw('{')
		w.text("status", string(o.Status))
		w.value("output", o.Output)
		w.pointer("error", o.Error)
		w.pointer("cause", o.Cause)
		w.time("at", o.At)
		w.raw('}')
	}
	w.raw('}')
	return w.dst, nil
}

// Row is the scope as JSON.
func (s *Scope) Row() ([]byte, error) {
	w := row{make([]byte, 0, 192+s.Raw.Size())}
	w.raw('{')
	w.int("parent", int64(s.Parent))
	w.int("kind", int64(s.Kind))
	w.int("index", int64(s.Index))
	w.int("slot", int64(s.Slot))
	w.text("def", string(s.Def))
	w.text("state", s.State)
	w.int("phase", int64(s.Phase))
	w.value("raw", s.Raw)
	w.value("items", s.Items)
	if len(s.Vars) > 0 {
		w.key("vars")
		w.raw('{')
		for _, name := range slices.Sorted(maps.Keys(s.Vars)) {
			// Names of variables are identifiers: they need no escapes.
			w.value(name, s.Vars[name])
		}
		w.raw('}')
	}
	if len(s.Attempts) > 0 {
		w.key("attempts")
		writeInts(&w, s.Attempts)
	}
	w.int("retries", int64(s.Retries))
	w.int("wait", int64(s.Wait))
	w.flag("started", s.Started)
	w.text("run", s.Run)
	w.int("redrives", int64(s.Redrives))
	w.flag("broken", s.Broken)
	w.int("tip", int64(s.Tip))
	w.int("entry", int64(s.Entry))
	w.int("entered", int64(s.Entered))
	w.int("last", int64(s.Last))
	w.time("enteredAt", s.EnteredAt)
	if f := s.Fan; f != nil {
		w.key("fan")
		w.raw('{')
		w.int("hold", int64(f.Hold))
		w.int("first", int64(f.First))
		w.int("count", int64(f.Count))
		w.int("next", int64(f.Next))
		w.int("open", int64(f.Open))
		w.int("bytes", int64(f.Bytes))
		w.int("last", int64(f.Last))
		if len(f.Slots) > 0 {
			w.key("slots")
			writeInts(&w, f.Slots)
		}
		w.raw('}')
	}
	if b := s.begin; b != nil {
		w.key("begin")
		w.raw('{')
		w.text("execution", b.ExecutionARN)
		w.text("name", b.ExecutionName)
		w.text("machine", b.MachineARN)
		w.text("machineName", b.MachineName)
		w.text("version", b.VersionARN)
		w.text("alias", b.AliasARN)
		w.text("role", b.RoleARN)
		w.text("seed", base64.StdEncoding.EncodeToString(b.Seed[:]))
		w.time("started", b.Started)
		w.text("testCase", b.TestCase)
		w.flag("express", b.Express)
		w.raw('}')
	}
	w.raw('}')
	return w.dst, nil
}

// row appends JSON objects.
type row struct{ dst []byte }

func (w *row) raw(c byte) { w.dst = append(w.dst, c) }

// key begins a member whose name needs no escapes.
func (w *row) key(name string) {
	w.comma()
	w.raw('"')
	w.dst = append(w.dst, name...)
	w.dst = append(w.dst, '"', ':')
}

// name begins a member of any name.
func (w *row) name(name string) {
	w.comma()
	w.dst = value.String(name).AppendJSON(w.dst)
	w.raw(':')
}

func (w *row) comma() {
	if w.dst[len(w.dst)-1] != '{' {
		w.raw(',')
	}
}

func (w *row) int(name string, n int64) {
	if n != 0 {
		w.key(name)
		w.dst = strconv.AppendInt(w.dst, n, 10)
	}
}

func (w *row) flag(name string, b bool) {
	if b {
		w.key(name)
		w.dst = append(w.dst, "true"...)
	}
}

func (w *row) text(name, s string) {
	if s != "" {
		w.key(name)
		w.dst = value.String(s).AppendJSON(w.dst)
	}
}

func (w *row) pointer(name string, s *string) {
	if s != nil {
		w.key(name)
		w.dst = value.String(*s).AppendJSON(w.dst)
	}
}

func (w *row) value(name string, v value.Value) {
	if !v.IsAbsent() {
		w.key(name)
		w.dst = v.AppendJSON(w.dst)
	}
}

func (w *row) time(name string, t time.Time) {
	if !t.IsZero() {
		w.int(name, t.UnixNano())
	}
}

func writeInts[T ~int | ~int64](w *row, list []T) {
	w.raw('[')
	for i, n := range list {
		if i > 0 {
			w.raw(',')
		}
		w.dst = strconv.AppendInt(w.dst, int64(n), 10)
	}
	w.raw(']')
}

// text is a JSON value that stays text until it is read.
type text struct{ value.Value }

func (t *text) UnmarshalJSON(b []byte) error {
	t.Value = value.Raw(string(b))
	return nil
}

type headRow struct {
	Rules    int            `json:"rules"`
	Event    history.ID     `json:"event"`
	Scope    ScopeID        `json:"scope"`
	Token    Token          `json:"token"`
	Deadline Token          `json:"deadline"`
	Memory   int            `json:"memory"`
	Redrives int            `json:"redrives"`
	Redriven int64          `json:"redriven"`
	Ready    []ScopeID      `json:"ready"`
	Calls    map[string]int `json:"calls"`
	Outcome  *struct {
		Status Status  `json:"status"`
		Output text    `json:"output"`
		Error  *string `json:"error"`
		Cause  *string `json:"cause"`
		At     int64   `json:"at"`
	} `json:"outcome"`
}

type scopeRow struct {
	Parent    ScopeID         `json:"parent"`
	Kind      Kind            `json:"kind"`
	Index     int             `json:"index"`
	Slot      int             `json:"slot"`
	Def       asl.Path        `json:"def"`
	State     string          `json:"state"`
	Phase     Phase           `json:"phase"`
	Raw       text            `json:"raw"`
	Items     text            `json:"items"`
	Vars      map[string]text `json:"vars"`
	Attempts  []int           `json:"attempts"`
	Retries   int             `json:"retries"`
	Wait      Token           `json:"wait"`
	Started   bool            `json:"started"`
	Run       string          `json:"run"`
	Redrives  int             `json:"redrives"`
	Broken    bool            `json:"broken"`
	Tip       history.ID      `json:"tip"`
	Entry     history.ID      `json:"entry"`
	Entered   history.ID      `json:"entered"`
	Last      history.ID      `json:"last"`
	EnteredAt int64           `json:"enteredAt"`
	Fan       *Fan            `json:"fan"`
	Begin     *struct {
		Execution   string `json:"execution"`
		Name        string `json:"name"`
		Machine     string `json:"machine"`
		MachineName string `json:"machineName"`
		Version     string `json:"version"`
		Alias       string `json:"alias"`
		Role        string `json:"role"`
		Seed        []byte `json:"seed"`
		Started     int64  `json:"started"`
		TestCase    string `json:"testCase"`
		Express     bool   `json:"express"`
	} `json:"begin"`
}

// Restore is the execution that Head and the Rows of all its scopes describe.
func Restore(head []byte, scopes map[ScopeID][]byte) (*Exec, error) {
	var h headRow
	if err := json.Unmarshal(head, &h); err != nil {
		return nil, fmt.Errorf("head of an execution: %w", err)
	}
	x := &Exec{
		Rules: h.Rules, Deadline: h.Deadline, Memory: h.Memory, Ready: h.Ready, Calls: h.Calls,
		Redrives: h.Redrives, Redriven: moment(h.Redriven),
		Next:   Counters{Event: h.Event, Scope: h.Scope, Token: h.Token},
		Scopes: make(map[ScopeID]*Scope, len(scopes)),
		waits:  map[Token]ScopeID{},
	}
	if o := h.Outcome; o != nil {
		x.Outcome = &Outcome{Status: o.Status, Output: o.Output.Value, Error: o.Error, Cause: o.Cause, At: moment(o.At)}
	}
	for id, b := range scopes {
		s, err := x.restore(id, b)
		if err != nil {
			return nil, fmt.Errorf("scope %d of an execution: %w", id, err)
		}
		x.Scopes[id] = s
		if s.Wait != 0 {
			x.waits[s.Wait] = id
		}
	}
	return x, nil
}

// restore reads one row.
func (x *Exec) restore(id ScopeID, b []byte) (*Scope, error) {
	var r scopeRow
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, err
	}
	s := &Scope{
		ID: id, Parent: r.Parent, Kind: r.Kind, Index: r.Index, Slot: r.Slot, Def: r.Def, State: r.State, Phase: r.Phase,
		Raw: r.Raw.Value, Items: r.Items.Value, Attempts: r.Attempts, Retries: r.Retries, Wait: r.Wait,
		Started: r.Started, Run: r.Run, Redrives: r.Redrives, Broken: r.Broken, Tip: r.Tip, Entry: r.Entry, Entered: r.Entered, Last: r.Last,
		EnteredAt: moment(r.EnteredAt), Fan: r.Fan,
	}
	if len(r.Vars) > 0 {
		s.Vars = make(map[string]value.Value, len(r.Vars))
		for name, v := range r.Vars {
			s.Vars[name] = v.Value
		}
	}
	if b := r.Begin; b != nil {
		x.Begin = Begin{
			ExecutionARN: b.Execution, ExecutionName: b.Name, MachineARN: b.Machine, MachineName: b.MachineName,
			VersionARN: b.Version, AliasARN: b.Alias, RoleARN: b.Role, Started: moment(b.Started), TestCase: b.TestCase,
			Express: b.Express,
		}
		copy(x.Begin.Seed[:], b.Seed)
		s.begin = &x.Begin
	}
	return s, nil
}

func moment(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}
