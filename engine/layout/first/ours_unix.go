//go:build unix

package first

import (
	"os"
	"syscall"
)

// Ours tells whether a folder belongs to this user and nobody else can write it.
func Ours(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o022 != 0 {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid()
}
