package layout

import (
	"container/list"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"statehouse/engine/asl"
)

// ErrNoPicture is what SVG wraps for a definition that has errors: there is nothing to draw.
var ErrNoPicture = errors.New("the definition has no picture")

// ErrClosed is what SVG answers after Close.
var ErrClosed = errors.New("the renderer is closed")

// Config is what a Renderer needs.
type Config struct {
	Command  []string      // how to run the worker: a program that calls WorkerMain
	Log      *slog.Logger  // default: nowhere
	Deadline time.Duration // of one picture, default 10 s; the caller's context may end earlier
	Recycle  int           // pictures that one worker draws, default 300
	Cache    int           // pictures that are kept, default 500
}

// Renderer draws definitions in a worker process, one at a time, and remembers the pictures.
type Renderer struct {
	config Config
	turn   chan struct{} // holds one token: whoever has it owns worker and closed
	worker *process
	closed bool

	mu    sync.Mutex // guards kept and order
	kept  map[[sha256.Size]byte]*list.Element
	order *list.List // of drawn, the latest in front
}

// drawn is one picture that is kept.
type drawn struct {
	of  [sha256.Size]byte
	svg string
}

// NewRenderer makes a renderer. The worker starts with the first picture.
func NewRenderer(c Config) *Renderer {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Deadline == 0 {
		c.Deadline = 10 * time.Second
	}
	if c.Recycle == 0 {
		c.Recycle = 300
	}
	if c.Cache == 0 {
		c.Cache = 500
	}
	r := &Renderer{
		config: c, turn: make(chan struct{}, 1),
		kept: map[[sha256.Size]byte]*list.Element{}, order: list.New(),
	}
	r.turn <- struct{}{}
	return r
}

// SVG draws a definition for a page: an <svg class="thumb"> without ids, styles and titles, in the
// colours of the page's tokens.
func (r *Renderer) SVG(ctx context.Context, definition string) (string, error) {
	key := sha256.Sum256([]byte(definition))
	if svg, ok := r.recall(key); ok {
		return svg, nil
	}
	m, diagnostics := asl.Parse(definition)
	if m == nil {
		return "", fmt.Errorf("%w: %s", ErrNoPicture, asl.MessageOf(diagnostics))
	}
	select {
	case <-r.turn:
		defer func() { r.turn <- struct{}{} }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	if svg, ok := r.recall(key); ok { // somebody else had it drawn meanwhile
		return svg, nil
	}
	svg, err := r.draw(ctx, DOT(m))
	if err != nil {
		return "", err
	}
	r.keep(key, svg)
	return svg, nil
}

// draw asks the worker. A worker that failed to answer is gone; the next picture gets a new one.
func (r *Renderer) draw(ctx context.Context, dot string) (string, error) {
	if r.closed {
		return "", ErrClosed
	}
	ctx, cancel := context.WithTimeout(ctx, r.config.Deadline)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if r.worker == nil {
		w, err := start(r.config.Command, r.config.Log)
		if err != nil {
			return "", err
		}
		r.worker = w
	}
	a, err := r.worker.ask(ctx, dot)
	if err != nil || r.worker.drawn >= r.config.Recycle {
		r.worker.end()
		r.worker = nil
	}
	if err != nil {
		return "", err
	}
	if a.Error != "" {
		return "", errors.New(a.Error)
	}
	return redraw(a.SVG)
}

// Close ends the worker. It waits for the picture that is being drawn.
func (r *Renderer) Close() {
	<-r.turn
	defer func() { r.turn <- struct{}{} }()
	r.closed = true
	if r.worker != nil {
		r.worker.end()
		r.worker = nil
	}
}

// recall finds a kept picture.
func (r *Renderer) recall(key [sha256.Size]byte) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.kept[key]
	if !ok {
		return "", false
	}
	r.order.MoveToFront(e)
	return e.Value.(drawn).svg, true
}

// keep remembers a picture and forgets the one that was not asked for the longest.
func (r *Renderer) keep(key [sha256.Size]byte, svg string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept[key] = r.order.PushFront(drawn{key, svg})
	if r.order.Len() > r.config.Cache {
		oldest := r.order.Back()
		r.order.Remove(oldest)
		delete(r.kept, oldest.Value.(drawn).of)
	}
}
