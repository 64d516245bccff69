package live

import (
	"context"
	"net/http"

	"github.com/gorilla/websocket"

	"statehouse/engine/feed"
)

// Logs tells whenever there are new records of a workflow. What was there before is in the page.
func (h *Handler) Logs(w http.ResponseWriter, r *http.Request, workflow string) {
	h.stream(w, r, func(ctx context.Context, conn *websocket.Conn) error {
		watch := func() *feed.Subscription[feed.Change] { return h.engine.WatchLogs(workflow) }
		return follow(ctx, conn, watch, func() (bool, error) { return false, send(conn, changed) })
	})
}
