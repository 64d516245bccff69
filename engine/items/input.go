package items

import (
	"bytes"
	"errors"
	"io"
)

// windowSize is how much of a file is in memory at a time.
const windowSize = 128 << 10

// input is a window that moves over the bytes of a file.
type input struct {
	from   io.Reader
	window []byte
	pos    int   // first byte of the window that is not yet consumed
	base   int64 // place of the window in the file
	err    error // why there is no more to come
}

func newInput(r io.Reader) *input { return &input{from: r, window: make([]byte, 0, windowSize)} }

// offset is how many bytes were consumed.
func (in *input) offset() int64 { return in.base + int64(in.pos) }

// rest is what of the window is not yet consumed.
func (in *input) rest() []byte { return in.window[in.pos:] }

// more moves the window on when it is consumed. It reports false at the end, with in.err set.
func (in *input) more() bool {
	if in.pos < len(in.window) {
		return true
	}
	in.base += int64(len(in.window))
	in.window, in.pos = in.window[:0], 0
	for in.err == nil && len(in.window) == 0 {
		var n int
		n, in.err = in.from.Read(in.window[:cap(in.window)])
		in.window = in.window[:n]
	}
	return len(in.window) > 0
}

// skipMark passes over the mark that some programs put before UTF-8, at the begin of the file.
func (in *input) skipMark() {
	const mark = "\xEF\xBB\xBF"
	for in.err == nil && len(in.window) < len(mark) {
		var n int
		n, in.err = in.from.Read(in.window[len(in.window):cap(in.window)])
		in.window = in.window[:len(in.window)+n]
	}
	if bytes.HasPrefix(in.window, []byte(mark)) {
		in.pos = len(mark)
	}
}

// space passes over white space, and is the byte after it.
func (in *input) space() (byte, error) {
	for in.more() {
		for i, c := range in.rest() {
			if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
				in.pos += i
				return c, nil
			}
		}
		in.pos = len(in.window)
	}
	return 0, in.err
}

// errTooLong says that something is larger than it may be.
var errTooLong = errors.New("too long")

// line appends the next line to dst, without its end. It is io.EOF when there is none.
func (in *input) line(dst []byte, limit int) ([]byte, error) {
	start := in.offset()
	for in.more() {
		part := in.rest()
		end := bytes.IndexByte(part, '\n')
		if end >= 0 {
			part = part[:end]
			in.pos++
		}
		in.pos += len(part)
		if len(dst)+len(part) > limit {
			return dst, errTooLong
		}
		dst = append(dst, part...)
		if end >= 0 {
			return bytes.TrimSuffix(dst, []byte("\r")), nil
		}
	}
	if errors.Is(in.err, io.EOF) && in.offset() > start {
		return bytes.TrimSuffix(dst, []byte("\r")), nil
	}
	return dst, in.err
}
