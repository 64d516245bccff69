package live

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"statehouse/engine/clock"
	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// eventsFrame brings events in the order of their ids, without a gap.
type eventsFrame struct {
	Type   string          `json:"type"` // "events"
	Events []history.Event `json:"events"`
	Status interp.Status   `json:"status"`
	Last   history.ID      `json:"last"`
}

// closedFrame is the last one of a stream: the execution is over.
type closedFrame struct {
	Type   string        `json:"type"` // "closed"
	Status interp.Status `json:"status"`
}

// Execution streams the events of an execution with ids above since.
func (h *Handler) Execution(w http.ResponseWriter, r *http.Request, arn string, since history.ID) {
	h.stream(w, r, func(ctx context.Context, conn *websocket.Conn) error {
		f := follower{h: h, conn: conn, arn: arn, last: since}
		return f.follow(ctx)
	})
}

// follower is one browser that watches one execution.
type follower struct {
	h    *Handler
	conn *websocket.Conn
	arn  string
	last history.ID // highest id that was sent
}

// follow catches up from the history and then hands on what the feed tells. A change only
// says that there is news: what is read back is what was committed, and many changes become
// one frame.
func (f *follower) follow(ctx context.Context) error {
	watch := func() *feed.Subscription[feed.Change] { return f.h.engine.Watch(f.arn) }
	return follow(ctx, f.conn, watch, func() (bool, error) { return f.catchUp(ctx) })
}

// follow tells at once, and again after changes, a few times a second at most, until it is
// over. Subscribing comes before telling, so that nothing falls between the two.
func follow(ctx context.Context, conn *websocket.Conn, watch func() *feed.Subscription[feed.Change], tell func() (over bool, err error)) error {
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	sub := watch()
	defer func() { sub.Close() }()
	over, err := tell()
	for err == nil && !over {
		select {
		case <-ctx.Done():
			return nil
		case <-pings.C:
			err = ping(conn)
			continue
		case _, open := <-sub.C:
			if !open { // fell behind: subscribe again, then tell what was missed
				sub.Close()
				sub = watch()
			}
		}
		drain(sub.C)
		if over, err = tell(); err == nil && !over {
			clock.Pause(ctx, frameEvery)
		}
	}
	return err
}

func drain[T any](c <-chan T) {
	for {
		select {
		case _, open := <-c:
			if !open {
				return
			}
		default:
			return
		}
	}
}

// catchUp sends all events after last; over says that the execution has closed and
// everything of it was sent.
func (f *follower) catchUp(ctx context.Context) (over bool, err error) {
	x, err := f.h.engine.Execution(ctx, f.arn)
	if err != nil {
		return false, err
	}
	for {
		events, err := f.h.engine.History(ctx, f.arn, ledger.HistoryQuery{After: f.last, Limit: eventsAtOnce, Bytes: bytesAtOnce})
		if err != nil {
			return false, err
		}
		if len(events) == 0 {
			break
		}
		f.last = events[len(events)-1].ID
		if err := f.send(eventsFrame{Type: "events", Events: events, Status: x.Status, Last: f.last}); err != nil {
			return false, err
		}
		if int64(f.last) >= x.Events {
			break
		}
	}
	if x.Status == interp.Running {
		return false, nil
	}
	return true, f.send(closedFrame{Type: "closed", Status: x.Status})
}

func (f *follower) send(frame any) error {
	text, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	return send(f.conn, text)
}
