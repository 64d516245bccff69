package live

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"statehouse/engine/bus"
	"statehouse/engine/feed"
)

// Events streams the events of the bus, one in each message: those that came after the one
// with this id and are still kept, and then those that come.
func (h *Handler) Events(w http.ResponseWriter, r *http.Request, since string, filter bus.Filter) {
	h.stream(w, r, func(ctx context.Context, conn *websocket.Conn) error {
		pings := time.NewTicker(pingEvery)
		defer pings.Stop()
		tell := func(e bus.Event) error {
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			since = e.ID
			return send(conn, text)
		}
		for ctx.Err() == nil {
			missed, sub := h.bus.Subscribe(since, filter)
			err := relay(ctx, conn, missed, sub, pings.C, tell)
			sub.Close()
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// relay hands on events until the subscription ends: the other side was too slow then, and
// reads on from where it was.
func relay(ctx context.Context, conn *websocket.Conn, missed []bus.Event, sub *feed.Subscription[bus.Event], pings <-chan time.Time, tell func(bus.Event) error) error {
	for _, e := range missed {
		if err := tell(e); err != nil {
			return err
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pings:
			if err := ping(conn); err != nil {
				return err
			}
		case e, open := <-sub.C:
			if !open {
				return nil
			}
			if err := tell(e); err != nil {
				return err
			}
		}
	}
}
