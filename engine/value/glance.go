package value

import "strings"

// A few looks at an object that sleeps cost less than to take it apart.
const (
	glances    = 4
	glanceable = 16      // members
	awake      = 1 << 30 // so many looks has what was taken apart
)

// asleep reports whether n has not been taken apart, or was only glanced at.
func (n *node) asleep() bool { return n.sleep != nil && n.sleep.looks.Load() < glances }

// glance looks for the scalar that key has in the text of a sleeping object. It is not sure when
// nobody knows the text yet, when the object is large, and when there is a container or an escape.
func (n *node) glance(key string) (v Value, sure bool) {
	s := n.sleep
	if s.raw || s.spans[0].size > glanceable || strings.IndexByte(key, '\\') >= 0 {
		return Value{}, false
	}
	s.looks.Add(1)
	r := reader{parser: parser{text: n.text, pos: 1}, spans: s.spans[1:]}
	for range s.spans[0].size {
		r.space()
		begin := r.pos + 1
		if !r.skipString() {
			return Value{}, false
		}
		found := n.text[begin:r.pos-1] == key
		r.space()
		r.pos++ // the colon
		r.space()
		c := n.text[r.pos]
		switch {
		case c == '{' || c == '[':
			if found {
				return Value{}, false
			}
			r.pos += int(r.spans[0].length)
			r.spans = r.spans[r.spans[0].count:]
		case found:
			v, _ = r.value()
			return v, true
		case c == '"':
			if !r.skipString() {
				return Value{}, false
			}
		default:
			for c := r.peek(); c != ',' && c != '}' && c > ' '; c = r.peek() {
				r.pos++
			}
		}
		r.space()
		r.pos++ // the comma
	}
	return Value{}, true
}

// skipString goes beyond a string of plain characters.
func (r *reader) skipString() bool {
	end := plain(r.text, r.pos+1)
	r.pos = end + 1
	return r.text[end] == '"'
}
