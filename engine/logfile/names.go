package logfile

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"
)

const (
	suffix    = ".jsonl"
	groupFile = "group.json"
	maxName   = 200 // bytes of a folder's name; a longer one ends with a hash
)

// escape is the file name of a group or a stream: nothing in it has a meaning to file systems.
func escape(name string) string {
	s := url.PathEscape(name)
	if strings.HasPrefix(s, ".") { // neither . nor .. nor hidden
		s = "%2E" + s[1:]
	}
	if len(s) <= maxName {
		return s
	}
	h := sha256.Sum256([]byte(name))
	return s[:120] + "~" + hex.EncodeToString(h[:16])
}

// minutes is how AWS writes the time in the name of a stream.
const minutes = "2006-01-02-15-04"

// streamName is a new name as AWS makes them: states/<machine>/<time>/<id>.
func streamName(machine string, begin time.Time) string {
	var id [4]byte
	_, _ = rand.Read(id[:]) // never fails
	return Prefix(machine) + begin.UTC().Format(minutes) + "/" + hex.EncodeToString(id[:])
}

// Prefix is what the names of a state machine's streams begin with. Characters that the name
// of a stream may not have give way to a hash.
func Prefix(machine string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return -1
	}, machine)
	if plain != machine {
		h := sha256.Sum256([]byte(machine))
		plain += "-" + hex.EncodeToString(h[:4])
	}
	return "states/" + plain + "/"
}

// beginOf reads the time out of the name of a stream.
func beginOf(stream string) (time.Time, bool) {
	part := strings.Split(stream, "/")
	if len(part) != 4 || part[0] != "states" {
		return time.Time{}, false
	}
	begin, err := time.Parse(minutes, part[2])
	return begin, err == nil
}
