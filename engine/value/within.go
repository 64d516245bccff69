package value

// Within tells whether JSON() has at most so many bytes, and stops counting where it has more: a
// value that was made in Go may hold the same array in many places, and its text be far longer than
// the memory that it takes. What was read from text counts with that text, its blanks included.
func (v Value) Within(limit int) bool { return v.rest(limit) >= 0 }

// rest is what v leaves of a limit, below zero when v is longer.
func (v Value) rest(limit int) int {
	if v.node == nil {
		return limit - v.Size()
	}
	if v.node.text != "" {
		return limit - len(v.node.text)
	}
	limit -= 2 + max(0, len(v.node.items)+len(v.node.members)-1)
	for i := range v.node.items {
		if limit = v.node.items[i].rest(limit); limit < 0 {
			return limit
		}
	}
	for i := range v.node.members {
		m := &v.node.members[i]
		if limit = m.Value.rest(limit - quotedSize(m.Key) - 1); limit < 0 {
			return limit
		}
	}
	return limit
}
