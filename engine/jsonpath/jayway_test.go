package jsonpath

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"statehouse/engine/value"
)

// jaywayCase is one row of testdata/jayway_cases.json: what json-path 2.9.0 answered.
type jaywayCase struct {
	Group, Path, Document, Status, Message string
	Definite                               *bool
	Value                                  value.Value
}

// sloppy are spellings that Jayway lets through and we refuse when a definition is made.
var sloppy = map[string]string{
	"orderId":       "a path begins with '$'",
	".orderId":      "a path begins with '$'",
	"@.orderId":     "a path begins with '$'",
	"$.items[":      "'[' is not closed",
	"$.items[0][":   "'[' is not closed",
	"$.items[0]sku": "expected '.' or '['",
	"$.items[0]]":   "expected '.' or '['",
}

// ours are rows where Step Functions means something else than Jayway.
var ours = map[string]string{
	"$orderId": "the variable orderId",
	"$$":       "the context object",
}

func TestJaywayRows(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/jayway_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Documents map[string]value.Value
		Cases     []jaywayCase
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 302 {
		t.Fatalf("%d rows, want 302", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Document+" "+c.Path, func(t *testing.T) {
			t.Parallel()
			checkRow(t, c, file.Documents[c.Document])
		})
	}
}

func checkRow(t *testing.T, c jaywayCase, doc value.Value) {
	t.Helper()
	p, err := Parse(c.Path)
	if why, refused := sloppy[c.Path]; refused {
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Fatalf("error %v, want it to say %q", err, why)
		}
		return
	}
	if _, differs := ours[c.Path]; differs {
		if err != nil || p.Root() == Input {
			t.Fatalf("parsed as %v, %v", p, err)
		}
		return
	}
	if c.Status == "invalid_path" {
		if err == nil {
			t.Fatalf("accepted; Jayway says %s", c.Message)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if c.Group == "root-null" {
		// Jayway refuses a null document, AWS runs on null inputs.
		if got, err := p.Find(doc); (err == nil) != (c.Path == "$") || err == nil && !got.IsNull() {
			t.Errorf("got %s, %v", got, err)
		}
		return
	}
	if p.Definite() != *c.Definite {
		t.Errorf("definite %v, want %v", p.Definite(), *c.Definite)
	}
	got, err := p.Find(doc)
	switch {
	case c.Status == "ok":
		want := c.Value
		if want.IsAbsent() {
			want = value.Nil
		}
		if err != nil || !value.Equal(got, want) || got.Kind() == value.KindNumber && got.JSON() != want.JSON() {
			t.Errorf("got %s, %v\nwant %s", got, err, want)
		}
	case !p.Definite():
		if err != nil || got.JSON() != "[]" {
			t.Errorf("got %s, %v, want []", got, err)
		}
	case err == nil:
		t.Errorf("got %s, want an error: %s", got, c.Message)
	case err.(*MissingError).Reason != c.Message: //nolint:errorlint // never wrapped
		t.Errorf("reason %s\nwant   %s", err.(*MissingError).Reason, c.Message) //nolint:errorlint // never wrapped
	}
}

func TestWhatAWSWasSeenToDo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/jayway_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Observed []struct {
			Path, Cause, Error string
			Input, Output      value.Value
		} `json:"aws_observed"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Observed {
		t.Run(c.Path, func(t *testing.T) {
			t.Parallel()
			p, err := Parse(c.Path)
			if err != nil {
				t.Fatal(err)
			}
			input := c.Input
			if input.IsAbsent() {
				input = value.Object()
			}
			got, err := p.Find(input)
			switch {
			case c.Error == "" && (err != nil || !value.Equal(got, c.Output)):
				t.Errorf("got %s, %v, want %s", got, err, c.Output)
			case c.Error != "" && err == nil:
				t.Errorf("got %s, want %s", got, c.Error)
			case strings.Contains(c.Cause, "Invalid path") && !strings.HasSuffix(c.Cause, err.Error()):
				t.Errorf("error %s\nwant  %s", err, c.Cause)
			}
		})
	}
}
