package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine/feed"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
	"statehouse/engine/logfile"
	"statehouse/engine/logging"
)

// queue is a ledger of what waits.
type queue struct {
	mu      sync.Mutex
	waiting []ledger.Unlogged
	refuse  error // of Logged
}

func (q *queue) add(n int, l logging.Config) {
	q.mu.Lock()
	defer q.mu.Unlock()
	e := history.Event{ID: history.ID(n), Type: history.TaskFailed, At: time.Now()}
	q.waiting = append(q.waiting, ledger.Unlogged{
		ID: int64(n), ExecutionARN: "arn:aws:states:us-east-1:000000000000:execution:orders:x", MachineName: "orders", Logging: l, Events: []history.Event{e},
	})
}

func (q *queue) Unlogged(_ context.Context, limit, _ int, _ ledger.Known) ([]ledger.Unlogged, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.waiting[:min(limit, len(q.waiting))]), nil
}

func (q *queue) Logged(_ context.Context, through int64) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.refuse != nil {
		return q.refuse
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(u ledger.Unlogged) bool { return u.ID <= through })
	return nil
}

func (q *queue) DropUnlogged(_ context.Context, keep int64) (int64, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := max(0, len(q.waiting)-int(keep))
	q.waiting = q.waiting[n:]
	return int64(n), nil
}

func (q *queue) left() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// files are log groups in memory, on a disk that may be full.
type files struct {
	mu    sync.Mutex
	lines []string
	full  error
	gone  string // group that was deleted
}

func (f *files) Append(lines []logfile.Line) (lost int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.full != nil {
		return 0, f.full
	}
	for _, l := range lines {
		if l.Group == f.gone {
			lost++
			continue
		}
		f.lines = append(f.lines, l.Machine+string(l.Text))
	}
	return lost, nil
}

func (f *files) Prune() error { return nil }

func (f *files) set(full error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.full = full
}

func (f *files) ids() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ids []string
	for _, l := range f.lines {
		_, rest, _ := strings.Cut(l, `orders{"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		ids = append(ids, id)
	}
	return strings.Join(ids, " ")
}

var all = logging.Config{Level: logging.All, Group: "g"}

// work runs a courier in virtual time. Stop ends it.
func work(t *testing.T, c Config, test func(q *queue, f *files, c *Courier, stop func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		q, f := &queue{}, &files{}
		c.Store, c.Feed, c.Files = q, feed.New(), f
		courier, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { courier.Run(ctx) })
		test(q, f, courier, func() {
			cancel()
			wg.Wait()
		})
		cancel()
		wg.Wait()
	})
}

func TestWhatWaitsIsBroughtOnceAndInOrder(t *testing.T) {
	t.Parallel()
	work(t, Config{}, func(q *queue, f *files, c *Courier, stop func()) {
		watch := c.Feed.Subscribe(Topic("orders"))
		defer watch.Close()
		for n := 1; n <= 5; n++ {
			q.add(n, all)
			q.add(100+n, logging.Config{Level: logging.Fatal, Group: "g"}) // which has no failed tasks
		}
		c.Wake()
		time.Sleep(time.Second)
		if got := f.ids(); got != "1 2 3 4 5" || q.left() != 0 {
			t.Errorf("brought %s, %d left", got, q.left())
		}
		if len(watch.C) == 0 {
			t.Error("watchers were not told")
		}
		q.add(6, all)
		stop()
		if got := f.ids(); got != "1 2 3 4 5 6" {
			t.Errorf("after the stop: %s", got)
		}
	})
}

func TestAFullDiskIsWaitedForAndTooMuchIsDropped(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	work(t, Config{Behind: 3, Log: slog.New(slog.NewTextHandler(&said, nil))}, func(q *queue, f *files, c *Courier, _ func()) {
		f.set(errors.New("no space left on device"))
		for n := 1; n <= 5; n++ {
			q.add(n, all)
			c.Wake()
			time.Sleep(time.Minute)
		}
		if q.left() != 3 {
			t.Errorf("%d wait, want 3", q.left())
		}
		f.set(nil)
		time.Sleep(time.Minute)
		records, dropped := c.Counts()
		if got := f.ids(); !strings.HasSuffix(got, "3 4 5") || q.left() != 0 || dropped != 2 || records < 3 {
			t.Errorf("brought %s, %d left, %d records, %d dropped", got, q.left(), records, dropped)
		}
	})
	for _, want := range []string{"no space left on device", "too many wait", "logged again"} {
		if n := strings.Count(said.String(), want); n == 0 || want != "too many wait" && n > 1 {
			t.Errorf("the log says %q %d times:\n%s", want, n, said.String())
		}
	}
}

func TestNothingIsBroughtTwiceWhenOnlyTheNoteFails(t *testing.T) {
	t.Parallel()
	work(t, Config{}, func(q *queue, f *files, c *Courier, _ func()) {
		q.mu.Lock()
		q.refuse = ledger.ErrUnavailable
		q.mu.Unlock()
		q.add(1, all)
		c.Wake()
		time.Sleep(time.Minute)
		q.mu.Lock()
		q.refuse = nil
		q.mu.Unlock()
		time.Sleep(time.Minute)
		if got := f.ids(); got != "1" || q.left() != 0 {
			t.Errorf("brought %s, %d left", got, q.left())
		}
	})
}

func TestRecordsOfADeletedGroupAreCounted(t *testing.T) {
	t.Parallel()
	work(t, Config{}, func(q *queue, f *files, c *Courier, _ func()) {
		f.gone = "g"
		q.add(1, all)
		c.Wake()
		time.Sleep(time.Second)
		if records, dropped := c.Counts(); records != 0 || dropped != 1 || q.left() != 0 {
			t.Errorf("%d records, %d dropped, %d left", records, dropped, q.left())
		}
	})
}

// stuck is a pipe that nobody reads until it is opened.
type stuck struct {
	open chan struct{}
	text bytes.Buffer
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.open
	return s.text.Write(p)
}

func TestAPipeThatNobodyReadsDelaysNoFileTwice(t *testing.T) {
	t.Parallel()
	out := &stuck{}
	work(t, Config{Out: out}, func(q *queue, f *files, c *Courier, _ func()) {
		out.open = make(chan struct{})
		for n := 1; n <= 3; n++ {
			q.add(n, all)
		}
		c.Wake()
		time.Sleep(time.Hour)
		if got := f.ids(); got != "1 2 3" || q.left() != 3 {
			t.Errorf("in files %s, %d wait", got, q.left())
		}
		close(out.open)
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := strings.Count(out.text.String(), "\n"); got != 3 || f.ids() != "1 2 3" || q.left() != 0 {
			t.Errorf("%d lines printed, in files %s, %d left", got, f.ids(), q.left())
		}
	})
}

func ExampleTopic() { fmt.Println(Topic("Order-review")) } // Output: logs:Order-review
