package live

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// changed is the frame that says that a page is not true any more: its script asks for it again.
var changed = []byte(`{"type":"changed"}`)

// MapRun tells whenever the progress of a map run has changed, a few times a second at most.
func (h *Handler) MapRun(w http.ResponseWriter, r *http.Request, arn string) {
	h.stream(w, r, func(ctx context.Context, conn *websocket.Conn) error {
		pings := time.NewTicker(pingEvery)
		defer pings.Stop()
		sub := h.engine.WatchMapRun(arn)
		defer func() { sub.Close() }()
		if err := send(conn, changed); err != nil { // it may have changed since the page was made
			return err
		}
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-pings.C:
				if err := ping(conn); err != nil {
					return err
				}
				continue
			case _, open := <-sub.C:
				if !open { // fell behind
					sub.Close()
					sub = h.engine.WatchMapRun(arn)
				}
			}
			drain(sub.C)
			if err := send(conn, changed); err != nil {
				return err
			}
			pause(ctx, frameEvery)
		}
	})
}
