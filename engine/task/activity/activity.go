// Package activity holds the rules for workers from outside: how a task token looks, what
// they may be called and what they may answer. The queue itself is the ledger's.
package activity

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"statehouse/engine/value"
)

// Limits of AWS.
const (
	MaxWorker = 80     // characters of a worker's name
	MaxOutput = 262144 // bytes of an answer
	maxToken  = 2048
	minToken  = 16 // nobody makes secrets shorter than that
)

// IsToken tells whether a text looks like a task token at all. Whether anybody waits for
// it only the ledger knows.
func IsToken(text string) bool {
	if len(text) < minToken || len(text) > maxToken {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return false
		}
		return !strings.ContainsRune("+/=-_", r)
	})
}

// CheckWorker applies AWS's limit for the names of workers.
func CheckWorker(name string) error {
	if n := utf8.RuneCountInString(name); n > MaxWorker {
		return fmt.Errorf("a worker's name has at most %d characters, this one has %d", MaxWorker, n)
	}
	return nil
}

// CheckOutput reads an answer: JSON of at most MaxOutput bytes.
func CheckOutput(text string) (value.Value, error) {
	if len(text) > MaxOutput {
		return value.Value{}, fmt.Errorf("the output has %d bytes, at most %d are allowed", len(text), MaxOutput)
	}
	v, err := value.Parse(text)
	if err != nil {
		return value.Value{}, fmt.Errorf("not valid JSON: %w", err)
	}
	return v, nil
}
