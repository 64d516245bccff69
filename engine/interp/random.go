package interp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"

	"statehouse/engine/history"
)

// stream names one sequence of random numbers: what a scope draws between two of its events.
type stream struct {
	scope        ScopeID
	entered, tip history.ID
}

// draw is the next random number of a scope. It follows from the seed, the scope and the
// point in its history, so that it does not depend on what other scopes do meanwhile.
func (st *step) draw(sc *Scope) uint64 {
	s := stream{sc.ID, sc.Entered, sc.Tip}
	if st.random == nil || st.drawn != s {
		key := st.derive("random", uint64(s.scope), uint64(s.entered), uint64(s.tip))
		st.random, st.drawn = rand.NewChaCha8(key), s
	}
	return st.random.Uint64()
}

// uuid is a random UUID, version 4.
func (st *step) uuid(sc *Scope) string {
	var b [32]byte
	binary.LittleEndian.PutUint64(b[:8], st.draw(sc))
	binary.LittleEndian.PutUint64(b[8:], st.draw(sc))
	return uuidOf(b)
}

// uuidOf makes a UUID, version 4, of the first half of b.
func uuidOf(b [32]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// taskToken is the secret by which the world answers the task of a token. It is new for
// each attempt, because tokens are. It begins with a letter: the aws CLI takes an argument
// that begins with "-" for an option.
func (st *step) taskToken(t Token) string {
	k := st.derive("task token", uint64(t))
	k[0] &= 0x7f
	return base64.RawURLEncoding.EncodeToString(k[:])
}

// derive makes 256 bits that follow from the seed and what they are for.
func (st *step) derive(purpose string, numbers ...uint64) [32]byte {
	b := make([]byte, 0, 96)
	b = append(b, st.x.Begin.Seed[:]...)
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, purpose...)
	return sha256.Sum256(b)
}
