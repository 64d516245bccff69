// Package first makes Graphviz load its machine code from a folder of ours.
//
// Context: go-graphviz compiles its WebAssembly in init, in every process that links it, and
// caches the machine code in $TMPDIR/go-graphviz. That path is predictable, and code must never
// run from a folder that others can write; without a cache, each start takes a second longer.
//
// Choice: TMPDIR points to a folder of our own, mode 0700, while go-graphviz initialises. Go
// initialises packages that are ready in the order of their import paths, so this package must
// sort before "github.com": it is a module of its own for the sake of its name. Package layout,
// which sorts behind, calls Restore.
//
// Price: a replace line in go.mod.
package first

import (
	"os"
	"path/filepath"
	"strconv"
)

// nowhere is no folder: what wants to cache there goes on without a cache.
const nowhere = "/dev/null/statehouse"

var (
	before string // TMPDIR as it was
	was    bool   // whether it was set
	dir    = nowhere
)

func init() {
	before, was = os.LookupEnv("TMPDIR")
	if d, ok := private(); ok {
		dir = d
	}
	if err := os.Setenv("TMPDIR", dir); err != nil {
		panic("first: " + err.Error()) // an environment without room for a variable
	}
}

// Dir is the folder in which Graphviz keeps its machine code.
func Dir() string { return dir }

// Restore gives TMPDIR back.
func Restore() error {
	if !was {
		return os.Unsetenv("TMPDIR")
	}
	return os.Setenv("TMPDIR", before)
}

// private finds or makes a folder that only this user can write: in the user's cache, or where
// temporary files go.
func private() (string, bool) {
	var places []string
	if cache, err := os.UserCacheDir(); err == nil {
		places = append(places, filepath.Join(cache, "statehouse"))
	}
	places = append(places, filepath.Join(os.TempDir(), "statehouse-"+strconv.Itoa(os.Getuid())))
	for _, d := range places {
		if err := os.MkdirAll(d, 0o700); err == nil && Ours(d) {
			return d, true
		}
	}
	return "", false
}
