package live

import (
	"context"
	"net/http"

	"github.com/gorilla/websocket"

	"statehouse/engine/feed"
)

// changed is the frame that says that a page is not true any more: its script asks for it again.
var changed = []byte(`{"type":"changed"}`)

// MapRun tells at once, as the run may have changed since the page was made, and whenever its
// progress changes.
func (h *Handler) MapRun(w http.ResponseWriter, r *http.Request, arn string) {
	h.stream(w, r, func(ctx context.Context, conn *websocket.Conn) error {
		watch := func() *feed.Subscription[feed.Change] { return h.engine.WatchMapRun(arn) }
		return follow(ctx, conn, watch, func() (bool, error) { return false, send(conn, changed) })
	})
}
