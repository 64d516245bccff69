package scenario_test

import (
	"bytes"
	"encoding/xml"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"statehouse/engine/scenario"
)

// order charges a card, asks a person when it is much, waits a month and ships.
const order = `{"StartAt":"Charge","States":{
	"Charge":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","ResultPath":"$.payment",
		"Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":60,"MaxAttempts":2}],
		"Catch":[{"ErrorEquals":["Declined"],"ResultPath":"$.error","Next":"Cancelled"}],"Next":"Much?"},
	"Much?":{"Type":"Choice","Choices":[{"Variable":"$.total","NumericGreaterThan":100,"Next":"Approve"}],"Default":"Rest"},
	"Approve":{"Type":"Task","Resource":"arn:aws:states:::human:createTask.sync","Parameters":{"Title":"t"},"TimeoutSeconds":86400,"ResultPath":"$.approval","Next":"Rest"},
	"Rest":{"Type":"Wait","Seconds":2592000,"Next":"Shipped"},
	"Shipped":{"Type":"Pass","Parameters":{"id.$":"$.id","payment.$":"$.payment"},"End":true},
	"Cancelled":{"Type":"Fail","Error":"Cancelled","CausePath":"$.error.Cause"}}}`

const mocks = `{"StateMachines":{"Order":{"TestCases":{"Paid":{"Charge":"Paid"}}}},"MockedResponses":{"Paid":{"0":{"Return":{"paid":true}}}}}`

// files reads from memory.
func files(list map[string]string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		text, ok := list[filepath.ToSlash(path)]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(text), nil
	}
}

func read(t *testing.T, scenarios string) *scenario.File {
	t.Helper()
	f, err := scenario.Read("tests/order.test.yaml", files(map[string]string{
		"tests/order.test.yaml": "definition: ../order.json\nmachine: Order\nscenarios:\n" + scenarios, "order.json": order, "tests/mocks.json": mocks,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestScenariosThatComeOutAsExpected(t *testing.T) {
	t.Parallel()
	f := read(t, `
  - name: a small one, with an answer of a mock configuration
    input: {id: 7, total: 12.50}
    mockConfig: mocks.json
    testCase: Paid
    expect: {path: [Charge, "Much?", Rest, Shipped], output: {id: 7, payment: {paid: true}}}
  - name: a large one, charged at the third attempt
    input: {id: 12345678901234567890, total: 1e3}
    mocks:
      Charge: {0-1: {Throw: {Error: Busy}}, 2: {Return: ok}}
      Approve: {0: {Submitted: {TaskId: t}, Return: yes}}
    expect: {path: [Charge, "Much?", Approve, Rest, Shipped], output: {id: 12345678901234567890, payment: ok}}
  - name: declined
    input: {id: 7, total: 1}
    mocks: {Charge: {0: {Throw: {Error: Declined, Cause: no money}}}}
    expect: {path: [Charge, Cancelled], error: Cancelled, cause: no money}
  - name: nobody approves
    input: {id: 7, total: 101}
    mocks: {Charge: {0: {Return: 1}}, Approve: {0: {Never: true}}}
    expect: {status: FAILED, error: States.Timeout}
`)
	for _, s := range f.Scenarios {
		r := f.Run(t.Context(), s)
		if len(r.Faults) > 0 {
			t.Errorf("%s: %s", s.Name, strings.Join(r.Faults, "\n"))
		}
	}
	if r := f.Run(t.Context(), f.Scenarios[0]); r.Virtual.Hours() != 720 {
		t.Errorf("it took %s of virtual time, want 30 days", r.Virtual)
	}
}

func TestDifferencesAreReadable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, scenario string
		want           []string
	}{
		{"another path", `input: {id: 7, total: 1}, mocks: {Charge: {0: {Return: 1}}}, expect: {path: [Charge, "Much?", Approve, Shipped]}`, []string{
			"path: differs at step 3\n  got      Charge → Much? → Rest → Shipped → (end)\n  expected Charge → Much? → Approve → Shipped → (end)",
		}},
		{"a longer path", `input: {id: 7, total: 1}, mocks: {Charge: {0: {Return: 1}}}, expect: {path: [Charge, "Much?", Rest]}`, []string{
			"path: differs at step 4\n  got      … → Much? → Rest → Shipped → (end)\n  expected … → Much? → Rest → (end)",
		}},
		{"another output", `input: {id: 7, total: 1}, mocks: {Charge: {0: {Return: {a: [1, 2], b: 1, d e: 1}}}}, expect: {output: {id: "7", payment: {a: [1, 3, 4], c: null}}}`, []string{
			`output.id: 7, expected "7"`,
			"output.payment.a: 2 items, expected 3", "output.payment.a[1]: 2, expected 3", "output.payment.c: missing, expected null",
			"output.payment.b: unexpected 1", `output.payment["d e"]: unexpected 1`,
		}},
		{"a failure", `input: {id: 7, total: 1}, mocks: {Charge: {0: {Throw: {Error: Declined, Cause: no money}}}}, expect: {output: 1}`, []string{
			"status: FAILED (Cancelled: no money), expected SUCCEEDED",
		}},
		{"another failure", `input: {id: 7, total: 1}, mocks: {Charge: {0: {Throw: {Error: Declined, Cause: no money}}}}, expect: {error: Declined, cause: c}`, []string{
			"error: differs\n  got      \"Cancelled\"\n  expected \"Declined\"", "cause: differs\n  got      \"no money\"\n  expected \"c\"",
		}},
		{"no failure", `input: {id: 7, total: 1}, mocks: {Charge: {0: {Return: 1}}}, expect: {error: E}`, []string{
			"status: SUCCEEDED, expected FAILED", `error: none, expected "E"`,
		}},
		{"a call that nothing mocks", `input: {id: 7, total: 101}, mocks: {Charge: {0: {Return: 1}}}`, []string{
			`the state 'Approve' calls arn:aws:states:::human:createTask.sync with {"Title":"t"}, and nothing mocks it`,
		}},
		{"a call too many", `input: {id: 7, total: 101}, mocks: {Charge: {0: {Throw: {Error: Busy}}}}`, []string{
			"the mock 'Charge' has no answer for call 1 of the state 'Charge'",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := read(t, "  - {"+tt.scenario+"}")
			if r := f.Run(t.Context(), f.Scenarios[0]); !slices.Equal(r.Faults, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(r.Faults, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestMistakesHaveTheirPlace(t *testing.T) {
	t.Parallel()
	ok := "definition: order.json\n"
	tests := []struct{ name, text, want string }{
		{"no YAML", "a: [1", "order.yaml: line 1"},
		{"nothing", "", "the file is empty"},
		{"a list", "[]", "the file: must be a mapping, not array"},
		{"no definition", "scenarios: [{}]", "must have a definition"},
		{"a definition that is not there", "definition: other.json\nscenarios: [{}]", "definition: open other.json: file does not exist"},
		{"a definition that AWS refuses", "definition: {StartAt: A, States: {}}\nscenarios: [{}]", "SCHEMA_VALIDATION_FAILED"},
		{"no scenario", ok, "scenarios: must be a list of at least one"},
		{"an unknown member", ok + "scenarios: [{expected: {}}]", "scenarios[0]: expected is not known here; known are name, input, mocks"},
		{"a key twice", ok + "scenarios:\n  - name: a\n    name: b", "line 4: the key 'name' is there twice"},
		{"a name twice", ok + "scenarios: [{name: a}, {name: a}]", "scenarios[1].name: 'a' is there twice"},
		{"a state that is not there", ok + "scenarios: [{mocks: {Chrage: {0: {Never: true}}}}]", "scenarios[0]: 'Chrage' is mocked, but it is no Task state"},
		{"a mock without an answer", ok + "scenarios: [{mocks: {Charge: {0: {}}}}]", "order.yaml: scenarios[0].mocks.Charge.0: must have exactly one of Return, Throw and Never"},
		{"a test case without its file", ok + "scenarios: [{testCase: a}]", "has either mocks, or mockConfig and testCase"},
		{"an unknown test case", ok + "machine: Order\nscenarios: [{mockConfig: mocks.json, testCase: a}]", "scenarios[0].testCase: there is no test case 'a' of the state machine 'Order'"},
		{"an unknown status", ok + "scenarios: [{expect: {status: DONE}}]", "scenarios[0].expect.status: must be SUCCEEDED"},
		{"a path that is no list", ok + "scenarios: [{expect: {path: A}}]", "scenarios[0].expect.path: must be a list of states"},
		{"an unknown type", ok + "type: FAST\nscenarios: [{}]", "type: must be STANDARD or EXPRESS"},
		{"a bomb", "a: &a [1]\nb: &b [*a, *a]\nc: &c [*c]", "line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := scenario.Read("order.yaml", files(map[string]string{"order.yaml": tt.text, "order.json": order, "mocks.json": mocks}))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func TestExpressRefusesWhatAWSDoes(t *testing.T) {
	t.Parallel()
	_, err := scenario.Read("a.json", files(map[string]string{"a.json": `{"definition": ` + order + `, "type": "EXPRESS", "scenarios": [{}]}`}))
	if err == nil || !strings.Contains(err.Error(), "Express state machine does not support '.sync' service integration") {
		t.Error(err)
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	f := read(t, "  - {name: good, input: {id: 7, total: 1}, mocks: {Charge: {0: {Return: 1}}}}\n  - {name: bad <one>, input: {id: 7, total: 1}, mocks: {Charge: {0: {Return: 1}}}, expect: {output: 1}}")
	report := scenario.Report{File: f.Name}
	for _, s := range f.Scenarios {
		report.Results = append(report.Results, f.Run(t.Context(), s))
	}
	var b bytes.Buffer
	if err := scenario.WriteJUnit(&b, []scenario.Report{report, {File: "broken.yaml", Err: fs.ErrNotExist}}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
				} `xml:"failure"`
				Error *struct {
					Message string `xml:"message,attr"`
				} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 3 || got.Failures != 1 || got.Errors != 1 || len(got.Suites) != 2 {
		t.Fatalf("%s", b.String())
	}
	if c := got.Suites[0].Cases; c[0].Failure != nil || c[1].Name != "bad <one>" || c[1].Failure == nil || c[1].Failure.Message != `output: {"id":7,"payment":1}, expected 1` {
		t.Errorf("%s", b.String())
	}
	if c := got.Suites[1].Cases; len(c) != 1 || c[0].Error == nil {
		t.Errorf("%s", b.String())
	}
}
