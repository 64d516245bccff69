package payload

import (
	"errors"
	"testing"

	"statehouse/engine/jsonata"
)

func TestQueriesAreFilledWhereTheyStand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, template, want string }{
		{"the whole value", `"{% $x %}"`, `"Output: $x"`},
		{"in objects and arrays", `{"a":[1,{"b":"{%$x%}"}],"c":"d"}`, `{"a":[1,{"b":"Output/a[1]/b: $x"}],"c":"d"}`},
		{"JSONPath keys are plain keys", `{"a.$":"$.x"}`, `{"a.$":"$.x"}`},
		{"spaces around the delimiters make it plain text", `[" {% $x %}"]`, `[" {% $x %}"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			template, err := CompileQuery(parse(t, c.template), "Output")
			if err != nil {
				t.Fatal(err)
			}
			got, err := template.Eval(world{})
			if err != nil || got.JSON() != c.want {
				t.Errorf("got %s, %v\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestQueryThatDoesNotParse(t *testing.T) {
	t.Parallel()
	_, err := CompileQuery(parse(t, `{"a":["{% 1 + %}"]}`), "Output")
	bad, ok := errors.AsType[*Error](err)
	if !ok || bad.Pointer != "/a/0" || bad.Field != "Output/a[0]" {
		t.Fatalf("%+v", err)
	}
	if e, ok := errors.AsType[*jsonata.Error](err); !ok || e.Code != "S0207" {
		t.Errorf("%v", err)
	}
}
