package value

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// survey is the first look at a text. It accepts what is strict JSON and notes the containers
// in it, so that each is taken apart only when somebody reads it. What it does not accept is
// left to the parser, which finds the words for what is wrong.
type survey struct {
	parser
	spans []span
	keys  []string // of the objects that are open
}

// span describes one container. Spans stand in the order in which containers begin.
type span struct {
	length int32 // bytes of its text
	count  int32 // spans of it and of everything inside
	size   int32 // items or members
	loose  bool  // printing writes it differently
}

var surveys = sync.Pool{New: func() any { return new(survey) }}

// look gives the container that text is, with its content asleep.
func look(text string) (Value, bool) {
	s := surveys.Get().(*survey)
	s.parser = parser{text: text}
	v, ok := s.whole()
	s.release()
	return v, ok
}

// release gives the survey back without what it refers to.
func (s *survey) release() {
	const most = 1 << 10
	if cap(s.spans) > most || cap(s.keys) > most {
		return
	}
	clear(s.keys[:cap(s.keys)])
	s.parser, s.spans, s.keys = parser{}, s.spans[:0], s.keys[:0]
	surveys.Put(s)
}

func (s *survey) whole() (Value, bool) {
	s.space()
	kind, start := KindObject, s.pos
	if c := s.peek(); c == '[' {
		kind = KindArray
	} else if c != '{' {
		return Value{}, false
	}
	if len(s.text) > math.MaxInt32 || !s.value() {
		return Value{}, false
	}
	end := s.pos
	if s.space(); s.pos < len(s.text) {
		return Value{}, false
	}
	return Value{kind: kind, node: newSleeper(s.text[start:end], slices.Clone(s.spans))}, true
}

func (s *survey) value() bool {
	switch c := s.peek(); {
	case c == '"':
		return s.str()
	case c == '{':
		return s.object()
	case c == '[':
		return s.array()
	case c == '-' || digit(c):
		end, problem := numberEnd(s.text, s.pos)
		s.pos = end
		return problem == ""
	}
	for _, w := range words {
		if strings.HasPrefix(s.text[s.pos:], w.text) {
			s.pos += len(w.text)
			return true
		}
	}
	return false
}

// str is parser.str for those who do not want the string.
func (s *survey) str() bool {
	end := ascii(s.text, s.pos+1)
	for end < len(s.text) {
		switch c := s.text[end]; {
		case c == '"':
			s.pos = end + 1
			return true
		case c == '\\':
			var room [utf8.UTFMax]byte
			_, next, err := s.escape(room[:0], end)
			if err != nil {
				return false
			}
			end = ascii(s.text, next)
		case c >= utf8.RuneSelf:
			start := end
			end = plain(s.text, start)
			if !utf8.ValidString(s.text[start:end]) {
				return false
			}
		default:
			return false
		}
	}
	return false
}

func (s *survey) array() bool {
	start, loose, at := s.pos, s.loose, len(s.spans)
	if s.depth++; s.depth > MaxDepth {
		return false
	}
	s.spans = append(s.spans, span{})
	s.pos++
	s.space()
	size := 0
	if s.peek() != ']' {
		for more := true; more; size++ {
			if !s.value() {
				return false
			}
			if more = s.comma(); !more && s.peek() != ']' {
				return false
			}
		}
	}
	s.close(at, start, size, loose)
	return true
}

func (s *survey) object() bool {
	start, loose, at, base := s.pos, s.loose, len(s.spans), len(s.keys)
	if s.depth++; s.depth > MaxDepth {
		return false
	}
	s.spans = append(s.spans, span{})
	s.pos++
	s.space()
	if s.peek() != '}' {
		seen := keySet{base: base}
		for more := true; more; {
			if !s.key(&seen) || !s.value() {
				return false
			}
			if more = s.comma(); !more && s.peek() != '}' {
				return false
			}
		}
	}
	s.close(at, start, len(s.keys)-base, loose)
	s.keys = s.keys[:base]
	return true
}

// comma reports whether one stands next, and goes to what follows.
func (s *survey) comma() bool {
	s.space()
	if s.peek() != ',' {
		return false
	}
	s.pos++
	s.space()
	return true
}

// close ends the container of the span at.
func (s *survey) close(at, start, size, loose int) {
	s.pos++
	s.depth--
	s.spans[at] = span{
		length: int32(s.pos - start),
		count:  int32(len(s.spans) - at),
		size:   int32(size),
		loose:  s.loose != loose,
	}
}

// key reads a key and the colon behind it.
func (s *survey) key(seen *keySet) bool {
	if s.peek() != '"' {
		return false
	}
	key, err := s.parser.str()
	if err != nil || seen.has(s.keys, key) {
		return false
	}
	s.keys = append(s.keys, key)
	seen.add(s.keys, key)
	s.space()
	if s.peek() != ':' {
		return false
	}
	s.pos++
	s.space()
	return true
}

// keySet tells whether a key stands twice among the keys of one object, which are those from
// base on. The bits say that a key like this one has been there; the index appears when the
// object has become large.
type keySet struct {
	base  int
	bits  uint64
	index *index
}

// bit depends on the length, the first and the last byte of a key.
func bit(key string) uint64 {
	h := uint(len(key))
	if h > 0 {
		h += uint(key[0])*7 + uint(key[h-1])*5
	}
	return 1 << (h & 63)
}

func (k *keySet) has(keys []string, key string) bool {
	switch {
	case k.bits&bit(key) == 0:
		return false
	case k.index == nil:
		return slices.Contains(keys[k.base:], key)
	}
	return k.index.among(keys[k.base:], key)
}

// add notes that key has become the last one.
func (k *keySet) add(keys []string, key string) {
	k.bits |= bit(key)
	n := len(keys) - k.base
	switch {
	case k.index != nil && !k.index.full():
		k.index.put(key, n-1)
	case n >= indexFrom:
		k.index = emptyIndex(n)
		for i, key := range keys[k.base:] {
			k.index.put(key, i)
		}
	}
}
