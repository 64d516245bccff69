package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// FileName is the name of the key file in a data folder.
const FileName = "vault.key"

// InFolder is a vault whose key is the file FileName in this folder. Make makes the file,
// for its owner's eyes only.
func InFolder(dir string) *Vault {
	path := filepath.Join(dir, FileName)
	return &Vault{
		name: path,
		read: func() ([]byte, error) {
			return readKey(path, "put it back from a backup: the secrets that it has sealed open with no other")
		},
		make: func() error { return makeKey(dir, FileName) },
	}
}

// InFile is a vault whose key is a file that somebody else makes: 32 random bytes in
// base64.
func InFile(path string) *Vault {
	hint := fmt.Sprintf("when it is there no more, put it back from a backup; to begin with a new one: openssl rand -base64 %d > %s", KeySize, path)
	return &Vault{
		name: path,
		read: func() ([]byte, error) { return readKey(path, hint) },
		make: func() error { return fmt.Errorf("%w: there is no file %s (%s)", ErrNoKey, path, hint) },
	}
}

func readKey(path, hint string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no file %s (%s)", ErrNoKey, path, hint)
	}
	if err != nil {
		return nil, fmt.Errorf("read the vault key: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("%w: %s does not hold %d bytes in base64", ErrBadKey, path, KeySize)
	}
	return key, nil
}

// makeKey writes a new key. The file gets its name when it is complete and on disk; one
// that is there already is never touched.
func makeKey(dir, name string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("make the vault key: %w", err)
	}
	defer root.Close() //nolint:errcheck // nothing is written through it
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails
	draft := name + ".new"
	if err := root.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("make the vault key: %w", err)
	}
	f, err := root.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make the vault key: %w", err)
	}
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = root.Link(draft, name) // unlike a rename it fails when the name is taken
	}
	if err = errors.Join(err, root.Remove(draft)); err != nil {
		return fmt.Errorf("make the vault key: %w", err)
	}
	return syncDir(root)
}

// syncDir makes the new name survive the loss of power.
func syncDir(root *os.Root) error {
	d, err := root.Open(".")
	if err != nil {
		return fmt.Errorf("make the vault key: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
