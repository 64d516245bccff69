package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestImportPrints(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"app/template.yaml": `
Parameters: {Word: {Type: String}}
Resources:
  F: {Type: AWS::Lambda::Function}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flows/m.asl.json
      DefinitionSubstitutions: {F: !GetAtt F.Arn, Word: !Ref Word}
`,
		"app/flows/m.asl.json": `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${F}","Comment":"${Word}","End":true}}}`,
		"app/packaged.yaml":    `{Resources: {B: {Type: "AWS::S3::Bucket"}, M: {Type: "AWS::Serverless::StateMachine", Properties: {DefinitionUri: !Sub "s3://${B}/flows/m.asl.json"}}}}`,
		"secret.json":          `{"StartAt":"secret","States":{}}`,
		"app/bad.yaml":         `{Resources: {M: {Type: "AWS::Serverless::StateMachine", Properties: {DefinitionUri: "../secret.json"}}}}`,
		"values.yaml":          "Word: hello\n",
		"infra/main.tf":        `resource "aws_sfn_state_machine" "m" { definition = jsonencode({ StartAt = local.a, States = {} }) }`,
		"infra/locals.tf":      `locals { a = "fromTheOtherFile" }`,
		"deep/main.tf": `
module "m" {
  source = "./modules/m"
  files  = fileset(path.module, "flows/**/*.json")
}`,
		"deep/flows/a/one.json": `{"StartAt":"inOne","States":{}}`,
		"deep/modules/m/m.tf": `
variable "files" {}
resource "aws_sfn_state_machine" "m" {
  for_each   = var.files
  name       = trimsuffix(basename(each.value), ".json")
  definition = file(each.value)
}`,
		"deep/modules/m/notes.md": "no part of it",
		"broken.json":             "{\n  \"StartAt\": \n}",
	})
	if err := os.Symlink(filepath.Join(dir, "secret.json"), filepath.Join(dir, "app/flows/link.json")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		args     []string
		status   int
		out, err string
	}{
		{
			"what is missing is listed, with what to say",
			[]string{"app/template.yaml", "--out", "-"},
			1, `"${F}"`,
			"M: ${F} has no value (ARN, Arn of AWS::Lambda::Function F)\n    in A (/States/A/Resource)\nM: ${Word} has no value (text, parameter Word)\n    in A (/States/A/Comment)\nGive the values:\n  --set 'F=arn:aws:lambda:us-east-1:000000000000:function:F' \\\n  --set 'Word='\n",
		},
		{"what is given is filled in all the same", []string{"app/template.yaml", "--set", "Word=a;b=c", "--out", "-"}, 1, `"Resource": "${F}"`, "${F} has no value"},
		{"with values", []string{"app/template.yaml", "--values", filepath.Join(dir, "values.yaml"), "--suggested", "--out", "-"}, 0, `function:F",`, ""},
		{"a definition that lies in the same folder of a bucket", []string{"app/packaged.yaml", "--out", "-"}, 0, `"${F}"`, ""},
		{"a folder of Terraform", []string{"infra", "--out", "-"}, 0, `fromTheOtherFile`, ""},
		{"modules and sets of files below it", []string{"deep/", "--out", "-"}, 0, `inOne`, ""},
		{"a file outside of the folder is not read", []string{"app/bad.yaml", "--out", "-"}, 2, "", "in files that were not given: secret.json"},
		{"a name for one of two", []string{"infra", "app/template.yaml", "--name", "x", "--out", "-"}, 1, "", "--name is for one state machine"},
		{"one of two", []string{"infra", "app/template.yaml", "--only", "m", "--out", "-"}, 0, "fromTheOtherFile", ""},
		{"what is no JSON", []string{"broken.json", "--out", "-"}, 2, "", "broken.json:3:1: "},
		{"what is not there", []string{"nothing.json", "--out", "-"}, 2, "", "no such file"},
		{"no server", []string{"infra", "--endpoint", "http://127.0.0.1:1"}, 1, "", "no server answers at http://127.0.0.1:1: start one with 'statehouse serve'"},
		{"no address", []string{"infra", "--endpoint", "localhost"}, 1, "", "--endpoint must be an address like"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			args := []string{"import"}
			for _, a := range c.args {
				if strings.Contains(a, ".") && !strings.HasPrefix(a, "/") && !strings.Contains(a, ":") || a == "infra" || a == "deep/" {
					a = filepath.Join(dir, a)
				}
				args = append(args, a)
			}
			var out, errs bytes.Buffer
			status := run(t.Context(), args, &out, &errs)
			if status != c.status || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) {
				t.Errorf("status %d, want %d\n%s\n%s", status, c.status, out.String(), errs.String())
			}
		})
	}
}

func TestImportWritesFiles(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"one.asl.yaml": "StartAt: A\nStates:\n  A: {Type: Succeed}\n"})
	do := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		status := run(t.Context(), append([]string{"import", filepath.Join(dir, "one.asl.yaml"), "--out", filepath.Join(dir, "flows")}, args...), &out, &errs)
		return status, out.String() + errs.String()
	}
	status, said := do()
	text, err := os.ReadFile(filepath.Join(dir, "flows", "one.asl.json"))
	if status != 0 || err != nil || !strings.Contains(string(text), `"StartAt": "A"`) {
		t.Errorf("status %d, %s, %v\n%s", status, said, err, text)
	}
	if status, said := do(); status != 1 || !strings.Contains(said, "is there already: --replace overwrites it") {
		t.Errorf("again: status %d, %s", status, said)
	}
	if status, said := do("--replace"); status != 0 {
		t.Errorf("replaced: status %d, %s", status, said)
	}
}

func TestExportAFile(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"one.asl.json": `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, "none.json": `{}`})
	for _, c := range []struct {
		name, file, format string
		status             int
		out, err           string
	}{
		{"as YAML", "one.asl.json", "yaml", 0, "StartAt: A\nStates:\n  A:\n    Type: Succeed\n", ""},
		{"as Terraform", "one.asl.json", "terraform", 0, `resource "aws_sfn_state_machine" "this"`, ""},
		{"no workflow", "none.json", "yaml", 2, "", "no state machine was found"},
		{"no format", "one.asl.json", "docx", 2, "", "--format must be one of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			status := run(t.Context(), []string{"export", filepath.Join(dir, c.file), "--format", c.format}, &out, &errs)
			if status != c.status || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) {
				t.Errorf("status %d, want %d\n%s\n%s", status, c.status, out.String(), errs.String())
			}
		})
	}
}
