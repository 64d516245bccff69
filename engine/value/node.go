package value

import (
	"hash/maphash"
	"math/bits"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// node is the inside of an array or an object. Nothing in it changes after it was built,
// except what is computed once: the parse of a text, the index, the printed form.
type node struct {
	items   []Value
	members []Member

	text    string // the JSON it was read from, "" when it was made in Go
	sleep   *sleep // how items and members are taken from text, nil when it was made in Go
	compact bool   // text is exactly what printing would give

	index   atomic.Pointer[index]
	printed atomic.Pointer[string]
}

// Raw is trusted JSON text that is parsed when it is first read. It is meant for what we
// printed ourselves. Text that encoding/json let through is read leniently (the last of two
// equal keys counts); text that is no JSON at all panics when it is read.
func Raw(text string) Value {
	text = strings.Trim(text, " \t\r\n")
	if text == "" {
		return Value{}
	}
	switch text[0] {
	case '{':
		return Value{kind: KindObject, node: newSleeper(text, nil)}
	case '[':
		return Value{kind: KindArray, node: newSleeper(text, nil)}
	}
	return mustParse(text)
}

func mustParse(text string) Value {
	p := parser{text: text, lenient: true}
	v, err := p.document()
	if err != nil {
		panic("value: raw text is not JSON: " + err.Error())
	}
	return v
}

// Objects of this size and larger are looked up by hash.
const indexFrom = 16

// find is the place of key among the members, -1 when it is not there.
func (n *node) find(key string) int {
	if len(n.members) < indexFrom {
		return scan(n.members, key)
	}
	x := n.index.Load()
	if x == nil {
		x = newIndex(n.members)
		n.index.Store(x)
	}
	return x.find(n.members, key)
}

func scan(members []Member, key string) int {
	for i := range members {
		if members[i].Key == key {
			return i
		}
	}
	return -1
}

// index is an open-addressing hash table of member numbers; 0 is a free slot.
type index struct {
	slots []int32
	used  int
}

var seed = maphash.MakeSeed()

func newIndex(members []Member) *index {
	x := emptyIndex(len(members))
	for i := range members {
		x.put(members[i].Key, i)
	}
	return x
}

func emptyIndex(size int) *index { return &index{slots: make([]int32, 1<<bits.Len(uint(2*size)))} }

func (x *index) put(key string, i int) {
	mask := uint64(len(x.slots) - 1)
	h := maphash.String(seed, key) & mask
	for x.slots[h] != 0 {
		h = (h + 1) & mask
	}
	x.slots[h] = int32(i + 1)
	x.used++
}

func (x *index) find(members []Member, key string) int {
	mask := uint64(len(x.slots) - 1)
	for h := maphash.String(seed, key) & mask; x.slots[h] != 0; h = (h + 1) & mask {
		if i := int(x.slots[h] - 1); members[i].Key == key {
			return i
		}
	}
	return -1
}

// among is find for keys alone.
func (x *index) among(keys []string, key string) bool {
	mask := uint64(len(x.slots) - 1)
	for h := maphash.String(seed, key) & mask; x.slots[h] != 0; h = (h + 1) & mask {
		if keys[x.slots[h]-1] == key {
			return true
		}
	}
	return false
}

// full reports whether one more member asks for a larger table.
func (x *index) full() bool { return 2*(x.used+1) > len(x.slots) }

// distinct drops Absent members and folds repeated keys; it copies only when it must.
func distinct(members []Member) []Member {
	if clean(members) {
		return members
	}
	out := make([]Member, 0, len(members))
	at := make(map[string]int, len(members))
	for _, m := range members {
		if m.Value.kind == KindAbsent {
			continue
		}
		m.Key = strings.ToValidUTF8(m.Key, "\uFFFD")
		if i, ok := at[m.Key]; ok {
			out[i].Value = m.Value
			continue
		}
		at[m.Key] = len(out)
		out = append(out, m)
	}
	return out
}

func clean(members []Member) bool {
	var x *index
	if len(members) >= indexFrom {
		x = newIndex(members)
	}
	for i := range members {
		if members[i].Value.kind == KindAbsent || !utf8.ValidString(members[i].Key) {
			return false
		}
		if x == nil && scan(members[:i], members[i].Key) >= 0 {
			return false
		}
		if x != nil && x.find(members, members[i].Key) != i {
			return false
		}
	}
	return true
}
