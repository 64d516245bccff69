package value

// JSON is v as compact JSON in UTF-8, members in their order, numbers as they were written.
// Containers remember it. Absent prints as the empty string.
func (v Value) JSON() string {
	if v.node == nil {
		return string(v.AppendJSON(nil))
	}
	if s, ok := v.node.ready(); ok {
		return s
	}
	s := string(v.node.appendTo(nil, v.kind))
	v.node.printed.Store(&s)
	return s
}

// String is JSON, for fmt.
func (v Value) String() string { return v.JSON() }

// Size counts the bytes of JSON().
func (v Value) Size() int {
	switch v.kind {
	case KindAbsent:
		return 0
	case KindNull:
		return len("null")
	case KindBool, KindNumber:
		return len(v.text)
	case KindString:
		return quotedSize(v.text)
	case KindArray, KindObject:
		if s, ok := v.node.ready(); ok {
			return len(s)
		}
		return v.node.size(v.kind)
	}
	panic("unreachable: kind")
}

// AppendJSON appends JSON() to dst.
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case KindAbsent:
		return dst
	case KindNull:
		return append(dst, "null"...)
	case KindBool, KindNumber:
		return append(dst, v.text...)
	case KindString:
		return appendQuoted(dst, v.text)
	case KindArray, KindObject:
		if s, ok := v.node.ready(); ok {
			return append(dst, s...)
		}
		return v.node.appendTo(dst, v.kind)
	}
	panic("unreachable: kind")
}

// ready is the printed form when no work is needed for it (or, for a raw text, one scan).
func (n *node) ready() (string, bool) {
	if n.compact {
		return n.text, true
	}
	if s := n.printed.Load(); s != nil {
		return *s, true
	}
	if n.sleep != nil && n.sleep.raw && compact(n.text) {
		n.printed.Store(&n.text)
		return n.text, true
	}
	return "", false
}

func (n *node) appendTo(dst []byte, kind Kind) []byte {
	n.load()
	if kind == KindArray {
		dst = append(dst, '[')
		for i := range n.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = n.items[i].AppendJSON(dst)
		}
		return append(dst, ']')
	}
	dst = append(dst, '{')
	for i := range n.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendQuoted(dst, n.members[i].Key)
		dst = append(dst, ':')
		dst = n.members[i].Value.AppendJSON(dst)
	}
	return append(dst, '}')
}

func (n *node) size(kind Kind) int {
	n.load()
	if kind == KindArray {
		total := 2 + max(0, len(n.items)-1)
		for i := range n.items {
			total += n.items[i].Size()
		}
		return total
	}
	total := 2 + max(0, len(n.members)-1)
	for i := range n.members {
		total += quotedSize(n.members[i].Key) + 1 + n.members[i].Value.Size()
	}
	return total
}

// compact reports whether JSON text is what printing would give: no white space outside of
// strings, no escape that is longer than it must be.
func compact(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c <= ' ':
			return false
		case c == '"':
			for i = plain(text, i+1); i < len(text) && text[i] != '"'; i = plain(text, i) {
				if i+1 < len(text) && (text[i+1] == 'u' || text[i+1] == '/') {
					return false
				}
				i += 2
			}
		}
	}
	return true
}

const hexDigits = "0123456789ABCDEF"

func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for {
		i := plain(s, 0)
		dst = append(dst, s[:i]...)
		if i == len(s) {
			return append(dst, '"')
		}
		c := s[i]
		if e := short(c); e != 0 {
			dst = append(dst, '\\', e)
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		s = s[i+1:]
	}
}

// short is the letter of a two-character escape, 0 when c has none.
func short(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case '\b':
		return 'b'
	case '\f':
		return 'f'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	}
	return 0
}

func quotedSize(s string) int {
	total := len(s) + 2
	for i := plain(s, 0); i < len(s); i = plain(s, i+1) {
		if short(s[i]) != 0 {
			total++
		} else {
			total += 5
		}
	}
	return total
}

// MarshalJSON prints v; Absent prints as null, so give such fields the option "omitzero".
func (v Value) MarshalJSON() ([]byte, error) {
	if v.kind == KindAbsent {
		return []byte("null"), nil
	}
	return v.AppendJSON(nil), nil
}

// UnmarshalJSON keeps the text, which encoding/json has checked, and parses it when it is read.
func (v *Value) UnmarshalJSON(text []byte) error {
	*v = Raw(string(text))
	return nil
}
