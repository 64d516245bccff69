package live

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"statehouse/engine/bus"
	"statehouse/engine/feed"
	"statehouse/engine/ledger"
)

func TestEventsComeOnceAndInOrder(t *testing.T) {
	t.Parallel()
	b := bus.New(bus.Config{Recent: 4000})
	h, err := New(Config{Engine: &run{}, Bus: b})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.Events(w, r, r.URL.Query().Get("since"), bus.Filter{Machine: "m"})
	}))
	defer s.Close()
	defer h.Close()
	n := 0
	start := func(many int) {
		for range many {
			n++
			for _, machine := range []string{"m", "other"} {
				b.Stepped(feed.Step{Began: true, Execution: &ledger.Execution{Name: fmt.Sprint(n), MachineARN: "arn:aws:states:us-east-1:1:stateMachine:" + machine, Type: "STANDARD"}})
			}
		}
	}
	read := func(since string, first, last int) (id string) {
		conn := dial(t, "ws"+strings.TrimPrefix(s.URL, "http")+"?since="+since)
		defer conn.Close() //nolint:errcheck // the server ends when it notices
		for i := first; i <= last; i++ {
			var e bus.Event
			if err := conn.ReadJSON(&e); err != nil {
				t.Fatal(err)
			}
			if e.Detail.Name != fmt.Sprint(i) || e.DetailType != bus.StatusChange {
				t.Fatalf("event %d is of %s", i, e.Detail.Name)
			}
			if id = e.ID; i == first { // more than a subscriber may be behind
				start(400)
			}
		}
		return id
	}
	start(100)
	id := read("", 1, 300)
	read(id, 301, 900)
}
