package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"statehouse/engine/value"
)

// maxDepth is how deep files may nest.
const maxDepth = 250

// jsonReader turns JSON into nodes, in one pass over the tokens.
type jsonReader struct {
	file   string
	data   []byte
	tokens *json.Decoder
	left   int

	line, start, seen int // the line that the last place was in, where it begins, how far it was looked for
}

func readJSON(file string, data []byte) (*node, error) {
	if !utf8.Valid(data) {
		return nil, fail(Place{File: file}, "the file is not UTF-8")
	}
	r := &jsonReader{file: file, data: data, tokens: json.NewDecoder(bytes.NewReader(data)), left: maxNodes, line: 1}
	r.tokens.UseNumber()
	n, err := r.value(0)
	if err != nil {
		return nil, r.wrong(err)
	}
	if _, err := r.tokens.Token(); !errors.Is(err, io.EOF) {
		return nil, fail(r.next(), "there is something behind the end of the JSON value")
	}
	return n, nil
}

// wrong says where and why a text is no JSON, in the words of our own strict reader.
func (r *jsonReader) wrong(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if _, strict := value.Parse(string(r.data)); strict != nil {
		if e, ok := errors.AsType[*value.SyntaxError](strict); ok {
			return fail(Place{r.file, e.Line, e.Column}, "%s", e.Msg)
		}
	}
	return fail(r.next(), "%v", err)
}

// next is where the next token begins.
func (r *jsonReader) next() Place {
	at := int(r.tokens.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	for ; r.seen < at; r.seen++ {
		if r.data[r.seen] == '\n' {
			r.line++
			r.start = r.seen + 1
		}
	}
	return Place{r.file, r.line, at - r.start + 1}
}

func (r *jsonReader) value(depth int) (*node, error) {
	n := &node{at: r.next()}
	if r.left--; r.left < 0 {
		return nil, fail(n.at, "the file has more than %d values", maxNodes)
	}
	if depth > maxDepth {
		return nil, fail(n.at, "nested deeper than %d levels", maxDepth)
	}
	token, err := r.tokens.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			n.kind = object
			return n, r.object(n, depth)
		}
		n.kind = array
		return n, r.array(n, depth)
	case string:
		n.kind, n.text = str, []piece{{text: t}}
	case json.Number:
		n.kind, n.literal = number, t.String()
	case bool:
		n.kind, n.literal = boolean, "false"
		if t {
			n.literal = "true"
		}
	}
	return n, nil
}

func (r *jsonReader) object(n *node, depth int) error {
	seen := map[string]bool{}
	for r.tokens.More() {
		at := r.next()
		token, err := r.tokens.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		if seen[key] {
			return fail(at, "the key '%s' is there twice", key)
		}
		seen[key] = true
		val, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{key, val, at})
	}
	_, err := r.tokens.Token()
	return err
}

func (r *jsonReader) array(n *node, depth int) error {
	for r.tokens.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.tokens.Token()
	return err
}
