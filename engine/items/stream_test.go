package items_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/items"
	"statehouse/engine/object"
	"statehouse/engine/value"
)

// stream is a store whose objects are made while they are read, and that forgets what is
// written.
type stream struct {
	open    func() io.Reader
	size    int64
	written int64
}

func (s *stream) Open(context.Context, string, string, object.Get) (io.ReadCloser, object.Info, error) {
	return io.NopCloser(s.open()), object.Info{Size: s.size}, nil
}

func (s *stream) OpenAt(context.Context, string, string, object.Get) (object.ReaderAt, error) {
	return nil, object.ErrNoKey
}

func (s *stream) List(context.Context, string, string, string) iter.Seq2[object.Info, error] {
	return func(func(object.Info, error) bool) {}
}

func (s *stream) Create(context.Context, string, string) (object.Writer, error) { return sink{s}, nil }

type sink struct{ s *stream }

func (w sink) Write(p []byte) (int, error) {
	w.s.written += int64(len(p))
	return len(p), nil
}
func (w sink) Commit() error { return nil }
func (w sink) Abort()        {}

// repeated is head, n times body and tail.
func repeated(head, body string, n int, tail string) io.Reader {
	return io.MultiReader(strings.NewReader(head), &repeater{text: body, left: n}, strings.NewReader(tail))
}

type repeater struct {
	text string
	at   int
	left int
}

func (r *repeater) Read(p []byte) (n int, err error) {
	for n < len(p) && r.left > 0 {
		c := copy(p[n:], r.text[r.at:])
		n += c
		if r.at += c; r.at == len(r.text) {
			r.at = 0
			r.left--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

const (
	row = `1,307,3.5,"a longer field, with ""quotes""",1256677221` + "\n"
	doc = `{"userId":"1","movieId":[307,3.5],"text":"a longer field, with \"quotes\"]"}`
)

// large are data sets of about so many bytes in each format.
func large(size int) map[string]struct {
	config string
	open   func() io.Reader
} {
	return map[string]struct {
		config string
		open   func() io.Reader
	}{
		"CSV":   {`{"InputType":"CSV"}`, func() io.Reader { return repeated("a,b,c,d,e\n", row, size/len(row), "") }},
		"JSON":  {`{"InputType":"JSON","ItemsPointer":"/x/items"}`, func() io.Reader { return repeated(`{"x":{"items":[0`, ",\n"+doc, size/len(doc), `]}}`) }},
		"JSONL": {`{"InputType":"JSONL"}`, func() io.Reader { return repeated("", doc+"\n", size/len(doc), "") }},
	}
}

// A long data set costs no more memory than a short one. (No other test runs meanwhile.)
func TestMemoryDoesNotGrowWithTheDataSet(t *testing.T) {
	const bound = 1 << 20
	for name, size := range map[string]int64{"CSV": 100 << 20, "JSON": 30 << 20, "JSONL": 30 << 20} {
		t.Run(name, func(t *testing.T) {
			test := large(int(size))[name]
			r, err := items.Open(t.Context(), &stream{open: test.open, size: size}, object1("f", test.config))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			grown := growth(t, func() bool {
				_, err := r.Next(t.Context())
				if err != nil && !errors.Is(err, io.EOF) {
					t.Fatal(err)
				}
				return err == nil
			})
			if grown > bound {
				t.Errorf("memory grew by %d bytes", grown)
			}
		})
	}
}

func TestMemoryDoesNotGrowWithTheResults(t *testing.T) {
	store := &stream{}
	w, err := items.NewWriter(t.Context(), store, run, 0, exportTo("p", ""))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	grown := growth(t, func() bool {
		n++
		v := parse(doc)
		if err := w.Write(t.Context(), items.Result{Status: items.Succeeded, Input: v, Output: v}); err != nil {
			t.Fatal(err)
		}
		return n < 300_000
	})
	if _, err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if grown > 1<<20 || store.written < 50<<20 {
		t.Errorf("memory grew by %d bytes while %d were written", grown, store.written)
	}
}

// growth is by how many bytes the live memory is larger at the highest than at the begin.
func growth(t *testing.T, step func() bool) int64 {
	t.Helper()
	var first, highest uint64
	for n := 1; step(); n++ {
		if n%200_000 != 1000 {
			continue
		}
		highest = max(highest, live())
		if first == 0 {
			first = highest
		}
	}
	return int64(highest - first)
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Where the pieces of a file begin and end makes no difference, nor does a broken one lead
// anywhere but to a failure.
func whateverThePieces(t *testing.T, config, file string) (all []string, cause string) {
	t.Helper()
	s := object1("f", config)
	s.Limits.Item = 1 << 20
	all, cause = read(t, &stream{open: func() io.Reader { return strings.NewReader(file) }}, s)
	for name, pieces := range map[string]func(io.Reader) io.Reader{"one byte": iotest.OneByteReader, "half": iotest.HalfReader, "late end": iotest.DataErrReader} {
		again, why := read(t, &stream{open: func() io.Reader { return pieces(strings.NewReader(file)) }}, s)
		if diff := cmp.Diff(all, again); diff != "" || why != cause {
			t.Errorf("read by %s: %s, was %s %s", name, why, cause, diff)
		}
	}
	return all, cause
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a\n\"x\"\"y\",\\\"z\\", "\"a\nb\"\r\n\\,,\" \"\n", "a,a\n", "\xEF\xBB\xBFa\n \"b\" c\n\xff"} {
		f.Add(seed, "COMMA")
		f.Add(seed, "SPACE")
	}
	f.Fuzz(func(t *testing.T, file, delimiter string) {
		config := fmt.Sprintf(`{"InputType":"CSV","CSVDelimiter":%s}`, value.String(delimiter).JSON())
		all, _ := whateverThePieces(t, config, file)
		for i, row := range all {
			if v := parse(row); v.Len() != parse(all[0]).Len() {
				t.Errorf("row %d has other fields: %s", i, row)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`[1,"a\"]",{"b":[]}]`, `[{"a":1},null,-1.5e9]`, `[`, `[1,]`, `[[[]]] x`, ` [ "\\" , "\u0041" ] `, `[tru e]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		all, cause := whateverThePieces(t, `{"InputType":"JSON"}`, file)
		v, err := value.Parse(strings.TrimPrefix(file, "\uFEFF"))
		if err != nil {
			return // the reader may have stopped before it
		}
		var want []string
		for _, item := range v.Items() {
			want = append(want, item.JSON())
		}
		if (cause == "") != (v.Kind() == value.KindArray) {
			t.Errorf("%s for a valid %s", cause, v.Kind())
		}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Error(diff)
		}
	})
}

func FuzzJSONPointer(f *testing.F) {
	f.Add(`{"a":[{"b":[1,2]},{}],"c":{"d":3}}`, "/a/0/b")
	f.Add(`{"a":{"":{"x":1}}}`, "/a/")
	f.Fuzz(func(t *testing.T, file, pointer string) {
		config := value.Object(value.Member{Key: "InputType", Value: value.String("JSON")}, value.Member{Key: "ItemsPointer", Value: value.String(pointer)})
		whateverThePieces(t, config.JSON(), file)
	})
}

func FuzzJSONLines(f *testing.F) {
	f.Add("{}\n\n[1]\r\n\"x\"")
	f.Fuzz(func(t *testing.T, file string) { whateverThePieces(t, `{"InputType":"JSONL"}`, file) })
}
