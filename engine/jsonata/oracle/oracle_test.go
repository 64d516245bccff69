//go:build oracle

package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

var (
	cases = flag.Int("cases", 5000, "how many expressions to compare")
	seed  = flag.Uint64("seed", uint64(time.Now().UnixNano()), "the generator's seed; the day's by default")
	shown = flag.Int("show", 20, "how many differences to print")
)

// question is one line to the oracle, answer one line from it.
type question struct {
	Expr     string          `json:"expr"`
	Data     json.RawMessage `json:"data"`
	Bindings json.RawMessage `json:"bindings"`
}

type answer struct {
	JSON        string `json:"json"`
	Undefined   bool   `json:"undefined"`
	Unsupported bool   `json:"unsupported"`
	Code        string `json:"code"`
	Position    int    `json:"position"`
	Token       string `json:"token"`
	Crash       string `json:"crash"`
}

func TestSameAnswersAsJsonataJS(t *testing.T) {
	g := NewGenerator(*seed)
	expressions := repeat(*cases, g.Expression)
	theirs := ask(t, expressions)
	differences := 0
	for i, expr := range expressions {
		ours := evaluate(t, expr)
		if agree(ours, theirs[i]) {
			continue
		}
		if differences++; differences <= *shown {
			t.Errorf("%s\n\tours:   %s\n\ttheirs: %s", expr, show(ours), show(theirs[i]))
		}
	}
	t.Logf("seed %d: %d of %d expressions differ", *seed, differences, *cases)
}

// ask gives all expressions to jsonata-js, in one batch.
func ask(t *testing.T, expressions []string) []answer {
	t.Helper()
	var in bytes.Buffer
	for _, e := range expressions {
		line, err := json.Marshal(question{e, json.RawMessage(Sample), json.RawMessage(Bindings)})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	node := exec.CommandContext(t.Context(), "node", "oracle.mjs")
	node.Stdin, node.Stderr = &in, os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("jsonata-js: %v (npm ci installs it)", err)
	}
	var answers []answer
	for lines := bufio.NewReader(bytes.NewReader(out)); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(expressions) {
		t.Fatalf("jsonata-js answered %d of %d", len(answers), len(expressions))
	}
	return answers
}

var sample, bindings = value.Raw(Sample), value.Raw(Bindings)

func evaluate(t *testing.T, expr string) answer {
	e, err := jsonata.CompileStandard(expr)
	if err != nil {
		return failed(err)
	}
	in := jsonata.Input{Data: sample, Bindings: map[string]value.Value{}}
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
	return answer{Code: e.Code, Position: e.Position, Token: e.Token}
}

// agree compares results as text (the order of keys and the digits of numbers count) and errors
// by code, position and token. Where jsonata-js itself fell over, any refusal will do.
func agree(ours, theirs answer) bool {
	switch {
	case theirs.Crash != "":
		return ours.Crash != "" || ours.Code != "" || ours.Undefined
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
