package oracle

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

// answer is what became of an expression, in the form in which oracle.mjs tells it.
type answer struct {
	JSON        string `json:"json,omitempty"`
	Undefined   bool   `json:"undefined,omitempty"`
	Unsupported bool   `json:"unsupported,omitempty"`
	Code        string `json:"code,omitempty"`
	Position    int    `json:"position,omitempty"`
	Token       string `json:"token,omitempty"`
	Message     string `json:"message,omitempty"`
	Crash       string `json:"crash,omitempty"`
}

// now is what the clock shows, here and there.
var now = time.Date(2026, 11, 22, 22, 30, 45, 678e6, time.UTC)

var sample, bindings = value.Raw(Sample), value.Raw(Bindings)

func evaluate(t *testing.T, expr string) answer {
	e, err := jsonata.CompileStandard(expr)
	if err != nil {
		return failed(err)
	}
	in := jsonata.Input{Data: sample, Now: now, Bindings: map[string]value.Value{}}
	for _, m := range bindings.Members() {
		in.Bindings[m.Key] = m.Value
	}
	got, err := e.Eval(t.Context(), in)
	switch {
	case errors.Is(err, jsonata.ErrUnsupportedResult):
		return answer{Unsupported: true}
	case err != nil:
		return failed(err)
	case got.IsAbsent():
		return answer{Undefined: true}
	}
	return answer{JSON: got.JSON()}
}

func failed(err error) answer {
	e, ok := errors.AsType[*jsonata.Error](err)
	if !ok || e.Code == "" {
		return answer{Crash: err.Error()}
	}
	return answer{Code: e.Code, Position: e.Position, Token: e.Token, Message: e.Message}
}

// agree compares results as text (the order of keys and the digits of numbers count) and errors
// by code, position and token. Where jsonata-js itself fell over, there is nothing to
// be equal to.
func agree(ours, theirs answer) bool {
	switch {
	case theirs.Crash != "":
		return true
	case theirs.Code != "":
		return ours == theirs
	}
	return ours == theirs || ours.JSON != "" && theirs.JSON != "" && normal(ours.JSON) == normal(theirs.JSON)
}

// normal is a result with its numbers as JavaScript prints them: ours keep the literals of the input.
func normal(text string) string {
	var b strings.Builder
	var write func(v value.Value)
	write = func(v value.Value) {
		switch v.Kind() {
		case value.KindNumber:
			b.WriteString(value.Float(v.AsFloat()).JSON())
		case value.KindArray:
			b.WriteByte('[')
			for _, item := range v.Items() {
				write(item)
				b.WriteByte(',')
			}
			b.WriteByte(']')
		case value.KindObject:
			b.WriteByte('{')
			for _, m := range v.Members() {
				fmt.Fprintf(&b, "%q:", m.Key)
				write(m.Value)
				b.WriteByte(',')
			}
			b.WriteByte('}')
		default:
			b.WriteString(v.JSON())
		}
	}
	v, err := value.Parse(text)
	if err != nil {
		return text
	}
	write(v)
	return b.String()
}

func show(a answer) string {
	text, _ := json.Marshal(a)
	return string(text)
}
