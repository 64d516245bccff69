package asl_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"statehouse/engine/asl"
)

// sample is one line of a file in testdata: a definition and what is known about it.
type sample struct {
	ID          string
	Type        string
	Text        string
	Definition  json.RawMessage
	Code        string
	Message     string
	Result      string
	Diagnostics []struct{ Severity, Code, Message, Location string }
	Valid       bool
	Why         string
}

func (s sample) source() string {
	if s.Definition != nil {
		return string(s.Definition)
	}
	return s.Text
}

// samples reads a file of testdata.
func samples(t *testing.T, name string) []sample {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	var out []sample
	in := bufio.NewScanner(f)
	in.Buffer(nil, 4<<20)
	for in.Scan() {
		var s sample
		if err := json.Unmarshal(in.Bytes(), &s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, s)
	}
	if in.Err() != nil || len(out) == 0 {
		t.Fatalf("%s: %d samples, %v", name, len(out), in.Err())
	}
	return out
}

// errorsOf lists the errors among diagnostics, one a line.
func errorsOf(list []asl.Diagnostic) string {
	var out []string
	for _, d := range list {
		if d.Severity == asl.Error {
			out = append(out, d.String())
		}
	}
	return strings.Join(out, "\n")
}

// Definitions of recorded executions: AWS took every one of them.
func TestAcceptsWhatAWSAccepted(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t, "aws_accepted.jsonl") {
		if faults := errorsOf(asl.Validate(s.source(), s.Type)); faults != "" {
			t.Errorf("%s:\n%s", s.ID, faults)
		}
	}
}

// Workflows of AWS's public samples: every one opens and is kept as it is. Many hold placeholders.
func TestParsesRealWorkflows(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t, "workflows.jsonl") {
		m, list := asl.Parse(s.source())
		if m == nil {
			t.Errorf("%s:\n%s", s.ID, errorsOf(list))
		} else if m.Source != s.source() {
			t.Errorf("%s is not what was read", s.ID)
		}
	}
}

// Definitions judged by linters, with their verdicts.
func TestAgreesWithLinters(t *testing.T) {
	t.Parallel()
	list := samples(t, "lint.jsonl")
	agreed := 0
	for _, s := range list {
		m, diagnostics := asl.Parse(s.source())
		same := (m != nil) == s.Valid
		reason, differs := lintDifferences[s.ID]
		switch {
		case same && differs:
			t.Errorf("%s now agrees: take it out of the list (%s)", s.ID, reason)
		case !same && !differs:
			t.Errorf("%s (%s): valid is %v, want %v\n%s", s.ID, s.Why, m != nil, s.Valid, errorsOf(diagnostics))
		}
		if same {
			agreed++
		}
	}
	t.Logf("%d of %d verdicts agree", agreed, len(list))
	if agreed*100 < 95*len(list) {
		t.Errorf("%d of %d verdicts are less than 95 %%", agreed, len(list))
	}
}

// lintDifferences are the verdicts we do not share, each with the reason.
var lintDifferences = map[string]string{
	"asl-service/documentSucceedFailTerminalState":            "a state name stands in two branches: AWS wants names unique in the whole machine",
	"asl-service/documentTaskInvalidArn":                      "the editor leaves resources to the service, which refuses this one",
	"asl-validator/invalid-json-surround-syntax-extra-spaces": "AWS takes any white space inside the delimiters",
	"asl-validator/invalid-jsonata-surround-syntax-no-spaces": "AWS takes delimiters without spaces, its own samples have them",
	"asl-validator/valid-assign":                              "no expression can name the variable top-level, because of its hyphen",
	"asl-validator/valid-map-noconfig":                        "a Map without ProcessorConfig is inline, and inline Maps have no ItemReader",
	"asl-validator/valid-map-with-item-batcher-jsonata":       "AWS refuses a JSONPath state in a JSONata machine",
	"asl-validator/valid-path-array-context":                  "Jayway's JSONPath refuses expressions as an index",
	"asl-validator/valid-task-credentials":                    "AWS wants a RoleArn in Credentials",
	"statelint/task-with-credentials":                         "AWS wants a RoleArn in Credentials",
}

// Recorded answers to bad definitions.
func TestAnswersAsAWSDid(t *testing.T) {
	t.Parallel()
	verdicts, words := 0, 0
	list := samples(t, "aws_validation.jsonl")
	for _, s := range list {
		got := asl.Validate(s.source(), s.Type)
		wantFault := s.Code == "InvalidDefinition" || s.Result == "FAIL"
		if asl.HasErrors(got) != wantFault {
			t.Errorf("%s: faulty is %v, want %v\n%s", s.ID, !wantFault, wantFault, errorsOf(got))
			continue
		}
		verdicts++
		if same(s, got) {
			words++
		} else {
			t.Errorf("%s:\n got %v\nwant %v %v", s.ID, asl.Refusal(s.source(), got), s.Message, s.Diagnostics)
		}
	}
	t.Logf("%d of %d verdicts and %d messages equal AWS's", verdicts, len(list), words)
}

// same compares words, codes and locations with a recording.
func same(s sample, got []asl.Diagnostic) bool {
	if s.Result != "" {
		if len(got) != len(s.Diagnostics) {
			return false
		}
		for i, want := range s.Diagnostics {
			d := got[i]
			if string(d.Severity) != want.Severity || d.Code != want.Code || d.Message != want.Message || d.Location != want.Location {
				return false
			}
		}
		return true
	}
	if s.Code != "InvalidDefinition" {
		return true
	}
	return asl.Refusal(s.source(), got) == strings.NewReplacer("<partition>", "aws", "<region>", "us-east-1").Replace(s.Message)
}
