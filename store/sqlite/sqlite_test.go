package sqlite

import (
	"log/slog"
	"testing"
	"time"

	"statehouse/engine/ledger"
	"statehouse/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, dir string, clock func() time.Time) ledger.Store {
		return openAt(t, dir, clock)
	})
}

// openAt opens a store that logs into the test. The caller closes it.
func openAt(t testing.TB, dir string, clock func() time.Time) *DB {
	t.Helper()
	db, err := Open(t.Context(), Config{Dir: dir, Clock: clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatalf("open %s: %v", dir, err)
	}
	return db
}
