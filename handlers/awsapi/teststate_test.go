package awsapi

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/engine/recorded"
	"statehouse/engine/task"
	"statehouse/engine/value"
)

// The least that has to hold, in cases. Raise it when more holds.
var ratchet = map[string]int{"JSONPath": 67, "JSONata": 57}

// testRecording is one call of TestState recorded on AWS.
type testRecording struct {
	ID             string                     `json:"id"`
	Definition     json.RawMessage            `json:"definition"`
	DefinitionText string                     `json:"definition_text"`
	Input          json.RawMessage            `json:"input"`
	InputText      *string                    `json:"input_text"`
	InputOmitted   bool                       `json:"input_omitted"`
	Request        map[string]json.RawMessage `json:"request"`
	Expected       struct {
		Response map[string]any `json:"response"`
		Error    *struct {
			Code, Message string
			HTTPStatus    int
		} `json:"error_response"`
	} `json:"expected"`
	Placeholders recorded.Placeholders `json:"placeholders"`
	Bindings     map[string]string     `json:"bindings"`
}

// TestRecordedTests plays every recording through the API and compares the whole answer.
func TestRecordedTests(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/teststate.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	held, cases := map[string]int{}, map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var c testRecording
		d := json.NewDecoder(strings.NewReader(lines.Text()))
		d.UseNumber()
		if err := d.Decode(&c); err != nil {
			t.Fatal(err)
		}
		language := "JSONPath"
		if strings.Contains(lines.Text(), "JSONata") {
			language = "JSONata"
		}
		cases[language]++
		if differences := c.play(t); len(differences) == 0 {
			held[language]++
		} else {
			t.Logf("%s\n  %s", c.ID, strings.Join(differences[:min(len(differences), 4)], "\n  "))
		}
	}
	for language, least := range ratchet {
		t.Logf("%s: %d of %d cases hold", language, held[language], cases[language])
		if held[language] < least {
			t.Errorf("%s: %d cases hold, want at least %d", language, held[language], least)
		}
	}
}

// play makes the call and lists how the answer differs.
func (c *testRecording) play(t *testing.T) []string {
	t.Helper()
	definition := string(c.Definition)
	if definition == "" {
		definition = c.DefinitionText
	}
	request := map[string]any{"definition": definition}
	switch {
	case c.InputOmitted:
	case c.InputText != nil:
		request["input"] = *c.InputText
	case c.Input != nil:
		request["input"] = string(c.Input)
	}
	for name, v := range c.Request {
		request[name] = v
	}
	if _, ok := request["roleArn"]; ok {
		request["roleArn"] = "arn:aws:iam::111111111111:role/test-role"
	}
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	status, got := call(t, c.engine(t), "TestState", string(body), nil)
	k := recorded.New(c.Placeholders, c.Bindings)
	if want := c.Expected.Error; want != nil {
		kind, _ := got["__type"].(string)
		_, code, _ := strings.Cut(kind, "#")
		return k.Equal(map[string]any{"code": want.Code, "message": want.Message}, map[string]any{"code": code, "message": got["message"]}, "error", true)
	}
	want := c.Expected.Response
	delete(want, "ResponseMetadata")
	if status != http.StatusOK {
		return []string{"refused: " + recorded.Short(got)}
	}
	return k.Equal(want, numbers(t, got), "response", true)
}

// numbers is a decoded answer with its numbers as written.
func numbers(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, _ := recorded.ParseJSON(string(text))
	return out
}

// engine is a real one, in a world where functions answer what they answered on AWS.
func (c *testRecording) engine(t *testing.T) *engine.Engine {
	t.Helper()
	world := task.NewRegistry()
	answer := task.Func(func(context.Context, task.Request) task.Reply {
		output, err := json.Marshal(c.Expected.Response["output"])
		if text, ok := c.Expected.Response["output"].(string); ok {
			output = []byte(text)
		}
		if err != nil {
			return task.Fail("test", err.Error())
		}
		return task.Result(value.Raw(string(output)))
	})
	world.Register("lambda", "invoke", []string{task.RequestResponse}, answer)
	world.Register("lambda", "function", []string{task.RequestResponse}, answer)
	e, err := engine.New(engine.Config{Store: noStore{}, Registry: world, Account: "111111111111"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// noStore keeps nothing: a test of a state is not stored.
type noStore struct{ ledger.Store }
