package engine

import (
	"errors"
	"fmt"
	"testing"

	"statehouse/engine/ledger"
)

func TestStorageThatFailsSpeaksForItself(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("create: %w: storage is full: free space on /data: %w", ledger.ErrUnavailable, errors.New("disk is full"))
	f, ok := errors.AsType[*Fault](stored("start execution x", full))
	want := "The storage cannot be written at the moment: storage is full: free space on /data: disk is full"
	if !ok || f.Code != ServiceUnavailable || f.Message != want {
		t.Errorf("got %v, want %s", f, want)
	}
}
