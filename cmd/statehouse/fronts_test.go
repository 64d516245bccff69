package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are made by dial, in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) dial() net.Conn {
	here, there := net.Pipe()
	p.conns <- there
	return here
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// drained serves the handler to what the test does with the listener, stops, and answers how
// long the stop took.
func drained(t *testing.T, handler http.HandlerFunc, before func(*pipes)) time.Duration {
	t.Helper()
	listener := newPipes()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- serveFronts(ctx, []front{{listener, handler}}, func() {}, slog.New(slog.DiscardHandler))
	}()
	before(listener)
	synctest.Wait()
	began := time.Now()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	return time.Since(began)
}

func TestAConnectionThatSaidNothingDoesNotHoldTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var unused net.Conn
		took := drained(t, func(http.ResponseWriter, *http.Request) {}, func(p *pipes) { unused = p.dial() })
		if took > time.Second {
			t.Errorf("stopping took %s", took)
		}
		if _, err := unused.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("the connection ended with %v, want EOF", err)
		}
	})
}

func TestARequestInFlightIsAnsweredAtTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answered := make(chan string, 2)
		ask := func(p *pipes) {
			c := p.dial()
			go func() {
				_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
				resp, err := http.ReadResponse(bufio.NewReader(c), nil)
				if err != nil {
					answered <- err.Error()
					return
				}
				text, err := io.ReadAll(resp.Body)
				if err != nil {
					text = []byte(err.Error())
				}
				answered <- string(text)
			}()
		}
		took := drained(t, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(3 * time.Second) // virtual
			_, _ = io.WriteString(w, "done")
		}, func(p *pipes) { ask(p); ask(p) })
		if took < 3*time.Second || took > 4*time.Second {
			t.Errorf("stopping took %s, the requests three seconds", took)
		}
		for range 2 {
			if got := <-answered; got != "done" {
				t.Errorf("a request in flight got %q", got)
			}
		}
	})
}

func TestARequestThatDoesNotEndHoldsTheStopForTenSecondsAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took := drained(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }, func(p *pipes) {
			_, _ = io.WriteString(p.dial(), "POST / HT")
			_, _ = io.WriteString(p.dial(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
		})
		if took > 10*time.Second {
			t.Errorf("stopping took %s", took)
		}
	})
}
