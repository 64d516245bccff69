package bus_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"statehouse/engine/bus"
	"statehouse/engine/feed"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
	"statehouse/engine/value"
)

const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:"

// start tells of an execution that has begun.
func start(b *bus.Bus, of, name string, input value.Value) {
	b.Stepped(feed.Step{Began: true, Execution: &ledger.Execution{
		ARN: "arn:aws:states:us-east-1:000000000000:execution:" + of + ":" + name, Name: name, MachineARN: machine + of,
		Type: "STANDARD", Input: input, Started: time.Date(2026, 1, 2, 3, 4, 5, 6e8, time.UTC),
	}})
}

func names(events []bus.Event) string {
	var list []string
	for _, e := range events {
		list = append(list, e.Detail.Name)
	}
	return strings.Join(list, " ")
}

func TestTheLatestEventsAreKept(t *testing.T) {
	t.Parallel()
	b := bus.New(bus.Config{Recent: 3})
	for i := range 5 {
		start(b, "m", fmt.Sprint(i), value.Object())
	}
	all := b.Since("", bus.Filter{})
	if got := names(all); got != "2 3 4" {
		t.Errorf("kept are %s", got)
	}
	if got := names(b.Since(all[1].ID, bus.Filter{})); got != "4" {
		t.Errorf("after 3 came %s", got)
	}
	if got := names(b.Since("forgotten", bus.Filter{})); got != "2 3 4" {
		t.Errorf("after one that is forgotten came %s", got)
	}
}

func TestSubscribersHearWhatTheyAskedFor(t *testing.T) {
	t.Parallel()
	b := bus.New(bus.Config{})
	start(b, "a", "before", value.Object())
	missed, s := b.Subscribe("", bus.Filter{Machine: "a", Status: interp.Running})
	if got := names(missed); got != "before" {
		t.Errorf("what came before is %q", got)
	}
	start(b, "b", "other", value.Object())
	start(b, "a", "mine", value.Object())
	_, byARN := b.Subscribe("", bus.Filter{Machine: machine + "a", Status: interp.Failed})
	start(b, "a", "still running", value.Object())
	if e := <-s.C; e.Detail.Name != "mine" {
		t.Errorf("heard of %s", e.Detail.Name)
	}
	s.Close()
	s.Close()
	byARN.Close()
	if _, ok := <-byARN.C; ok {
		t.Error("heard of what was not asked for")
	}
}

func TestASlowSubscriberIsLetGo(t *testing.T) {
	t.Parallel()
	b := bus.New(bus.Config{})
	_, slow := b.Subscribe("", bus.Filter{})
	_, quick := b.Subscribe("", bus.Filter{})
	var last string
	n := 0
	for i := range 300 {
		start(b, "m", fmt.Sprint(i), value.Object())
		<-quick.C
	}
	for e := range slow.C {
		last = e.ID
		n++
	}
	if n == 0 || n == 300 {
		t.Errorf("the slow one heard %d events before it was let go", n)
	}
	// It reads on where it was.
	if rest := b.Since(last, bus.Filter{}); n+len(rest) != 300 || rest[0].Detail.Name != fmt.Sprint(n) {
		t.Errorf("%d heard and %d read, of 300", n, len(rest))
	}
}

func TestLargeDataIsLeftOut(t *testing.T) {
	t.Parallel()
	const limit = 248 << 10
	for _, c := range []struct {
		name        string
		in, out     int // bytes of the JSON texts
		hasIn, hasO bool
	}{
		{"both fit", limit - 104, 100, true, true},
		{"together too large", limit - 100, 100, false, true},
		{"the output alone too large", 100, limit, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			// The quotes around a text are escaped, which makes it two bytes longer.
			text := func(n int) value.Value { return value.String(strings.Repeat("x", n-2)) }
			b := bus.New(bus.Config{})
			out := interp.Outcome{Status: interp.Succeeded, Output: text(c.out), At: time.Now()}
			b.Stepped(feed.Step{Outcome: &out, Execution: &ledger.Execution{ARN: "arn:aws:states:us-east-1:1:execution:m:x", Type: "STANDARD", Input: text(c.in)}})
			d := b.Since("", bus.Filter{})[0].Detail
			if d.InputDetails.Included != c.hasIn || d.OutputDetails.Included != c.hasO || (d.Input != nil) != c.hasIn || (d.Output != nil) != c.hasO {
				t.Errorf("input %v, output %v", *d.InputDetails, *d.OutputDetails)
			}
		})
	}
}
