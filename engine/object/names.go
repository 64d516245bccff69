package object

import (
	"path"
	"strings"
	"unicode/utf8"
)

// Between keys and file names. The slashes of a key make folders. These parts of keys cannot
// be file names and stand on disk with a mark before them:
//
//	""   (in "a//b", "/a" and the "folder objects" of consoles, "a/")   %
//	"."                                                                 %.
//	".."                                                                %..
//	"%", "%.", "%..", and what begins with "%%" or "%="                 one more %
//
// Where both a and a/b are objects, a is in the file "%=a".
const (
	mark   = "%"
	beside = "%="
)

const (
	maxKey  = 1024 // bytes, S3's limit
	maxName = 255  // bytes, the limit of file systems
)

// names are the places where an object may be: its own, and the one it has when there is a
// folder in its own.
type names struct{ plain, beside string }

// nameOf is where key is kept.
func nameOf(bucket, key string) (names, error) {
	switch {
	case key == "":
		return names{}, ErrKeyName
	case len(key) > maxKey:
		return names{}, ErrKeyTooLong
	case !utf8.ValidString(key) || strings.ContainsRune(key, 0):
		return names{}, ErrKeyName
	}
	parts := strings.Split(key, "/")
	for i, p := range parts {
		if len(p) > maxName-len(beside) {
			return names{}, &Error{
				Code: ErrKeyTooLong.Code, Status: 400,
				Message: "Your key is too long: a folder keeps keys with at most 253 bytes between two slashes",
			}
		}
		parts[i] = escape(p)
	}
	dir := path.Join(append([]string{bucket}, parts[:len(parts)-1]...)...)
	last := parts[len(parts)-1]
	return names{plain: path.Join(dir, last), beside: path.Join(dir, besideName(last))}, nil
}

func besideName(name string) string { return beside + name }

// escape is the file name of one part of a key.
func escape(part string) string {
	if needsMark(part) || strings.HasPrefix(part, mark) && needsMark(part[len(mark):]) ||
		strings.HasPrefix(part, mark+mark) || strings.HasPrefix(part, beside) {
		return mark + part
	}
	return part
}

func needsMark(part string) bool { return part == "" || part == "." || part == ".." }

// unescape is the part of a key that a file name stands for.
func unescape(name string) string {
	rest, marked := strings.CutPrefix(name, mark)
	if !marked {
		return name
	}
	if needsMark(rest) || strings.HasPrefix(rest, mark) {
		return rest
	}
	if original, ok := strings.CutPrefix(name, beside); ok {
		return unescape(original)
	}
	return name
}

// checkBucket refuses names that are no buckets' names: 3 to 63 of a-z, 0-9, dot and hyphen,
// a letter or digit at both ends.
func checkBucket(name string) error {
	ok := len(name) >= 3 && len(name) <= 63 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" &&
		strings.Trim(name[:1]+name[len(name)-1:], ".-") == name[:1]+name[len(name)-1:] && !strings.Contains(name, "..")
	if !ok {
		return ErrBucketName
	}
	return nil
}
