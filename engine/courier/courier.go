// Package courier brings the events of executions to their log groups.
//
// What is to be logged is written with the steps themselves (ledger.Logs), so nothing waits
// for a courier: an engine never does, however slow the disk of the logs is, and a crash
// loses nothing. What was on its way then is brought again, so that a record may be there
// twice. Records are dropped in two cases, and counted: the group was deleted, or more than
// Config.Behind steps wait because they cannot be written.
package courier

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"statehouse/engine/arn"
	"statehouse/engine/clock"
	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
	"statehouse/engine/logfile"
)

// Files takes records into log groups.
type Files interface {
	Append(lines []logfile.Line) (lost int, err error)
	Prune() error
}

// Config is what a Courier needs.
type Config struct {
	Store ledger.Logs  // required
	Feed  *feed.Feed   // required; told by Topic when records have arrived
	Files Files        // nil: none
	Out   io.Writer    // gets all records as lines, whatever their groups; nil: none
	Log   *slog.Logger // default: none

	Behind int64 // how many steps may wait, default 1,000,000
}

const (
	batchSteps = 500
	batchBytes = 2 << 20
	gather     = 50 * time.Millisecond // what is done within it is brought together
	pruneEvery = 10 * time.Minute
	lastLeft   = 2 * time.Second // for what waits when the server stops
	maxPause   = 5 * time.Second
	patience   = 5 * time.Second // with a write to Config.Out
)

// Courier brings records.
type Courier struct {
	Config
	wake   chan struct{}
	recent recent

	records, dropped atomic.Int64
	failing          bool
	load             *load // nil: nothing is on its way
}

// New makes a Courier and starts nothing.
func New(c Config) (*Courier, error) {
	if c.Store == nil || c.Feed == nil {
		return nil, errors.New("courier: Store and Feed are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Behind <= 0 {
		c.Behind = 1_000_000
	}
	return &Courier{Config: c, wake: make(chan struct{}, 1)}, nil
}

// Wake says that something waits. It does not block.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Committed says that events of an execution wait. It does not block, and a nil Courier brings
// nothing. The events are read, and must not change.
func (c *Courier) Committed(executionARN string, redrives int, events []history.Event) {
	if c == nil || len(events) == 0 {
		return
	}
	c.recent.keep(step{executionARN, redrives, events[0].ID}, events)
	c.Wake()
}

// Counts says how many records were brought, and how many steps were dropped, since the start.
func (c *Courier) Counts() (records, dropped int64) { return c.records.Load(), c.dropped.Load() }

// Topic is what the feed calls the records of a state machine, by name.
func Topic(machine string) string { return "logs:" + machine }

// Run brings what waits, until ctx ends; then once more, within two seconds.
func (c *Courier) Run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	if c.Files != nil {
		wg.Go(func() { c.prune(ctx) })
	}
	c.drain(ctx)
	for {
		select {
		case <-c.wake:
			clock.Pause(ctx, gather)
			c.drain(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLeft)
			defer cancel()
			c.drain(last)
			return
		}
	}
}

func (c *Courier) prune(ctx context.Context) {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		if err := c.Files.Prune(); err != nil {
			c.Log.WarnContext(ctx, "old log streams cannot be deleted", "error", err)
		}
		c.bound(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// drain brings all that waits. It tries again what fails, until ctx ends.
func (c *Courier) drain(ctx context.Context) {
	for wait := 100 * time.Millisecond; ctx.Err() == nil; {
		more, err := c.bring(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			c.failed(ctx, err)
			clock.Pause(ctx, wait)
			wait = min(2*wait, maxPause)
		case !more:
			return
		}
		if err == nil && c.failing {
			c.failing, wait = false, 100*time.Millisecond
			c.Log.InfoContext(ctx, "executions are logged again")
		}
	}
}

// failed says so once, and sees that not too much waits.
func (c *Courier) failed(ctx context.Context, err error) {
	if !c.failing {
		c.failing = true
		c.Log.ErrorContext(ctx, "executions cannot be logged: it is tried again", "error", err)
	}
	c.bound(ctx)
}

// bound drops what is too much.
func (c *Courier) bound(ctx context.Context) {
	n, err := c.Store.DropUnlogged(ctx, c.Behind)
	if err != nil || n == 0 {
		return // it is the store that fails, or there is room
	}
	c.dropped.Add(n)
	c.Log.WarnContext(ctx, "steps were not logged: too many wait", "steps", n, "since_start", c.dropped.Load())
}

// load is what is on its way, and how far it has come: what was done of it is not done again.
type load struct {
	lines        []logfile.Line
	through      int64 // Unlogged.ID
	filed, shown bool
	printing     chan error // of a write to Out that has not returned; nil: none
}

// bring brings some of what waits, and tells whether there may be more.
func (c *Courier) bring(ctx context.Context) (more bool, err error) {
	if c.load == nil {
		known := func(executionARN string, redrives int, first history.ID) []history.Event {
			return c.recent.take(step{executionARN, redrives, first})
		}
		waiting, err := c.Store.Unlogged(ctx, batchSteps, batchBytes, known)
		if err != nil {
			return false, err
		}
		if len(waiting) == 0 {
			c.recent.clear()
			return false, nil
		}
		c.load = &load{lines: lines(waiting), through: waiting[len(waiting)-1].ID}
	}
	l := c.load
	if !l.filed && c.Files != nil && len(l.lines) > 0 {
		lost, err := c.Files.Append(l.lines)
		if err != nil {
			return false, err
		}
		c.dropped.Add(int64(lost))
		c.records.Add(int64(len(l.lines) - lost))
	}
	l.filed = true
	if !l.shown && c.Out != nil && len(l.lines) > 0 {
		if err := c.print(ctx, l); err != nil {
			return false, err
		}
	}
	l.shown = true
	// Until this is stored nothing else is read: it would be the same again.
	if err := c.Store.Logged(ctx, l.through); err != nil {
		return false, err
	}
	c.load = nil
	told := map[string]bool{}
	for _, l := range l.lines {
		if !told[l.Machine] {
			told[l.Machine] = true
			c.Feed.Publish(Topic(l.Machine), feed.Change{})
		}
	}
	return true, nil
}

// lines are the records of events that their levels have.
func lines(waiting []ledger.Unlogged) []logfile.Line {
	var lines []logfile.Line
	var buf []byte
	for _, u := range waiting {
		machine := u.MachineName
		if a, err := arn.Parse(u.ExecutionARN); err == nil { // children belong to the machine of their map
			machine = a.MachineName()
		}
		for i := range u.Events {
			e := &u.Events[i]
			if !u.Logging.Level.Logs(e.Type) {
				continue
			}
			start := len(buf)
			buf = u.Logging.Record(buf, e, u.ExecutionARN, u.Redrives)
			lines = append(lines, logfile.Line{Group: u.Logging.Group, Machine: machine, At: e.At, Text: buf[start:len(buf):len(buf)]})
		}
	}
	return lines
}

// errUnread says that nobody takes what is written to Out.
var errUnread = errors.New("nobody reads the records on standard output")

// print writes records to Out. Somebody who does not read keeps the goroutine that writes,
// which ends with the process then: nothing here waits for it longer than patience.
func (c *Courier) print(ctx context.Context, l *load) error {
	if l.printing == nil {
		var text []byte
		for _, line := range l.lines {
			text = append(append(text, line.Text...), '\n')
		}
		l.printing = make(chan error, 1)
		go func() {
			_, err := c.Out.Write(text)
			l.printing <- err
		}()
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case err := <-l.printing:
		l.printing = nil
		if err == nil && c.Files == nil {
			c.records.Add(int64(len(l.lines)))
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return errUnread
	}
}
