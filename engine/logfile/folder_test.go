package logfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/history"
	"statehouse/engine/logging"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// house is a folder and its clock.
type house struct {
	*testing.T
	*Folder
	settings Config
	now      time.Time
}

func newHouse(t *testing.T, c Config) *house {
	t.Helper()
	h := &house{T: t, settings: c, now: noon}
	h.settings.Dir = filepath.Join(t.TempDir(), "logs")
	h.settings.Clock = func() time.Time { return h.now }
	h.open()
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func (h *house) open() {
	h.Helper()
	var err error
	if h.Folder, err = Open(h.settings); err != nil {
		h.Fatal(err)
	}
}

func (h *house) restart() {
	h.Helper()
	if err := h.Close(); err != nil {
		h.Fatal(err)
	}
	h.open()
}

// line is record number n of a machine's execution.
func line(group, machine string, n int, at time.Time) Line {
	e := history.Event{ID: history.ID(n), Previous: history.ID(n - 1), Type: history.PassStateEntered, At: at, Details: history.Details{Name: fmt.Sprint("S", n)}}
	c := logging.Config{Level: logging.All, Group: group}
	return Line{group, machine, at, c.Record(nil, &e, "arn:aws:states:us-east-1:000000000000:execution:"+machine+":x", 0)}
}

func (h *house) append(lines ...Line) {
	h.Helper()
	if lost, err := h.Append(lines); err != nil || lost != 0 {
		h.Fatalf("append: %d lost, %v", lost, err)
	}
}

// ids are the event ids of records, in order.
func ids(events []Event) []string {
	var list []string
	for _, e := range events {
		_, rest, _ := strings.Cut(e.Text, `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		list = append(list, id)
	}
	return list
}

// all reads a group page by page.
func (h *house) all(q Query) []string {
	h.Helper()
	var list []string
	for {
		p, err := h.Filter(h.Context(), q)
		if err != nil {
			h.Fatal(err)
		}
		list = append(list, ids(p.Events)...)
		if q.Token = p.Next; p.Next == "" {
			return list
		}
	}
}

func (h *house) want(what string, got, want []string) {
	h.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		h.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestRecordsComeBackInTheirOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Config{StreamBytes: 600})
	var want, down []string
	for n := 1; n <= 40; n++ { // two machines take turns; streams are full after three records, or an hour
		at := noon.Add(time.Duration(n) * 5 * time.Minute)
		h.append(line("g", []string{"A", "B"}[n%2], n, at))
		want = append(want, fmt.Sprint(n))
		if n%2 == 0 {
			down = append([]string{fmt.Sprint(n)}, down...)
		}
		if n%13 == 0 {
			h.restart()
		}
	}
	for _, limit := range []int{1, 7, 100} {
		h.want(fmt.Sprint("pages of ", limit), h.all(Query{Group: "g", Limit: limit}), want)
		var got []string
		for q := (Newest{Machine: "A", Limit: limit}); ; {
			p, err := h.Newest(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, ids(p.Events)...)
			if q.Token = p.Next; q.Token == "" {
				break
			}
		}
		h.want(fmt.Sprint("the newest first, ", limit, " a page"), got, down)
	}
	h.want("a range", h.all(Query{Group: "g", Limit: 100, Range: Range{noon.Add(50 * time.Minute), noon.Add(60 * time.Minute)}}), []string{"10", "11"})
	h.want("some streams", h.all(Query{Group: "g", Limit: 3, Stream: func(s string) bool { return strings.HasPrefix(s, Prefix("B")) }, Range: Range{To: noon.Add(30 * time.Minute)}}), []string{"1", "3", "5"})
	h.want("a pattern", h.all(Query{Group: "g", Limit: 1, Match: func(l []byte) bool { return strings.Contains(string(l), `"S3`) }}), []string{"3", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39"})
	streams, err := h.Streams("g", Prefix("A"))
	if err != nil || len(streams) < 5 {
		t.Fatalf("streams %v, %v", streams, err)
	}
	for _, s := range streams {
		if err := h.Times("g", &s); err != nil || s.First.IsZero() || s.Last.Sub(s.Begin) > time.Hour || !strings.HasPrefix(s.Name, "states/A/"+s.Begin.Format(minutes)+"/") {
			t.Errorf("stream %+v, %v", s, err)
		}
	}
	if _, err := h.Filter(t.Context(), Query{Group: "g", Limit: 1, Token: "x!"}); !errors.Is(err, ErrToken) {
		t.Errorf("a made-up token: %v", err)
	}
}

func TestOneStreamIsReadInBothDirections(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Config{})
	for n := 1; n <= 10; n++ {
		h.append(line("g", "A", n, noon.Add(time.Duration(n)*time.Second)))
	}
	streams, err := h.Streams("g", "")
	if err != nil || len(streams) != 1 {
		t.Fatalf("streams %v, %v", streams, err)
	}
	read := func(q StreamQuery) StreamPage {
		t.Helper()
		q.Group, q.Stream = "g", streams[0].Name
		p, err := h.ReadStream(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := read(StreamQuery{Limit: 4})
	h.want("from the head", ids(p.Events), []string{"1", "2", "3", "4"})
	h.want("on", ids(read(StreamQuery{Limit: 4, From: p.To}).Events), []string{"5", "6", "7", "8"})
	p = read(StreamQuery{Limit: 4, Back: true, Before: -1})
	h.want("from the tail", ids(p.Events), []string{"7", "8", "9", "10"})
	p = read(StreamQuery{Limit: 4, Back: true, Before: p.From})
	h.want("back", ids(p.Events), []string{"3", "4", "5", "6"})
	end := read(StreamQuery{Limit: 100})
	if p = read(StreamQuery{Limit: 4, From: end.To}); len(p.Events) != 0 || p.To != end.To {
		t.Errorf("after the end: %+v", p)
	}
	h.append(line("g", "A", 11, noon.Add(time.Minute)))
	h.want("what came meanwhile", ids(read(StreamQuery{Limit: 4, From: end.To}).Events), []string{"11"})
	if _, err := h.ReadStream(t.Context(), StreamQuery{Group: "g", Stream: "states/none"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a stream that is not there: %v", err)
	}
}

func TestATornLineIsNeitherReadNorKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Config{})
	h.append(line("g", "A", 1, noon))
	files, err := filepath.Glob(filepath.Join(h.settings.Dir, "g", "*"+suffix))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	f, err := os.OpenFile(files[0], os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	torn := line("g", "A", 2, noon).Text
	if _, err := f.Write(torn[:len(torn)-5]); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	h.restart()
	h.want("before", h.all(Query{Group: "g", Limit: 10}), []string{"1"})
	h.append(line("g", "A", 2, noon))
	h.want("after", h.all(Query{Group: "g", Limit: 10}), []string{"1", "2"})
}

func TestGroups(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Config{})
	names := []string{"..", ".", "/aws/vendedlogs/states/orders", "a#b_C-1.2", strings.Repeat("/long", 100)}
	for _, name := range names {
		if err := h.CreateGroup(name); err != nil {
			t.Fatal(err)
		}
		if err := h.CreateGroup(name); !errors.Is(err, ErrExists) {
			t.Errorf("%s twice: %v", name, err)
		}
		h.append(line(name, "A", 1, noon))
	}
	h.restart()
	var got []string
	for _, g := range h.Groups("") {
		got = append(got, g.Name)
		if !g.Created.Equal(noon) || g.Bytes == 0 {
			t.Errorf("group %+v", g)
		}
		h.want(g.Name, h.all(Query{Group: g.Name, Limit: 10}), []string{"1"})
	}
	h.want("names", got, []string{".", "..", "/aws/vendedlogs/states/orders", names[4], "a#b_C-1.2"})
	if dirs, err := os.ReadDir(h.settings.Dir); err != nil || len(dirs) != len(names) {
		t.Errorf("%d folders, %v", len(dirs), err)
	}
	if err := h.CreateGroup("a b"); err == nil {
		t.Error("a name with a blank was taken")
	}
}

func TestADeletedGroupTakesNothingUntilItIsCreatedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Config{})
	h.append(line("g", "A", 1, noon))
	if err := h.DeleteGroup("g"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if lost, err := h.Append([]Line{line("g", "A", 2, noon), line("other", "A", 1, noon)}); lost != 1 || err != nil {
			t.Errorf("append to a deleted group: %d lost, %v", lost, err)
		}
		if err := h.DeleteGroup("g"); !errors.Is(err, ErrNotFound) || len(h.Groups("g")) != 0 {
			t.Errorf("deleted twice: %v, %v", err, h.Groups(""))
		}
		if _, err := h.Filter(t.Context(), Query{Group: "g", Limit: 1}); !errors.Is(err, ErrNotFound) {
			t.Errorf("read a deleted group: %v", err)
		}
		h.restart()
	}
	if err := h.CreateGroup("g"); err != nil {
		t.Fatal(err)
	}
	h.append(line("g", "A", 3, noon))
	h.want("created again", h.all(Query{Group: "g", Limit: 10}), []string{"3"})
}

func TestOldStreamsGo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Config{Retention: 24 * time.Hour})
	h.append(line("g", "A", 1, noon), line("g", "A", 2, noon.Add(2*time.Hour)), line("g", "A", 3, noon.Add(20*time.Hour)))
	h.now = noon.Add(26 * time.Hour)
	if err := h.Prune(); err != nil {
		t.Fatal(err)
	}
	h.want("by age", h.all(Query{Group: "g", Limit: 10}), []string{"2", "3"})
	h.Bytes = 1
	if err := h.Prune(); err != nil {
		t.Fatal(err)
	}
	h.want("by size: the one that is written to stays", h.all(Query{Group: "g", Limit: 10}), []string{"3"})
}

func TestAFolderClearedByHandIsMadeAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, Config{StreamBytes: 1})
	h.append(line("g", "A", 1, noon))
	if err := os.RemoveAll(filepath.Join(h.settings.Dir, "g")); err != nil {
		t.Fatal(err)
	}
	h.append(line("g", "A", 2, noon.Add(time.Minute)))
	h.want("what is left", h.all(Query{Group: "g", Limit: 10}), []string{"2"})
	h.restart()
	h.want("after a restart", h.all(Query{Group: "g", Limit: 10}), []string{"2"})
}
