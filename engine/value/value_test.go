package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parse(t testing.TB, text string) Value {
	t.Helper()
	v, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhatWasWrittenIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"large integers", `12345678901234567890`, `12345678901234567890`},
		{"the sign of zero", `-0`, `-0`},
		{"exponents", `1E5`, `1E5`},
		{"trailing zeros", `[1.0,1.10]`, `[1.0,1.10]`},
		{"key order", `{"b":1,"a":2}`, `{"b":1,"a":2}`},
		{"no white space", " {\"a\" : [ 1 ,\t2 ] ,\r\n\"b\":{ } } ", `{"a":[1,2],"b":{}}`},
		{"characters beyond ASCII", `"é😀` + "\u2028" + `"`, `"é😀` + "\u2028" + `"`},
		{"escapes become short", `"\u0041\/\u00e9\ud83d\ude00\u001b\u000a\""`, `"A/é😀\u001B\n\""`},
		{"escapes become short inside containers", `{"\u0041":["\/"]}`, `{"A":["/"]}`},
		{"all short escapes", `"\b\f\n\r\t\"\\"`, `"\b\f\n\r\t\"\\"`},
		{"words", `[true,false,null]`, `[true,false,null]`},
		{"empty things", `[{},[],""]`, `[{},[],""]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := parse(t, c.text)
			if got := v.JSON(); got != c.want {
				t.Errorf("JSON %s, want %s", got, c.want)
			}
			if got := string(v.AppendJSON(nil)); got != c.want {
				t.Errorf("AppendJSON %s, want %s", got, c.want)
			}
			if got := v.Size(); got != len(c.want) {
				t.Errorf("Size %d, want %d", got, len(c.want))
			}
			if got := Raw(c.text); got.JSON() != c.want || !Equal(got, v) || got.Size() != len(c.want) {
				t.Errorf("Raw prints %s, want %s", got.JSON(), c.want)
			}
			if fresh := rebuild(v); fresh.JSON() != c.want || fresh.Size() != len(c.want) {
				t.Errorf("rebuilt prints %s, want %s", fresh.JSON(), c.want)
			}
		})
	}
}

// rebuild makes v again without the text that it was read from.
func rebuild(v Value) Value {
	switch v.Kind() {
	case KindArray:
		var items []Value
		for _, item := range v.Items() {
			items = append(items, rebuild(item))
		}
		return Array(items...)
	case KindObject:
		var members []Member
		for _, m := range v.Members() {
			members = append(members, Member{m.Key, rebuild(m.Value)})
		}
		return Object(members...)
	default:
		return v
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text           string
		offset, line, column int
		msg                  string
	}{
		{"nothing", "", 0, 1, 1, "ends where a value should stand"},
		{"only space", " \n ", 3, 2, 2, "ends where a value should stand"},
		{"a second value", "1 2", 2, 1, 3, "nothing may follow"},
		{"duplicate keys", "{\"a\":1,\n \"a\":2}", 9, 2, 2, `the key "a" stands twice`},
		{"duplicate keys written differently", `{"a":1,"\u0061":2}`, 7, 1, 8, `the key "a" stands twice`},
		{"invalid UTF-8", "[\"a\xffb\"]", 3, 1, 4, "byte 0xFF is not UTF-8"},
		{"invalid UTF-8 in a key", "{\"\xc3\":1}", 2, 1, 3, "byte 0xC3 is not UTF-8"},
		{"half a surrogate pair", `"\ud800x"`, 1, 1, 2, "half of a surrogate pair"},
		{"control characters", "\"a\nb\"", 2, 1, 3, "U+000A must be written as an escape"},
		{"an open string", `["abc`, 1, 1, 2, "no closing quote"},
		{"an unknown escape", `"\x"`, 1, 1, 2, `unknown escape \x`},
		{"an unfinished escape", `"\`, 1, 1, 2, "ends inside an escape"},
		{"too few hex digits", `"\u00g0"`, 1, 1, 2, "four hexadecimal digits"},
		{"a trailing comma in an array", "[1,]", 3, 1, 4, "comma may not stand before ']'"},
		{"a trailing comma in an object", `{"a":1,}`, 7, 1, 8, "comma may not stand before '}'"},
		{"a missing comma", "[1 2]", 3, 1, 4, "expected ',' or ']' after an item, found '2'"},
		{"a missing colon", `{"a" 1}`, 5, 1, 6, "expected ':' after the key \"a\", found '1'"},
		{"a bare key", `{a:1}`, 1, 1, 2, "expected a key in double quotes, found 'a'"},
		{"an open array", "[1,\n2", 5, 2, 2, "found the end of the text"},
		{"single quotes", `'a'`, 0, 1, 1, "expected a value, found '''"},
		{"a comment", `// x`, 0, 1, 1, "expected a value"},
		{"a wrong word", `[tru]`, 1, 1, 2, "expected a value, found 't'"},
		{"a word that goes on", `nullx`, 4, 1, 5, "nothing may follow"},
		{"a leading zero", `01`, 0, 1, 1, "may not begin with 0"},
		{"a plus sign", `+1`, 0, 1, 1, "expected a value, found '+'"},
		{"only a sign", `-`, 1, 1, 2, "needs a digit"},
		{"no digit after the point", `1.`, 2, 1, 3, "digit after the point"},
		{"no digit in the exponent", `[1e+]`, 4, 1, 5, "digit in its exponent"},
		{"not a number", `NaN`, 0, 1, 1, "expected a value"},
		{"columns count UTF-16 units", "[\"😀é\", x]", 11, 1, 9, "expected a value, found 'x'"},
		{"a byte order mark", "\ufeff1", 0, 1, 1, "expected a value"},
		{"too deep", strings.Repeat("[", 1001), 1000, 1, 1001, "nested deeper than 1000 levels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.text)
			e, ok := errors.AsType[*SyntaxError](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			if e.Offset != c.offset || e.Line != c.line || e.Column != c.column || !strings.Contains(e.Msg, c.msg) {
				t.Errorf("%+v, want %d %d:%d %q", *e, c.offset, c.line, c.column, c.msg)
			}
		})
	}
}

func TestDepthLimit(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)
	if got := parse(t, text).JSON(); got != text {
		t.Error("1000 levels did not survive")
	}
	wide := "[" + strings.Repeat("[],", 5000) + "[]]"
	if parse(t, wide).Len() != 5001 {
		t.Error("brothers counted as depth")
	}
}

func TestReading(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"s":"text","n":1.50,"b":true,"z":null,"a":[1,2],"o":{"k":"v"}}`)
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"text", v.Get("s").Text(), "text"},
		{"text of a number", v.Get("n").Text(), ""},
		{"literal", v.Get("n").Literal(), "1.50"},
		{"literal of a string", v.Get("s").Literal(), ""},
		{"float", v.Get("n").AsFloat(), 1.5},
		{"bool", v.Get("b").AsBool(), true},
		{"null", v.Get("z").IsNull(), true},
		{"null is not absent", v.Get("z").IsAbsent(), false},
		{"a missing key", v.Get("nope").IsAbsent(), true},
		{"an item", v.Get("a").At(1).Literal(), "2"},
		{"an item too far", v.Get("a").At(2).IsAbsent(), true},
		{"a negative item", v.Get("a").At(-1).IsAbsent(), true},
		{"a key of an array", v.Get("a").Get("x").IsAbsent(), true},
		{"an item of an object", v.At(0).IsAbsent(), true},
		{"length", v.Len(), 6},
		{"length of a string", v.Get("s").Len(), 0},
		{"kinds", fmt.Sprint(v.Kind(), v.Get("s").Kind(), v.Get("nope").Kind()), "object string absent"},
		{"absent prints nothing", Value{}.JSON(), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestWithAndWithout(t *testing.T) {
	t.Parallel()
	v := parse(t, `{"a":1,"b":2}`)
	for _, c := range []struct{ name, got, want string }{
		{"a known key keeps its place", v.With("a", Int(9)).JSON(), `{"a":9,"b":2}`},
		{"a new key goes last", v.With("c", Nil).JSON(), `{"a":1,"b":2,"c":null}`},
		{"absent removes", v.With("a", Value{}).JSON(), `{"b":2}`},
		{"without", v.Without("b").JSON(), `{"a":1}`},
		{"without what is not there", v.Without("x").JSON(), `{"a":1,"b":2}`},
		{"with on nothing", Value{}.With("a", Int(1)).JSON(), `{"a":1}`},
		{"the original stays", v.JSON(), `{"a":1,"b":2}`},
		{"the last of two members counts", Object(Member{"a", Int(1)}, Member{"b", Int(2)}, Member{"a", Int(3)}).JSON(), `{"a":3,"b":2}`},
		{"keys are UTF-8", Object(Member{"a\x80", Int(1)}, Member{"b", Int(2)}).JSON(), "{\"a\uFFFD\":1,\"b\":2}"},
		{"absent members are left out", Object(Member{"a", Value{}}, Member{"b", Int(2)}).JSON(), `{"b":2}`},
		{"absent items are null", Array(Value{}, Int(1)).JSON(), `[null,1]`},
		{"a string is always UTF-8", String("a\xffb").JSON(), `"a` + "\uFFFD" + `b"`},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestLargeObjects(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `,"key%d":%d`, i, i)
	}
	text := "{" + b.String()[1:] + "}"
	for _, v := range []Value{parse(t, text), Raw(text), rebuild(Raw(text)), parse(t, text).With("x", Nil).Without("x")} {
		for i := range 1000 {
			if got, _ := v.Get(fmt.Sprintf("key%d", i)).AsInt(); got != int64(i) {
				t.Fatalf("key%d is %d", i, got)
			}
		}
		if !v.Get("key1000").IsAbsent() {
			t.Error("found a key that is not there")
		}
	}
	if _, err := Parse(text[:len(text)-1] + `,"key500":0}`); err == nil {
		t.Error("a duplicate among a thousand keys was accepted")
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		literal string
		whole   bool
		i       int64
	}{
		{"0", true, 0},
		{"-0", true, 0},
		{"1.0", true, 1},
		{"1E2", true, 100},
		{"12e-1", false, 0},
		{"120e-1", true, 12},
		{"-9223372036854775808", true, math.MinInt64},
		{"9223372036854775808", false, 0},
		{"9.223372036854775807e18", true, math.MaxInt64},
		{"1e400", false, 0},
		{"1e999999999999999999999", false, 0},
		{"0e999999999999999999999", true, 0},
		{"1e-999999999999999999999", false, 0},
	} {
		if i, whole := Number(c.literal).AsInt(); whole != c.whole || i != c.i {
			t.Errorf("%s: %d, %v", c.literal, i, whole)
		}
	}
	for _, bad := range []string{"", "1.", "01", "+1", "1e", "NaN", " 1", "1 ", "0x1"} {
		if !Number(bad).IsAbsent() {
			t.Errorf("%q passed as a number", bad)
		}
	}
	for f, want := range map[float64]string{0: "0", 1.5: "1.5", 1e21: "1e+21", 100: "100", 1e-7: "1e-07", math.Inf(1): "null", math.NaN(): "null"} {
		if got := Float(f).JSON(); got != want {
			t.Errorf("Float(%v) is %s, want %s", f, got, want)
		}
	}
}

func TestEqualAndCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b  string
		equal bool
	}{
		{"1", "1.0", true},
		{"1E5", "100000", true},
		{"-0", "0.0e7", true},
		{"12345678901234567890", "12345678901234567891", false},
		{"0.1", "0.10", true},
		{"1", `"1"`, false},
		{`{"a":1,"b":2}`, `{"b":2.0,"a":1}`, true},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"a":1}`, `{"b":1}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`[1,2]`, `[1]`, false},
		{`null`, `false`, false},
		{`"\u0041"`, `"A"`, true},
	} {
		a, b := parse(t, c.a), parse(t, c.b)
		if Equal(a, b) != c.equal || Equal(b, a) != c.equal || cmp.Equal(a, b) != c.equal {
			t.Errorf("%s and %s: want %v", c.a, c.b, c.equal)
		}
		if (Canonical(a) == Canonical(b)) != c.equal {
			t.Errorf("canonical %s and %s: want %v", Canonical(a), Canonical(b), c.equal)
		}
	}
	if Equal(Value{}, Nil) || !Equal(Value{}, Value{}) {
		t.Error("absent equals absent and nothing else")
	}
	ascending := []string{"-1e400", "-12", "-1.5", "-1", "0", "1e-400", "0.99", "1", "1.01", "9", "10", "1e400"}
	for i := range ascending {
		for j := range ascending {
			if got := Compare(Number(ascending[i]), Number(ascending[j])); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("Compare(%s, %s) = %d", ascending[i], ascending[j], got)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	if got := Plain(parse(t, `{"Arg1":1,"Arg2":[],"c":["x",null,{"d":true}]}`)); got != `{Arg1=1, Arg2=[], c=[x, null, {d=true}]}` {
		t.Error(got)
	}
}

func TestEncodingJSON(t *testing.T) {
	t.Parallel()
	type row struct {
		In  Value `json:"in"`
		Out Value `json:"out,omitzero"`
	}
	var r row
	if err := json.Unmarshal([]byte(`{"in": {"b" : 1.0, "a": null}}`), &r); err != nil {
		t.Fatal(err)
	}
	if !r.Out.IsAbsent() || r.In.Get("b").Literal() != "1.0" {
		t.Errorf("%+v", r)
	}
	text, err := json.Marshal(r)
	if err != nil || string(text) != `{"in":{"b":1.0,"a":null}}` {
		t.Errorf("%s, %v", text, err)
	}
	if err := json.Unmarshal([]byte(`{"in":null}`), &r); err != nil || !r.In.IsNull() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRawIsLenientAboutWhatOthersAccept(t *testing.T) {
	t.Parallel()
	if got := Raw(`{"a":1,"b":2,"a":3}`).Get("a").Literal(); got != "3" {
		t.Errorf("a is %s", got)
	}
	if got := Raw("[\"\xff\"]").At(0).Text(); got != "\uFFFD" {
		t.Errorf("%q", got)
	}
	if !Raw("  ").IsAbsent() {
		t.Error("blank text is absent")
	}
}

func TestReadersDoNotDisturbOneAnother(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, `, "k%d": [%d]`, i, i)
	}
	v := Raw("{" + b.String()[1:] + "}")
	with := parse(t, v.JSON()).With("x", Nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 100 {
				key := fmt.Sprintf("k%d", i)
				if v.Get(key).Len() != 1 || with.Get(key).Len() != 1 {
					t.Error("lost " + key)
				}
			}
			if v.Size() != len(v.JSON()) || len(with.JSON()) == 0 {
				t.Error("sizes differ")
			}
		})
	}
	wg.Wait()
}
