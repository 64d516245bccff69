// Package live streams what happens to browsers over WebSockets: the events of one
// execution, from the id that the browser has seen last, and the count of the inbox.
//
// A watcher costs the engine nothing: it is told after commit through a bounded queue.
// One that falls behind loses its queue, not its place: the gap is read from the
// history by id, so it sees every event once and in order.
package live

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"statehouse/engine/bus"
	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
)

const (
	pingEvery    = 20 * time.Second
	pongWithin   = 50 * time.Second
	writeWithin  = 5 * time.Second
	frameEvery   = 50 * time.Millisecond // the fastest that a busy execution is drawn
	eventsAtOnce = 500
	bytesAtOnce  = 256 << 10 // of payloads in one frame: browsers that do not read hold so much each
)

// Engine is what the streams need of the application.
type Engine interface {
	Execution(ctx context.Context, arn string) (ledger.Execution, error)
	History(ctx context.Context, arn string, q ledger.HistoryQuery) ([]history.Event, error)
	Watch(executionARN string) *feed.Subscription[feed.Change]
	WatchMapRun(mapRunARN string) *feed.Subscription[feed.Change]
	WatchLogs(workflow string) *feed.Subscription[feed.Change]
	WatchInbox() *feed.Signal
	TaskCounts(ctx context.Context) (ledger.TaskCounts, error)
}

// Config is what a Handler needs.
type Config struct {
	Engine Engine
	Bus    *bus.Bus     // nil: without Events
	Log    *slog.Logger // nil: slog.Default
}

// Handler upgrades requests to streams. Its streams end when Close is called.
type Handler struct {
	engine   Engine
	bus      *bus.Bus
	log      *slog.Logger
	upgrader websocket.Upgrader
	closing  context.Context
	close    context.CancelFunc
}

// New makes a Handler. The upgrader refuses a foreign Origin by itself.
func New(c Config) (*Handler, error) {
	if c.Engine == nil {
		return nil, errors.New("live: no engine")
	}
	h := &Handler{engine: c.Engine, bus: c.Bus, log: c.Log, upgrader: websocket.Upgrader{HandshakeTimeout: writeWithin}}
	if h.log == nil {
		h.log = slog.Default()
	}
	h.closing, h.close = context.WithCancel(context.Background())
	return h, nil
}

// Close ends all streams, so that the server can stop; browsers come back by themselves.
func (h *Handler) Close() { h.close() }

// stream upgrades the request and runs f until it returns or the other side is gone.
// The goroutine that reads exists to notice that, and ends with the connection.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request, f func(ctx context.Context, conn *websocket.Conn) error) {
	conn, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	ctx, cancel := context.WithCancel(h.closing)
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer cancel()
		conn.SetReadLimit(1 << 10)
		_ = conn.SetReadDeadline(time.Now().Add(pongWithin))
		conn.SetPongHandler(func(string) error { return conn.SetReadDeadline(time.Now().Add(pongWithin)) })
		for {
			if _, _, err := conn.NextReader(); err != nil {
				return
			}
		}
	}()
	if err := f(ctx, conn); err != nil && ctx.Err() == nil {
		h.log.WarnContext(ctx, "stream ended", "path", r.URL.Path, "error", err)
	}
	cancel()
	_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
	_ = conn.Close()
	<-read
}

func send(conn *websocket.Conn, frame []byte) error {
	if err := conn.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	return conn.WriteMessage(websocket.TextMessage, frame)
}

func ping(conn *websocket.Conn) error {
	return conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWithin))
}
