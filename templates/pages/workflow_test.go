package pages

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/ledger"
)

func TestTargetsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, want := range []Target{{}, {Published: true}, {Version: 12}, {Alias: "live"}, {Alias: "version-3"}} {
		if got := TargetFrom(want.String()); got != want {
			t.Errorf("%q: %+v", want.String(), got)
		}
	}
	for _, text := range []string{"version-", "version-0", "version--1", "version-x", "nonsense", "alias-"} {
		if got := TargetFrom(text); got != (Target{}) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestPublishingSaysWhatItWouldDo(t *testing.T) {
	t.Parallel()
	machine := &ledger.Machine{Definition: "{}", RevisionID: "r2", Updated: began}
	edited := &ledger.Draft{Text: "{ }"}
	version := func(revision string) *ledger.Machine { return &ledger.Machine{Version: 4, RevisionID: revision} }
	for name, tt := range map[string]struct {
		d    VersionsData
		want string
	}{
		"a draft alone":                  {VersionsData{Workflow: ledger.Workflow{Draft: edited}}, "The draft becomes what executions start with, and version 1."},
		"published, no version":          {VersionsData{Workflow: ledger.Workflow{Machine: machine}}, "What executions start with now becomes the next version."},
		"published and a version":        {VersionsData{Workflow: ledger.Workflow{Machine: machine}, Newest: version("r2")}, "What is published now is version 4 already. Change the draft to make another."},
		"edited since the version":       {VersionsData{Workflow: ledger.Workflow{Machine: machine, Draft: edited}, Newest: version("r2")}, "The draft becomes what executions start with, and the next version."},
		"edited, and published since it": {VersionsData{Workflow: ledger.Workflow{Machine: machine, Draft: edited}, Newest: version("r1")}, "choice"},
	} {
		p := NewVersionsView(now, tt.d).Publish
		got := p.Only + p.Nothing
		if p.Choice {
			got += "choice"
		}
		if got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestVersionsSayWhyTheyStay(t *testing.T) {
	t.Parallel()
	machine := &ledger.Machine{ARN: "m", RevisionID: "r2"}
	v := NewVersionsView(now, VersionsData{
		Workflow: ledger.Workflow{Name: "Order", Machine: machine},
		Versions: []ledger.Machine{{Version: 3}, {Version: 2, RevisionID: "r2"}, {Version: 1}},
		Aliases: []ledger.Alias{
			{Name: "a", Routes: []ledger.Route{{Version: 2, Weight: 60}, {Version: 1, Weight: 40}}}, {Name: "b", Routes: []ledger.Route{{Version: 2, Weight: 100}}},
		},
		ByNumber: map[int64]int{1: MostCounted, 2: 1},
	})
	var got []string
	for _, r := range v.Rows {
		got = append(got, r.Number+" "+r.Runs+" "+r.RunsNoun+": "+r.Kept)
		if r.Current != (r.Number == "2") {
			t.Errorf("version %s is what runs: %t", r.Number, r.Current)
		}
	}
	want := []string{"3 0 runs: ", "2 1 run: The aliases “a” and “b” lead here: they have to let go first.", "1 1,000+ runs: The alias “a” leads here: it has to let go first."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r := v.Aliases[0].Routes[1]; r.Left != "60%" || r.Width != "40%" || r.Version != "Version 1" {
		t.Errorf("%+v", r)
	}
}

func TestComparingTexts(t *testing.T) {
	t.Parallel()
	compare := func(from, to string) CompareView {
		w := ledger.Workflow{Name: "Order"}
		return NewCompareView(w, nil, Side{Key: "1", Name: "Version 1", Text: from}, Side{Key: "draft", Name: "The draft", Text: to})
	}
	lines := func(v CompareView) string {
		var b strings.Builder
		for _, h := range v.Hunks {
			b.WriteString("~" + h.Skipped + "\n")
			for _, l := range h.Lines {
				b.WriteString(l.From + "|" + l.To + "|" + l.Sign + l.Indent + l.Text + "\n")
			}
		}
		return b.String()
	}
	a := "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\"Type\": \"Wait\",\n      \"Seconds\": 1,\n      \"End\": true}\n  }\n}"
	v := compare(a, strings.Replace(a, "1", "2", 1))
	want := "~1 line the same\n2|2|  \"StartAt\": \"A\",\n3|3|  \"States\": {\n4|4|    \"A\": {\"Type\": \"Wait\",\n5||−      \"Seconds\": 1,\n|5|+      \"Seconds\": 2,\n6|6|      \"End\": true}\n7|7|  }\n8|8|}\n"
	if diff := cmp.Diff(want, lines(v)); diff != "" || v.Summary != "1 line added, 1 removed" || v.Reprinted {
		t.Error(diff, v.Summary)
	}
	if diff := cmp.Diff([]StateChange{{Name: "A", Class: "caught", Icon: "pencil", Word: "changed"}}, v.States); diff != "" {
		t.Error(diff)
	}
	// What a program laid out anew differs in nothing else.
	v = compare(a, `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"End":true}}}`)
	if len(v.Hunks) != 0 || v.Summary != "Only the layout differs" || !v.Reprinted || len(v.States) != 0 {
		t.Errorf("%+v", v)
	}
	// What is no JSON is compared as it stands.
	if v = compare("{", "{\n["); v.Summary != "1 line added, 0 removed" || v.Reprinted {
		t.Errorf("%+v", v)
	}
	if !compare("{", "{").Same {
		t.Error("the same text differs")
	}
}

func TestALargeDifferenceIsCut(t *testing.T) {
	t.Parallel()
	text := func(letter string) string {
		var b strings.Builder
		b.WriteString(`{"States":{`)
		for i := range 3000 {
			if i > 0 {
				b.WriteString(",\n")
			}
			b.WriteString(`"` + letter + itoa(i) + `":{"Type":"Pass"}`)
		}
		return b.String() + "}}"
	}
	v := NewCompareView(ledger.Workflow{}, nil, Side{Text: text("A")}, Side{Text: text("B")})
	lines := 0
	for _, h := range v.Hunks {
		lines += len(h.Lines)
	}
	if lines != linesAtOnce || v.MoreLines != "2,000 more lines" {
		t.Errorf("%d lines, %s", lines, v.MoreLines)
	}
	if len(v.States) != statesAtFirst || len(v.LaterStates) != statesAtOnce-statesAtFirst || v.Later != "5,988 other steps that differ" || v.MoreStates != "and 5,940 more" || v.Summary != "3,000 lines added, 3,000 removed" {
		t.Errorf("%d states, %s, %s", len(v.States), v.MoreStates, v.Summary)
	}
}

func TestStatesWithinStatesAreComparedAlone(t *testing.T) {
	t.Parallel()
	machine := func(inner, field string) string {
		return `{"States":{"P":{"Type":"Parallel",` + field + `"Branches":[{"States":{"` + inner + `":{"Type":"Pass"}}}]},"M":{"ItemProcessor":{"States":{"I":{}}}}}}`
	}
	words := func(from, to string) string {
		var out []string
		for _, c := range stateChanges(from, to) {
			out = append(out, c.Name+" "+c.Word)
		}
		return strings.Join(out, ", ")
	}
	if got := words(machine("A", ""), machine("B", "")); got != "B added, A removed" {
		t.Error(got)
	}
	if got := words(machine("A", ""), machine("A", `"ResultPath":"$.p",`)); got != "P changed" {
		t.Error(got)
	}
}

func TestLoggingIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, want := range []Logging{{Level: "OFF"}, {Level: "ALL", IncludeData: true, LogGroup: "arn:aws:logs:x"}} {
		if got := ReadLogging(want.JSON()); got != want {
			t.Errorf("%s: %+v", want.JSON(), got)
		}
	}
	if got := ReadLogging(""); got.Word() != "Off" {
		t.Error(got.Word())
	}
	if got := (Logging{Level: "ERROR", IncludeData: true}).Word(); got != "Error, with data" {
		t.Error(got)
	}
	if !ReadTracing(TracingJSON(true)) || ReadTracing(TracingJSON(false)) || ReadTracing("") {
		t.Error("tracing is not what was written")
	}
}

func TestDeletingSaysWhatGoes(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"The workflow and its draft go. What has run stays in the list of executions.":                                                                      deleteQuestion(ledger.Workflow{}, 0, 0).Text,
		"With it the draft, 3 versions and 1 alias go. The one execution that runs now is allowed to finish. What has run stays in the list of executions.": deleteQuestion(ledger.Workflow{Running: 1}, 3, 1).Text,
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
