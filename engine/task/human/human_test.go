package human_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/task"
	"statehouse/engine/task/human"
	"statehouse/engine/value"
)

var now = time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC)

func parse(t *testing.T, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := human.Parse(parse(t, `{"Title":"Go?","Description":"**Now**","Assignee":"ann","CandidateUsers":["bob"],"CandidateGroups":["finance"],
		"Form":{"type":"object"},"UISchema":{"a":1},"Defaults":{"b":2},"Summary":[{"Label":"Total","Value":742.50},{"Label":"Express","Value":true}],
		"Outcomes":["Yes","No"],"FailOn":["No"],"Due":"PT4H","Priority":90}`), now)
	if err != nil {
		t.Fatal(err)
	}
	want := human.Spec{
		Title: "Go?", Description: "**Now**", Assignee: "ann", CandidateUsers: []string{"bob"}, CandidateGroups: []string{"finance"},
		Form: parse(t, `{"type":"object"}`), UISchema: parse(t, `{"a":1}`), Defaults: parse(t, `{"b":2}`),
		Summary:  []human.Item{{Label: "Total", Value: "742.50"}, {Label: "Express", Value: "true"}},
		Outcomes: []string{"Yes", "No"}, FailOn: []string{"No"}, Due: new(now.Add(4 * time.Hour)), Priority: 90,
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(value.Equal)); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
	got, err = human.Parse(parse(t, `{"Title":"Go?"}`), now)
	want = human.Spec{Title: "Go?", Outcomes: []string{"Approve", "Reject"}, Priority: 50}
	if diff := cmp.Diff(want, got, cmp.Comparer(value.Equal)); err != nil || diff != "" {
		t.Errorf("defaults: %v (-want +got):\n%s", err, diff)
	}
}

func TestParseNamesTheField(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, params, want string }{
		{"no object", `[]`, "Parameters must be an object, not an array"},
		{"no title", `{}`, "Title is required"},
		{"an empty title", `{"Title":" "}`, "Title is required"},
		{"a title that is no string", `{"Title":5}`, "Title must be a string, not a number"},
		{"a long title", `{"Title":"` + strings.Repeat("x", 201) + `"}`, "Title has 201 characters"},
		{"an unknown field", `{"Title":"x","Deadline":"PT1H"}`, "Deadline is not a parameter"},
		{"a user that is a number", `{"Title":"x","CandidateUsers":["a",2]}`, "CandidateUsers[1] must be a string"},
		{"groups that are a string", `{"Title":"x","CandidateGroups":"a"}`, "CandidateGroups must be a list"},
		{"a form that is a list", `{"Title":"x","Form":[]}`, "Form must be an object, not an array"},
		{"a form of the wrong type", `{"Title":"x","Form":{"type":"string"}}`, `Form must be a JSON Schema of type object`},
		{"a form with a wrong keyword", `{"Title":"x","Form":{"type":"object","properties":{"a":{"type":"strong"}}}}`, "Form is no valid JSON Schema: at '/properties/a/type'"},
		{"a form with a wrong bound", `{"Title":"x","Form":{"properties":{"a":{"minimum":"1"}}}}`, "Form is no valid JSON Schema: at '/properties/a/minimum': must be a number"},
		{"a form from elsewhere", `{"Title":"x","Form":{"$ref":"http://example.org/s.json"}}`, "Form is no valid JSON Schema"},
		{"a form from a file", `{"Title":"x","Form":{"$ref":"file:///etc/passwd"}}`, "Form is no valid JSON Schema"},
		{"a broken pattern", `{"Title":"x","Form":{"properties":{"a":{"pattern":"("}}}}`, "Form is no valid JSON Schema"},
		{"defaults without a form", `{"Title":"x","Defaults":{}}`, "Defaults needs a Form"},
		{"a layout without a form", `{"Title":"x","UISchema":{}}`, "UISchema needs a Form"},
		{"a summary without a label", `{"Title":"x","Summary":[{"Value":1}]}`, "Summary[0].Label must be a string, not nothing"},
		{"a summary with an object", `{"Title":"x","Summary":[{"Label":"a","Value":{}}]}`, "Summary[0].Value must be a string, a number or a boolean"},
		{"a summary with something else", `{"Title":"x","Summary":[{"Label":"a","Value":1,"Colour":"red"}]}`, "Summary[0].Colour is not a part"},
		{"no outcomes", `{"Title":"x","Outcomes":[]}`, "Outcomes must name at least one outcome"},
		{"an outcome twice", `{"Title":"x","Outcomes":["A","A"]}`, "Outcomes[1] is 'A' a second time"},
		{"an empty outcome", `{"Title":"x","Outcomes":[""]}`, "Outcomes[0] must not be empty"},
		{"a failure that is no outcome", `{"Title":"x","FailOn":["Never"]}`, "FailOn[0] is 'Never', which is not one of the Outcomes: Approve, Reject"},
		{"a due time in words", `{"Title":"x","Due":"tomorrow"}`, "Due must be an ISO 8601 duration"},
		{"a due time that is a number", `{"Title":"x","Due":5}`, "Due must be a string, not a number"},
		{"a due time without a zone", `{"Title":"x","Due":"2030-01-31T17:00:00"}`, "Due must be an ISO 8601 duration"},
		{"an empty duration", `{"Title":"x","Due":"P"}`, "Due must be"},
		{"a duration that ends in T", `{"Title":"x","Due":"P1DT"}`, "Due must be"},
		{"a priority of 101", `{"Title":"x","Priority":101}`, "Priority must be a whole number from 0 to 100, not 101"},
		{"a priority of a half", `{"Title":"x","Priority":0.5}`, "Priority must be a whole number"},
		{"a priority in words", `{"Title":"x","Priority":"high"}`, `Priority must be a whole number from 0 to 100, not "high"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := human.Parse(parse(t, tt.params), now)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	tests := []struct{ due, want string }{
		{"PT0S", "2030-01-31T12:00:00Z"},
		{"PT4H30M", "2030-01-31T16:30:00Z"},
		{"P2D", "2030-02-02T12:00:00Z"},
		{"P1W", "2030-02-07T12:00:00Z"},
		{"P1M", "2030-03-03T12:00:00Z"},
		{"P1Y2M3DT4H5M6.5S", "2031-04-03T16:05:06.5Z"},
		{"PT1,5S", "2030-01-31T12:00:01.5Z"},
		{"2030-06-01T09:00:00+02:00", "2030-06-01T07:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.due, func(t *testing.T) {
			t.Parallel()
			s, err := human.Parse(parse(t, `{"Title":"x","Due":"`+tt.due+`"}`), now)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Due.UTC().Format(time.RFC3339Nano); got != tt.want {
				t.Errorf("due is %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCheckForm(t *testing.T) {
	t.Parallel()
	const schema = `{"type":"object","required":["code"],"additionalProperties":false,"properties":{
		"code":{"type":"string","minLength":1,"maxLength":4,"pattern":"^B"},
		"discount":{"type":"number","minimum":0,"maximum":30.5,"multipleOf":0.5},
		"kind":{"enum":["a","b",3]},
		"when":{"type":"string","format":"date"},
		"mail":{"type":"string","format":"email"},
		"ok":{"const":true},
		"lines":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"type":"object","required":["a/b"]}},
		"either":{"anyOf":[{"type":"string"},{"type":"integer"}]}}}`
	tests := []struct {
		name, data string
		want       []human.FieldError
	}{
		{"all is well", `{"code":"B7","discount":30.5,"kind":3,"when":"2030-01-31","mail":"a@example.org","ok":true,"lines":[{"a/b":1}],"either":5}`, nil},
		{"a big number is fine", `{"code":"B7","kind":3.0,"either":123456789012345678901234567890}`, nil},
		{"two are missing or wrong", `{"discount":31}`, []human.FieldError{{"/code", "is required", true}, {"/discount", "must be at most 30.5", false}}},
		{"text is not a number", `{"code":"B7","discount":"5"}`, []human.FieldError{{"/discount", "must be a number", false}}},
		{"an empty text", `{"code":""}`, []human.FieldError{{"/code", "must match the pattern ^B", false}, {"/code", "must not be empty", false}}},
		{"a long text", `{"code":"B123456"}`, []human.FieldError{{"/code", "must have at most 4 characters, it has 7", false}}},
		{"a wrong step", `{"code":"B","discount":0.7}`, []human.FieldError{{"/discount", "must be a multiple of 0.5", false}}},
		{"no such choice", `{"code":"B","kind":"c"}`, []human.FieldError{{"/kind", "must be one of a, b, 3", false}}},
		{"no date", `{"code":"B","when":"31.1.2030"}`, []human.FieldError{{"/when", "must be a date such as 2030-01-31", false}}},
		{"no address", `{"code":"B","mail":"ann"}`, []human.FieldError{{"/mail", "must be an e-mail address", false}}},
		{"not agreed", `{"code":"B","ok":false}`, []human.FieldError{{"/ok", "must be true", false}}},
		{"an inner field, with its pointer", `{"code":"B","lines":[{"a/b":1},{}]}`, []human.FieldError{{"/lines/1/a~1b", "is required", true}}},
		{"no lines", `{"code":"B","lines":[]}`, []human.FieldError{{"/lines", "must have at least 1 entry", false}}},
		{"too many lines", `{"code":"B","lines":[{"a/b":1},{"a/b":2},{"a/b":3}]}`, []human.FieldError{{"/lines", "must have at most 2 entries", false}}},
		{"an unknown field", `{"code":"B","extra":1}`, []human.FieldError{{"/extra", "is not a field of this form", false}}},
		{"no alternative fits", `{"code":"B","either":true}`, []human.FieldError{{"/either", "is not one of the allowed forms", false}}},
		{"a number without end", `{"code":"B","discount":1e999999999}`, []human.FieldError{{"/discount", "is too large a number", false}}},
		{"no object", `5`, []human.FieldError{{"", "must be a group of fields", false}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := human.CheckForm(parse(t, schema), parse(t, tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// desk is a human.Desk with a func field.
type desk struct {
	OpenFunc func(id string, r task.Request, s human.Spec) error
}

func (d desk) Open(_ context.Context, id string, r task.Request, s human.Spec) error {
	return d.OpenFunc(id, r, s)
}

func TestRun(t *testing.T) {
	t.Parallel()
	opened := ""
	i := human.New(desk{func(id string, _ task.Request, s human.Spec) error {
		opened = id + " " + s.Title
		return nil
	}})
	r := task.Request{TaskToken: "secret", Input: parse(t, `{"Title":"Go?"}`), Scheduled: now}
	got := i.Run(t.Context(), r)
	id := human.TaskID(r)
	if !got.Submitted || got.Output.JSON() != `{"TaskId":"`+id+`"}` || opened != id+" Go?" {
		t.Errorf("reply %+v, opened %q", got, opened)
	}
	if strings.Contains(id, "secret") || id == human.TaskID(task.Request{TaskToken: "other"}) {
		t.Errorf("the id is %q", id)
	}
	r.Input = parse(t, `{"Title":"Use secret"}`)
	if got := i.Run(t.Context(), r); got.Error != human.InvalidTask {
		t.Errorf("a task with the token in it: %+v", got)
	}
	r.Input = parse(t, `{"Title":5}`)
	if got := i.Run(t.Context(), r); got.Error != human.InvalidTask || got.Cause != "Title must be a string, not a number." {
		t.Errorf("a bad task: %+v", got)
	}
	gone := human.New(desk{func(string, task.Request, human.Spec) error { return human.ErrGone }})
	r.Input = parse(t, `{"Title":"Go?"}`)
	if got := gone.Run(t.Context(), r); got.Error != "" || got.Submitted || got.Done {
		t.Errorf("a task that nobody waits for: %+v", got)
	}
}
