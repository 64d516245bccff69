package arn_test

import (
	"errors"
	"testing"

	"statehouse/engine/arn"
)

func TestParsePrintsWhatItRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"arn:aws:states:us-east-1:000000000000:stateMachine:Order-review",
		"arn:aws:states:us-east-1:000000000000:express:m:e:uuid",
		"arn:aws:states:::http:invoke",
		"arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST",
	} {
		a, err := arn.Parse(text)
		if err != nil {
			t.Errorf("Parse(%q): %v", text, err)
		}
		if a.String() != text {
			t.Errorf("printed %q, read %q", a.String(), text)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", "arn:aws:states", "urn:aws:states:::x", "arn:aws:states:us-east-1:0:", "arn::states:r:a:b"} {
		if _, err := arn.Parse(text); !errors.Is(err, arn.ErrInvalid) {
			t.Errorf("Parse(%q) = %v, want ErrInvalid", text, err)
		}
	}
}

func TestKindAndNames(t *testing.T) {
	t.Parallel()
	n := arn.Names{Account: "123456789012", Region: "us-east-1"}
	tests := []struct {
		name                                         string
		text                                         string
		kind                                         arn.Kind
		machine, label, qualifier, execution, worker string
	}{
		{"a state machine", n.Machine("M"), arn.Machine, "M", "", "", "", ""},
		{"a version", n.Qualified("M", "7"), arn.Machine, "M", "", "7", "", ""},
		{"the machine of a Distributed Map", n.Machine("M/L"), arn.Machine, "M", "L", "", "", ""},
		{"an execution", n.Execution("M", "E"), arn.Execution, "M", "", "", "E", ""},
		{"a child execution", n.Execution("M/L", "E"), arn.Execution, "M", "L", "", "E", ""},
		{"an express execution", n.Express("M", "E", "U"), arn.Express, "M", "", "", "E", ""},
		{"an activity", n.Activity("A"), arn.Activity, "", "", "", "", "A"},
		{"a map run", n.MapRun("M", "L", "U"), arn.MapRun, "M", "L", "", "", ""},
		{"an integration", "arn:aws:states:::http:invoke", arn.Unknown, "", "", "", "", ""},
		{"an execution without its name", "arn:aws:states:us-east-1:1:execution:M", arn.Unknown, "", "", "", "", ""},
		{"an empty machine name", "arn:aws:states:us-east-1:1:stateMachine:", arn.Unknown, "", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := arn.KindOf(tt.text); got != tt.kind {
				t.Errorf("KindOf(%q) = %q, want %q", tt.text, got, tt.kind)
			}
			a, err := arn.Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			got := [5]string{a.MachineName(), a.Label(), a.Qualifier(), a.ExecutionName(), a.ActivityName()}
			want := [5]string{tt.machine, tt.label, tt.qualifier, tt.execution, tt.worker}
			if got != want {
				t.Errorf("parts of %q = %q, want %q", tt.text, got, want)
			}
		})
	}
}

func TestMachineOfAnExecution(t *testing.T) {
	t.Parallel()
	n := arn.Names{Account: "123456789012", Region: "cn-north-1"}
	a, err := arn.Parse(n.Execution("M/L", "E"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := a.MachineOf().String(), "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:M"; got != want {
		t.Errorf("MachineOf = %q, want %q", got, want)
	}
}
