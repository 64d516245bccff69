package vault_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"statehouse/engine/vault"
)

const (
	secret = "K7MDENGbPxRfiCYEXAMPLEKEY"
	about  = "access key AKSH1"
)

func sealed(t *testing.T, v *vault.Vault) []byte {
	t.Helper()
	s, err := v.Seal([]byte(secret), about)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASecretOpensAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	v := vault.InFolder(dir)
	if err := v.Make(); err != nil {
		t.Fatal(err)
	}
	one, two := sealed(t, v), sealed(t, v)
	if bytes.Equal(one, two) || bytes.Contains(one, []byte(secret[:8])) {
		t.Error("sealing twice gives the same bytes, or shows the secret")
	}
	if err := v.Make(); err != nil {
		t.Fatalf("making a key that is there: %v", err)
	}
	got, err := vault.InFolder(dir).Open(one, about)
	if err != nil || string(got) != secret {
		t.Errorf("opened after a restart: %q, %v", got, err)
	}
	info, err := os.Stat(filepath.Join(dir, vault.FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left in the folder: %v", left)
	}
}

func TestASecretIsBoundToWhatItIsAbout(t *testing.T) {
	t.Parallel()
	v := vault.New(bytes.Repeat([]byte{7}, vault.KeySize))
	s := sealed(t, v)
	if _, err := v.Open(s, "access key AKSH2"); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("opened for another key: %v", err)
	}
	for i := range s {
		flipped := bytes.Clone(s)
		flipped[i] ^= 0x20
		if _, err := v.Open(flipped, about); !errors.Is(err, vault.ErrSealed) {
			t.Fatalf("opened with byte %d flipped: %v", i, err)
		}
		if _, err := v.Open(s[:i], about); !errors.Is(err, vault.ErrSealed) {
			t.Fatalf("opened with %d bytes: %v", i, err)
		}
	}
}

func TestAWrongKeySaysSo(t *testing.T) {
	t.Parallel()
	v := vault.InFolder(t.TempDir())
	if _, err := v.Seal([]byte(secret), about); !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("sealed without a key: %v", err)
	}
	if err := v.Make(); err != nil {
		t.Fatal(err)
	}
	s := sealed(t, v)

	dir := t.TempDir()
	file := filepath.Join(dir, vault.FileName)
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"another key":    {"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n", vault.ErrSealed},
		"a short key":    {"MDEyMzQ1", vault.ErrBadKey},
		"an empty file":  {"", vault.ErrBadKey},
		"no base64":      {strings.Repeat("?", 44), vault.ErrBadKey},
		"too long a key": {"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYw", vault.ErrBadKey},
	} {
		if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, v := range []*vault.Vault{vault.InFolder(dir), vault.InFile(file)} {
			_, err := v.Open(s, about)
			if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("%s: got %v, want %v and the file's name", name, err, tc.want)
			}
			if errors.Is(err, vault.ErrBadKey) && v.Make() == nil {
				t.Errorf("%s: a new key was made over it", name)
			}
		}
		if left, _ := os.ReadFile(file); string(left) != tc.text {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestAFileOfSomebodyElseIsNotMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	if err := vault.InFile(file).Make(); !errors.Is(err, vault.ErrNoKey) || !strings.Contains(err.Error(), "openssl rand -base64 32 > "+file) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file was made")
	}
}
