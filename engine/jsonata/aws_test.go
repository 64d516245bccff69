package jsonata

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/value"
)

func evaluate(t *testing.T, text, states string) (string, error) {
	t.Helper()
	e, err := Compile(text)
	if err != nil {
		return "", err
	}
	v, err := e.Eval(t.Context(), Input{
		Bindings: map[string]value.Value{"states": value.Raw(states), "n": value.Int(3)},
		Now:      time.Date(2026, 11, 22, 16, 30, 0, 5e6, time.UTC),
	})
	return v.JSON(), err
}

func TestStepFunctionsDialect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, expr, want, fails string }{
		{name: "partition", expr: `$partition([1,2,3,4,5], 2)`, want: `[[1,2],[3,4],[5]]`},
		{name: "the size is rounded down", expr: `$partition([1,2,3], 2.9)`, want: `[[1,2],[3]]`},
		{name: "range includes the last number", expr: `$range(1, 9, 2)`, want: `[1,3,5,7,9]`},
		{name: "range downwards", expr: `$range(5, 1, -2)`, want: `[5,3,1]`},
		{name: "range rounds down", expr: `$range(0.9, 4.9, 2.5)`, want: `[0,2,4]`},
		{name: "hash", expr: `$hash("input data", "SHA-1")`, want: `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{name: "an unknown hash", expr: `$hash("x", "CRC")`, fails: `The hash function does not support the algorithm "CRC"`},
		{name: "parse", expr: `$parse('{"b":1.50,"a":[]}')`, want: `{"b":1.50,"a":[]}`},
		{name: "parse of what is no JSON", expr: `$parse("nope")`, fails: `Unable to parse the argument of the parse function as JSON: `},
		{name: "a seed always gives the same number", expr: `$random(7) = $random(7.2) and $random(7) != $random(8)`, want: `true`},
		{name: "uuid", expr: `$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/).index`, want: `0`},
		{name: "there is no $eval", expr: `$eval("1")`, fails: `Attempted to invoke a non-function`},
		{name: "the root is nothing", expr: `[$exists($), $exists($$)]`, want: `[false,false]`},
		{name: "numbers keep their literals", expr: `$states.input.price`, want: `1.50`},
		{name: "also in what is built of them", expr: `{"p": $states.input.price, "all": [$states.input.price, $n]}`, want: `{"p":1.50,"all":[1.50,3]}`},
		{name: "until they are calculated with", expr: `$states.input.price * 1`, want: `1.5`},
		{name: "keys keep their order", expr: `$states.input`, want: `{"price":1.50,"10":1,"2":2}`},
		{name: "new objects have JavaScript's order", expr: `{"b":1,"10":2,"2":3}`, want: `{"2":3,"10":2,"b":1}`},
		{name: "counting arguments are rounded down", expr: `$substring("abcdef", 1.9, 2.9) & $pad("x", 3.9, "-") & $round(1.255, 2.9)`, want: `"bcx--1.26"`},
		{name: "an empty array of a constructor is an item", expr: `{"a":1}.[b].$string()`, want: `"[]"`},
		{name: "now and millis are one moment", expr: `$now() & " " & $string($millis())`, want: `"2026-11-22T16:30:00.005Z 1795365000005"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := evaluate(t, c.expr, `{"input":{"price":1.50,"10":1,"2":2}}`)
			if c.fails != "" {
				if e, ok := errors.AsType[*Error](err); !ok || len(e.Message) < len(c.fails) || e.Message[:len(c.fails)] != c.fails {
					t.Errorf("%v, want %s", err, c.fails)
				}
				return
			}
			if err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestFunctionsAreNoResult(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`$sum`, `function($x){$x}`, `{"a": $sum}`, `[1, function(){1}]`, `/a/`, `$substring(?, 1)`} {
		if got, err := evaluate(t, text, `{}`); !errors.Is(err, ErrUnsupportedResult) {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}

func TestWhatAnExpressionReads(t *testing.T) {
	t.Parallel()
	type reads struct{ Variables, States []string }
	for _, c := range []struct {
		text string
		want reads
	}{
		{`1 + 2`, reads{}},
		{`$states.input.a & $b`, reads{Variables: []string{"b", "states"}, States: []string{"input"}}},
		{`$count($states.result[x = $y]) + $z`, reads{[]string{"states", "y", "z"}, []string{"result"}}},
		{`$states`, reads{Variables: []string{"states"}, States: []string{""}}},
		{`$states.context.Execution.Id & $states.errorOutput.Cause`, reads{Variables: []string{"states"}, States: []string{"context", "errorOutput"}}},
		{`($x := 1; $x + $y; $y := 2; $y)`, reads{Variables: []string{"y"}}},
		{`($x := $x + 1; $x)`, reads{Variables: []string{"x"}}},
		{`($f := function($n){ $n = 0 ? $g() : $f($n - 1) }; $g := function(){ $h }; $f(1))`, reads{Variables: []string{"h"}}},
		{`$map([1], function($v, $i){ $v + $i + $k })`, reads{Variables: []string{"k"}}},
		{`$states.input.items#$i.{"n": $i, "j": $j}`, reads{Variables: []string{"j", "states"}, States: []string{"input"}}},
		{`$uppercase`, reads{}},
		{`$.a + $$.b`, reads{}},
	} {
		e, err := Compile(c.text)
		if err != nil {
			t.Fatal(err)
		}
		got := reads{e.Variables(), e.StatesPaths()}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s\n%s", c.text, diff)
		}
	}
}

func TestErrorsOfCompiling(t *testing.T) {
	t.Parallel()
	_, err := Compile(`$states.input.(`)
	want := `S0203: Expected ")" before end of expression`
	if e, ok := errors.AsType[*Error](err); !ok || err.Error() != want || e.Position != 15 {
		t.Errorf("%v", err)
	}
	_, err = evaluate(t, `$map([1], function($x){ $map([2], function($y){ $x + "a" }) })`, `{}`)
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != "T2002" || e.Position != 28 || e.Token != "+" {
		t.Errorf("an error tells the call of its function that was noted last: %+v", err)
	}
	_, err = Compile(`"é😀" +`)
	if e, ok := errors.AsType[*Error](err); !ok || e.Position != 7 {
		t.Errorf("positions count UTF-16 units: %v", err)
	}
}

func FuzzCompileAndEvaluate(f *testing.F) {
	cases, _ := load(f, "suite-2.0.6.json")
	for i := 0; i < len(cases); i += 7 {
		f.Add(string(cases[i].Expr))
	}
	data := value.Raw(`{"a":[1,2.50,{"b":"x"}],"c":{"d":null,"10":true},"e":"héllo 😀"}`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := CompileStandard(text)
		if err != nil {
			return
		}
		limit := Budget{Time: 200 * time.Millisecond, Bytes: 16 << 20, Steps: 1 << 20}
		start := time.Now()
		v, err := e.Eval(t.Context(), Input{Data: data, Budget: limit})
		if took := time.Since(start); took > hang {
			t.Errorf("%q took %v", text, took)
		}
		if fault, ok := errors.AsType[*Error](err); ok && fault.Message == "" {
			t.Errorf("%q: an error without words: %+v", text, fault)
		}
		if err == nil && !v.IsAbsent() {
			if _, err := value.Parse(v.JSON()); err != nil {
				t.Errorf("%q gives %s: %v", text, v.JSON(), err)
			}
		}
	})
}
