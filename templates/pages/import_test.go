package pages

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/asl"
	"statehouse/engine/exchange"
)

// foundTwo are two machines with the same placeholder and the same guess, one with another that stands bare.
func foundTwo() exchange.Import {
	run := exchange.Placeholder{Name: "Run", Kind: exchange.ARN, Suggestion: "arn:aws:lambda:us-east-1:1:function:w", Uses: []exchange.Use{{State: "A", Pointer: "/States/A/Resource"}}}
	pause := exchange.Placeholder{Name: "Pause", Kind: exchange.Number, Default: "3", HasDefault: true}
	return exchange.Import{Machines: []exchange.Machine{
		{ID: "One", Name: "one", Type: "STANDARD", Definition: `{"n":${Pause},"r":"${Run}"}`, Placeholders: []exchange.Placeholder{run, pause}},
		{ID: "Two", Name: "two", Type: "EXPRESS", Definition: `{"r":"${Run}"}`, Placeholders: []exchange.Placeholder{run}},
	}}
}

func TestAPlaceholderOfSeveralMachinesIsAskedForOnce(t *testing.T) {
	t.Parallel()
	found := foundTwo()
	in := FirstInput(found)
	if diff := cmp.Diff([]string{"arn:aws:lambda:us-east-1:1:function:w", "3"}, in.Values); diff != "" {
		t.Error(diff)
	}
	values, wrong := ImportValues(found, in)
	want := map[string]string{"One:Run": in.Values[0], "Two:Run": in.Values[0], "One:Pause": "3"}
	if diff := cmp.Diff(want, values); diff != "" || len(wrong) > 0 {
		t.Error(diff, wrong)
	}
	found.Machines[1].Placeholders[0].Suggestion = "another guess"
	if n := Slots(found); n != 3 {
		t.Errorf("%d values are asked for where the guesses differ, want 3", n)
	}
}

func TestEmptyValuesStayOpenWhereThatIsAskedFor(t *testing.T) {
	t.Parallel()
	found := foundTwo()
	values, _ := ImportValues(found, ImportInput{Values: []string{"", " "}})
	if len(values) != 0 {
		t.Errorf("empty values: %v", values)
	}
	values, wrong := ImportValues(found, ImportInput{Values: []string{"", " "}, Open: true})
	if diff := cmp.Diff(map[string]string{"One:Run": "${Run}", "Two:Run": "${Run}", "One:Pause": "${Pause}"}, values); diff != "" || len(wrong) > 0 {
		t.Error(diff, wrong)
	}
	_, wrong = ImportValues(found, ImportInput{Values: []string{"nonsense"}})
	if wrong["One:Run"] == "" || wrong["Two:Run"] == "" {
		t.Errorf("a text that is no ARN: %v", wrong)
	}
}

func TestWhatWasFoundIsJudgedBeforeItIsFilled(t *testing.T) {
	t.Parallel()
	found := foundTwo()
	if got := Probed(found.Machines[0]); got != `{"n":1,"r":"${Run}"}` {
		t.Error(got)
	}
	advice := asl.Diagnostic{Severity: asl.Warning, Code: placeholderToFill, Message: "fill it in"}
	wrong := asl.Diagnostic{Severity: asl.Error, Message: "bad", Pos: asl.Position{Line: 2, Column: 5}}
	v := NewImportView(found, FirstInput(found), ImportContext{
		Pictures: make([]string, 2), Taken: []bool{true, false}, Wrong: map[string]string{"Two:Run": "no"},
		Diagnostics: [][]asl.Diagnostic{{advice, wrong}, {wrong, wrong, wrong, wrong, wrong, wrong, wrong}},
	})
	if p := v.Machines[0].Problems; len(p) != 1 || p[0].Place != "line 2, column 5" || p[0].Word != "Error" {
		t.Errorf("%+v", p)
	}
	if diff := cmp.Diff([]ImportMistake{{"value-0", "Run: no"}}, v.Mistakes); diff != "" {
		t.Error(diff)
	}
	if v.Machines[1].MoreProblems != 2 || v.Machines[1].Kind != "Express" || !v.Taken || v.Machines[0].Taken == "" || v.Machines[1].Taken != "" {
		t.Errorf("%+v", v.Machines[1])
	}
	if f := v.Machines[0].Fields; len(f) != 2 || f[0].Problem != "no" || f[0].Uses != "Used in A (/States/A/Resource), and by two" || !f[1].Multi || f[1].Hint != "Given by the file, a number or other JSON: it stands outside of quotes" {
		t.Errorf("%+v", f)
	}
}
