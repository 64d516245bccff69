package payload

import (
	"errors"
	"testing"

	"statehouse/engine/value"
)

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	w := world{
		input:     parse(t, `{"name":"Ann","items":[{"n":1},{"n":2}],"total":10.50,"none":null}`),
		context:   contextOf(value.Nil),
		variables: map[string]value.Value{"tier": value.String("gold"), "cart": parse(t, `{"sum":3}`)},
	}
	for _, c := range []struct{ name, template, want string }{
		{"nothing to fill", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`},
		{"a path", `{"x.$":"$.name"}`, `{"x":"Ann"}`},
		{"the whole input", `{"x.$":"$.items"}`, `{"x":[{"n":1},{"n":2}]}`},
		{"keys keep their order", `{"b.$":"$.name","a":1,"c.$":"$.none"}`, `{"b":"Ann","a":1,"c":null}`},
		{"numbers keep their literal", `{"x.$":"$.total"}`, `{"x":10.50}`},
		{"deep in objects and arrays", `{"a":{"b":[1,{"c.$":"$.items[1].n"}]}}`, `{"a":{"b":[1,{"c":2}]}}`},
		{"many values gather", `{"x.$":"$.items[*].n"}`, `{"x":[1,2]}`},
		{"the context object", `{"x.$":"$$.StateMachine.Name"}`, `{"x":"<ArnPart_0idx>"}`},
		{"a variable", `{"x.$":"$tier","y.$":"$cart.sum"}`, `{"x":"gold","y":3}`},
		{"a call", `{"x.$":"States.Format('{} has {}', $.name, States.ArrayLength($.items))"}`, `{"x":"Ann has 2"}`},
		{"a text that looks like a path stays", `{"x":"$.name","y":"States.UUID()"}`, `{"x":"$.name","y":"States.UUID()"}`},
		{"strings in arrays stay", `["$.name"]`, `["$.name"]`},
		{"a scalar", `7`, `7`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			template, err := Compile(parse(t, c.template))
			if err != nil {
				t.Fatal(err)
			}
			got, err := template.Eval(w)
			if err != nil || got.JSON() != c.want {
				t.Errorf("got %s, %v\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestInputIsNeverATemplate(t *testing.T) {
	t.Parallel()
	template, err := Compile(parse(t, `{"x.$":"$"}`))
	if err != nil {
		t.Fatal(err)
	}
	hostile := parse(t, `{"a.$":"$.b","b":"States.UUID()","c":"{% 1 %}"}`)
	got, err := template.Eval(world{input: hostile})
	if err != nil || !value.Equal(got.Get("x"), hostile) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, template, pointer, msg string }{
		{
			"a broken path", `{"a":[{"b/c":{"x.$":"$.a["}}]}`, "/a/0/b~1c",
			"The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call",
		},
		{
			"an escape that is none", `{"parsed.$":"States.StringToJson('\\\"')"}`, "",
			"The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic function call",
		},
		{
			"a number behind .$", `{"x.$":1}`, "",
			"The value for the field 'x.$' must be a STRING that contains a JSON path but was an NUMBER",
		},
		{"one key twice", `{"x":1,"x.$":"$"}`, "", "The fields 'x' and 'x.$' name the same key"},
		{
			"an unknown function", `{"x.$":"States.Nope()"}`, "",
			"The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Compile(parse(t, c.template))
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Pointer != c.pointer || e.Msg != c.msg {
				t.Errorf("error %v", err)
			}
		})
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(`{"x.$":"States.Format('{}', $.a)"}`, `{"a":1}`)
	f.Add(`{"x.$":"$..a[?(@.b)]","y":[{"z.$":"States.UUID()"}]}`, `{"a":[{"b":1}]}`)
	f.Fuzz(func(t *testing.T, template, input string) {
		v, err := value.Parse(template)
		if err != nil {
			return
		}
		in, err := value.Parse(input)
		if err != nil {
			return
		}
		compiled, err := Compile(v)
		if err != nil {
			return
		}
		got, err := compiled.Eval(world{input: in})
		if err != nil {
			return
		}
		if _, err := value.Parse(got.JSON()); err != nil {
			t.Errorf("%s over %s gives %s: %v", template, input, got, err)
		}
	})
}
