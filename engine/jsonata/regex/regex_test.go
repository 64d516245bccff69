package regex

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// answer is one line of testdata/node.jsonl: what Node's RegExp found with the flag g, up to
// the first empty match.
type answer struct {
	Pattern, Flags, Text string
	Error                string
	Matches              []struct {
		Start, End int
		Groups     []*string
	}
}

func TestMatchesAreThoseOfECMAScript(t *testing.T) {
	t.Parallel()
	file := "testdata/node.jsonl"
	if f := os.Getenv("REGEX_ANSWERS"); f != "" {
		file = f
	}
	lines, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(lines)), "\n") {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if problem := a.differs(); problem != "" {
			t.Errorf("line %d: %s\n\t%s", i+1, line, problem)
		}
	}
}

func (a answer) differs() string {
	r, err := Compile(a.Pattern, a.Flags)
	if (err != nil) != (a.Error != "") {
		return "compiled with " + show(err)
	}
	if err != nil {
		return ""
	}
	text, from := NewText(a.Text), 0
	for _, want := range a.Matches {
		m, ok, err := r.Find(text, from, time.Second)
		if err != nil || !ok || m.Start != want.Start || m.End != want.End || len(m.Groups) != len(want.Groups) {
			return show(m, ok, err)
		}
		for i, g := range m.Groups {
			if g.Matched != (want.Groups[i] != nil) || g.Matched && strings.ToValidUTF8(g.Text, "\uFFFD") != *want.Groups[i] {
				return show(m)
			}
		}
		from = m.End
	}
	return ""
}

func show(v ...any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

func TestDearMatchesEnd(t *testing.T) {
	t.Parallel()
	r, err := Compile(`^(a+)+$`, "")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, _, err = r.Find(NewText(strings.Repeat("a", 60)+"b"), 0, 200*time.Millisecond)
	if !errors.Is(err, ErrTimeout) || time.Since(began) > 20*time.Second {
		t.Errorf("got %v after %v", err, time.Since(began))
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	groups := func(n int) (all []Group) {
		for i := range n {
			all = append(all, Group{string(rune('a' + i)), true})
		}
		return all
	}
	for _, c := range []struct {
		groups            int
		replacement, want string
	}{
		{0, "[$0]", "[match]"},
		{0, "$1$9x", "x"},
		{0, "$$ $ $x", "$ $ $x"},
		{1, "$1$2", "a"},
		{3, "$12", "a2"},
		{12, "$12$13", "la3"},
		{12, "$1x", "ax"},
		{2, "end$", "end$"},
	} {
		if got := Expand(c.replacement, Match{Text: "match", Groups: groups(c.groups)}); got != c.want {
			t.Errorf("%d groups, %q: got %q, want %q", c.groups, c.replacement, got, c.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add(`(a|b)*?\1[^\d-z]$`, "im", "abab 😀")
	f.Add(`(?<n>x)\k<n>{2,}`, "", "xxx")
	f.Fuzz(func(t *testing.T, pattern, flags, text string) {
		r, err := Compile(pattern, flags)
		if err != nil {
			return
		}
		began := time.Now()
		m, ok, err := r.Find(NewText(text), 0, 50*time.Millisecond)
		if ok && err == nil && (m.Start < 0 || m.End < m.Start) {
			t.Errorf("match %v", m)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
