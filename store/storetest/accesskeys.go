package storetest

import (
	"testing"
	"time"

	"statehouse/engine/access"
	"statehouse/engine/ledger"
)

func accessKeys(t *testing.T, w *world) {
	ctx := t.Context()
	list := func() []ledger.AccessKey {
		t.Helper()
		all, err := w.store.ListAccessKeys(ctx)
		must(t, err)
		return all
	}
	same(t, "keys of an empty store", len(list()), 0)

	ci := ledger.AccessKey{ID: "AK1", Name: "ci", Roles: []access.Role{access.Operator, access.Viewer}, Sealed: []byte{1, 0, 255}, Created: begin}
	must(t, w.store.CreateAccessKey(ctx, ci, 2))
	answers(t, "CreateAccessKey again", w.store.CreateAccessKey(ctx, ci, 2), ledger.ErrExists)
	desk := ledger.AccessKey{ID: "AK0", Name: "ci", Roles: []access.Role{access.Viewer}, Sealed: []byte{2}, Created: begin.Add(time.Hour)}
	must(t, w.store.CreateAccessKey(ctx, desk, 2))
	third := ledger.AccessKey{ID: "AK2", Name: "third", Sealed: []byte{3}, Created: begin.Add(time.Hour)}
	answers(t, "CreateAccessKey of one too many", w.store.CreateAccessKey(ctx, third, 2), ledger.ErrTooMany)
	same(t, "keys, the newest first", list(), []ledger.AccessKey{desk, ci})

	must(t, w.store.UseAccessKeys(ctx, map[string]time.Time{"AK1": begin.Add(time.Minute), "gone": begin}))
	ci.LastUsed = begin.Add(time.Minute)
	must(t, w.store.UseAccessKeys(ctx, map[string]time.Time{"AK1": begin}))
	got, err := w.store.AccessKey(ctx, "AK1")
	must(t, err)
	same(t, "a key that was used", got, ci)

	must(t, w.store.RevokeAccessKey(ctx, "AK1", begin.Add(2*time.Hour)))
	must(t, w.store.RevokeAccessKey(ctx, "AK1", begin.Add(3*time.Hour)))
	answers(t, "RevokeAccessKey of nothing", w.store.RevokeAccessKey(ctx, "gone", begin), ledger.ErrNotFound)
	_, err = w.store.AccessKey(ctx, "gone")
	answers(t, "AccessKey of nothing", err, ledger.ErrNotFound)
	ci.Sealed, ci.Revoked = nil, begin.Add(2*time.Hour)
	same(t, "keys after one was revoked", list(), []ledger.AccessKey{desk, ci})
	must(t, w.store.CreateAccessKey(ctx, third, 2))

	w.close()
	w.open()
	same(t, "keys after a restart", len(list()), 3)
}
