package intrinsic

import (
	"errors"
	"strings"
	"testing"

	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// world reads every path from one document and rolls the same dice each time.
type world struct {
	input value.Value
	dice  uint64
}

func (w world) Path(p *jsonpath.Path) (value.Value, bool, error) {
	v, err := p.Find(w.input)
	return v, err == nil, nil
}

func (world) UUID() string     { return "0b1f6a4e-0c1e-4b7e-9c1f-0123456789ab" }
func (w world) Random() uint64 { return w.dice }

var input = value.Raw(`{"s":"text","n":3,"half":2.5,"list":[1,2,2,"a",1.0,{"a":1},{"a":1.0}],"o":{"Arg1":1,"Arg2":[],"z":"q"},"null":null,"words":["x","y"],"a,b":")"}`)

func TestCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ call, want string }{
		{`States.Format('no placeholder')`, `"no placeholder"`},
		{`States.Format('{}{}', $.s, 1)`, `"text1"`},
		{`States.Format('{}', $.o)`, `"{Arg1=1, Arg2=[], z=q}"`},
		{`States.Format('{}', $.words)`, `"[x, y]"`},
		{`States.Format('{} {} {}', null, true, 1.10)`, `"null true 1.10"`},
		{`States.Format('\{\} it\'s {} \\', 'me')`, `"{} it's me \\"`},
		{`States.Format('{"a": {}}', 1)`, `"{\"a\": 1}"`},
		{`States.Format($.s)`, `"text"`},
		{"States.Format('one {}\ntwo {}', $.n, 'literal')", `"one 3\ntwo literal"`},
		{`States.Format('{}',$['a,b'])`, `")"`},
		{`States.Format('{}', $.list[?(@.a == 1)].a)`, `"[1, 1.0]"`},
		{`States.Format('{}', $.list.length())   `, `"7"`},
		{`States.StringToJson('{"a": [1, 2]}')`, `{"a":[1,2]}`},
		{`States.StringToJson('')`, `null`},
		{`States.StringToJson('  ')`, `null`},
		{`States.StringToJson('-0')`, `0`},
		{`States.StringToJson('12345678901234567890')`, `12345678901234567890`},
		{`States.JsonToString($.o)`, `"{\"Arg1\":1,\"Arg2\":[],\"z\":\"q\"}"`},
		{`States.Array()`, `[]`},
		{`States.Array('Foo', 2020, $.o.Arg1, null, States.Array())`, `["Foo",2020,1,null,[]]`},
		{`States.ArrayPartition($.list, 3)`, `[[1,2,2],["a",1.0,{"a":1}],[{"a":1.0}]]`},
		{`States.ArrayPartition($.words, $.half)`, `[["x","y"]]`},
		{`States.ArrayContains($.list, $.o)`, `false`},
		{`States.ArrayContains($.list, 1)`, `true`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(3, 1, -1)`, `[3,2,1]`},
		{`States.ArrayRange(1, 3, -1)`, `[]`},
		{`States.ArrayGetItem($.list, 3)`, `"a"`},
		{`States.ArrayLength($.list)`, `7`},
		{`States.ArrayUnique($.list)`, `[1,2,"a",{"a":1}]`},
		{`States.Base64Encode('Data to encode')`, `"RGF0YSB0byBlbmNvZGU="`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU')`, `"Data to encode"`},
		{`States.Hash('input data', 'SHA-1')`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`States.Hash('', 'MD5')`, `"d41d8cd98f00b204e9800998ecf8427e"`},
		{`States.JsonMerge($.o, States.StringToJson('{"Arg1": 2, "b": 3}'), false)`, `{"Arg1":2,"Arg2":[],"z":"q","b":3}`},
		{`States.MathAdd($.half, -2.5)`, `1`},
		{`States.MathAdd(-0.5, 0)`, `0`},
		{`States.MathAdd(2147483647, 2147483647)`, `4294967294`},
		{`States.MathRandom(5, 15)`, `10`},
		{`States.StringSplit('This.is+a,test=string', '.+,=')`, `["This","is","a","test","string"]`},
		{`States.StringSplit(',,', ',')`, `[]`},
		{`States.UUID()`, `"0b1f6a4e-0c1e-4b7e-9c1f-0123456789ab"`},
	} {
		t.Run(c.call, func(t *testing.T) {
			t.Parallel()
			call, err := Parse(c.call)
			if err != nil {
				t.Fatal(err)
			}
			got, err := call.Eval(world{input: input, dice: 1 << 63})
			if err != nil || got.JSON() != c.want {
				t.Errorf("got %s, %v\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	long := "'" + strings.Repeat("é", MaxText+1) + "'"
	for _, c := range []struct{ call, cause string }{
		{`States.Format('{} {}', 1)`, "2 placeholders, but there are 1"},
		{`States.Format($.n)`, "argument 1 (template) must be of type string, but is of type number"},
		{`States.StringToJson('{')`, "not valid JSON"},
		{`States.ArrayPartition($.list, 0)`, "positive"},
		{`States.ArrayPartition($.o, 1)`, "argument 1 (array) must be of type array, but is of type object"},
		{`States.ArrayRange(1, 1000, 1)`, ""},
		{`States.ArrayRange(0, 1001, 1)`, "1002 items, at most 1000"},
		{`States.ArrayRange(0, 10, 0.4)`, "step must not be 0"},
		{`States.ArrayGetItem($.list, 7)`, "index 7 is outside of the array, which has 7 items"},
		{`States.ArrayGetItem($.list, -1)`, "outside"},
		{`States.Base64Encode(` + long + `)`, "10001 characters, at most 10000"},
		{`States.Base64Decode('~')`, "not valid base64"},
		{`States.Hash(` + long + `, 'MD5')`, "10001 characters"},
		{`States.Hash('', 'CRC')`, "no algorithm CRC"},
		{`States.JsonMerge($.o, $.o, true)`, "shallow"},
		{`States.MathAdd(1e10, 0)`, "between"},
		{`States.MathAdd($.s, 0)`, "argument 1 (first) must be of type number"},
		{`States.MathRandom(2, 2)`, "less than"},
	} {
		t.Run(c.call[:min(len(c.call), 50)], func(t *testing.T) {
			t.Parallel()
			call, err := Parse(c.call)
			if err != nil {
				t.Fatal(err)
			}
			_, err = call.Eval(world{input: input})
			if c.cause == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			failure, ok := errors.AsType[*Failure](err)
			if !ok || !strings.Contains(failure.Cause, c.cause) || !strings.Contains(failure.Cause, call.String()) {
				t.Errorf("error %v, want it to say %q", err, c.cause)
			}
		})
	}
}

func TestAMissingPathIsNotAFailure(t *testing.T) {
	t.Parallel()
	call, err := Parse(`States.Array(States.JsonToString($.nope.x))`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = call.Eval(world{input: input})
	missing, ok := errors.AsType[*PathMissing](err)
	if !ok || missing.Path.String() != "$.nope.x" {
		t.Errorf("error %v", err)
	}
}

func TestSeedDecides(t *testing.T) {
	t.Parallel()
	call, err := Parse(`States.MathRandom(0, 1000000, 42)`)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := call.Eval(world{dice: 1})
	b, _ := call.Eval(world{dice: 2})
	if a.IsAbsent() || !value.Equal(a, b) {
		t.Errorf("%s and %s", a, b)
	}
}

func TestTextsThatAreNoCalls(t *testing.T) {
	t.Parallel()
	nested := func(n int) string {
		return strings.Repeat("States.Array(", n) + strings.Repeat(")", n)
	}
	if _, err := Parse(nested(MaxDepth)); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ call, msg string }{
		{"", "expected a call"},
		{" States.UUID()", "expected a call"},
		{"States.Xyz($.result)", "no function States.Xyz"},
		{"States.UUID", "expected '('"},
		{"States.UUID(", "closing ')'"},
		{"States.UUID()[0]", "nothing may follow"},
		{"States.UUID(1)", "no arguments, but there are 1"},
		{"States.MathAdd(1)", "2 arguments, but there are 1"},
		{"States.MathAdd(1,'-1')", "argument 2 (second) must be of type number"},
		{"States.MathRandom(1,2,3,4)", "2 or 3 arguments, but there are 4"},
		{"States.Format()", "at least 1 argument"},
		{"States.Format('{}' $.a)", "expected ',' or ')'"},
		{"States.JsonToString($", "closing ')'"},
		{"States.JsonToString($.a[)", "path"},
		{"States.Array('a)", "closing '"},
		{`States.StringToJson('\"')`, "backslash"},
		{"States.Array(01)", "an argument is"},
		{nested(MaxDepth + 1), "more than 10 calls"},
	} {
		t.Run(c.call, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.call)
			e, ok := errors.AsType[*SyntaxError](err)
			if !ok || !strings.Contains(e.Error(), c.msg) {
				t.Errorf("error %v, want it to say %q", err, c.msg)
			}
		})
	}
}

func TestThereAreEighteen(t *testing.T) {
	t.Parallel()
	if n := len(functions); n != 18 {
		t.Errorf("%d functions", n)
	}
}

func FuzzCall(f *testing.F) {
	f.Add(`States.Format('{} \{ {}', $.s, States.ArrayGetItem($.list, 0))`)
	f.Add(`States.ArrayRange(0, 10, 3)`)
	f.Add(`States.JsonMerge($.o, States.StringToJson('{"a":1}'), false)`)
	f.Add(`States.MathRandom(1, 2, -3)`)
	f.Fuzz(func(t *testing.T, text string) {
		call, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(call.String())
		if err != nil {
			t.Fatalf("%q prints as %q: %v", text, call, err)
		}
		a, errA := call.Eval(world{input: input})
		b, errB := again.Eval(world{input: input})
		if (errA == nil) != (errB == nil) || !value.Equal(a, b) {
			t.Errorf("%q: %s, %v and %s, %v", text, a, errA, b, errB)
		}
	})
}
