package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/logfile"
	"statehouse/engine/logging"
	"statehouse/engine/task"
)

var names atomic.Int64

func newName() string { return fmt.Sprint("machine-", names.Add(1)) }

// loggedBubble is a bubble whose house keeps log groups.
func loggedBubble(t *testing.T, add func(*task.Registry), test func(t *testing.T, h *house)) {
	t.Helper()
	dir := t.TempDir()
	bubble(t, add, func(t *testing.T, h *house) {
		groups, err := logfile.Open(logfile.Config{Dir: filepath.Join(dir, "logs")})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			h.stop() // the last records come when the engine stops
			h.ran <- <-h.ran
			_ = groups.Close()
		}()
		h.logs = engine.Logs{Groups: groups, Files: true}
		h.restart()
		test(t, h)
	})
}

// delivered waits until what was committed is in its log group.
func (h *house) delivered() {
	time.Sleep(time.Second) // virtual
	synctest.Wait()
}

func logTo(level, group string) string {
	return `{"level":"` + level + `","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:` + group + `:*"}}]}`
}

func (h *house) loggedMachine(name, definition, machineType, level string) string {
	h.t.Helper()
	m, err := h.CreateStateMachine(context.Background(), engine.CreateStateMachine{
		Name: name, Definition: definition, Type: machineType, Logging: logTo(level, name),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return m.ARN
}

// record is a line of a log, as far as the tests look at it.
type record struct {
	ID           string
	Type         history.Type
	ExecutionARN string `json:"execution_arn"`
	RedriveCount string `json:"redrive_count"`
}

// logged reads a group.
func (h *house) logged(group string) []record {
	h.t.Helper()
	h.delivered()
	p, err := h.FilterLogs(context.Background(), logfile.Query{Group: group, Limit: 10000})
	if err != nil {
		h.t.Fatal(err)
	}
	var list []record
	for _, e := range p.Events {
		var r record
		if err := json.Unmarshal([]byte(e.Text), &r); err != nil {
			h.t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// wantLogged compares what is logged of an execution with event types.
func (h *house) wantLogged(group, arn string, want []history.Type) {
	h.t.Helper()
	var got []history.Type
	for _, r := range h.logged(group) {
		if r.ExecutionARN == arn {
			got = append(got, r.Type)
		}
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("%s logs %v, want %v", arn, got, want)
	}
}

const failing = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"Next":"F"},"F":{"Type":"Fail","Error":"E"}}}`

func TestAnExecutionIsLoggedAsItsMachineWasWhenItBegan(t *testing.T) {
	loggedBubble(t, nil, func(t *testing.T, h *house) {
		m := h.loggedMachine("orders", failing, "", "ALL")
		whole := h.start(m, `{}`)
		if _, err := h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: m}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m, Logging: new(logTo("FATAL", "fatal"))}); err != nil {
			t.Fatal(err)
		}
		end := h.start(m, `{}`)
		if _, err := h.UpdateStateMachine(t.Context(), engine.UpdateStateMachine{ARN: m, Logging: new(`{"level":"OFF"}`)}); err != nil {
			t.Fatal(err)
		}
		silent := h.start(m, `{}`)
		version := h.start(m+":1", `{}`)
		h.restart() // what waits is as it was
		for _, x := range []string{whole, end, silent, version} {
			wantStatus(t, h.wait(x), interp.Failed)
		}
		h.wantLogged("orders", whole, h.types(whole))
		h.wantLogged("orders", version, h.types(version))
		h.wantLogged("fatal", end, []history.Type{history.ExecutionFailed})
		h.wantLogged("orders", silent, nil)

		p, err := h.MachineLogs(t.Context(), "orders", engine.LogQuery{ExecutionARN: end, Limit: 10})
		if err != nil || len(p.Events) != 1 || !strings.Contains(p.Events[0].Text, `"type":"ExecutionFailed"`) {
			t.Errorf("the machine's page shows %v, %v", p, err)
		}
		p, err = h.MachineLogs(t.Context(), "orders", engine.LogQuery{Level: logging.Error, Text: `{ $.details.error NOT EXISTS }`, Limit: 10})
		if err != nil || len(p.Events) != 2 {
			t.Errorf("entries of Fail states: %v, %v", p, err)
		}
		_, err = h.MachineLogs(t.Context(), "orders", engine.LogQuery{Text: "{", Limit: 10})
		_ = wantCode(t, err, "InvalidParameterException")
	})
}

func TestChildrenOfADistributedMapAreLoggedWithTheirMachine(t *testing.T) {
	loggedBubble(t, calling(echo), func(t *testing.T, h *house) {
		m := h.loggedMachine("each", each(""), "", "ALL")
		parent := h.start(m, numbers(5))
		wantStatus(t, h.wait(parent), interp.Succeeded)
		h.wantLogged("each", parent, h.types(parent))
		children := map[string]int{}
		for _, r := range h.logged("each") {
			if r.ExecutionARN != parent {
				children[r.ExecutionARN]++
			}
		}
		if len(children) != 5 {
			t.Errorf("records of children: %v, want 5 children", children)
		}
		for child, n := range children {
			if want := len(h.types(child)); n != want {
				t.Errorf("%s: %d records, want %d", child, n, want)
			}
		}
		p, err := h.MachineLogs(t.Context(), "each", engine.LogQuery{Limit: 1000})
		if err != nil || len(p.Events) != len(h.logged("each")) {
			t.Errorf("the machine's page shows %d records, %v", len(p.Events), err)
		}
	})
}

func TestExpressExecutionsAreLoggedWhateverIsKept(t *testing.T) {
	const quick = `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Wait","Seconds":5,"Next":"C"},"C":{"Type":"Pass","End":true}}}`
	want := []history.Type{
		history.ExecutionStarted, history.PassStateEntered, history.PassStateExited, history.WaitStateEntered, history.WaitStateExited,
		history.PassStateEntered, history.PassStateExited, history.ExecutionSucceeded,
	}
	loggedBubble(t, nil, func(t *testing.T, h *house) {
		m := h.loggedMachine("quick", quick, engine.Express, "ALL")
		for _, forget := range []bool{false, true} {
			h.forget = forget
			h.restart()
			async := h.start(m, `{}`)
			wantStatus(t, h.wait(async), interp.Succeeded)
			h.wantLogged("quick", async, want)
			x, err := h.StartSyncExecution(t.Context(), engine.StartExecution{MachineARN: m})
			if err != nil {
				t.Fatal(err)
			}
			h.wantLogged("quick", x.ARN, want)
			if events, err := h.History(t.Context(), async, ledger.HistoryQuery{}); err != nil || (len(events) == 0) != forget {
				t.Errorf("forget %v: %d events are kept: %v", forget, len(events), err)
			}
		}
	})
}

func TestRedrivesAreCounted(t *testing.T) {
	world := &moody{fails: true}
	loggedBubble(t, world.register, func(t *testing.T, h *house) {
		m := h.loggedMachine("moody", sending, "", "ALL")
		x := h.start(m, `{}`)
		wantStatus(t, h.wait(x), interp.Failed)
		world.fails = false
		if _, err := h.RedriveExecution(t.Context(), x, ""); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, h.wait(x), interp.Succeeded)
		h.wantLogged("moody", x, h.types(x))
		count, want := "0", ""
		for _, r := range h.logged("moody") {
			if r.Type == history.ExecutionRedriven {
				count = "1"
			}
			if r.RedriveCount != count {
				want += fmt.Sprintf("event %s has redrive count %s; ", r.ID, r.RedriveCount)
			}
		}
		if want != "" || count != "1" {
			t.Error(want, count)
		}
	})
}

func TestLoggingIsCheckedAndItsGroupMade(t *testing.T) {
	loggedBubble(t, nil, func(t *testing.T, h *house) {
		_, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "x", Definition: hello, Logging: strings.Replace(logTo("ALL", "g"), ":*", "", 1)})
		if f := wantCode(t, err, "InvalidLoggingConfiguration"); f.Message != "Invalid Logging Configuration: Log Group ARN must be provided with '*' qualifier." {
			t.Error(f.Message)
		}
		if groups := h.LogGroups(t.Context(), "", ""); len(groups) != 0 {
			t.Errorf("groups %v", groups)
		}
		h.loggedMachine("here", hello, "", "ERROR")
		_ = wantCode(t, h.CreateLogGroup(t.Context(), "here"), "ResourceAlreadyExistsException")
		if err := h.DeleteLogGroup(t.Context(), "here"); err != nil {
			t.Error(err)
		}
		_ = wantCode(t, h.DeleteLogGroup(t.Context(), "here"), "ResourceNotFoundException")
		if groups := h.LogGroups(t.Context(), "", "HER"); len(groups) != 0 {
			t.Errorf("groups %v", groups)
		}
		_ = wantCode(t, h.CreateLogGroup(t.Context(), "a b"), "InvalidParameterException")
	})
}

// As AWS refuses a destination that is not there: one that was never there is made here.
func TestADeletedLogGroupIsNoDestinationUntilItIsCreatedAgain(t *testing.T) {
	loggedBubble(t, nil, func(t *testing.T, h *house) {
		m := h.loggedMachine("g", hello, "", "ALL")
		if err := h.DeleteLogGroup(t.Context(), "g"); err != nil {
			t.Fatal(err)
		}
		logging := engine.UpdateStateMachine{ARN: m, Logging: new(logTo("ERROR", "g"))}
		for range 2 {
			_, err := h.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "other", Definition: hello, Logging: logTo("ALL", "g")})
			if f := wantCode(t, err, "InvalidLoggingConfiguration"); f.Message != "Invalid Logging Configuration: Log Destination not found." {
				t.Error(f.Message)
			}
			_, err = h.UpdateStateMachine(t.Context(), logging)
			_ = wantCode(t, err, "InvalidLoggingConfiguration")
			h.restart()
		}
		if err := h.CreateLogGroup(t.Context(), "g"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.UpdateStateMachine(t.Context(), logging); err != nil {
			t.Errorf("the group is there again: %v", err)
		}
	})
}
