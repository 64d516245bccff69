package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cli runs the program in this process.
func cli(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err strings.Builder
	status = run(context.Background(), args, &out, &err)
	return status, out.String(), err.String()
}

// readmeExample writes the example of the README into a folder and answers its scenarios.
func readmeExample(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "## Try workflows out")
	if !ok {
		t.Fatal("the README has no section about it")
	}
	dir := t.TempDir()
	for fence, name := range map[string]string{"json": "order.asl.json", "yaml": "order.test.yaml"} {
		block := regexp.MustCompile("(?s)```" + fence + "\n(.*?)```").FindStringSubmatch(section)
		if block == nil {
			t.Fatalf("there is no %s in the example", fence)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(block[1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "order.test.yaml")
}

func TestTheReadmesExample(t *testing.T) {
	t.Parallel()
	file := readmeExample(t)
	report := filepath.Join(t.TempDir(), "report.xml")
	status, out, stderr := cli(t, "test", "--junit", report, "-v", file)
	if status != 0 || stderr != "" || !strings.Contains(out, "2 scenarios, 0 failed") {
		t.Errorf("status %d\n%s%s", status, out, stderr)
	}
	for _, want := range []string{"the card is declined twice (", "720h", "path: Charge → Approve → Wait a month → Ship", `output: {"id":7,"by":"Ann"}`} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if text, err := os.ReadFile(report); err != nil || !strings.Contains(string(text), `<testsuites tests="2" failures="0"`) {
		t.Errorf("the report: %v\n%s", err, text)
	}
}

func TestScenariosThatFailAreSaidWithStatus1(t *testing.T) {
	t.Parallel()
	file := readmeExample(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "by: Ann}", "by: Bob}", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, stderr := cli(t, "test", file)
	if status != 1 || stderr != "" || !strings.Contains(out, `output.by: "Ann", expected "Bob"`) || !strings.Contains(out, "2 scenarios, 1 failed") {
		t.Errorf("status %d\n%s%s", status, out, stderr)
	}
	if status, out, _ := cli(t, "test", "--run", "nobody", file); status != 0 || !strings.Contains(out, "1 scenarios, 0 failed") {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestFilesThatCannotBeUsedAreSaidWithStatus2(t *testing.T) {
	t.Parallel()
	file := readmeExample(t)
	broken := filepath.Join(filepath.Dir(file), "broken.yaml")
	if err := os.WriteFile(broken, []byte("definition: order.asl.json\nscenarios: [{mocks: {Pay: {0: {}}}}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, _ := cli(t, "test", broken, file)
	if status != 2 || !strings.Contains(out, "scenarios[0].mocks.Pay.0: must have exactly one of") || !strings.Contains(out, "2 scenarios, 0 failed, 1 files cannot be used") {
		t.Errorf("status %d\n%s", status, out)
	}
	if status, _, stderr := cli(t, "test", "--run", "no such", file); status != 2 || !strings.Contains(stderr, "no scenario has") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if status, _, stderr := cli(t, "test"); status != 2 || !strings.Contains(stderr, "FILE") {
		t.Errorf("without a file: status %d: %s", status, stderr)
	}
}

func TestHelpTeachesScenarios(t *testing.T) {
	t.Parallel()
	status, out, _ := cli(t, "test", "--help")
	for _, want := range []string{"scenarios:", "Never: true", "Exit status", "--junit"} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("status %d, %q is not in\n%s", status, want, out)
		}
	}
}

func TestMockConfigIsCheckedAtTheStart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mocks.json")
	if err := os.WriteFile(file, []byte(`{"StateMachines":{"M":{"TestCases":{"T":{"S":"R"}}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, stderr := cli(t, "serve", "--data", t.TempDir(), "--mock-config", file)
	if status != 1 || !strings.Contains(stderr, "StateMachines.M.TestCases.T.S: there is no mocked response 'R'") {
		t.Errorf("status %d: %s", status, stderr)
	}
}
