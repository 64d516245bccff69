package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// maxHeader is the largest head of a request in bytes.
const maxHeader = 64 << 10

// freshTime is how long a connection on which nothing was sent may stay open after SIGTERM:
// a request may be on its way.
const freshTime = 500 * time.Millisecond

// front is an address and what answers there.
type front struct {
	listener net.Listener
	handler  http.Handler
}

// serveFronts serves until ctx ends, or until one of the fronts fails, and then drains all:
// calls in flight are answered. Long polls and streams look at their request's context, which
// ends first; drop ends what does not.
func serveFronts(ctx context.Context, fronts []front, drop func(), log *slog.Logger) error {
	requests, cancelRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelRequests()
	servers := make([]*http.Server, len(fronts))
	var unused fresh
	var wg sync.WaitGroup
	defer wg.Wait()
	served := make(chan error, len(fronts))
	for i, f := range fronts {
		servers[i] = &http.Server{
			Handler:           f.handler,
			ReadHeaderTimeout: 10 * time.Second,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    maxHeader,
			ConnState:         unused.track,
			BaseContext:       func(net.Listener) context.Context { return requests },
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		}
		wg.Go(func() { served <- servers[i].Serve(f.listener) })
	}
	var failed error
	select {
	case failed = <-served:
	case <-ctx.Done():
		log.InfoContext(ctx, "stopping")
	}
	cancelRequests()
	drop()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	defer time.AfterFunc(freshTime, unused.close).Stop()
	errs := make([]error, len(servers))
	var stops sync.WaitGroup
	for i, server := range servers {
		stops.Go(func() {
			errs[i] = server.Shutdown(drain)
			if errors.Is(errs[i], context.DeadlineExceeded) { // somebody sends a request that does not end
				log.WarnContext(ctx, "requests cut off", "after", drainTime.String())
				errs[i] = server.Close()
			}
		})
	}
	stops.Wait()
	return errors.Join(append(errs, failed)...)
}
