package keyring_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine/access"
	"statehouse/engine/keyring"
	"statehouse/engine/ledger"
	"statehouse/engine/vault"
)

// shelf is a store in memory. It counts what is asked of it.
type shelf struct {
	mu     sync.Mutex
	keys   map[string]ledger.AccessKey
	reads  int
	writes []map[string]time.Time
	fail   error
	onRead func()
}

func newShelf() *shelf { return &shelf{keys: map[string]ledger.AccessKey{}} }

func (s *shelf) CreateAccessKey(_ context.Context, k ledger.AccessKey, _ int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[k.ID] = k
	return nil
}

func (s *shelf) AccessKey(_ context.Context, id string) (ledger.AccessKey, error) {
	s.mu.Lock()
	s.reads++
	k, ok := s.keys[id]
	s.mu.Unlock()
	if s.onRead != nil {
		s.onRead()
	}
	if !ok {
		return k, ledger.ErrNotFound
	}
	return k, nil
}

func (s *shelf) ListAccessKeys(context.Context) (all []ledger.AccessKey, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		all = append(all, k)
	}
	return all, nil
}

func (s *shelf) RevokeAccessKey(_ context.Context, id string, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.keys[id]
	if !ok {
		return ledger.ErrNotFound
	}
	k.Sealed, k.Revoked = nil, at
	s.keys[id] = k
	return nil
}

func (s *shelf) UseAccessKeys(_ context.Context, used map[string]time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.writes = append(s.writes, used)
	return nil
}

func ring(t *testing.T, s *shelf, v *vault.Vault) *keyring.Ring {
	t.Helper()
	return keyring.New(keyring.Config{Store: s, Vault: v, Clock: time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
}

func known() *vault.Vault { return vault.New(bytes.Repeat([]byte{1}, vault.KeySize)) }

func create(t *testing.T, r *keyring.Ring) (id, secret string) {
	t.Helper()
	k, secret, err := r.Create(t.Context(), "ci", []access.Role{access.Operator})
	if err != nil {
		t.Fatal(err)
	}
	return k.ID, secret
}

func TestAKeyIsToldOnceAndChecksSignaturesForEver(t *testing.T) {
	t.Parallel()
	s := newShelf()
	id, secret := create(t, ring(t, s, known()))
	if len(id) != 20 || !strings.HasPrefix(id, "AKSH") || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || len(secret) != 40 {
		t.Errorf("id %q, secret of %d characters", id, len(secret))
	}
	if bytes.Contains(s.keys[id].Sealed, []byte(secret[:6])) {
		t.Error("the store has the secret")
	}
	r := ring(t, s, known()) // after a restart
	for range 3 {
		c, ok, err := r.Credential(t.Context(), id)
		if err != nil || !ok || c.Secret != secret || c.Who.Name != "ci" || !c.Who.May(access.StartExecution) || c.Who.May(access.EditWorkflow) {
			t.Fatalf("credential %+v, %v, %v", c.Who, ok, err)
		}
	}
	if s.reads != 1 {
		t.Errorf("the store was read %d times", s.reads)
	}
	if _, ok, err := r.Credential(t.Context(), "AKSHNOSUCHKEY"); ok || err != nil {
		t.Errorf("a key that is not there: %v, %v", ok, err)
	}
}

func TestARevokedKeyIsForgottenAtOnce(t *testing.T) {
	t.Parallel()
	s := newShelf()
	r := ring(t, s, known())
	id, _ := create(t, r)
	if _, ok, _ := r.Credential(t.Context(), id); !ok {
		t.Fatal("the key is no good")
	}
	if err := r.Revoke(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := r.Credential(t.Context(), id); ok || err != nil {
		t.Errorf("after the revocation: %v, %v", ok, err)
	}
	if err := r.Revoke(t.Context(), "AKSHNOSUCHKEY"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("revoking nothing: %v", err)
	}
}

func TestAKeyThatIsRevokedWhileItIsReadIsNotKept(t *testing.T) {
	t.Parallel()
	s := newShelf()
	r := ring(t, s, known())
	id, _ := create(t, r)
	s.onRead = sync.OnceFunc(func() { // the row was read, and is revoked before it is cached
		if err := r.Revoke(t.Context(), id); err != nil {
			t.Error(err)
		}
	})
	if _, _, err := r.Credential(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := r.Credential(t.Context(), id); ok {
		t.Error("the key is good after its revocation")
	}
}

func TestTheLastUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		r := ring(t, s, known())
		one, _ := create(t, r)
		two, _ := create(t, r)
		for _, id := range []string{one, two} {
			if _, ok, _ := r.Credential(t.Context(), id); !ok {
				t.Fatal("the key is no good")
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { r.Run(ctx); close(ended) }()
		var last time.Time
		for range 150 { // of two and a half minutes
			r.Used(one)
			last = time.Now().Truncate(time.Microsecond)
			time.Sleep(time.Second)
		}
		r.Used(two)
		r.Used("AKSHNOSUCHKEY")
		all, err := r.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range all {
			if k.ID == one && !k.LastUsed.Equal(last) {
				t.Errorf("listed as used at %v, want %v", k.LastUsed, last)
			}
		}
		synctest.Wait()
		s.mu.Lock()
		if len(s.writes) != 2 || len(s.writes[0]) != 1 {
			t.Errorf("%d writes in two and a half minutes: %v", len(s.writes), s.writes)
		}
		s.fail = ledger.ErrUnavailable
		s.mu.Unlock()
		time.Sleep(time.Minute)
		s.mu.Lock()
		s.fail = nil
		s.mu.Unlock()
		stop()
		<-ended
		if len(s.writes) != 3 || len(s.writes[2]) != 2 || !s.writes[2][one].Equal(last) {
			t.Errorf("at the end: %v", s.writes)
		}
	})
}

func TestKeysWithoutTheirVaultAreAnError(t *testing.T) {
	t.Parallel()
	s, dir := newShelf(), t.TempDir()
	id, _ := create(t, ring(t, s, vault.InFolder(dir)))
	file := filepath.Join(dir, vault.FileName)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		change func() error
		want   error
	}{
		"gone":    {func() error { return os.Remove(file) }, vault.ErrNoKey},
		"damaged": {func() error { return os.WriteFile(file, text[:20], 0o600) }, vault.ErrBadKey},
		"another": {func() error { return os.WriteFile(file, bytes.Repeat([]byte("MDEy"), 11)[:44], 0o600) }, vault.ErrBadKey},
		"a new one": {func() error {
			return os.WriteFile(file, []byte("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"), 0o600)
		}, vault.ErrSealed},
	} {
		if err := tc.change(); err != nil {
			t.Fatal(err)
		}
		r := ring(t, s, vault.InFolder(dir))
		if _, err := r.Check(t.Context()); !errors.Is(err, tc.want) {
			t.Errorf("%s: Check answers %v", name, err)
		}
		if _, _, err := r.Create(t.Context(), "more", []access.Role{access.Viewer}); !errors.Is(err, tc.want) {
			t.Errorf("%s: Create answers %v", name, err)
		}
		if _, ok, err := r.Credential(t.Context(), id); ok || !errors.Is(err, tc.want) {
			t.Errorf("%s: Credential answers %v, %v", name, ok, err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := ring(t, s, vault.InFolder(dir)).Credential(t.Context(), id); !ok || err != nil {
		t.Errorf("with its own key again: %v, %v", ok, err)
	}
}
