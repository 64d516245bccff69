package payload

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"statehouse/engine/intrinsic"
	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// world is an intrinsic.Env of plain values.
type world struct {
	input, context value.Value
	variables      map[string]value.Value
}

func (w world) Path(p *jsonpath.Path) (value.Value, bool, error) {
	doc := w.input
	switch p.Root() {
	case jsonpath.Context:
		doc = w.context
	case jsonpath.Variable:
		doc = w.variables[p.Variable()]
		if doc.IsAbsent() {
			return value.Value{}, false, errors.New("no variable " + p.Variable())
		}
	case jsonpath.Input:
	}
	v, err := p.Find(doc)
	return v, err == nil, nil
}

// Query answers every expression with its text.
func (world) Query(q *Query) (value.Value, error) {
	return value.String(q.Field + ": " + q.String()), nil
}

func (world) UUID() string   { return "generated-uuid" }
func (world) Random() uint64 { return 1 << 63 }

// contextOf is a context object with the placeholders that the recordings write for names.
func contextOf(input value.Value) value.Value {
	return value.Object(
		value.Member{Key: "Execution", Value: value.Object(
			value.Member{Key: "Name", Value: value.String("<ExecArnPart_0idx>")},
			value.Member{Key: "Input", Value: input},
		)},
		value.Member{Key: "StateMachine", Value: value.Object(
			value.Member{Key: "Id", Value: value.String("arn:<partition>:states:<region>:111111111111:stateMachine:<ArnPart_0idx>")},
			value.Member{Key: "Name", Value: value.String("<ArnPart_0idx>")},
		)},
	)
}

func TestRecordedPassStates(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/aws_pass.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ID, Cause                 string
		Parameters, Input, Output value.Value
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 80 {
		t.Fatalf("only %d recordings", len(cases))
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			template, err := Compile(c.Parameters)
			if err != nil {
				t.Fatal(err)
			}
			got, err := template.Eval(world{input: c.Input, context: contextOf(c.Input)})
			if c.Cause != "" {
				missing, ok := errors.AsType[*intrinsic.PathMissing](err)
				if !ok || !strings.Contains(c.Cause, missing.Error()) {
					t.Fatalf("error %v, want %s", err, c.Cause)
				}
				return
			}
			if err != nil || !value.Equal(got, c.Output) {
				t.Errorf("got %s, %v\nwant %s", got, err, c.Output)
			}
		})
	}
}
