package engine_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/vault"
)

func TestAccessKeysLiveAndEnd(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		ctx := t.Context()
		k, err := h.CreateAccessKey(ctx, " ci ", []access.Role{access.Operator, access.Viewer, access.Operator})
		if err != nil {
			t.Fatal(err)
		}
		if k.Name != "ci" || !slices.Equal(k.Roles, []access.Role{access.Viewer, access.Operator}) {
			t.Errorf("made %q with %v", k.Name, k.Roles)
		}
		if want := "export AWS_ACCESS_KEY_ID=" + k.ID + "\nexport AWS_SECRET_ACCESS_KEY=" + k.Secret + "\nexport AWS_DEFAULT_REGION=eu-west-1"; k.Lines("eu-west-1", "") != want {
			t.Errorf("lines: %q", k.Lines("eu-west-1", ""))
		}
		c, ok, err := h.Credential(ctx, k.ID)
		if !ok || err != nil || c.Secret != k.Secret || c.Who.Name != "ci" {
			t.Errorf("credential of %v: %v, %v", c.Who, ok, err)
		}
		h.AccessKeyUsed(k.ID)
		used := time.Now().UTC().Truncate(time.Millisecond)
		time.Sleep(time.Second)
		h.close()
		h.open()
		all, err := h.AccessKeys(ctx)
		if err != nil || len(all) != 1 || !all[0].LastUsed.Equal(used) {
			t.Errorf("after a restart: %+v, %v", all, err)
		}
		if n, err := h.CheckAccessKeys(ctx); n != 1 || err != nil {
			t.Errorf("%d good keys, %v", n, err)
		}
		if err := h.RevokeAccessKey(ctx, k.ID); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := h.Credential(ctx, k.ID); ok || err != nil {
			t.Errorf("after its revocation: %v, %v", ok, err)
		}
		if f, ok := errors.AsType[*engine.Fault](h.RevokeAccessKey(ctx, "AKSHNOSUCHKEY")); !ok || f.Code != engine.AccessKeyNotFound {
			t.Errorf("revoking nothing: %v", f)
		}
	})
}

func TestAccessKeysThatCannotBe(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		viewer := []access.Role{access.Viewer}
		for _, tc := range []struct {
			name  string
			roles []access.Role
			field string
			words string
		}{
			{"", viewer, "name", "Give the key a name"},
			{"two words", viewer, "name", "'two words' cannot be the name"},
			{"größe", viewer, "name", "cannot be the name"},
			{strings.Repeat("x", 65), viewer, "name", "64 in all at most"},
			{"ci", nil, "roles", "one role at least"},
			{"ci", []access.Role{"root"}, "roles", "There is no role 'root'; the roles are viewer, approver, operator, designer, admin"},
		} {
			_, err := h.CreateAccessKey(t.Context(), tc.name, tc.roles)
			if f, ok := errors.AsType[*engine.Fault](err); !ok || f.Code != engine.InvalidAccessKey || f.Field != tc.field || !strings.Contains(f.Message, tc.words) {
				t.Errorf("%q with %v: %v, want %q", tc.name, tc.roles, err, tc.words)
			}
		}
		if _, err := os.Stat(filepath.Join(h.dir, vault.FileName)); err == nil {
			t.Error("a vault key was made for nothing")
		}
		if _, err := h.CreateAccessKey(t.Context(), "ci", viewer); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(h.dir, vault.FileName)); err != nil {
			t.Fatal(err)
		}
		h.close()
		h.open()
		_, err := h.CreateAccessKey(t.Context(), "ci", viewer)
		if f, ok := errors.AsType[*engine.Fault](err); !ok || f.Code != engine.VaultUnusable || !strings.HasPrefix(f.Message, "The vault key is missing: there is no file "+h.dir) {
			t.Errorf("with keys, but without their vault key: %v", err)
		}
	})
}
