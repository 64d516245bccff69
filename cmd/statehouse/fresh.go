package main

import (
	"net"
	"net/http"
	"sync"
)

// fresh are the connections on which nothing was sent yet. Browsers and SDKs open some ahead
// of need, and http.Server.Shutdown waits five seconds for each to say something.
type fresh struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// track is a server's ConnState.
func (f *fresh) track(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if state != http.StateNew {
		delete(f.conns, c)
		return
	}
	if f.conns == nil {
		f.conns = map[net.Conn]struct{}{}
	}
	f.conns[c] = struct{}{}
}

// close closes them.
func (f *fresh) close() {
	f.mu.Lock()
	conns := f.conns
	f.conns = nil
	f.mu.Unlock()
	for c := range conns {
		_ = c.Close() // nothing is lost: nothing was said
	}
}
