package mock_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"statehouse/engine/mock"
)

const example = `{
	"StateMachines": {"Order": {"TestCases": {
		"Declined": {"Charge": "DeclinedTwice"},
		"Callback": {"Ask": "NobodyAnswers"}
	}}},
	"MockedResponses": {
		"DeclinedTwice": {
			"0": {"Return": {"ok": true}},
			"1-2": {"Throw": {"Error": "Declined", "Cause": "no money"}},
			"3": {"Return": null}
		},
		"NobodyAnswers": {"0": {"Submitted": {"id": 1}, "Never": true}}
	}
}`

func TestAnswersCountCalls(t *testing.T) {
	t.Parallel()
	c, err := mock.Parse(example)
	if err != nil {
		t.Fatal(err)
	}
	answer := func(state string, n int) mock.Answer {
		testCase := map[string]string{"Charge": "Declined", "Ask": "Callback"}[state]
		a, err := c.Answer("Order", testCase, state, n)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := answer("Charge", 0); a.Return.JSON() != `{"ok":true}` || a.Throw != nil || a.Never {
		t.Errorf("call 0: %+v", a)
	}
	for n := 1; n <= 2; n++ {
		if a := answer("Charge", n); a.Throw == nil || *a.Throw != (mock.Throw{Error: "Declined", Cause: "no money"}) {
			t.Errorf("call %d: %+v", n, a)
		}
	}
	if a := answer("Charge", 3); !a.Return.IsNull() {
		t.Errorf("call 3: %+v", a)
	}
	if a := answer("Ask", 0); !a.Never || a.Submitted.JSON() != `{"id":1}` {
		t.Errorf("a callback: %+v", a)
	}
	if got, want := c.Cases("Order"), []string{"Callback", "Declined"}; !slices.Equal(got, want) {
		t.Errorf("test cases are %v, want %v", got, want)
	}
}

func TestWhatIsNotMockedIsSaid(t *testing.T) {
	t.Parallel()
	c, err := mock.Parse(example)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ machine, testCase, state, want string }{
		{"Order", "Declined", "Charge", "'DeclinedTwice' has no answer for call 4 of the state 'Charge'"},
		{"Order", "Declined", "Ask", "'Declined' of the state machine 'Order' does not mock the state 'Ask'"},
		{"Order", "Other", "Ask", "no test case 'Other' of the state machine 'Order'"},
		{"Bill", "Other", "Ask", "no test case 'Other' of the state machine 'Bill'"},
	}
	for _, tt := range tests {
		if _, err := c.Answer(tt.machine, tt.testCase, tt.state, 4); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s, %s, %s: %v, want %q", tt.machine, tt.testCase, tt.state, err, tt.want)
		}
	}
	var none *mock.Config
	if none.Mocks("Order", "Declined", "Charge") || len(none.Cases("Order")) != 0 {
		t.Error("no configuration mocks something")
	}
}

func TestMistakesHaveTheirPlace(t *testing.T) {
	t.Parallel()
	responses := func(answers string) string { return `{"MockedResponses":{"R":` + answers + `}}` }
	tests := []struct{ name, text, want string }{
		{"no JSON", `{"StateMachines":`, "line 1"},
		{"not an object", `[]`, "the file: must be an object, not array"},
		{"an unknown member", `{"Machines":{}}`, "the file: Machines is not known here; known are StateMachines, MockedResponses"},
		{"an unknown response", `{"StateMachines":{"M":{"TestCases":{"T":{"S":"R"}}}}}`, "StateMachines.M.TestCases.T.S: there is no mocked response 'R'"},
		{"a response without a name", `{"StateMachines":{"M":{"TestCases":{"T":{"S":1}}}}}`, "StateMachines.M.TestCases.T.S: must be the name"},
		{"a test case that no ARN can end with", `{"StateMachines":{"M":{"TestCases":{"a#b":{}}}}}`, "StateMachines.M.TestCases.a#b: the name"},
		{"a key that is no number", responses(`{"first":{"Return":1}}`), "MockedResponses.R: 'first' must count calls"},
		{"a key that goes down", responses(`{"3-1":{"Return":1}}`), "MockedResponses.R: '3-1' must count calls"},
		{"a key with zeros", responses(`{"00":{"Return":1}}`), "'00' must count calls"},
		{"a gap", responses(`{"0":{"Return":1},"2":{"Return":1}}`), "MockedResponses.R: there is no answer for call 1"},
		{"a later beginning", responses(`{"1-3":{"Return":1}}`), "there is no answer for call 0"},
		{"an overlap", responses(`{"0-2":{"Return":1},"2":{"Return":1}}`), "there are two answers for call 2"},
		{"no answer at all", responses(`{}`), "there is no answer for call 0"},
		{"two answers in one", responses(`{"0":{"Return":1,"Never":true}}`), "MockedResponses.R.0: must have exactly one of Return, Throw and Never"},
		{"none in one", responses(`{"0":{"Submitted":1}}`), "must have exactly one of"},
		{"an unknown answer", responses(`{"0":{"Returns":1}}`), "MockedResponses.R.0: Returns is not known here"},
		{"a failure without a name", responses(`{"0":{"Throw":{"Cause":"c"}}}`), "MockedResponses.R.0.Throw: must have an Error"},
		{"a cause that is no text", responses(`{"0":{"Throw":{"Error":"E","Cause":{}}}}`), "MockedResponses.R.0.Throw.Cause: must be a string, not object"},
		{"never, but not quite", responses(`{"0":{"Never":false}}`), "MockedResponses.R.0.Never: must be true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := mock.Parse(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	_, err := mock.Parse(`{"MockedResponses":{"A":1,"B":2}}`)
	if m, ok := errors.AsType[mock.Mistakes](err); !ok || len(m) != 2 {
		t.Errorf("all mistakes are to be said: %v", err)
	}
}
