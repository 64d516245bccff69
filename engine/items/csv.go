package items

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"statehouse/engine/value"
)

// csvRows reads the rows of a text file with delimiters, by the rules that AWS documents:
//
//   - every field is a string; a row that is too short gets empty ones, one that is too long
//     is cut;
//   - a field in double quotes may hold delimiters and line ends, and a quote twice for one;
//   - outside quotes a quote may stand too, and twice for one;
//   - a backslash makes a backslash, a quote or the delimiter ordinary, and disappears before
//     any other character;
//   - lines without a character are no rows.
//
// Blanks before an opening quote are dropped, as the parser behind AWS does.
type csvRows struct {
	file
	headers   []string
	delimiter byte
	plain     [256]bool // bytes that mean nothing outside quotes
	row       []byte    // the fields of the row, one after the other
	ends      []int     // where each of them ends in row
}

func newCSV(f file, c settings) (*csvRows, error) {
	r := &csvRows{file: f, headers: c.headers, delimiter: c.delimiter}
	for b := range r.plain {
		r.plain[b] = byte(b) != c.delimiter && byte(b) != '"' && byte(b) != '\\' && byte(b) != '\n'
	}
	if r.headers != nil {
		return r, nil
	}
	err := r.read()
	if errors.Is(err, io.EOF) { // an empty file has no rows
		return r, nil
	}
	if err == nil {
		r.headers = r.fields(len(r.ends))
		for i, h := range r.headers {
			r.headers[i] = strings.ToValidUTF8(h, "\uFFFD")
		}
		if refused := checkHeaders(r.headers, c.limits.Header); refused != nil {
			err = refused
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return r, nil
}

// checkHeaders refuses what cannot be the names of the columns.
func checkHeaders(headers []string, limit int) *Failure {
	size, seen := 0, make(map[string]bool, len(headers))
	for _, h := range headers {
		if seen[h] {
			return unreadable("CSV headers cannot contain duplicates.")
		}
		seen[h] = true
		size += len(h) + 1
	}
	if size-1 > limit {
		return unreadable("CSV headers cannot exceed %d KiB.", limit>>10)
	}
	return nil
}

func (r *csvRows) next(context.Context) (Item, error) {
	if err := r.read(); err != nil {
		return Item{}, err
	}
	members := make([]value.Member, len(r.headers))
	for i, f := range r.fields(len(r.headers)) {
		members[i] = value.Member{Key: r.headers[i], Value: value.String(f)}
	}
	return Item{Value: value.Object(members...), Source: r.from}, nil
}

func (r *csvRows) skip(_ context.Context, n int64) (int64, error) {
	for over := range n {
		if err := r.read(); err != nil {
			return over, err
		}
	}
	return n, nil
}

// fields are the first n fields of the row.
func (r *csvRows) fields(n int) []string {
	fields := make([]string, n)
	text, start := string(r.row), 0
	for i := range min(n, len(r.ends)) {
		fields[i] = text[start:r.ends[i]]
		start = r.ends[i]
	}
	return fields
}

// place says where in a row the parser is.
type place uint8

const (
	outside    place = iota // not in quotes
	inside                  // in quotes
	quoteOut                // after a quote outside quotes: a second one makes it a character
	quoteIn                 // after a quote in quotes: a second one makes it a character
	escapedOut              // after a backslash outside quotes
	escapedIn               // after a backslash in quotes
)

// read parses the next row that has any characters into r.row and r.ends.
func (r *csvRows) read() error {
	for {
		start := r.in.offset()
		r.row, r.ends = r.row[:0], r.ends[:0]
		at, err := r.parse(start)
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return err
		case err != nil && (at == inside || at == escapedIn):
			return r.broken("CSV", "a quoted field does not end", start)
		case err != nil && r.in.offset() == start:
			return io.EOF
		case err != nil: // the last line has no end
			r.endRow(at)
			return nil
		case len(r.ends) > 1 || len(r.row) > 0 || r.in.offset()-start > 2:
			return nil
		}
	}
}

// parse reads up to the end of the row, or of the file, which is io.EOF.
func (r *csvRows) parse(start int64) (at place, err error) {
	for r.in.more() {
		b := r.in.rest()
		n := 0
		switch at {
		case outside:
			for n < len(b) && r.plain[b[n]] {
				n++
			}
		case inside:
			n = quotedRun(b)
		default:
		}
		r.row = append(r.row, b[:n]...)
		r.in.pos += n
		if len(r.row) > r.limits.Item {
			return at, r.tooLarge(start)
		}
		if n == len(b) {
			continue
		}
		var used, over bool
		if at, used, over = r.step(at, b[n]); used {
			r.in.pos++
		}
		if over {
			return at, nil
		}
	}
	return at, r.in.err
}

// quotedRun counts the bytes that mean nothing in quotes.
func quotedRun(b []byte) int {
	for i, c := range b {
		if c == '"' || c == '\\' || c == '\n' {
			return i
		}
	}
	return len(b)
}

// step takes a byte that means something. It says whether the byte is used up, and whether
// the row is over.
func (r *csvRows) step(at place, c byte) (next place, used, over bool) {
	switch at {
	case outside:
		switch c {
		case r.delimiter:
			r.ends = append(r.ends, len(r.row))
		case '\n':
			r.endRow(at)
			return at, true, true
		case '\\':
			return escapedOut, true, false
		case '"':
			if begin := r.field(); len(bytes.TrimLeft(r.row[begin:], " ")) == 0 {
				r.row = r.row[:begin]
				return inside, true, false
			}
			return quoteOut, true, false
		}
		return outside, true, false
	case inside:
		switch c {
		case '"':
			return quoteIn, true, false
		case '\\':
			return escapedIn, true, false
		}
		r.row = append(r.dropReturn(), c)
		return inside, true, false
	case quoteOut:
		r.row = append(r.row, '"')
		return outside, c == '"', false
	case quoteIn:
		if c == '"' {
			r.row = append(r.row, c)
			return inside, true, false
		}
		return outside, false, false
	case escapedOut, escapedIn:
		next = outside
		if at == escapedIn {
			next = inside
		}
		if c == '\\' || c == '"' || c == r.delimiter {
			r.row = append(r.row, c)
			return next, true, false
		}
		return next, false, false
	}
	panic("unreachable: place")
}

// field is where the field that is being read begins in r.row.
func (r *csvRows) field() int {
	if len(r.ends) == 0 {
		return 0
	}
	return r.ends[len(r.ends)-1]
}

// endRow ends the last field at the end of its line.
func (r *csvRows) endRow(at place) {
	if at == quoteOut {
		r.row = append(r.row, '"')
	}
	r.row = r.dropReturn()
	r.ends = append(r.ends, len(r.row))
}

// dropReturn is the row without the carriage return before the end of a line.
func (r *csvRows) dropReturn() []byte {
	if n := len(r.row); n > r.field() && r.row[n-1] == '\r' {
		return r.row[:n-1]
	}
	return r.row
}
