package ledger

import (
	"context"
	"time"

	"statehouse/engine/access"
)

// AccessKey is what a program signs its calls with. Of its secret there is only what the
// vault has sealed.
type AccessKey struct {
	ID, Name string
	Roles    []access.Role
	Sealed   []byte // the secret; nil once it is revoked
	Created  time.Time
	LastUsed time.Time // zero: never
	Revoked  time.Time // zero: it is good
}

// Good tells whether the key may be used.
func (k AccessKey) Good() bool { return k.Revoked.IsZero() }

// AccessKeys keeps access keys. Revoked ones stay, without their secret.
type AccessKeys interface {
	// CreateAccessKey stores a new key. ErrExists when the ID is taken; ErrTooMany when there
	// would be more than limit good ones (0: no limit).
	CreateAccessKey(ctx context.Context, k AccessKey, limit int) error
	// AccessKey is the key with this ID. ErrNotFound.
	AccessKey(ctx context.Context, id string) (AccessKey, error)
	// ListAccessKeys lists all keys, the newest first.
	ListAccessKeys(ctx context.Context) ([]AccessKey, error)
	// RevokeAccessKey forgets the secret of a key for ever. ErrNotFound; a second call is no
	// error and changes nothing.
	RevokeAccessKey(ctx context.Context, id string, at time.Time) error
	// UseAccessKeys notes when keys were used last, by ID. Keys that are not there, and times
	// before what is known, change nothing.
	UseAccessKeys(ctx context.Context, used map[string]time.Time) error
}
