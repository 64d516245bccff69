package live

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

const arn = "arn:aws:states:us-east-1:000000000000:execution:M:x"

// run is an execution that a test moves on: what is committed can be read, then the feed tells.
type run struct {
	*feed.Feed
	mu     sync.Mutex
	events []history.Event
	status interp.Status
	open   int64
}

func (r *run) commit(n int, status interp.Status) {
	r.mu.Lock()
	var news []history.Event
	for range n {
		id := history.ID(len(r.events) + 1)
		news = append(news, history.Event{ID: id, Previous: id - 1, Type: history.PassStateExited})
		r.events = append(r.events, news[len(news)-1])
	}
	r.status = status
	r.mu.Unlock()
	r.Publish(arn, feed.Change{Events: news, Status: status})
}

func (r *run) Execution(context.Context, string) (ledger.Execution, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ledger.Execution{ARN: arn, Status: r.status, Events: int64(len(r.events))}, nil
}

func (r *run) History(_ context.Context, _ string, q ledger.HistoryQuery) ([]history.Event, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rest := r.events[min(int(q.After), len(r.events)):]
	return append([]history.Event(nil), rest[:min(q.Limit, len(rest))]...), nil
}

func (r *run) Watch(arn string) *feed.Subscription[feed.Change] { return r.Subscribe(arn) }
func (r *run) WatchInbox() *feed.Signal                         { return r.SubscribeInbox() }

func (r *run) WatchLogs(name string) *feed.Subscription[feed.Change] { return r.Subscribe(name) }

func (r *run) WatchMapRun(arn string) *feed.Subscription[feed.Change] { return r.Subscribe(arn) }

func (r *run) TaskCounts(context.Context) (ledger.TaskCounts, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ledger.TaskCounts{Open: r.open}, nil
}

func serve(t *testing.T, r *run) string {
	t.Helper()
	h, err := New(Config{Engine: r})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/inbox" {
			h.Inbox(w, req)
			return
		}
		var since history.ID
		_ = json.Unmarshal([]byte(req.URL.Query().Get("since")), &since)
		h.Execution(w, req, arn, since)
	}))
	t.Cleanup(func() {
		h.Close()
		s.Close()
	})
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

type frame struct {
	Type   string
	Events []struct{ ID int64 }
	Status string
	Last   int64
	Open   int64
}

func next(t *testing.T, conn *websocket.Conn) frame {
	t.Helper()
	var f frame
	if err := conn.ReadJSON(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

// all reads until the execution has closed and answers the ids in the order they came.
func all(t *testing.T, conn *websocket.Conn) []int64 {
	t.Helper()
	var ids []int64
	for {
		f := next(t, conn)
		for _, e := range f.Events {
			ids = append(ids, e.ID)
		}
		if f.Type == "closed" {
			return ids
		}
	}
}

func dense(t *testing.T, ids []int64, from, to int64) {
	t.Helper()
	if len(ids) != int(to-from+1) {
		t.Fatalf("got %d events %v, want %d to %d", len(ids), ids, from, to)
	}
	for i, id := range ids {
		if id != from+int64(i) {
			t.Fatalf("ids %v have a gap or a double at %d", ids, i)
		}
	}
}

func TestAWatcherSeesEveryEventOnce(t *testing.T) {
	t.Parallel()
	r := &run{Feed: feed.New(), status: interp.Running}
	r.commit(3, interp.Running)
	conn := dial(t, serve(t, r))
	var writer sync.WaitGroup
	writer.Go(func() {
		for range 700 { // more than a watcher's queue holds
			r.commit(2, interp.Running)
		}
		r.commit(1, interp.Succeeded)
	})
	dense(t, all(t, conn), 1, 1404)
	writer.Wait()
}

func TestAWatcherComesBackWhereItWas(t *testing.T) {
	t.Parallel()
	r := &run{Feed: feed.New(), status: interp.Running}
	r.commit(40, interp.Running)
	url := serve(t, r)
	first := dial(t, url)
	if f := next(t, first); f.Last != 40 || f.Status != "RUNNING" {
		t.Fatalf("got %+v, want 40 events of a running execution", f)
	}
	_ = first.Close()
	r.commit(5, interp.Failed)
	dense(t, all(t, dial(t, url+"?since=40")), 41, 45)
}

func TestTheInboxIsCountedAtOnceAndOnChange(t *testing.T) {
	t.Parallel()
	r := &run{Feed: feed.New(), status: interp.Running, open: 2}
	conn := dial(t, serve(t, r)+"/inbox")
	if f := next(t, conn); f.Type != "inbox" || f.Open != 2 {
		t.Fatalf("got %+v, want 2 open tasks", f)
	}
	r.mu.Lock()
	r.open = 3
	r.mu.Unlock()
	r.PublishInbox()
	if f := next(t, conn); f.Open != 3 {
		t.Fatalf("got %+v, want 3 open tasks", f)
	}
}

func TestAForeignSiteMayNotListen(t *testing.T) {
	t.Parallel()
	url := serve(t, &run{Feed: feed.New(), status: interp.Running})
	_, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, http.Header{"Origin": {"https://elsewhere.example"}})
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Fatalf("got %v %v, want 403", resp, err)
	}
	_ = resp.Body.Close()
}
