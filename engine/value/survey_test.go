package value

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// FuzzLook holds the first look against the parser: they accept the same containers, and what
// is read later is what the parser reads at once.
func FuzzLook(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.50,-0,1E5,{"b":null}],"c":"\u00e9\ud83d\ude00\n"}`, `[[[[]]]]`, ` { "a" : [ ] , "\u0061b" : { } } `,
		`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, "[\"\xff\"]", "[\"é\u2028\xf0\x9f\x98\"]", `["\ud800"]`, `["\/"]`, `[1,]`, `{"a":1,}`,
		`{"a"}`, `{a:1}`, `[01]`, `[1 2]`, `["a`, `["\x"]`, `[] []`, `[`, `{"a":tru}`, "[\"\n\"]", `{"":0,"b":[{},{"":""}]}`,
		keys(40), keys(40)[:300] + `}`, strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
		strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), `[` + strings.Repeat(`{"a":[0]},`, 100) + `0]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := parser{text: text}
		want, err := p.document()
		got, ok := look(text)
		if container := want.node != nil; ok != (err == nil && container) {
			t.Fatalf("%q: look says %v, the parser %v", text, ok, err)
		}
		if ok {
			glanced(t, got, want)
			same(t, got, want)
		}
	})
}

// glanced looks for the members of all objects before they are taken apart.
func glanced(t *testing.T, got, want Value) {
	t.Helper()
	for _, m := range append(want.Members(), Member{Key: "no such key"}) {
		if found := got.Get(m.Key); found.kind != m.Value.kind || found.text != m.Value.text {
			t.Fatalf("%q of %s is %s", m.Key, want, found)
		}
	}
	for _, m := range want.Members() {
		glanced(t, got.Get(m.Key), m.Value)
	}
	for i, item := range want.Items() {
		glanced(t, got.At(i), item)
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":[%d]`, i%100, i)
	}
	return "{" + b.String()[1:] + "}"
}

// same compares trees down to what each container remembers about its text.
func same(t *testing.T, got, want Value) {
	t.Helper()
	if got.kind != want.kind || got.text != want.text || got.Len() != want.Len() {
		t.Fatalf("got %s, want %s", got, want)
	}
	if want.node != nil && (got.node.text != want.node.text || got.node.compact != want.node.compact) {
		t.Fatalf("text %q (%v), want %q (%v)", got.node.text, got.node.compact, want.node.text, want.node.compact)
	}
	for i, item := range want.Items() {
		same(t, got.At(i), item)
	}
	for i, m := range want.Members() {
		if key := got.Members()[i].Key; key != m.Key {
			t.Fatalf("key %q, want %q", key, m.Key)
		}
		same(t, got.Get(m.Key), m.Value)
	}
}

func TestRepeatedKeysAreFoundInLargeObjects(t *testing.T) {
	t.Parallel()
	if v, err := Parse(keys(100)); err != nil || v.Get("k77").At(0).Literal() != "77" {
		t.Fatal(v, err)
	}
	_, err := Parse(keys(101))
	if err == nil || !strings.Contains(err.Error(), `the key "k0" stands twice in one object`) {
		t.Fatal(err)
	}
}

// Each container is taken apart once, whoever comes first.
func TestManyMayReadWhatSleeps(t *testing.T) {
	t.Parallel()
	text := order(50)
	for _, v := range []Value{Raw(text), must(Parse(text))} {
		var wg sync.WaitGroup
		first := make([]Value, 8)
		for i := range first {
			wg.Go(func() {
				first[i] = v.Get("items").At(17).Get("tags")
				if !Equal(v, Raw(text)) {
					t.Error("read otherwise")
				}
			})
		}
		wg.Wait()
		for _, x := range first {
			if !Same(x, first[0]) {
				t.Error("one array was read twice")
			}
		}
	}
}

func must(v Value, err error) Value {
	if err != nil {
		panic(err)
	}
	return v
}
