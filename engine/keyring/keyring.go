// Package keyring keeps the access keys with which programs sign their calls: it makes
// them, gives their secrets to whoever checks a signature, and revokes them.
//
// A secret is told once, to who made the key. The store has it only as the vault sealed
// it; opened, it lives in memory for as long as the key is good, so that checking a
// signature neither reads the store nor opens anything. A revocation empties that memory
// before it is acknowledged.
//
// When a key was used last is noted in memory and written once a minute, for all keys
// together: no call waits for it. A crash loses a minute of it at most.
package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"statehouse/engine/access"
	"statehouse/engine/ledger"
	"statehouse/engine/vault"
)

const (
	// Limit is how many good keys there may be.
	Limit = 1000

	prefix       = "AKSH" // ids have AWS's length and alphabet, and another beginning
	idLength     = 20
	secretLength = 40 // of base32: 200 random bits
	flushEvery   = time.Minute
	flushTime    = 5 * time.Second // for the last write, when the server stops
)

// Config is what a Ring needs.
type Config struct {
	Store ledger.AccessKeys
	Vault *vault.Vault
	Clock func() time.Time
	Log   *slog.Logger
}

// Ring is the access keys. It is safe for concurrent use.
type Ring struct {
	Config

	making sync.Mutex // one key is made at a time: the first one makes the vault's key

	mu      sync.Mutex
	cached  map[string]*entry
	revoked int // revocations so far: what was read before one is not cached after it
}

// entry is a good key that was used since the start.
type entry struct {
	Credential
	used    atomic.Int64 // last use in microseconds since 1970, 0: never
	written int64        // as the store knows it
}

// Credential is what checks a signature, and whom the signature speaks for.
type Credential struct {
	Secret string
	Who    access.Principal
}

// New makes a Ring and starts nothing.
func New(c Config) *Ring { return &Ring{Config: c, cached: map[string]*entry{}} }

func about(id string) string { return "access key " + id }

// Create makes a key and returns it with its secret, which nobody can ask for again.
func (r *Ring) Create(ctx context.Context, name string, roles []access.Role) (ledger.AccessKey, string, error) {
	r.making.Lock()
	defer r.making.Unlock()
	good, err := r.Check(ctx)
	if err != nil {
		return ledger.AccessKey{}, "", err
	}
	if good == 0 {
		if err := r.Vault.Make(); err != nil {
			return ledger.AccessKey{}, "", err
		}
	}
	k := ledger.AccessKey{ID: prefix + rand.Text()[:idLength-len(prefix)], Name: name, Roles: roles, Created: r.Clock()}
	secret := (rand.Text() + rand.Text())[:secretLength]
	if k.Sealed, err = r.Vault.Seal([]byte(secret), about(k.ID)); err != nil {
		return ledger.AccessKey{}, "", err
	}
	if err := r.Store.CreateAccessKey(ctx, k, Limit); err != nil {
		return ledger.AccessKey{}, "", err
	}
	r.Log.InfoContext(ctx, "access key created", "key", k.ID, "name", name, "roles", roles)
	return k, secret, nil
}

// Check counts the good keys. It fails when the vault does not open them: with another
// key, or without one.
func (r *Ring) Check(ctx context.Context) (good int, err error) {
	all, err := r.Store.ListAccessKeys(ctx)
	if err != nil {
		return 0, err
	}
	for _, k := range all {
		if !k.Good() {
			continue
		}
		good++
		if good > 1 { // one key of the vault sealed them all
			continue
		}
		if _, err := r.Vault.Open(k.Sealed, about(k.ID)); err != nil {
			return 0, err
		}
	}
	return good, nil
}

// List lists all keys, the newest first, with their last use up to now.
func (r *Ring) List(ctx context.Context) ([]ledger.AccessKey, error) {
	all, err := r.Store.ListAccessKeys(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range all {
		if e := r.cached[all[i].ID]; e != nil {
			if at := e.used.Load(); at > 0 && all[i].LastUsed.Before(time.UnixMicro(at)) {
				all[i].LastUsed = time.UnixMicro(at).UTC()
			}
		}
	}
	return all, nil
}

// Revoke ends a key for ever: when it returns, no call is accepted any more.
// ledger.ErrNotFound.
func (r *Ring) Revoke(ctx context.Context, id string) error {
	r.flush(ctx) // its last use goes with it otherwise
	if err := r.Store.RevokeAccessKey(ctx, id, r.Clock()); err != nil {
		return err
	}
	r.mu.Lock()
	r.revoked++
	delete(r.cached, id)
	r.mu.Unlock()
	r.Log.InfoContext(ctx, "access key revoked", "key", id)
	return nil
}

// Credential is what checks the signatures of a key; ok is false when there is no such
// key, or no more.
func (r *Ring) Credential(ctx context.Context, id string) (c Credential, ok bool, err error) {
	r.mu.Lock()
	e, revoked := r.cached[id], r.revoked
	r.mu.Unlock()
	if e != nil {
		return e.Credential, true, nil
	}
	k, err := r.Store.AccessKey(ctx, id)
	if errors.Is(err, ledger.ErrNotFound) || err == nil && !k.Good() {
		return Credential{}, false, nil
	}
	if err != nil {
		return Credential{}, false, err
	}
	secret, err := r.Vault.Open(k.Sealed, about(id))
	if err != nil {
		return Credential{}, false, fmt.Errorf("open access key: %w", err)
	}
	c = Credential{Secret: string(secret), Who: access.Principal{Name: k.Name, Roles: slices.Clone(k.Roles)}}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.revoked == revoked && r.cached[id] == nil {
		r.cached[id] = &entry{Credential: c}
	}
	return c, true, nil
}

// Used notes that a call was signed with this key.
func (r *Ring) Used(id string) {
	r.mu.Lock()
	e := r.cached[id]
	r.mu.Unlock()
	if e != nil {
		e.used.Store(r.Clock().UnixMicro())
	}
}

// Run writes when keys were used last, until ctx ends, and once more then.
func (r *Ring) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			r.flush(ctx)
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	r.flush(last)
}

// flush writes what is newer than what the store knows. What fails is written the next
// time.
func (r *Ring) flush(ctx context.Context) {
	used := map[string]time.Time{}
	r.mu.Lock()
	for id, e := range r.cached {
		if at := e.used.Load(); at > e.written {
			used[id] = time.UnixMicro(at)
		}
	}
	r.mu.Unlock()
	if len(used) == 0 {
		return
	}
	if err := r.Store.UseAccessKeys(ctx, used); err != nil {
		r.Log.WarnContext(ctx, "last use of access keys not written", "error", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, at := range used {
		if e := r.cached[id]; e != nil {
			e.written = max(e.written, at.UnixMicro())
		}
	}
}
