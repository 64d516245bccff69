package logfile

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"statehouse/engine/logging"
)

// Event is one record, and where it stands.
type Event struct {
	Stream string
	Offset int64 // of the line in its stream, in bytes
	At     time.Time
	Text   string
}

// Stream describes a stream.
type Stream struct {
	Name        string
	Begin       time.Time
	First, Last time.Time // of its records, when Times has read them; zero when it has none
	Bytes       int64
}

// Range is a part of time. Zero is no bound; To does not belong to it.
type Range struct{ From, To time.Time }

func (r Range) has(at time.Time) bool {
	return (r.From.IsZero() || !at.Before(r.From)) && (r.To.IsZero() || at.Before(r.To))
}

// may tells whether a stream can have records of the range.
func (r Range) may(s *stream) bool {
	return (r.From.IsZero() || r.From.Before(s.begin.Add(streamAge))) && (r.To.IsZero() || s.begin.Add(-streamEarly).Before(r.To))
}

// maxLine is more than a record can have, in bytes.
const maxLine = 16 << 20

// budget is how many bytes one call looks through beyond where it goes on: a page of a large
// log may come without a record that matches, and with a token.
const budget = 64 << 20

// Streams lists the streams of a group whose names begin with prefix, by begin. ErrNotFound.
func (f *Folder) Streams(group, prefix string) ([]Stream, error) {
	found, err := f.find(group, func(s *stream) bool { return strings.HasPrefix(s.name, prefix) })
	if err != nil {
		return nil, err
	}
	list := make([]Stream, len(found))
	for i, s := range found {
		list[i] = Stream{Name: s.name, Begin: s.begin, Bytes: s.size}
	}
	return list, nil
}

// Times reads when the first and the last record of a stream are, which one that came late
// may have missed by minutes: a stream is not read for it.
func (f *Folder) Times(group string, s *Stream) error {
	found, err := f.find(group, func(x *stream) bool { return x.name == s.Name })
	if err != nil || len(found) == 0 {
		return cmp.Or(err, ErrNotFound)
	}
	last, err := f.lastLine(found[0])
	if err != nil {
		return err
	}
	if err := f.lines(found[0], 0, func(line []byte, _ int64) bool {
		s.First, _ = logging.Time(line)
		return false
	}); err != nil {
		return err
	}
	return f.lines(found[0], last, func(line []byte, _ int64) bool {
		s.Last, _ = logging.Time(line)
		return false
	})
}

// lastLine is where the last line of a stream begins.
func (f *Folder) lastLine(s stream) (int64, error) {
	file, err := f.root.Open(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read log stream %s: %w", s.name, err)
	}
	defer file.Close()
	end, err := wholeLines(file, s.size)
	if err == nil && end > 0 {
		end, err = wholeLines(file, end-1)
	}
	if err != nil {
		return 0, fmt.Errorf("read log stream %s: %w", s.name, err)
	}
	return end, nil
}

// find copies what is known of some streams of a group, in order.
func (f *Folder) find(group string, which func(*stream) bool) ([]stream, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[group]
	if g == nil || g.deleted {
		return nil, ErrNotFound
	}
	var list []stream
	for _, s := range g.streams {
		if which(s) {
			list = append(list, *s)
		}
	}
	slices.SortFunc(list, order)
	return list, nil
}

func order(a, b stream) int { return cmp.Or(a.begin.Compare(b.begin), strings.Compare(a.name, b.name)) }

// lines goes through a stream from an offset on, until it ends or each says false. Streams
// that were deleted meanwhile have no lines.
func (f *Folder) lines(s stream, from int64, each func(line []byte, offset int64) bool) error {
	r, err := f.reader(s, from)
	if err != nil || r == nil {
		return err
	}
	defer r.close()
	for {
		line, offset, ok, err := r.next()
		if err != nil || !ok || !each(line, offset) {
			return err
		}
	}
}

// reader reads the lines of a stream.
type reader struct {
	name string
	file fs.File
	scan *bufio.Scanner
	at   int64
	end  int64
}

// reader opens a stream at an offset; nil when it is not there any more.
func (f *Folder) reader(s stream, from int64) (*reader, error) {
	file, err := f.root.Open(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read log stream %s: %w", s.name, err)
	}
	scan := bufio.NewScanner(io.NewSectionReader(file, from, max(0, s.size-from)))
	scan.Buffer(make([]byte, 0, 64<<10), maxLine)
	return &reader{name: s.name, file: file, scan: scan, at: from, end: s.size}, nil
}

// next is the next line that was written whole, and where it begins.
func (r *reader) next() (line []byte, offset int64, ok bool, err error) {
	if !r.scan.Scan() {
		if err := r.scan.Err(); err != nil {
			return nil, 0, false, fmt.Errorf("read log stream %s: %w", r.name, err)
		}
		return nil, 0, false, nil
	}
	line, offset = r.scan.Bytes(), r.at
	r.at += int64(len(line)) + 1
	if r.at > r.end { // its end is missing
		return nil, 0, false, nil
	}
	return line, offset, true, nil
}

func (r *reader) close() { _ = r.file.Close() } // it was only read

// StreamQuery asks for a part of one stream.
type StreamQuery struct {
	Group, Stream string
	Range         Range
	Limit         int
	Bytes         int   // of the records of a page, at least one of them; 0: no bound
	From          int64 // offset to read from, forwards; or
	Before        int64 // offset to read to, backwards, when Back is set; negative: the end
	Back          bool
}

// StreamPage is a part of a stream, in its order.
type StreamPage struct {
	Events   []Event
	From, To int64 // offsets of its begin and its end
}

// ReadStream reads a part of a stream. ErrNotFound.
func (f *Folder) ReadStream(ctx context.Context, q StreamQuery) (StreamPage, error) {
	found, err := f.find(q.Group, func(s *stream) bool { return s.name == q.Stream })
	if err != nil || len(found) == 0 {
		return StreamPage{}, cmp.Or(err, ErrNotFound)
	}
	s := found[0]
	if !q.Back {
		from := min(q.From, s.size)
		p, size := StreamPage{From: from, To: from}, 0
		err := f.lines(s, from, func(line []byte, offset int64) bool {
			at, ok := logging.Time(line)
			if ok && q.Range.has(at) {
				if size += len(line); len(p.Events) == q.Limit || q.Bytes > 0 && size > q.Bytes && len(p.Events) > 0 {
					return false
				}
				p.Events = append(p.Events, Event{s.name, offset, at, string(line)})
			}
			p.To = offset + int64(len(line)) + 1
			return ctx.Err() == nil
		})
		return p, cmp.Or(err, ctx.Err())
	}
	if q.Before >= 0 {
		s.size = min(q.Before, s.size)
	}
	p := StreamPage{From: s.size, To: s.size}
	tail := tail{limit: q.Limit, bytes: q.Bytes}
	err = f.lines(s, 0, func(line []byte, offset int64) bool {
		if at, ok := logging.Time(line); ok && q.Range.has(at) {
			tail.add(Event{s.name, offset, at, string(line)})
		}
		return ctx.Err() == nil
	})
	if p.Events = tail.events; len(p.Events) > 0 {
		p.From = p.Events[0].Offset
	} else {
		p.From = 0
	}
	return p, cmp.Or(err, ctx.Err())
}

// tail keeps the last events of many.
type tail struct {
	limit, bytes int
	events       []Event
	size         int
}

func (t *tail) add(e Event) {
	t.events = append(t.events, e)
	t.size += len(e.Text)
	for len(t.events) > t.limit || t.bytes > 0 && t.size > t.bytes && len(t.events) > 1 {
		t.size -= len(t.events[0].Text)
		t.events = t.events[1:]
	}
}
