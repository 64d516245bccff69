package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"statehouse/engine/access"
	"statehouse/engine/keyring"
	"statehouse/engine/ledger"
	"statehouse/engine/vault"
)

// maxKeyName is AWS's limit for the names of users.
const maxKeyName = 64

// Credential is what checks the signature of a call, and whom the call speaks for.
type Credential = keyring.Credential

// NewAccessKey is a key with its secret, which is told this once.
type NewAccessKey struct {
	ledger.AccessKey
	Secret string
}

// Lines are the key and its secret as lines for a shell, which every client of AWS reads.
// Endpoint is where the API is, "" when nobody knows.
func (k NewAccessKey) Lines(region, endpoint string) string {
	text := "export AWS_ACCESS_KEY_ID=" + k.ID + "\nexport AWS_SECRET_ACCESS_KEY=" + k.Secret + "\nexport AWS_DEFAULT_REGION=" + region
	if endpoint != "" {
		text += "\nexport AWS_ENDPOINT_URL_SFN=" + endpoint
	}
	return text
}

// CreateAccessKey makes a key for a program. Its name tells people which; it is part of
// what the program is told when it is refused. Roles are those of the access table, one at
// least.
func (e *Engine) CreateAccessKey(ctx context.Context, name string, roles []access.Role) (NewAccessKey, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return NewAccessKey{}, fault(InvalidAccessKey, "name", "Give the key a name: the program or the person that will use it")
	case len(name) > maxKeyName || strings.ContainsFunc(name, notOfUsers):
		return NewAccessKey{}, fault(InvalidAccessKey, "name", "'%s' cannot be the name: use letters (a to z), digits and + = , . @ _ - only, %d in all at most", clip(name), maxKeyName)
	case len(roles) == 0:
		return NewAccessKey{}, fault(InvalidAccessKey, "roles", "Choose what the key may do: one role at least")
	}
	var known []access.Role
	for _, r := range access.Roles() {
		if slices.Contains(roles, r) {
			known = append(known, r)
		}
	}
	for _, r := range roles {
		if !slices.Contains(known, r) {
			return NewAccessKey{}, fault(InvalidAccessKey, "roles", "There is no role '%s'; the roles are %s", clip(string(r)), roleNames())
		}
	}
	k, secret, err := e.keys.Create(ctx, name, known)
	if errors.Is(err, ledger.ErrTooMany) {
		return NewAccessKey{}, fault(InvalidAccessKey, "", "There may be %d access keys at most: revoke those that nobody uses", keyring.Limit)
	}
	return NewAccessKey{k, secret}, keyError("create an access key", err)
}

// AccessKeys lists all keys, also those that were revoked, the newest first.
func (e *Engine) AccessKeys(ctx context.Context) ([]ledger.AccessKey, error) {
	all, err := e.keys.List(ctx)
	return all, keyError("list access keys", err)
}

// RevokeAccessKey ends a key for ever, at once. Revoking it again is no error.
func (e *Engine) RevokeAccessKey(ctx context.Context, id string) error {
	err := e.keys.Revoke(ctx, id)
	if errors.Is(err, ledger.ErrNotFound) {
		return &Fault{Code: AccessKeyNotFound, Message: "There is no access key '" + clip(id) + "'", Cause: err}
	}
	return keyError("revoke access key "+id, err)
}

// CheckAccessKeys counts the good keys, and fails when the vault does not open them.
func (e *Engine) CheckAccessKeys(ctx context.Context) (good int, err error) {
	good, err = e.keys.Check(ctx)
	return good, keyError("check access keys", err)
}

// Credential is what checks signatures of a key; ok is false when there is no such key, or
// no more.
func (e *Engine) Credential(ctx context.Context, id string) (c Credential, ok bool, err error) {
	return e.keys.Credential(ctx, id)
}

// AccessKeyUsed notes that a call was signed with the key.
func (e *Engine) AccessKeyUsed(id string) { e.keys.Used(id) }

// keyError explains what is wrong with the vault in words that a person can act on.
func keyError(doing string, err error) error {
	if errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrBadKey) || errors.Is(err, vault.ErrSealed) {
		text := err.Error()
		return &Fault{Code: VaultUnusable, Message: strings.ToUpper(text[:1]) + text[1:], Cause: err}
	}
	return stored(doing, err)
}

func notOfUsers(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("+=,.@_-", r)
}

func roleNames() string {
	var names []string
	for _, r := range access.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}
