package jsonata

import (
	"math"
	"strconv"
	"unicode/utf8"

	"statehouse/engine/value"
)

// writer prints items as JSON.stringify does.
type writer struct {
	ev     *evaluation // nil when nobody counts
	buf    []byte
	pretty bool
	round  bool // fifteen digits, functions as "": what $string shows
	depth  int
}

// stringify is $string of anything that is not a string.
func (ev *evaluation) stringify(i item, pretty bool) (string, error) {
	w := writer{ev: ev, pretty: pretty, round: true}
	if err := w.item(i); err != nil {
		return "", err
	}
	return string(w.buf), ev.spend(len(w.buf))
}

// toText is $string of a defined item.
func (ev *evaluation) toText(i item) (string, error) {
	switch i.kind() {
	case text:
		return i.text(), nil
	case function:
		return "", nil
	case number:
		f := i.float()
		if math.IsNaN(f) {
			return "", fail("D3001", nil)
		}
		if math.IsInf(f, 0) {
			return "", fail("D3001", nil)
		}
		if f = round15(f); math.IsInf(f, 0) {
			return "null", nil
		}
		return plainNumber(f), nil
	case boolean:
		return strconv.FormatBool(i.json.AsBool()), nil
	case null:
		return "null", nil
	case array:
		if i.cell != nil && i.cell.outer && len(i.cell.items) > 0 {
			i = i.cell.items[0]
		}
	case undefined, object, tuple:
	}
	return ev.stringify(i, false)
}

// errorJSON is how a message shows an item.
func errorJSON(i item) string {
	if i.undefined() || i.kind() == function {
		return "undefined"
	}
	w := writer{}
	if w.item(i) != nil {
		return "…"
	}
	return string(w.buf)
}

func (w *writer) item(i item) error {
	if i.cell == nil && !w.pretty {
		if s, ok := w.quick(i.json); ok {
			w.buf = append(w.buf, s...)
			return nil
		}
	}
	switch i.kind() {
	case undefined, null:
		w.buf = append(w.buf, "null"...)
	case boolean:
		w.buf = strconv.AppendBool(w.buf, i.json.AsBool())
	case number:
		return w.number(i.float())
	case text:
		w.buf = appendQuoted(w.buf, i.text())
	case array:
		return w.array(i)
	case object:
		return w.object(i)
	case function:
		w.buf = append(w.buf, `""`...)
	case tuple:
		w.buf = append(w.buf, "{}"...)
	}
	return nil
}

// quick prints scalars that need no care.
func (w *writer) quick(v value.Value) (string, bool) {
	switch v.Kind() {
	case value.KindNumber:
		if s := v.Literal(); len(s) < 15 && parseable(s) {
			return s, true
		}
	case value.KindAbsent, value.KindNull:
		return "null", true
	default:
	}
	return "", false
}

// parseable reports whether a literal is an integer as JavaScript would print it.
func parseable(s string) bool {
	for k := range len(s) {
		if c := s[k]; c < '0' || c > '9' {
			return false
		}
	}
	return len(s) == 1 || s[0] != '0'
}

func (w *writer) number(f float64) error {
	switch {
	case math.IsInf(f, 0) && w.round:
		return fail("D1001", fields{"value": itemNull})
	case math.IsInf(f, 0), math.IsNaN(f):
		w.buf = append(w.buf, "null"...)
		return nil
	case w.round:
		f = round15(f)
	}
	if math.IsInf(f, 0) { // the largest numbers, rounded up
		w.buf = append(w.buf, "null"...)
		return nil
	}
	w.buf = appendNumber(w.buf, f)
	return nil
}

func (w *writer) array(i item) error {
	v := viewOf(i)
	return w.nested('[', ']', v.n, func(k int) error { return w.item(v.at(k)) })
}

func (w *writer) object(i item) error {
	members := i.members()
	shown := members[:0:0]
	for _, m := range members {
		if !m.val.undefined() {
			shown = append(shown, m)
		}
	}
	return w.nested('{', '}', len(shown), func(k int) error {
		w.buf = append(appendQuoted(w.buf, shown[k].key), ':')
		if w.pretty {
			w.buf = append(w.buf, ' ')
		}
		return w.item(shown[k].val)
	})
}

func (w *writer) nested(opening, closing byte, n int, each func(int) error) error {
	if w.depth++; w.depth > maxDepthOut {
		return exceeded(DepthBudget)
	}
	w.buf = append(w.buf, opening)
	for k := range n {
		if k > 0 {
			w.buf = append(w.buf, ',')
		}
		if w.ev != nil {
			if err := w.ev.tick(); err != nil {
				return err
			}
			if err := w.ev.room(len(w.buf)); err != nil {
				return err
			}
		}
		w.line(w.depth)
		if err := each(k); err != nil {
			return err
		}
	}
	w.depth--
	if n > 0 {
		w.line(w.depth)
	}
	w.buf = append(w.buf, closing)
	return nil
}

// line begins a line of pretty output.
func (w *writer) line(depth int) {
	if !w.pretty {
		return
	}
	w.buf = append(w.buf, '\n')
	for range depth {
		w.buf = append(w.buf, "  "...)
	}
}

func quote(s string) string { return string(appendQuoted(nil, s)) }

// appendQuoted writes a JSON string with JavaScript's escapes.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, size := nextChar(s, i)
		if c >= utf8.RuneSelf && (r < 0xD800 || r > 0xDFFF) {
			i += size
			continue
		}
		dst = append(dst, s[from:i]...)
		i += size
		from = i
		switch r {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			const hex = "0123456789abcdef"
			dst = append(dst, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		}
	}
	return append(append(dst, s[from:]...), '"')
}
