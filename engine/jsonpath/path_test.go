package jsonpath

import (
	"errors"
	"strings"
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

func TestRoots(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path     string
		root     Root
		variable string
	}{
		{"$", Input, ""},
		{"$.a", Input, ""},
		{"$['a']", Input, ""},
		{"$$", Context, ""},
		{"$$.Execution.Id", Context, ""},
		{"$$['Task'].Token", Context, ""},
		{"$order", Variable, "order"},
		{"$order_2.items[0]", Variable, "order_2"},
		{"$états['x']", Variable, "états"},
		{"$e\u0301tat.x", Variable, "e\u0301tat"}, // with marks that combine
		{"$नाम[0]", Variable, "नाम"},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			p, err := Parse(c.path)
			if err != nil || p.Root() != c.root || p.Variable() != c.variable || p.String() != c.path {
				t.Errorf("%+v, %v", p, err)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path   string
		offset int
		msg    string
	}{
		{"", 0, "begins with '$'"},
		{" $.a", 0, "begins with '$'"},
		{"$.a\x83", 0, "UTF-8"},
		{"$2", 1, "expected '.' or '['"},
		{"$a-b", 2, "expected '.' or '['"},
		{"$.a b", 3, "in brackets"},
		{"$.a]", 3, "closes nothing"},
		{"$.a[1,]", 4, "no index"},
		{"$.a[99999999999999999999]", 4, "no index"},
		{"$.a['b'", 3, "not closed"},
		{"$.a['b]", 4, "closing '"},
		{"$...a", 3, "must follow the dots"},
		{"$..sum()", 8, "between '..' and the function"},
		{"$..a..sum()", 11, "between '..' and the function"},
		{"$.a[?(@.b =~ 'x')]", 6, "regular expression"},
		{"$.a[?(@.b =~ /(/)]", 13, "regular expression"},
		{"$.a[?($$.b == 1)]", 6, "context"},
		{"$.a[?(@.b == #)]", 13, "quoted string"},
		{"$.a[?" + strings.Repeat("(", 100), 0, "too many parentheses"},
		{"$.a[?(" + strings.Repeat("!", 100), 0, "too many '!'"},
		{"$.a[?(@.x in " + strings.Repeat("[", 100), 0, "too deeply"},
		{"$" + strings.Repeat("[?(@", 100), 0, "too many"},
	} {
		t.Run(c.path[:min(len(c.path), 20)], func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.path)
			e, ok := errors.AsType[*SyntaxError](err)
			if !ok || c.offset != 0 && e.Offset != c.offset || !strings.Contains(e.Msg, c.msg) {
				t.Errorf("error %v at %+v, want %q at %d", err, e, c.msg, c.offset)
			}
		})
	}
}

func TestReferencePaths(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"$", "$.a", "$.a.b[0]", "$['a:b'].c", "$['*']", "$$.Task.Token", "$v.x", "$.a[-1]", `$['it\'s: *']`, `$["a\\"].b`} {
		if _, err := ParseReference(ok); err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct{ path, msg string }{
		{"$.a[*]", "'*'"},
		{"$.*", "'*'"},
		{"$..a", "'..'"},
		{"$.a[1:2]", "':'"},
		{"$.a[0,1]", "','"},
		{"$['a','b']", "','"},
		{"$.a[?(@.b)]", "a filter"},
		{"$.a.length()", "length()"},
		{"$.@type", "'@'"},
		{"$.a:b", "':'"},
		{"$.a[", "not closed"},
	} {
		if _, err := ParseReference(c.path); err == nil || !strings.Contains(err.Error(), c.msg) {
			t.Errorf("%s: error %v, want it to say %s", c.path, err, c.msg)
		}
	}
}

func TestFiltersBeyondTheRows(t *testing.T) {
	t.Parallel()
	doc := parse(t, `{"limit":2,"list":[{"n":1,"t":["a"]},{"n":2,"t":["a","b"]},{"n":3,"t":[]},{"n":"1.0","t":"abc"}]}`)
	for _, c := range []struct{ path, want string }{
		{"$.list[?(@.n>1&&@.n<3)].n", `[2]`},
		{"$.list[?(@.n > $.limit)].n", `[3]`},
		{"$.list[?(@.t contains 'a')].n", `[1,2,"1.0"]`},
		{"$.list[?(@.t anyof ['b','c'])].n", `[2]`},
		{"$.list[?(@.t noneof ['b'])].n", `[1,3]`},
		{"$.list[?(@.t subsetof ['a'])].n", `[1,3]`},
		{"$.list[?(@.t all ['a','b'])].n", `[2]`},
		{"$.list[?(@.t size 2)].n", `[2]`},
		{"$.list[?(@.t empty true)].n", `[3]`},
		{"$.list[?(@.n === 1)].n", `[1]`},
		{"$.list[?(@.n !== 1)].n", `[2,3,"1.0"]`},
		{"$.list[?(1 == @.n)].n", `[1,"1.0"]`},
		{"$.list[?(@.n == 1)].n", `[1]`},
		{"$.list[?(@.t =~ /B.*|a.c/i)].n", `["1.0"]`},
		{"$.list[?(!(@.n == 2) && !@.x)].n", `[1,3,"1.0"]`},
		{"$.list[?(@.t == ['a'])].n", `[1]`},
		{`$.list[?(@ == {"n": 3, 't': []})].n`, `[3]`},
		{"$.list[?(@.t[?(@ == 'b')])].n", `[1,2,3]`},
		{"$.list[?(@.t.length() == 2)].n", `[2]`},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			p, err := Parse(c.path)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := p.Find(doc); got.JSON() != c.want {
				t.Errorf("got %s, want %s: %v", got, c.want, err)
			}
		})
	}
}

func TestNothingToReadFrom(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"$": "", "$.a": "", "$[0]": "", "$.*": "[]", "$..a": "[]"} {
		p, err := Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Find(value.Value{}); (err == nil) != (want != "") || got.JSON() != want {
			t.Errorf("%s gives %s, %v", path, got, err)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, doc, val, want string }{
		{"$", `{"a":1}`, `2`, `2`},
		{"$.b", `{"a":1}`, `2`, `{"a":1,"b":2}`},
		{"$.a", `{"a":1,"b":2}`, `null`, `{"a":null,"b":2}`},
		{"$.x.y.z", `{}`, `[1]`, `{"x":{"y":{"z":[1]}}}`},
		{"$.a[1]", `{"a":[1,2,3]}`, `9`, `{"a":[1,9,3]}`},
		{"$.a[0].b", `{"a":[{}]}`, `9`, `{"a":[{"b":9}]}`},
		{"$['a.b']", `{}`, `1`, `{"a.b":1}`},
		{"$.a", `[]`, `1`, "Unable to apply ReferencePath $.a to input []"},
		{"$.a", `null`, `1`, "Unable to apply ReferencePath $.a to input null"},
		{"$.a.b", `{"a":"text"}`, `1`, `Unable to apply ReferencePath $.a.b to input {"a":"text"}`},
		{"$.a[3]", `{"a":[1]}`, `1`, `Unable to apply ReferencePath $.a[3] to input {"a":[1]}`},
		{"$.a[0]", `{}`, `1`, `Unable to apply ReferencePath $.a[0] to input {}`},
	} {
		t.Run(c.path+" in "+c.doc, func(t *testing.T) {
			t.Parallel()
			p, err := ParseReference(c.path)
			if err != nil {
				t.Fatal(err)
			}
			doc := parse(t, c.doc)
			got, err := p.Set(doc, parse(t, c.val))
			if err != nil {
				if err.Error() != c.want {
					t.Errorf("error %v, want %s", err, c.want)
				}
				return
			}
			if got.JSON() != c.want || doc.JSON() != c.doc {
				t.Errorf("got %s, want %s; document now %s", got, c.want, doc)
			}
		})
	}
}

func TestGreedyPathsGiveUp(t *testing.T) {
	t.Parallel()
	doc := parse(t, strings.Repeat("[1,", 200)+"1"+strings.Repeat("]", 200))
	for _, c := range []struct {
		path  string
		gives bool
	}{
		{"$..*", true},
		{"$[*][*][*]", true},
		{"$" + strings.Repeat("..*", 5), false},
		{"$..*[?(@..*..*..*..*..*)]", false},
	} {
		p, err := Parse(c.path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Find(doc); (err == nil) != c.gives || err != nil && !strings.Contains(err.Error(), "too many") {
			t.Errorf("%s: error %v", c.path, err)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{
		"$.a.b[0]", "$['a','b']", "$..a[-1:]", "$.a[?(@.b > 1 && (@.c || !@.d))]", "$$.x", "$v.y",
		"$.sum($.a, 1, 'x')", "$.a[?(@.b =~ /x.*/i)]", "$.a[?(@ in [1,'2',{\"k\":null}])]", "$..*.length()",
	} {
		f.Add(seed)
	}
	doc := value.Raw(`{"a":[{"b":1,"c":"x"},{"b":2,"d":[1,2,{"e":null}]},[3,4],"t"],"b":{"k":true},"length":3}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			if e, ok := errors.AsType[*SyntaxError](err); !ok || e.Offset < 0 || e.Offset > len(text) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		v, err := p.Find(doc)
		if err == nil && !p.Definite() && v.Kind() != value.KindArray {
			t.Errorf("%q gives %s", text, v)
		}
		if r, err := ParseReference(text); err == nil {
			if set, err := r.Set(doc, value.Int(7)); err == nil {
				if got, err := r.Find(set); err != nil || got.Literal() != "7" {
					t.Errorf("%q: set and found %s, %v", text, got, err)
				}
			}
		}
	})
}

func BenchmarkDefinite(b *testing.B)   { benchmark(b, "$.store.book[2].title") }
func BenchmarkIndefinite(b *testing.B) { benchmark(b, "$.store.book[?(@.price < 10)].title") }

func benchmark(b *testing.B, text string) {
	doc := parse(b, `{"store":{"book":[{"title":"A","price":8.95},{"title":"B","price":12.99},{"title":"C","price":8.99}]}}`)
	p, err := Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Find(doc); err != nil {
			b.Fatal(err)
		}
	}
}
