package exchange_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"statehouse/engine/exchange"
)

// read reads one file, which must have one machine.
func read(t *testing.T, name, text string, values map[string]string) exchange.Machine {
	t.Helper()
	known := here
	known.Values = values
	found, err := exchange.Read([]exchange.File{{Name: name, Data: []byte(text)}}, known)
	if err != nil || len(found.Machines) != 1 {
		t.Fatalf("%d machines, %v", len(found.Machines), err)
	}
	return found.Machines[0]
}

const open = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${F}", "TimeoutSeconds": ${N}, "Parameters": {"x": "{% '${T}' %}"}, "End": true}}}`

func TestFill(t *testing.T) {
	t.Parallel()
	m := read(t, "open.asl.json", open, nil)
	for _, c := range []struct {
		name   string
		values map[string]string
		want   string // a part of the definition, or of the error
		fails  bool
	}{
		{"texts are escaped, numbers stand as they are", map[string]string{"F": "arn:x", "N": " 5 ", "T": "a\"b\\\n"}, `"Resource": "arn:x", "TimeoutSeconds": 5, "Parameters": {"x": "{% 'a\"b\\\n' %}"}`, false},
		{"a value for this machine goes before one for all", map[string]string{"F": "all", "open:F": "mine", "N": "5", "T": ""}, `"Resource": "mine"`, false},
		{"a value may keep its placeholder", map[string]string{"F": "${F}", "N": "5", "T": "${F}"}, `"Resource": "${F}"`, false},
		{"all that is missing is named", map[string]string{"N": "5"}, "open has placeholders without a value: ${F} in A (/States/A/Resource), ${T} in A (/States/A/Parameters/x)", true},
		{"what is no JSON cannot stand outside of quotes", map[string]string{"F": "f", "N": "5, 6", "T": ""}, "the value of ${N} must be a number", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := exchange.Fill(m, c.values)
			text := got.Definition
			if err != nil {
				text = err.Error()
			}
			if (err != nil) != c.fails || !strings.Contains(text, strings.ReplaceAll(c.want, `\"b\\\n`, `\"b\\\n`)) {
				t.Errorf("got %s\nwant %s", text, c.want)
			}
		})
	}
	_, err := exchange.Fill(m, nil)
	if missing, ok := errors.AsType[*exchange.Unfilled](err); !ok || len(missing.Missing) != 3 {
		t.Errorf("missing: %v", err)
	}
}

// Names and conditions depend on parameters, too.
func TestValuesCountBeforeDefaults(t *testing.T) {
	t.Parallel()
	cfn := `
Parameters: {Stage: {Type: String, Default: test}}
Conditions: {Live: !Equals [!Ref Stage, live]}
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: !Sub "m-${Stage}"
      DefinitionString: !If [Live, '{"StartAt":"Live","States":{"Live":{"Type":"Succeed"}}}', '{"StartAt":"Test","States":{"Test":{"Type":"Succeed"}}}']
`
	tf := `
variable "stage" { default = "test" }
resource "aws_sfn_state_machine" "m" {
  name       = "m-${var.stage}"
  definition = jsonencode({ StartAt = var.stage == "live" ? "Live" : "Test", States = {} })
}
`
	for name, text := range map[string]string{"m.yaml": cfn, "m.tf": tf} {
		for _, stage := range []string{"test", "live"} {
			m := read(t, name, text, map[string]string{"Stage": stage, "stage": stage})
			if m.Name != "m-"+stage || !strings.Contains(m.Definition, `"StartAt": "`+strings.ToUpper(stage[:1])+stage[1:]+`"`) {
				t.Errorf("%s, %s: %s\n%s", name, stage, m.Name, m.Definition)
			}
		}
	}
}

// A machine with all its settings comes back from the formats that have a place for them.
func TestWriteKeepsSettings(t *testing.T) {
	t.Parallel()
	m := exchange.Machine{
		Name: "Order-review", Type: "EXPRESS", Definition: strings.ReplaceAll(open, "${N}", "5"), Role: "arn:aws:iam::123456789012:role/orders",
		Logging:    `{"level":"ALL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:eu-west-1:123456789012:log-group:x:*"}}]}`,
		Encryption: `{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"arn:aws:kms:eu-west-1:123456789012:key/1","kmsDataKeyReusePeriodSeconds":600}`,
		Tracing:    `{"enabled":true}`, Tags: []exchange.Tag{{Key: "team:a", Value: "${x} %{y}"}}, Version: true, VersionDescription: "first \"one\"",
		Aliases: []exchange.Alias{{Name: "live", Description: "what customers see"}, {Name: "next"}},
	}
	for _, f := range []exchange.Format{exchange.CloudFormation, exchange.CloudFormationJSON, exchange.SAM, exchange.Terraform} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			got := back(t, m, f, "Order-review")
			got.ID, got.Found, got.Format, got.Place, got.Placeholders = "", "", "", exchange.Place{}, nil
			want := m
			if f == exchange.Terraform {
				want.VersionDescription = "" // the provider tells it only
				text, err := exchange.Write(m, f)
				if clean := string(hclwrite.Format(text)); err != nil || clean != string(text) || strings.Contains(clean, "version_description") {
					t.Errorf("terraform fmt changes it: %v\n%s", err, cmp.Diff(string(text), clean))
				}
			}
			want.Definition = got.Definition // compared by back
			if diff := cmp.Diff(want, got); diff != "" {
				text, _ := exchange.Write(m, f)
				t.Errorf("-want +got:\n%s\n%s", diff, text)
			}
		})
	}
}

// Readers of YAML differ in what they take for numbers and truths; what is a text is quoted.
func TestYAMLKeepsTexts(t *testing.T) {
	t.Parallel()
	words := `{"StartAt":"A","States":{},"a":"yes","b":"No","c":"1e3","d":"0x1F","e":"12:30:45","f":"~","g":"","h":" lead","i":"trail ","j":"a: b","k":"# no","l":"line\nline\n\n","m":"\ttab\nx","n":"\u0085\u2028\ufeff","o":"- x","p":"2020-01-01","q":"null","r":".5","s":"=","t":"<<","u":"!x","v":"*a","w":"line\r\nline","x":"\u0000\u0007","y":"on","🙂":"é e\u0301","":1,"yes":1.50,"0":-0,"z":1e400}`
	back(t, exchange.Machine{Name: "m", Definition: words}, exchange.YAML, "words")
	text, err := exchange.Write(exchange.Machine{Name: "m", Definition: words}, exchange.YAML)
	if err != nil || !strings.Contains(string(text), `"yes": 1.50`) || !strings.Contains(string(text), `a: "yes"`) || !strings.Contains(string(text), "l: |+\n  line\n  line\n") {
		t.Errorf("%v\n%s", err, text)
	}
	for _, f := range []exchange.Format{exchange.CloudFormation, exchange.CloudFormationJSON, exchange.SAM, exchange.Terraform} {
		back(t, exchange.Machine{Name: "m", Definition: words}, f, "words")
	}
}

// A definition of AWS's largest size goes out and comes back.
func TestWritesLargeDefinitions(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"StartAt":"S0","States":{`)
	const states = 4_000
	about := strings.Repeat("about ", 30)
	for i := range states {
		fmt.Fprintf(&b, `"S%d":{"Type":"Pass","Comment":"${x} %%{ if } %s","Result":{"n":%d.0},"Next":"S%d"},`, i, about, i, i+1)
	}
	fmt.Fprintf(&b, `"S%d":{"Type":"Succeed"}}}`, states)
	if b.Len() < 1<<20 {
		t.Fatalf("%d bytes", b.Len())
	}
	for _, f := range exchange.Formats() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			if got := back(t, exchange.Machine{Name: "m", Definition: b.String()}, f, "large"); len(got.Placeholders) != 1 {
				t.Errorf("%d placeholders", len(got.Placeholders))
			}
		})
	}
}

// Templates have no null and take some objects for functions: such definitions go as text.
func TestWritesWhatTemplatesCannotHold(t *testing.T) {
	t.Parallel()
	for _, definition := range []string{
		`{"StartAt":"A","States":{"A":{"Type":"Pass","ResultPath":null,"End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"Ref":"x"},"End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"Fn::Sub":"${Fn::x}"},"End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"%{ if true }${a} $${b} %%{","End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1.0,"Comment":"JSON\nJSON","End":true}}}`,
	} {
		for _, f := range exchange.Formats() {
			back(t, exchange.Machine{Name: "m", Definition: definition}, f, definition)
		}
	}
	if _, err := exchange.Write(exchange.Machine{Name: "m", Definition: "{ not JSON"}, exchange.YAML); err == nil || !strings.Contains(err.Error(), "mend it first") {
		t.Errorf("a broken definition: %v", err)
	}
	if text, err := exchange.Write(exchange.Machine{Name: "m", Definition: "{ not JSON"}, exchange.JSON); err != nil || string(text) != "{ not JSON\n" {
		t.Errorf("a broken definition as it is stored: %q, %v", text, err)
	}
	if _, err := exchange.Write(exchange.Machine{Name: "m", Definition: open}, exchange.YAML); err == nil || !strings.Contains(err.Error(), "${N}") {
		t.Errorf("a placeholder outside of quotes: %v", err)
	}
}
