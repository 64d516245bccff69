package interp_test

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"statehouse/engine/asl"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/value"
)

var update = flag.Bool("update", false, "rewrite what the scripts expect")

// TestScripts plays every script in testdata: lines of the world, and what the core
// answers after "> ". With -update the answers are written anew.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			s := readScript(t, file)
			got := s.play(t, newWorld(t, s.machine, false))
			if *update {
				s.write(t, got)
				return
			}
			if d := cmp.Diff(s.want(), got); d != "" {
				t.Errorf("%s (-want +got):\n%s", file, d)
			}
		})
	}
}

// TestScriptsSurviveRestarts plays every script again, and after each step throws the
// execution away and restores it from the rows that a store would have.
func TestScriptsSurviveRestarts(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			s := readScript(t, file)
			want := s.play(t, newWorld(t, s.machine, false))
			got := s.play(t, newWorld(t, s.machine, true))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-uncut +cut):\n%s", file, d)
			}
		})
	}
}

type script struct {
	file, comment, machine string
	lines                  []string // of the script, without answers
	wantScript, wantEvents string
}

func readScript(t *testing.T, file string) *script {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{file: file, comment: string(a.Comment)}
	for _, f := range a.Files {
		switch f.Name {
		case "machine":
			s.machine = string(f.Data)
		case "script":
			s.wantScript = string(f.Data)
		case "history":
			s.wantEvents = string(f.Data)
		}
	}
	for l := range strings.Lines(s.wantScript) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, ">") {
			s.lines = append(s.lines, l)
		}
	}
	return s
}

func (s *script) want() string {
	return "-- script --\n" + s.wantScript + "-- history --\n" + s.wantEvents
}

func (s *script) write(t *testing.T, got string) {
	t.Helper()
	text := s.comment + "-- machine --\n" + s.machine + got
	if err := os.WriteFile(s.file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// play gives the lines of the script to a world and returns everything that came out.
func (s *script) play(t *testing.T, w *world) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("-- script --\n")
	for _, line := range s.lines {
		b.WriteString(line + "\n")
		for _, c := range w.do(line) {
			b.WriteString("> " + c + "\n")
		}
	}
	b.WriteString("-- history --\n")
	for _, e := range w.events {
		b.WriteString(printEvent(e) + "\n")
	}
	return b.String()
}

// world is a shell that does what a script says.
type world struct {
	t      *testing.T
	m      *asl.Machine
	x      *interp.Exec
	now    time.Time
	timers map[interp.Token]time.Time
	events []history.Event

	cut  bool // restore the execution from its rows after each step
	rows map[interp.ScopeID][]byte
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, machine string, cut bool) *world {
	t.Helper()
	m, problems := asl.Parse(machine)
	if m == nil {
		t.Fatalf("the machine does not parse: %v", problems)
	}
	w := &world{t: t, m: m, now: epoch, timers: map[interp.Token]time.Time{}, cut: cut, rows: map[interp.ScopeID][]byte{}}
	w.x = interp.New(m, interp.Begin{
		ExecutionARN:  "arn:aws:states:us-east-1:000000000000:execution:demo:run-1",
		ExecutionName: "run-1",
		MachineARN:    "arn:aws:states:us-east-1:000000000000:stateMachine:demo",
		MachineName:   "demo",
		RoleARN:       "arn:aws:iam::000000000000:role/demo",
		Seed:          [32]byte{1, 2, 3},
		Started:       epoch,
	})
	return w
}

// do carries out one line and tells what the core commanded.
func (w *world) do(line string) []string {
	w.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	arg, tail, _ := strings.Cut(rest, " ")
	token := func() interp.Token {
		n, err := strconv.ParseInt(strings.TrimPrefix(arg, "#"), 10, 64)
		if err != nil {
			w.t.Fatalf("no token in %q", line)
		}
		return interp.Token(n)
	}
	switch verb {
	case "start":
		return w.step(interp.Start{Input: w.json(rest)})
	case "started":
		return w.step(interp.TaskStarted{Token: token(), Worker: tail})
	case "submitted":
		return w.step(interp.TaskSubmitted{Token: token(), Output: w.json(tail)})
	case "succeed":
		return w.step(interp.TaskSucceeded{Token: token(), Output: w.json(tail)})
	case "fail", "refuse":
		name, cause, _ := strings.Cut(tail, " ")
		return w.step(interp.TaskFailed{Token: token(), Error: name, Cause: w.json(cause).Text(), Submit: verb == "refuse"})
	case "timeout", "heartbeat":
		return w.step(interp.TaskTimedOut{Token: token(), Heartbeat: verb == "heartbeat"})
	case "timeouts":
		var in interp.TasksTimedOut
		for t := range strings.FieldsSeq(rest) {
			n, err := strconv.ParseInt(strings.TrimPrefix(t, "#"), 10, 64)
			if err != nil {
				w.t.Fatalf("no tokens in %q", line)
			}
			in.Tasks = append(in.Tasks, interp.TaskTimedOut{Token: interp.Token(n)})
		}
		return w.step(in)
	case "fire":
		if due, ok := w.timers[token()]; ok && due.After(w.now) {
			w.now = due
		}
		return w.step(interp.TimerFired{Token: token()})
	case "after":
		d, err := time.ParseDuration(rest)
		if err != nil {
			w.t.Fatal(err)
		}
		w.now = w.now.Add(d)
		return nil
	case "map-done":
		return w.step(interp.MapRunClosed{Token: token(), Output: w.json(tail)})
	case "map-fail":
		name, cause, _ := strings.Cut(tail, " ")
		return w.step(interp.MapRunClosed{Token: token(), Error: name, Cause: w.json(cause).Text()})
	case "redrive":
		return w.step(interp.Redrive{})
	case "stop":
		if rest == "" {
			return w.step(interp.Stop{})
		}
		return w.step(interp.Stop{Error: &arg, Cause: new(w.json(tail).Text())})
	}
	w.t.Fatalf("unknown verb in %q", line)
	return nil
}

func (w *world) json(text string) value.Value {
	w.t.Helper()
	if text == "" {
		return value.Value{}
	}
	v, err := value.Parse(text)
	if err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	return v
}

// step steps, and goes on as long as the core asks for it.
func (w *world) step(in interp.Input) []string {
	w.t.Helper()
	var told []string
	for {
		out := interp.Step(w.m, w.x, in, w.now)
		w.events = append(w.events, out.Events...)
		for _, c := range out.Commands {
			told = append(told, w.print(c))
		}
		if w.cut {
			w.store(out)
		}
		if !w.x.More() {
			return told
		}
		in = interp.Continue{}
	}
}

// store writes what changed and reads everything back.
func (w *world) store(out interp.Output) {
	w.t.Helper()
	if w.x.Outcome != nil {
		w.bury()
		return
	}
	head, err := w.x.Head()
	if err != nil {
		w.t.Fatal(err)
	}
	if len(out.Events) > 0 && out.Events[0].Type == history.ExecutionRedriven {
		clear(w.rows)
	}
	for _, id := range out.Changed {
		s := w.x.Scopes[id]
		if s == nil {
			delete(w.rows, id)
			continue
		}
		if w.rows[id], err = s.Row(); err != nil {
			w.t.Fatal(err)
		}
	}
	if w.x, err = interp.Restore(head, w.rows); err != nil {
		w.t.Fatalf("restore: %v", err)
	}
}

// bury writes what is left of an execution that is over, and reads it back.
func (w *world) bury() {
	w.t.Helper()
	row, err := w.x.WreckRow()
	if err != nil {
		w.t.Fatal(err)
	}
	if row == nil {
		return
	}
	if w.x, err = interp.RestoreWreck(row); err != nil {
		w.t.Fatalf("restore: %v", err)
	}
}
