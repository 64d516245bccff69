//go:build clients

package clients

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tap is the line between a client and the server. It knows which operations were called, and it is a bad line
// at times: of a call about the execution "lost-answer" that changes something, the first answer is lost after
// the server has done its work. It serves as an HTTP proxy, too, so that a client reaches a host that no name
// server knows, sync-127.0.0.1.
type tap struct {
	*httptest.Server
	mu        sync.Mutex
	called    map[string]bool // by operation
	lost      map[string]bool // by operation
	prefixed  bool            // a call came for a host with sync- before it
	throttled bool            // a call came too fast
}

func newTap(t *testing.T, server string) *tap {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	line := &tap{called: map[string]bool{}, lost: map[string]bool{}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // which the signature is about
		},
		ModifyResponse: func(r *http.Response) error {
			if line.loses(r) {
				return errors.New("the line is dead")
			}
			return nil
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:     log.New(io.Discard, "", 0),
	}
	line.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line.note(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(line.Close)
	return line
}

func operation(r *http.Request) string {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return name
}

// note remembers a call, and marks those whose answer may be lost.
func (l *tap) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	l.mu.Lock()
	defer l.mu.Unlock()
	name := operation(r)
	l.called[name] = true
	l.prefixed = l.prefixed || strings.HasPrefix(r.Host, "sync-")
	about := bytes.Contains(body, []byte("lost-answer"))
	if _, known := l.lost[name]; about && !known && (name == "StartExecution" || name == "RedriveExecution") {
		l.lost[name] = false
	}
}

// loses looks at an answer and says that it gets lost now.
func (l *tap) loses(r *http.Response) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.throttled = l.throttled || r.Header.Get("X-Amzn-Errortype") == "ThrottlingException"
	lost, marked := l.lost[operation(r.Request)]
	if !marked || lost {
		return false
	}
	l.lost[operation(r.Request)] = true
	return true
}

// check finds that all operations were called, the bad line and the throttling met, and the host's prefix sent.
func (l *tap) check(t *testing.T, operations []string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if missing := slices.DeleteFunc(operations, func(name string) bool { return l.called[name] }); len(missing) > 0 {
		t.Errorf("operations that were not called: %v", missing)
	}
	if !l.lost["StartExecution"] || !l.lost["RedriveExecution"] {
		t.Errorf("answers that were lost: %v", l.lost)
	}
	if !l.throttled {
		t.Error("no call came too fast")
	}
	if !l.prefixed {
		t.Error("no call had the prefix sync- before its host")
	}
}
