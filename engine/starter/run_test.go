package starter_test

import (
	"strings"
	"testing"
	"time"

	"statehouse/engine/asl"
	"statehouse/engine/interp"
	"statehouse/engine/sim"
	"statehouse/engine/starter"
	"statehouse/engine/task/human"
	"statehouse/engine/value"
)

// run follows a definition to its end with tasks answered by the name of their state.
func run(t *testing.T, definition, input string, answers map[string][]sim.Answer) sim.Result {
	t.Helper()
	m, list := asl.Parse(definition)
	if m == nil {
		t.Fatal(list)
	}
	in, err := value.Parse(input)
	if err != nil {
		t.Fatal(err)
	}
	r, err := sim.Run(t.Context(), m, sim.Options{Input: in, Task: sim.ByState(answers)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func output(t *testing.T, text string) sim.Answer {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return sim.Answer{Output: v}
}

func TestTheSampleRuns(t *testing.T) {
	t.Parallel()
	s := starter.Sample()
	approved := output(t, `{"TaskId":"1","Outcome":"Approve","Form":{"budgetCode":"GOT-441"},"DecidedBy":"owner"}`)
	tests := []struct {
		name, input string
		answer      sim.Answer
		status      interp.Status
		want        string
	}{
		{"approved, it is charged and shipped", s.Input, approved, "SUCCEEDED", `"parcel":"P-1042"`},
		{"a small order needs nobody", `{"id":7,"customer":"Ann","total":10,"lines":[{"sku":"A","quantity":1}]}`, sim.Answer{}, "SUCCEEDED", `"number":"R-7"`},
		{"a first order waits too", `{"id":8,"customer":"Ann","total":10,"firstOrder":true,"lines":[]}`, approved, "SUCCEEDED", `"budgetCode":"GOT-441"`},
		{"rejected, it fails", s.Input, sim.Answer{Error: "Human.Reject", Cause: "too dear"}, "FAILED", "Order 1042 was not fulfilled: Human.Reject"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, s.Definition, tt.input, map[string][]sim.Answer{"Manager approves": {tt.answer}})
			got := r.Output.JSON()
			if r.Cause != nil {
				got += *r.Cause
			}
			if r.Status != tt.status || !strings.Contains(got, tt.want) {
				t.Errorf("%s %s, want %s with %s", r.Status, got, tt.status, tt.want)
			}
		})
	}
}

func TestTheSampleWaitsForAPerson(t *testing.T) {
	t.Parallel()
	s := starter.Sample()
	r := run(t, s.Definition, s.Input, nil)
	if r.Status != "RUNNING" || len(r.Open) != 1 {
		t.Fatalf("%s with %d open tasks", r.Status, len(r.Open))
	}
	spec, err := human.Parse(r.Open[0].Input, time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if spec.Title != "Approve order 1042" || spec.Due == nil || len(spec.Summary) != 3 || spec.Summary[1].Value != "742.5 €" {
		t.Errorf("task %+v", spec)
	}
}

func TestTheApprovalIsAHumanTask(t *testing.T) {
	t.Parallel()
	s, _ := starter.Find("approval")
	r := run(t, s.Definition, s.Input, nil)
	if len(r.Open) != 1 {
		t.Fatalf("%s with %d open tasks", r.Status, len(r.Open))
	}
	spec, err := human.Parse(r.Open[0].Input, time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC))
	if err != nil || spec.Title != "Approve a new laptop" {
		t.Errorf("task %+v, %v", spec, err)
	}
}

func TestStartersRun(t *testing.T) {
	t.Parallel()
	ok := sim.Answer{Output: value.Object()}
	tests := []struct {
		id      string
		answers map[string][]sim.Answer
		status  interp.Status
		want    string
	}{
		{"empty", nil, "SUCCEEDED", "{}"},
		{"hello", nil, "SUCCEEDED", `{"greeting":"Hello, world!"}`},
		{"approval", map[string][]sim.Answer{"Ask for a decision": {output(t, `{"Outcome":"Approve"}`)}}, "SUCCEEDED", `"Outcome":"Approve"`},
		{"approval", map[string][]sim.Answer{"Ask for a decision": {output(t, `{"Outcome":"Reject"}`)}}, "FAILED", "a new laptop was not approved"},
		{"parallel", nil, "SUCCEEDED", `{"topic":"the weather","heard":["first","second"]}`},
		{"map", nil, "SUCCEEDED", `{"item":"apples","label":"3. apples"}`},
		{"retry", nil, "FAILED", "Gave up after Unavailable"},
		{"http", map[string][]sim.Answer{"Call the API": {output(t, `{"StatusCode":200,"ResponseBody":{"ok":true},"Headers":{}}`)}}, "SUCCEEDED", `"answer":{"status":200,"body":{"ok":true}}`},
		{"http", map[string][]sim.Answer{"Call the API": {{Error: "States.Http.StatusCode.503", Cause: "busy"}, {Error: "States.Http.StatusCode.404", Cause: "not there"}, ok}}, "FAILED", "not there"},
	}
	for _, tt := range tests {
		t.Run(tt.id+" "+tt.want, func(t *testing.T) {
			t.Parallel()
			s, _ := starter.Find(tt.id)
			r := run(t, s.Definition, s.Input, tt.answers)
			got := r.Output.JSON()
			if r.Cause != nil {
				got += *r.Cause
			}
			if r.Status != tt.status || !strings.Contains(got, tt.want) {
				t.Errorf("%s %s, want %s with %s", r.Status, got, tt.status, tt.want)
			}
		})
	}
}
