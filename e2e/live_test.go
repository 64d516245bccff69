package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// follower is a browser that watches an execution through cuts: it knows the last event
// it has seen and asks for the rest.
type follower struct {
	t      *testing.T
	last   int64
	status string
}

// follow reads a stream until it is cut, the server closes it, or enough events came.
func (f *follower) follow(s *server, path string, enough int) {
	f.t.Helper()
	url := fmt.Sprintf("ws%s/live%s?since=%d", strings.TrimPrefix(s.URL, "http"), path, f.last)
	conn, _, err := websocket.DefaultDialer.DialContext(f.t.Context(), url, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a cut on purpose
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	for came := 0; came < enough; {
		var frame struct {
			Type, Status string
			Last         int64
			Events       []struct{ ID int64 }
		}
		if err := conn.ReadJSON(&frame); err != nil {
			return
		}
		for _, e := range frame.Events {
			if e.ID != f.last+1 {
				f.t.Fatalf("event %d comes after %d", e.ID, f.last)
			}
			f.last = e.ID
			came++
		}
		if frame.Type == "closed" {
			f.status = frame.Status
			return
		}
		if frame.Last != f.last {
			f.t.Fatalf("the frame says %d is its last event, it is %d", frame.Last, f.last)
		}
	}
}

// TestAWatcherMissesNothing cuts the connection after every few events, and kills the
// server in the middle: what comes is every event once, in order, to the end.
func TestAWatcherMissesNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, data)
	m := machine(t, s.client(), "busy", `{"StartAt":"N","States":{"N":{"Type":"Pass","Parameters":{"n.$":"States.ArrayRange(1,60,1)"},"Next":"M"},
		"M":{"Type":"Map","MaxConcurrency":15,"ItemsPath":"$.n","End":true,"ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"P"},"P":{"Type":"Pass","End":true}}}}}}`)
	arn := run(t, s.client(), m, "{}")
	f := &follower{t: t}
	for f.status == "" {
		f.follow(s, pageOf(arn), 40)
		if f.last > 150 && f.last < 200 {
			s.kill(t)
			s = start(t, data)
		}
	}
	x := finished(t, s.client(), arn)
	if f.status != string(x.Status) || f.status != "SUCCEEDED" {
		t.Errorf("the stream ended with %s, the run is %s", f.status, x.Status)
	}
	late := &follower{t: t}
	late.follow(s, pageOf(arn), 1<<20)
	if late.last != f.last || late.status != f.status {
		t.Errorf("who comes late sees %d events and %s, who watched saw %d and %s", late.last, late.status, f.last, f.status)
	}
}
