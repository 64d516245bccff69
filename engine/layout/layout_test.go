package layout_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"first.statehouse"

	"statehouse/engine/asl"
	"statehouse/engine/layout"
	"statehouse/engine/starter"
)

// The test binary is its own worker, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "graphviz-worker":
			if err := layout.WorkerMain(os.Stdin, os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		case "stuck-worker":
			io.Copy(io.Discard, os.Stdin) //nolint:errcheck // reads and never answers
			os.Exit(0)
		case "broken-worker":
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func renderer(t *testing.T, c layout.Config, worker string) *layout.Renderer {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c.Command = []string{self, worker}
	r := layout.NewRenderer(c)
	t.Cleanup(r.Close)
	return r
}

func TestPicturesCanStandInAPage(t *testing.T) {
	t.Parallel()
	r := renderer(t, layout.Config{}, "graphviz-worker")
	definitions := map[string]string{"sample": starter.Sample().Definition}
	for _, s := range starter.All() {
		definitions[s.ID] = s.Definition
	}
	for name, definition := range definitions {
		svg, err := r.SVG(t.Context(), definition)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !strings.HasPrefix(svg, `<svg class="thumb"`) || !strings.Contains(svg, `aria-hidden="true"`) {
			t.Errorf("%s begins with %.80s", name, svg)
		}
		for _, word := range []string{"<?xml", "<!", "<title", " id=", "style=", "href", "script"} {
			if strings.Contains(svg, word) {
				t.Errorf("%s holds %s", name, word)
			}
		}
		if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryStateIsDrawn(t *testing.T) {
	t.Parallel()
	r := renderer(t, layout.Config{}, "graphviz-worker")
	svg, err := r.SVG(t.Context(), starter.Sample().Definition)
	if err != nil {
		t.Fatal(err)
	}
	for class, want := range map[string]int{
		`class="node start"`: 1, `class="node task human"`: 1, `class="node choice"`: 1, `class="node wait"`: 4, `class="node pass"`: 3,
		`class="node fail"`: 1, `class="node succeed"`: 1, `class="cluster parallel"`: 1, `class="cluster map"`: 1,
		`class="edge catch"`: 2, `stroke-dasharray`: 2, `anchor"`: 0,
	} {
		if got := strings.Count(svg, class); got != want {
			t.Errorf("%d of %s, want %d", got, class, want)
		}
	}
}

func TestNamesAreOnlyText(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		`</text><script>alert(1)</script>`, `"] n9 [URL="javascript:alert(1)`, `\N \G "quoted\" back\\`, `<b>&amp;</b>`, `&#60;b&#62;`, "日本語 😀",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := renderer(t, layout.Config{}, "graphviz-worker")
			definition := fmt.Sprintf(`{"StartAt":%q,"States":{%q:{"Type":"Succeed"}}}`, name, name)
			svg, err := r.SVG(t.Context(), definition)
			if err != nil {
				t.Fatal(err)
			}
			texts := textsOf(t, svg)
			want := []rune(name)
			if len(want) > 26 {
				want = append(want[:25:25], '…')
			}
			if len(texts) != 1 || texts[0] != string(want) {
				t.Errorf("texts %q, want %q", texts, string(want))
			}
			if strings.Count(svg, `class="node`) != 2 {
				t.Errorf("the name made nodes: %s", svg)
			}
		})
	}
}

// textsOf lists the words of a picture.
func textsOf(t *testing.T, svg string) []string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	var out []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if !strings.Contains("svg g rect circle path polygon text", e.Name.Local) {
				t.Errorf("element %s", e.Name.Local)
			}
		case xml.CharData:
			out = append(out, string(e))
		}
	}
}

func TestADefinitionWithErrorsHasNoPicture(t *testing.T) {
	t.Parallel()
	r := renderer(t, layout.Config{}, "broken-worker")
	if _, err := r.SVG(t.Context(), `{"StartAt":"A"}`); !errors.Is(err, layout.ErrNoPicture) {
		t.Errorf("error %v, want ErrNoPicture", err)
	}
}

func TestAStuckWorkerIsKilledAtTheDeadline(t *testing.T) {
	t.Parallel()
	hello, _ := starter.Find("hello")
	r := renderer(t, layout.Config{Deadline: 50 * time.Millisecond}, "stuck-worker")
	for range 2 { // the second worker is a new one
		if _, err := r.SVG(t.Context(), hello.Definition); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want that of the deadline", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.SVG(ctx, hello.Definition); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestABrokenWorkerIsAnError(t *testing.T) {
	t.Parallel()
	hello, _ := starter.Find("hello")
	if _, err := renderer(t, layout.Config{}, "broken-worker").SVG(t.Context(), hello.Definition); err == nil {
		t.Error("no error")
	}
	r := layout.NewRenderer(layout.Config{Command: []string{filepath.Join(t.TempDir(), "none")}})
	if _, err := r.SVG(t.Context(), hello.Definition); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want that of the missing file", err)
	}
	r.Close()
	if _, err := r.SVG(t.Context(), hello.Definition); !errors.Is(err, layout.ErrClosed) {
		t.Errorf("error %v, want ErrClosed", err)
	}
}

func TestWorkersAreReplacedAndPicturesKept(t *testing.T) {
	t.Parallel()
	r := renderer(t, layout.Config{Recycle: 2, Cache: 3}, "graphviz-worker")
	var first string
	for i := range 7 {
		svg, err := r.SVG(t.Context(), fmt.Sprintf(`{"StartAt":"S%d","States":{"S%d":{"Type":"Succeed"}}}`, i, i))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = svg
		}
	}
	again, err := r.SVG(t.Context(), `{"StartAt":"S0","States":{"S0":{"Type":"Succeed"}}}`)
	if err != nil || again != first {
		t.Errorf("drawn again: %v", err)
	}
	r.Close()
	if kept, err := r.SVG(t.Context(), `{"StartAt":"S0","States":{"S0":{"Type":"Succeed"}}}`); err != nil || kept != first {
		t.Errorf("not kept: %v", err)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	r := renderer(t, layout.Config{}, "graphviz-worker")
	faults := make(chan error)
	for i := range 20 {
		go func() {
			_, err := r.SVG(t.Context(), fmt.Sprintf(`{"StartAt":"S%d","States":{"S%d":{"Type":"Succeed"}}}`, i%5, i%5))
			faults <- err
		}()
	}
	for range 20 {
		if err := <-faults; err != nil {
			t.Error(err)
		}
	}
}

// Machine code must never come from a folder that others can write.
func TestGraphvizKeepsItsCodeInAPrivateFolder(t *testing.T) {
	t.Parallel()
	if !first.Ours(first.Dir()) {
		t.Errorf("%s can be written by others", first.Dir())
	}
	if os.Getenv("TMPDIR") == first.Dir() {
		t.Error("TMPDIR was not given back")
	}
	open := t.TempDir()
	if err := os.Chmod(open, 0o777); err != nil { //nolint:gosec // the folder that must be refused
		t.Fatal(err)
	}
	if first.Ours(open) || first.Ours(filepath.Join(open, "none")) {
		t.Error("a folder that everybody can write counts as ours")
	}
	tmp := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	worker := exec.CommandContext(t.Context(), self, "graphviz-worker")
	worker.Env = append(os.Environ(), "TMPDIR="+tmp)
	if out, err := worker.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left in TMPDIR: %v %v", left, err)
	}
}

func TestRealWorkflowsAreDrawn(t *testing.T) {
	t.Parallel()
	r := renderer(t, layout.Config{}, "graphviz-worker")
	text, err := os.ReadFile("../asl/testdata/workflows.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if i%10 != 0 {
			continue // every tenth is enough for each run
		}
		_, definition, _ := strings.Cut(line, `"definition":`)
		definition = strings.TrimSuffix(definition, "}")
		if m, _ := asl.Parse(definition); m == nil {
			continue
		}
		if _, err := r.SVG(t.Context(), definition); err != nil {
			t.Errorf("line %d: %v", i+1, err)
		}
		drawn++
	}
	if drawn < 20 {
		t.Errorf("%d drawn", drawn)
	}
}
