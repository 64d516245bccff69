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
	"regexp"
	"strings"
	"testing"
	"time"

	"statehouse/engine/jsonata"
	"statehouse/engine/value"
)

var (
	cases = flag.Int("cases", 12000, "how many expressions to compare")
	seed  = flag.Uint64("seed", 1, "the generator's seed; 0 takes one from the clock")
	shown = flag.Int("show", 20, "how many differences to print")
)

// question is one line to the oracle, answer one line from it.
type question struct {
	Expr     string          `json:"expr"`
	Data     json.RawMessage `json:"data"`
	Bindings json.RawMessage `json:"bindings"`
	Fresh    bool            `json:"fresh"`
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
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	g := NewGenerator(*seed)
	expressions := repeat(*cases, g.Expression)
	suspects := differing(t, expressions, false)
	differences := differing(t, suspects, true)
	for i, expr := range differences {
		if i < *shown {
			theirs := ask(t, []string{expr}, true)
			t.Errorf("%s\n\tours:   %s\n\ttheirs: %s", expr, show(evaluate(t, expr)), show(theirs[0]))
		}
	}
	t.Logf("seed %d: %d of %d expressions differ", *seed, len(differences), *cases)
}

// differing are the expressions that we answer otherwise than jsonata-js.
func differing(t *testing.T, expressions []string, fresh bool) (differ []string) {
	for i, theirs := range ask(t, expressions, fresh) {
		if ours := evaluate(t, expressions[i]); !agree(ours, theirs) && known(expressions[i], ours, theirs) == "" {
			differ = append(differ, expressions[i])
		}
	}
	return differ
}

// ask gives all expressions to jsonata-js, in one batch.
func ask(t *testing.T, expressions []string, fresh bool) []answer {
	t.Helper()
	var in bytes.Buffer
	for _, e := range expressions {
		line, err := json.Marshal(question{e, json.RawMessage(Sample), json.RawMessage(Bindings), fresh})
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

// constructor is an array or an object with more than one part, or a grouping.
var constructor = regexp.MustCompile(`[\[{(][^\[{(]*,|[\w)\]]\{`)

// known names the reason of a difference that stays.
func known(expr string, ours, theirs answer) string {
	switch {
	case strings.Contains(theirs.JSON, `\ud`) || strings.Contains(ours.JSON, "\uFFFD"):
		return "half a surrogate pair is U+FFFD in our strings, which are UTF-8"
	case strings.Contains(expr, "$power(") && about(ours.JSON) == about(theirs.JSON):
		return "V8's power is off by a unit in the last place"
	case ours.Code == "T1006" && theirs.Code == "T1006":
		return "jsonata-js notes the place of a call on whatever is called, data too"
	case ours.Code != "" && theirs.Code != "" && constructor.MatchString(expr):
		return "of several errors in a constructor jsonata-js, which works on its parts at once, names any"
	}
	return ""
}

var digits = regexp.MustCompile(`(\d\.\d{13})\d+`)

// about is a result without the last digits of its long numbers.
func about(text string) string { return digits.ReplaceAllString(text, "$1") }

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
