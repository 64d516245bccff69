package exchange_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"statehouse/engine/exchange"
)

const anyMachine = `
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: `

// Files come from anybody. Whatever is in them, the answer is an error with a place, or what
// was found; nothing outside of the files is read.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, text string
		err              string // a part of it; "" when it is read all the same
	}{
		{"a YAML bomb", "a.yaml", bomb(), "bomb"},
		{"a YAML bomb of merges", "a.yaml", merges(), "a.yaml:"},
		{"an alias of itself", "a.yaml", "a: &a [*a]\n", "a.yaml:1:"},
		{"deep JSON", "a.json", strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000), "nested deeper than"},
		{"deep YAML", "a.yaml", strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000), "nested deeper than"},
		{"deep functions", "a.json", `{"Resources":{"M":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"DefinitionString":` + strings.Repeat(`{"Fn::Join":["",[`, 100) + `"x"` + strings.Repeat("]]}", 100) + "}}}}", "nested deeper than"},
		{"a key twice", "a.json", `{"StartAt":"A","StartAt":"B","States":{}}`, `a.json:1:16: the key "StartAt" stands twice`},
		{"brackets", "a.tf", "x = " + strings.Repeat("(", 100_000), "a.tf:1:"},
		{"signs", "a.tf", "locals {\n x = " + strings.Repeat("!", 100_000) + "true\n}", "nest too deeply"},
		{"choices", "a.tf", "locals {\n x = " + strings.Repeat("true ? 1 : ", 50_000) + "1\n}", "nest too deeply"},
		{"splats", "a.tf", "locals {\n x = a" + strings.Repeat("[*]", 100_000) + "\n}", "nest too deeply"},
		{"indexes", "a.tf", "locals {\n x = a" + strings.Repeat("[b]", 100_000) + "\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = local.x\n}", "nest too deeply"},
		{"lines of a text", "a.tf", "locals {\n x = <<E\n" + strings.Repeat("x\n", 100_000) + "E\n}", "more than 30000 lines"},
		{"templates in templates", "a.tf", "locals {\n x = " + strings.Repeat(`"${`, 5_000) + "\n}", "nest too deeply"},
		{"a local of itself", "a.tf", "locals {\n  a = local.b\n  b = \"${local.a}x\"\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = local.a\n}", "a.tf:2:3: local.a refers to itself"},
		{"locals that double", "a.tf", doubling(40), "following the references in this file makes more than"},
		{"a loop in a loop", "a.tf", loops(), "following the references in this file makes more than"},
		{"a condition of itself", "a.yaml", "Conditions:\n  A: !Not [!Condition A]\n" + anyMachine + "!If [A, '{}', '{}']\n", "a.yaml:2:6: the condition A refers to itself"},
		{"a name of itself", "a.yaml", "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: {StateMachineName: !GetAtt M.Name, DefinitionString: '{}'}\n", "refer to each other"},
		{"texts that double", "a.yaml", subs(), "following the references in this file makes more than"},
		{"too much", "a.json", strings.Repeat(" ", 5<<20), "at most"},
		{"a name that leads out", "../a.json", `{}`, `"../a.json" leads outside of the folder`},
		{"a name from the root", "/etc/passwd", `{}`, "leads outside of the folder"},
		{"no text", "a.json", "\x00\x01", "not a text"},
		{"no UTF-8", "a.json", "{\"StartAt\": \"\xff\"}", "not a text"},
		{"no machine", "a.yaml", "Resources: {B: {Type: AWS::S3::Bucket}}", "no state machine was found"},
		{"resources of odd kinds", "a.yaml", "Resources: {M: 7, N: {Type: [AWS::StepFunctions::StateMachine]}, O: {Type: AWS::StepFunctions::StateMachine}}", "it has no definition"},
		{"functions of odd arguments", "a.yaml", anyMachine + "!Join [!Ref [a], {b: c}]\n", "the definition is no JSON"},
		{"blocks of odd kinds", "a.tf.json", `{"resource":{"aws_sfn_state_machine":{"m":[7],"n":null}},"locals":[[]],"variable":{"x":[]}}`, "it has no definition"},
		{"many machines", "a.json", `{"Resources":{` + many(2000, `"M%d":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"DefinitionString":"{}"}}`) + `}}`, "more than 500 state machines"},
		{"many open values", "a.json", `{"Resources":{"M":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"Definition":{"a":[` + many(9000, `{"Ref":"R%d"}`) + `]}}}}}`, "more than 2000 values open"},
		{"many placeholders", "a.asl.json", `{"StartAt":"A","States":{},"x":"` + strings.ReplaceAll(many(100_000, "${P%d}"), ",", "") + `"}`, ""},
		{"a count without end", "a.tf", "resource \"aws_sfn_state_machine\" \"m\" {\n count = 1000000000\n definition = \"{}\"\n}", "a.tf:2:2: aws_sfn_state_machine.m is made more than 500 times"},
		{"a for_each of very many", "a.tf", "resource \"aws_sfn_state_machine\" \"m\" {\n for_each = toset([for i in range(2000) : tostring(i)])\n definition = \"{}\"\n}", "made more than 500 times"},
		{"a range without end", "a.tf", "locals {\n x = range(1000000000)\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n definition = jsonencode(local.x)\n}", "the function range is not followed"},
		{"products of products", "a.tf", "locals {\n l = range(100)\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n definition = jsonencode(setproduct(local.l, local.l, local.l, local.l, local.l))\n}", "following the references"},
		{"an include of itself", "a.yaml", "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: a.yaml}}\n", "nested deeper than"},
		{"includes that double", "a.yaml", "Transform: x\nResources:\n  a: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: a.yaml}}}\n  b: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: a.yaml}}}\n", "nested deeper than"},
		{"loops in loops", "a.yaml", "Resources:\n" + forEach(), "following the references"},
		{"a stack of itself", "a.yaml", "Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}}", "has the template that it stands in"},
		{"an output of itself", "a.yaml", "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}\n  M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !GetAtt S.Outputs.O}}\nOutputs: {O: {Value: !GetAtt S.Outputs.O}}\n", "has the template that it stands in"},
		{"a huge number", "a.tf", "resource \"aws_sfn_state_machine\" \"m\" {\n definition = jsonencode({ n = 1e999999, StartAt = 1 })\n}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found, err := exchange.Read([]exchange.File{{Name: c.file, Data: []byte(c.text)}}, here)
			switch {
			case c.err == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.err != "" && (err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(c.err, "bomb"))):
				t.Errorf("%d machines, %v", len(found.Machines), err)
			case err != nil && len(err.Error()) > 2000:
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
}

func bomb() string {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 10; i++ {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return text
}

func merges() string {
	text := "a0: &a0 {x: 1}\n"
	for i := 1; i < 30; i++ {
		text += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d], k%d: {<<: *a%d}}\n", i, i, i-1, i-1, i, i-1)
	}
	return text
}

func doubling(n int) string {
	text := "locals {\n  a0 = \"xxxxxxxx\"\n"
	for i := 1; i < n; i++ {
		text += fmt.Sprintf("  a%d = \"${local.a%d}${local.a%d}\"\n", i, i-1, i-1)
	}
	return text + fmt.Sprintf("}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = local.a%d\n}", n-1)
}

func loops() string {
	list := "[" + many(200, "%d") + "]"
	return "locals {\n  l = " + list + "\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n definition = jsonencode([for a in local.l : [for b in local.l : [for c in local.l : [for d in local.l : d]]]])\n}"
}

func forEach() string {
	text := ""
	for i := range 8 {
		indent := strings.Repeat("  ", i+1)
		text += indent + fmt.Sprintf("Fn::ForEach::L%d:\n%s- L%d\n%s- [a, b, c, d, e, f, g, h, i, j]\n%s-\n", i, indent, i, indent, indent)
	}
	return text + strings.Repeat("  ", 9) + "\"M${L0}${L1}\": {Type: AWS::S3::Bucket}\n"
}

func subs() string {
	text := "Resources:\n  R0: {Type: AWS::S3::Bucket, Properties: {BucketName: xxxxxxxx}}\n"
	for i := 1; i < 40; i++ {
		text += fmt.Sprintf("  R%d:\n    Type: AWS::StepFunctions::Activity\n    Properties: {Name: !Sub \"${R%d.Name}${R%d.Name}\"}\n", i, i-1, i-1)
	}
	return text
}

func many(n int, form string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(form, i)
	}
	return strings.Join(parts, ",")
}

// Templates name files; only those that were given are read.
func TestFilesBeside(t *testing.T) {
	t.Parallel()
	const flow = `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`
	for _, c := range []struct {
		location string
		found    bool
		says     string
	}{
		{"flows/a.json", true, ""},
		{"./flows/../flows/a.json", true, ""},
		{"s3://bucket/build/a.json", true, ""},
		{"b.json", false, "b.json"},
		{"s3://assets/" + strings.Repeat("0a", 32) + ".json", true, ""},
		{"../../flows/a.json", false, "leads outside of the folder"},
		{"/etc/passwd", false, "leads outside of the folder"},
		{"flows", false, "flows"},
	} {
		template := "Resources: {M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: " + c.location + "}}}"
		found, err := exchange.Read([]exchange.File{{Name: "t/template.yaml", Data: []byte(template)}, {Name: "t/flows/a.json", Data: []byte(flow)}, {Name: "t/asset." + strings.Repeat("0a", 32) + ".json", Data: []byte(flow)}}, here)
		got := strings.Join(found.Wanted, " ") + fmt.Sprint(err, found.Notes)
		named := len(found.Machines) > 0 && found.Machines[0].ID == "M"
		if named != c.found || !strings.Contains(got, c.says) {
			t.Errorf("%s: %d machines, %s", c.location, len(found.Machines), got)
		}
	}
}

// Modules and stacks that make each other end, however often they do.
func TestHostileFolders(t *testing.T) {
	t.Parallel()
	calls := func(n int, to string) string {
		text := ""
		for i := range n {
			text += fmt.Sprintf("module \"m%d\" {\n  source = \"%s\"\n}\n", i, to)
		}
		return text
	}
	stacks := func(to string) string {
		return `{"Resources":{` + many(10, `"S%d":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"`+to+`"}}`) + `}}`
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		err   string
	}{
		{"modules of modules", map[string]string{"main.tf": calls(10, "./a"), "a/a.tf": calls(10, "../b"), "b/b.tf": calls(10, "../c"), "c/c.tf": calls(10, "../d"), "d/d.tf": "output \"x\" {\n  value = 1\n}\n"}, "more than 500 modules"},
		{"modules in a circle", map[string]string{"a/a.tf": calls(1, "../b"), "b/b.tf": calls(1, "../a")}, "calls itself"},
		{"stacks of stacks", map[string]string{"main.json": stacks("a.json"), "a.json": stacks("b.json"), "b.json": stacks("c.json"), "c.json": `{"Resources":{"B":{"Type":"AWS::S3::Bucket"}}}`}, "more than 500 stacks"},
		{"stacks in a circle", map[string]string{"a.json": stacks("b.json"), "b.json": stacks("a.json")}, "has the template that it stands in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var files []exchange.File
			for name, text := range c.files {
				files = append(files, exchange.File{Name: name, Data: []byte(text)})
			}
			if _, err := exchange.Read(files, here); err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("got %v, want %s", err, c.err)
			}
		})
	}
}

// An archive is several files; its names do not lead anywhere.
func TestArchives(t *testing.T) {
	t.Parallel()
	template := "Resources: {M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: flows/a.json}}}"
	for _, c := range []struct {
		name  string
		files map[string]string
		err   string
	}{
		{"a template and its file", map[string]string{"template.yaml": template, "flows/a.json": `{"StartAt":"A","States":{}}`}, ""},
		{"a name that leads out", map[string]string{"template.yaml": template, "../../etc/cron.d/a": "x"}, `"../../etc/cron.d/a" in the archive leads outside`},
		{"an archive of zeros", map[string]string{"a.json": strings.Repeat("\x00", 5<<20)}, "unpacks to too much"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			for name, text := range c.files {
				w, err := z.Create(name)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := w.Write([]byte(text)); err != nil {
					t.Fatal(err)
				}
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			found, err := exchange.Read([]exchange.File{{Name: "app.zip", Data: b.Bytes()}}, here)
			if c.err == "" && (err != nil || len(found.Machines) != 1) || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("%+v, %v", found, err)
			}
		})
	}
	if _, err := exchange.Read([]exchange.File{{Name: "app.zip", Data: []byte("PK\x03\x04 no archive")}}, here); err == nil || !strings.Contains(err.Error(), "app.zip: the archive cannot be read") {
		t.Errorf("a broken archive: %v", err)
	}
}
