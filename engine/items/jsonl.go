package items

import (
	"bytes"
	"context"
	"errors"
	"io"

	"statehouse/engine/value"
)

// jsonLines reads a JSON document from every line that is not blank.
type jsonLines struct {
	file
	line []byte
}

func (r *jsonLines) next(context.Context) (Item, error) {
	at, err := r.read()
	if err != nil {
		return Item{}, err
	}
	v, err := r.parse(r.line, at)
	return Item{Value: v, Source: r.from}, err
}

func (r *jsonLines) skip(_ context.Context, n int64) (int64, error) {
	for over := range n {
		if _, err := r.read(); err != nil {
			return over, err
		}
	}
	return n, nil
}

// read puts the next line that is not blank into r.line, and says where it begins.
func (r *jsonLines) read() (at int64, err error) {
	for {
		at = r.in.offset()
		r.line, err = r.in.line(r.line[:0], r.limits.Item)
		if errors.Is(err, errTooLong) {
			return at, r.tooLarge(at)
		}
		if err != nil || len(bytes.TrimSpace(r.line)) > 0 {
			return at, err
		}
	}
}

// parse makes an item of text that begins at the offset at.
func (f file) parse(text []byte, at int64) (value.Value, error) {
	v, err := value.Parse(string(text))
	var syntax *value.SyntaxError
	if errors.As(err, &syntax) {
		return value.Value{}, f.broken("JSON", syntax.Msg, at+int64(syntax.Offset))
	}
	return v, err
}

// cut is the failure of a file that ends too early, unless it could not be read on.
func (f file) cut(format string) error {
	if errors.Is(f.in.err, io.EOF) {
		return f.broken(format, "the file ends in the middle", f.in.offset())
	}
	return f.in.err
}
