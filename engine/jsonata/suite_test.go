package jsonata

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"statehouse/engine/value"
)

// suiteCase is one recorded expression with the answer of jsonata-js.
type suiteCase struct {
	Group, File string
	Idx         int
	Expr        source
	Dataset     string
	Data        value.Value
	NoData      bool
	Bindings    map[string]value.Value
	Kind        string
	Unordered   bool
	Timelimit   int
	Depth       int
	Oracle      struct {
		JSON     value.Value `json:"-"`
		Text     string      `json:"json"`
		Code     string
		Message  string
		Position int
		Token    any
		Undef    bool
	}
}

// source is the text of an expression. encoding/json would replace halves of surrogate pairs; a
// JSON string is a string of JSONata, too, which keeps them.
type source string

func (s *source) UnmarshalJSON(text []byte) error {
	l := lexer{src: string(text)}
	t, err := l.next(false)
	if err != nil {
		return err
	}
	*s = source(t.text)
	return nil
}

func (c *suiteCase) name() string { return fmt.Sprintf("%s/%s#%d", c.Group, c.File, c.Idx) }

func load(t testing.TB, file string) (cases []suiteCase, data map[string]value.Value) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Datasets map[string]value.Value
		Cases    []suiteCase
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all.Cases, all.Datasets
}

// run evaluates a case; usesEval tells that AWS would refuse it.
func (c *suiteCase) run(t *testing.T, data map[string]value.Value) (value.Value, error) {
	t.Helper()
	e, err := CompileStandard(string(c.Expr))
	if err != nil {
		return value.Value{}, err
	}
	in := Input{Bindings: c.Bindings, Now: time.Now()}
	if !c.NoData {
		in.Data = c.Data
		if c.Dataset != "" {
			in.Data = data[c.Dataset]
		}
	}
	in.Budget = Budget{Time: time.Minute, Depth: c.Depth, Steps: 2_000_000}
	return e.Eval(t.Context(), in)
}

// canonical is v as JavaScript would print it, so that 1.0 and 1 are the same.
func canonical(v value.Value) string {
	w := writer{}
	if err := w.item(of(v)); err != nil {
		return err.Error()
	}
	return string(w.buf)
}

// difference says how the answer differs from the recorded one; "" when it does not.
func (c *suiteCase) difference(got value.Value, err error) string {
	e, _ := errors.AsType[*Error](err)
	switch {
	case c.Kind == "error" && err == nil:
		return fmt.Sprintf("got %s, want error %s at %d", got.JSON(), c.Oracle.Code, c.Oracle.Position)
	case c.Kind == "error":
		if e == nil {
			return err.Error()
		}
		if e.Code != c.Oracle.Code {
			return fmt.Sprintf("got error %v at %d, want %s at %d: %s", e, e.Position, c.Oracle.Code, c.Oracle.Position, c.Oracle.Message)
		}
		return ""
	case err != nil:
		if e != nil {
			return fmt.Sprintf("got error %v at %d, want %s", err, e.Position, c.Oracle.Text)
		}
		return err.Error()
	case c.Kind == "undefined":
		if !got.IsAbsent() {
			return "got " + got.JSON() + ", want undefined"
		}
		return ""
	}
	if canonical(got) != canonical(value.Raw(c.Oracle.Text)) {
		return fmt.Sprintf("got  %s\nwant %s", canonical(got), c.Oracle.Text)
	}
	return ""
}

// The whole suite passes. Positions and words differ in one place: a recursion without end is
// stopped by our own budgets, which have other words than the suite's timer, and not at the same
// moment.
func TestOfficialSuite(t *testing.T) {
	t.Parallel()
	cases, data := load(t, "suite-2.0.6.json")
	var passed, eval, codes, positions int
	for _, c := range cases {
		got, err := c.run(t, data)
		if diff := c.difference(got, err); diff != "" {
			t.Errorf("%s: %s\n%s", c.name(), c.Expr, diff)
			continue
		}
		passed++
		if strings.Contains(string(c.Expr), "$eval(") {
			eval++
		}
		e, failed := errors.AsType[*Error](err)
		if !failed {
			continue
		}
		codes++
		if e.Position == c.Oracle.Position {
			positions++
		} else if e.Budget == "" {
			t.Errorf("%s: %s: position %d, want %d", c.name(), c.Expr, e.Position, c.Oracle.Position)
		}
		if want := c.Oracle.Token; want != nil && e.Token != fmt.Sprint(want) {
			t.Errorf("%s: %s: token %q, want %q", c.name(), c.Expr, e.Token, want)
		}
		if e.Message != c.Oracle.Message && e.Budget == "" {
			t.Errorf("%s: %s\n got  %s\n want %s", c.name(), c.Expr, e.Message, c.Oracle.Message)
		}
	}
	if passed != 1625 || codes != 284 || positions < 283 {
		t.Errorf("%d passed, %d codes, %d positions", passed, codes, positions)
	}
	t.Logf("%d passed, of which %d use $eval; %d codes, %d positions", passed, eval, codes, positions)
}

// TestExpressions compares values, codes, positions and words.
func TestExpressions(t *testing.T) {
	t.Parallel()
	cases, data := load(t, "expressions.json")
	for _, c := range cases {
		got, err := c.run(t, data)
		diff := c.difference(got, err)
		if e, ok := errors.AsType[*Error](err); ok && diff == "" && (e.Position != c.Oracle.Position || e.Message != c.Oracle.Message) {
			diff = fmt.Sprintf("got  %s at %d\nwant %s at %d", e.Message, e.Position, c.Oracle.Message, c.Oracle.Position)
		}
		if diff != "" {
			t.Errorf("%s: %s\n%s", c.name(), c.Expr, diff)
		}
	}
}
