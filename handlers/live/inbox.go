package live

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"statehouse/engine/clock"
)

type inboxFrame struct {
	Type    string `json:"type"` // "inbox"
	Open    int64  `json:"open"`
	Overdue int64  `json:"overdue"`
}

// Inbox streams how many tasks wait for a person: at once, and on every change.
func (h *Handler) Inbox(w http.ResponseWriter, r *http.Request) {
	h.stream(w, r, func(ctx context.Context, conn *websocket.Conn) error {
		signal := h.engine.WatchInbox()
		defer signal.Close()
		pings := time.NewTicker(pingEvery)
		defer pings.Stop()
		for {
			counts, err := h.engine.TaskCounts(ctx)
			if err != nil {
				return err
			}
			text, err := json.Marshal(inboxFrame{Type: "inbox", Open: counts.Open, Overdue: counts.Overdue})
			if err != nil {
				return err
			}
			if err := send(conn, text); err != nil {
				return err
			}
			for waiting := true; waiting; {
				select {
				case <-ctx.Done():
					return nil
				case <-pings.C:
					if err := ping(conn); err != nil {
						return err
					}
				case <-signal.C:
					waiting = false
				}
			}
			clock.Pause(ctx, frameEvery)
		}
	})
}
