package engine_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/bus"
	"statehouse/engine/interp"
	"statehouse/engine/recorded"
	"statehouse/engine/task"
)

// bused opens a house with a bus.
func bused(h *house) *bus.Bus {
	b := bus.New(bus.Config{})
	h.watcher = b
	h.restart()
	return b
}

// plain is a value as a reader of its JSON sees it.
func plain(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var got any
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestEventsAreThoseOfAWS compares with what EventBridge delivered on AWS.
func TestEventsAreThoseOfAWS(t *testing.T) {
	text, err := os.ReadFile("testdata/eventbridge.json")
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Definition   json.RawMessage
		Placeholders recorded.Placeholders
		Expected     struct {
			Events json.RawMessage `json:"eventbridge_events"`
		}
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	// The recorder wrote these in place of dates, and of a name.
	c.Placeholders.AnyValue = append(c.Placeholders.AnyValue, "start-date", "stop-date", "test_event_bridge_events-{short_uid()}")
	bubble(t, nil, func(t *testing.T, h *house) {
		h.account = "111111111111"
		b := bused(h)
		x := h.wait(h.start(h.machine("waits", string(c.Definition)), `{}`))
		synctest.Wait()
		k := recorded.New(c.Placeholders, nil)
		for _, problem := range k.Equal(plain(t, c.Expected.Events), plain(t, b.Since("", bus.Filter{})), "", true) {
			t.Error(problem)
		}
		for i, e := range b.Since("", bus.Filter{}) {
			at := x.Started.Truncate(time.Second).Add(time.Duration(i) * time.Minute)
			if e.Detail.Name != x.Name || !e.Time.Equal(at) || e.Detail.Started != x.Started.UnixMilli() || (e.Detail.Stopped != nil) != (i == 1) {
				t.Errorf("event %d is of %s at %s: %+v", i, e.Detail.Name, e.Time, e.Detail)
			}
		}
	})
}

func TestEventsOfWhatEndsBadly(t *testing.T) {
	world := &moody{fails: true}
	bubble(t, func(g *task.Registry) {
		world.register(g)
		g.Register("aws-sdk:test", "call", []string{task.RequestResponse}, task.Func(echo))
	}, func(t *testing.T, h *house) {
		b := bused(h)
		m := h.machine("moody", sending)
		if _, err := h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: m}); err != nil {
			t.Fatal(err)
		}
		arn := h.start(m+":1", `{}`)
		wantStatus(t, h.wait(arn), interp.Failed)
		if _, err := h.RedriveExecution(t.Context(), arn, ""); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, h.wait(arn), interp.Failed)
		synctest.Wait()
		var told []string
		for _, e := range b.Since("", bus.Filter{Machine: "moody"}) {
			d := e.Detail
			told = append(told, string(d.Status)+" "+string(d.RedriveStatus)+" "+text(d.Error)+" "+text(d.VersionARN))
			if (d.Redriven != nil) != (d.Redrives == 1) || d.OutputDetails != nil {
				t.Errorf("it tells %+v", d)
			}
		}
		of := m + ":1"
		want := []string{"RUNNING NOT_REDRIVABLE  " + of, "FAILED REDRIVABLE Boom " + of, "RUNNING NOT_REDRIVABLE  " + of, "FAILED REDRIVABLE Boom " + of}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
		}

		// Children of map runs have events, whatever their type; other Express executions have none.
		h.sync(h.expressMachine("quick", `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`), `{}`)
		h.wait(h.start(h.machine("each", strings.Replace(each(`"ToleratedFailureCount":1,`), "STANDARD", "EXPRESS", 1)), `["a", 1]`))
		synctest.Wait()
		if n := len(b.Since("", bus.Filter{Machine: "quick"})); n != 0 {
			t.Errorf("%d events of an Express execution", n)
		}
		children := b.Since("", bus.Filter{Machine: "each/L"})
		bad := 0
		for _, e := range children {
			if e.Detail.RedriveStatus == "REDRIVABLE_BY_MAP_RUN" {
				bad++
			}
		}
		if len(children) != 4 || bad != 1 {
			t.Errorf("%d events of two children, %d of them can be redriven", len(children), bad)
		}
	})
}

func TestEventsKnowThatTheMachineIsBeingDeleted(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		b := bused(h)
		m := h.machine("gone", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"Next":"F"},"F":{"Type":"Fail","Error":"E"}}}`)
		first := h.start(m, `{}`)
		time.Sleep(30 * time.Second) // virtual
		second := h.start(m, `{}`)
		if err := h.DeleteStateMachine(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		var events []bus.Event
		h.wait(first)
		synctest.Wait()
		events = append(events, b.Since("", bus.Filter{Status: interp.Failed})...)
		b = bused(h) // it is known after a restart, too
		h.wait(second)
		again := h.machine("gone", `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`)
		h.wait(h.start(again, `{}`))
		synctest.Wait()
		events = append(events, b.Since("", bus.Filter{Status: interp.Failed})...)
		var got []string
		for _, e := range events {
			got = append(got, string(e.Detail.RedriveStatus)+" "+text(e.Detail.RedriveStatusReason))
		}
		const no = "NOT_REDRIVABLE State machine is in DELETING status"
		if want := []string{no, no, "REDRIVABLE "}; !slices.Equal(got, want) {
			t.Errorf("the ends are %q, want %q", got, want)
		}
	})
}
