package interp

import (
	"encoding/binary"
	"testing"
)

// The aws CLI takes an argument that begins with "-" for an option.
func TestTaskTokensBeginWithALetter(t *testing.T) {
	t.Parallel()
	for n := range uint64(1000) {
		x := &Exec{}
		binary.LittleEndian.PutUint64(x.Begin.Seed[:], n)
		if token := (&step{x: x}).taskToken(1); token[0] < 'A' || token[0] > 'z' || token[0] == '_' {
			t.Fatalf("token %q of seed %d", token, n)
		}
	}
}
