//go:build !unix

package first

import "os"

// Ours tells whether a folder is there; where owners have no numbers, the user's profile guards it.
func Ours(dir string) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir()
}
