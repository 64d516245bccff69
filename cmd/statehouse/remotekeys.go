package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/ledger"
)

// remoteKeys asks a running server of this machine about its access keys. Its routes are
// behind the access table, like the pages.
type remoteKeys struct {
	base             string
	region, endpoint string // of the server, once it has made a key
}

// remoteKey is a key as the server tells it.
type remoteKey struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Roles    []access.Role `json:"roles"`
	Created  time.Time     `json:"created"`
	LastUsed time.Time     `json:"lastUsed"`
	Revoked  time.Time     `json:"revoked"`
	Secret   string        `json:"secret"`
	Region   string        `json:"region"`
	Endpoint string        `json:"endpoint"`
}

func (k remoteKey) key() ledger.AccessKey {
	return ledger.AccessKey{ID: k.ID, Name: k.Name, Roles: k.Roles, Created: k.Created, LastUsed: k.LastUsed, Revoked: k.Revoked}
}

// CreateAccessKey implements keyAdmin.
func (r *remoteKeys) CreateAccessKey(ctx context.Context, name string, roles []access.Role) (engine.NewAccessKey, error) {
	var made remoteKey
	err := r.ask(ctx, http.MethodPost, "/api/access-keys", map[string]any{"name": name, "roles": roles}, &made)
	r.region, r.endpoint = made.Region, made.Endpoint
	return engine.NewAccessKey{AccessKey: made.key(), Secret: made.Secret}, err
}

// AccessKeys implements keyAdmin.
func (r *remoteKeys) AccessKeys(ctx context.Context) ([]ledger.AccessKey, error) {
	var told struct {
		AccessKeys []remoteKey `json:"accessKeys"`
	}
	if err := r.ask(ctx, http.MethodGet, "/api/access-keys", nil, &told); err != nil {
		return nil, err
	}
	keys := make([]ledger.AccessKey, len(told.AccessKeys))
	for i, k := range told.AccessKeys {
		keys[i] = k.key()
	}
	return keys, nil
}

// RevokeAccessKey implements keyAdmin.
func (r *remoteKeys) RevokeAccessKey(ctx context.Context, id string) error {
	return r.ask(ctx, http.MethodPost, "/api/access-keys/"+url.PathEscape(id)+"/revoke", map[string]any{}, nil)
}

// maxAnswer is more than the server ever answers.
const maxAnswer = 8 << 20

// ask sends one request; what the server refuses becomes an error in its words.
func (r *remoteKeys) ask(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy: it is this machine
	answer, err := call(ctx, client, method, r.base+path, in, maxAnswer)
	if _, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("the server has the data folder open, but does not answer: %w", err)
	}
	if no, ok := errors.AsType[*refused](err); ok && no.Message == "" {
		return fmt.Errorf("%s%s answers %d %s: is it this release of Statehouse?", r.base, path, no.Status, http.StatusText(no.Status))
	}
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}
