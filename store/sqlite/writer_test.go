package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"statehouse/engine/ledger"
)

// commits counts the groups that were committed.
func (db *DB) commits() int64 {
	db.w.mu.Lock()
	defer db.w.mu.Unlock()
	return db.w.commits
}

func TestManyWritesShareACommit(t *testing.T) {
	t.Parallel()
	db := openAt(t, t.TempDir(), nil)
	defer db.Close()
	before := db.commits()
	var wg sync.WaitGroup
	errs := make(chan error, 1000)
	for i := range 1000 {
		wg.Add(1)
		db.w.add(call{t.Context(), func(c *conn) error {
			_, err := c.exec("insert into drafts (name, text, input, revision, created, updated) values (?, '', '', 1, 0, 0)", fmt.Sprint(i))
			return err
		}}, func(err error) { errs <- err; wg.Done() })
	}
	wg.Wait()
	for range 1000 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	n := db.commits() - before
	t.Logf("1000 writes in %d commits", n)
	if n > 100 {
		t.Errorf("1000 writes took %d commits, want far fewer", n)
	}
}

// fill makes the file as if the disk were full, and empty again.
func (db *DB) fill(t *testing.T, full bool) {
	t.Helper()
	pages := 1 << 30
	if full {
		pages = 1 // SQLite takes the present size then
	}
	done := make(chan error, 1)
	db.w.add(setting(fmt.Sprintf("pragma max_page_count = %d", pages)), func(err error) { done <- err })
	<-done //nolint:errcheck // the group itself may fail
}

// setting is a pragma as a write.
type setting string

func (s setting) apply(c *conn) error {
	var n int64
	return c.row(string(s), nil, &n)
}

func (s setting) bytes() int { return 0 }

func TestAFullDiskIsSaidAndHeals(t *testing.T) {
	t.Parallel()
	db := openAt(t, t.TempDir(), nil)
	defer db.Close()
	ctx := t.Context()
	if _, err := db.SaveDraft(ctx, ledger.Draft{Name: "a", Text: "kept"}, 0); err != nil {
		t.Fatal(err)
	}
	db.fill(t, true)
	big := strings.Repeat("x", 1<<20)
	_, err := db.SaveDraft(ctx, ledger.Draft{Name: "b", Text: big}, 0)
	if !errors.Is(err, ledger.ErrUnavailable) || !strings.Contains(err.Error(), "storage is full: free space on "+db.dir) {
		t.Errorf("a write to a full disk answered %v", err)
	}
	if d, err := db.Draft(ctx, "a"); err != nil || d.Text != "kept" {
		t.Errorf("reading from a full disk: %q, %v", d.Text, err)
	}
	db.fill(t, false)
	if err := db.Ready(ctx); err != nil {
		t.Errorf("ready after space came back: %v", err)
	}
	if _, err := db.SaveDraft(ctx, ledger.Draft{Name: "b", Text: big}, 0); err != nil {
		t.Errorf("a write after space came back: %v", err)
	}
}

func TestAFailedCommitIsLookedUp(t *testing.T) {
	t.Parallel()
	db := openAt(t, t.TempDir(), nil)
	defer db.Close()
	ctx := t.Context()
	hook := func(f func() int) {
		if err := db.write(ctx, func(c *conn) error { c.c.RegisterCommitHook(f); return nil }); err != nil && f == nil {
			t.Fatal(err)
		}
	}
	hook(func() int { return 1 }) // every commit becomes a rollback
	if _, err := db.SaveDraft(ctx, ledger.Draft{Name: "a"}, 0); err == nil {
		t.Error("a write whose commit failed was acknowledged")
	}
	if _, err := db.Draft(ctx, "a"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the write is there: %v", err)
	}
	if db.w.failed() == nil {
		t.Error("the writer thinks that all is well")
	}
	if err := db.Ready(ctx); err == nil {
		t.Error("ready although no commit works")
	}
	db.w.c.c.RegisterCommitHook(nil) // nothing is under way
	if err := db.Ready(ctx); err != nil {
		t.Errorf("ready after commits work again: %v", err)
	}
	if _, err := db.SaveDraft(ctx, ledger.Draft{Name: "a"}, 0); err != nil {
		t.Errorf("a write after commits work again: %v", err)
	}
}
