// Package vault seals secrets, so that whoever has only the database has none of them.
//
// AES-256-GCM under one key that lies outside the database, in a file. A sealed secret is
// bound to what it is about: it opens nowhere else. The key is read when a secret is
// sealed or opened for the first time, so that a server without secrets needs none.
//
// A key is never replaced silently. Make makes one only where there is no file, and its
// caller asks first whether anything is sealed already: what an older key has sealed
// stays shut without it.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// version is the first byte of every sealed secret.
const version = 1

// What can be wrong with the key.
var (
	// ErrNoKey says that there is no key file.
	ErrNoKey = errors.New("the vault key is missing")
	// ErrBadKey says that the file holds no key.
	ErrBadKey = errors.New("the vault key is damaged")
	// ErrSealed says that a secret does not open: it was sealed under another key or for
	// something else, or it is damaged.
	ErrSealed = errors.New("a secret does not open with the vault key")
)

// Vault seals and opens secrets. It is safe for concurrent use.
type Vault struct {
	read func() ([]byte, error)
	make func() error
	name string // of the key, in errors

	mu   sync.Mutex
	aead cipher.AEAD // nil until the key was read
}

// New is a vault with a key of KeySize bytes.
func New(key []byte) *Vault {
	key = append([]byte(nil), key...)
	return &Vault{read: func() ([]byte, error) { return key, nil }, make: func() error { return nil }, name: "the given key"}
}

// None is a vault without a key: it neither seals nor opens.
func None() *Vault {
	fail := fmt.Errorf("%w: none was set", ErrNoKey)
	return &Vault{read: func() ([]byte, error) { return nil, fail }, make: func() error { return fail }}
}

// Make makes the key when there is none. Only a caller who knows that nothing is sealed
// yet may ask for it.
func (v *Vault) Make() error {
	_, err := v.cipher()
	if !errors.Is(err, ErrNoKey) {
		return err
	}
	return v.make()
}

// Seal shuts a secret so that Open with the same about opens it.
func (v *Vault) Seal(secret []byte, about string) ([]byte, error) {
	aead, err := v.cipher()
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(secret)+aead.Overhead())
	sealed[0] = version
	_, _ = rand.Read(sealed[1:]) // never fails
	return aead.Seal(sealed, sealed[1:], secret, []byte(about)), nil
}

// Open is the secret that was sealed for about. ErrNoKey, ErrBadKey or ErrSealed.
func (v *Vault) Open(sealed []byte, about string) ([]byte, error) {
	aead, err := v.cipher()
	if err != nil {
		return nil, err
	}
	n := 1 + aead.NonceSize()
	if len(sealed) < n || sealed[0] != version {
		return nil, fmt.Errorf("%w: %s: it is damaged", ErrSealed, about)
	}
	secret, err := aead.Open(nil, sealed[1:n], sealed[n:], []byte(about))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: it was sealed with another key than %s, or it is damaged", ErrSealed, about, v.name)
	}
	return secret, nil
}

// cipher reads the key once. A key that could not be read is looked for again.
func (v *Vault) cipher() (cipher.AEAD, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.aead != nil {
		return v.aead, nil
	}
	key, err := v.read()
	if err != nil {
		return nil, err
	}
	if len(key) != KeySize {
		return nil, fmt.Errorf("%w: %s has %d bytes, not %d", ErrBadKey, v.name, len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	v.aead, err = cipher.NewGCM(block)
	return v.aead, err
}
