package exchange

import (
	"errors"
	"strings"
	"unicode/utf8"

	"statehouse/engine/value"
)

// maxDepth is how deep files may nest.
const maxDepth = 250

// jsonReader turns JSON into nodes. It reads what the strict reader of package value has let
// through, and so it need not look for mistakes of syntax.
type jsonReader struct {
	file string
	text string
	pos  int
	left int

	line, start int // of the line at pos, and where it begins
}

func readJSON(file string, data []byte) (*node, error) {
	if !utf8.Valid(data) {
		return nil, fail(Place{File: file}, "the file is not UTF-8")
	}
	r := &jsonReader{file: file, text: string(data), left: maxNodes, line: 1}
	if _, err := value.Parse(r.text); err != nil {
		if e, ok := errors.AsType[*value.SyntaxError](err); ok {
			return nil, fail(Place{file, e.Line, e.Column}, "%s", e.Msg)
		}
		return nil, fail(Place{File: file}, "%v", err)
	}
	return r.value(0)
}

// next goes on to the next sign that is no white space, comma or colon; it is 0 at the end.
func (r *jsonReader) next() byte {
	for ; r.pos < len(r.text); r.pos++ {
		switch c := r.text[r.pos]; c {
		case '\n':
			r.line++
			r.start = r.pos + 1
		case ' ', '\t', '\r', ',', ':':
		default:
			return c
		}
	}
	return 0
}

func (r *jsonReader) place() Place { return Place{r.file, r.line, r.pos - r.start + 1} }

func (r *jsonReader) value(depth int) (*node, error) {
	c := r.next()
	n := &node{at: r.place()}
	if r.left--; r.left < 0 {
		return nil, fail(n.at, "the file has more than %d values", maxNodes)
	}
	if depth > maxDepth {
		return nil, fail(n.at, "nested deeper than %d levels", maxDepth)
	}
	switch c {
	case '{':
		n.kind = object
		return n, r.object(n, depth)
	case '[':
		n.kind = array
		return n, r.array(n, depth)
	case '"':
		n.kind, n.text = str, []piece{{text: r.string()}}
		return n, nil
	}
	end := strings.IndexAny(r.text[r.pos:], " \t\r\n,]}")
	if end < 0 {
		end = len(r.text) - r.pos
	}
	word := r.text[r.pos : r.pos+end]
	r.pos += end
	switch word {
	case "null":
	case "true", "false":
		n.kind, n.literal = boolean, word
	default:
		n.kind, n.literal = number, word
	}
	return n, nil
}

// string reads the string at pos.
func (r *jsonReader) string() string {
	from := r.pos
	for escaped := true; escaped; {
		r.pos++
		r.pos += strings.IndexByte(r.text[r.pos:], '"')
		escaped = false
		for i := r.pos - 1; r.text[i] == '\\'; i-- {
			escaped = !escaped
		}
	}
	r.pos++
	quoted := r.text[from:r.pos]
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	return value.Raw(quoted).Text()
}

func (r *jsonReader) object(n *node, depth int) error {
	for r.pos++; r.next() != '}'; {
		at := r.place()
		key := r.string()
		val, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{key, val, at})
	}
	r.pos++
	return nil
}

func (r *jsonReader) array(n *node, depth int) error {
	for r.pos++; r.next() != ']'; {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	r.pos++
	return nil
}
