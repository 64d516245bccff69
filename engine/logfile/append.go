package logfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// Line is one record for a group.
type Line struct {
	Group, Machine string // names
	At             time.Time
	Text           []byte // without the end of the line
}

// maxOpen is how many streams are kept open for writing.
const maxOpen = 128

// writes are the streams that are written to.
type writes struct{ current map[place]*writing }

// place is where the records of a machine go.
type place struct{ group, machine string }

// writing is a stream that is open. What is in pending is not on disk yet.
type writing struct {
	*stream
	file    *os.File
	pending bytes.Buffer
}

func (w *writes) to(group string, s *stream) bool {
	for p, x := range w.current {
		if p.group == group && x.stream == s {
			return true
		}
	}
	return false
}

// Append appends records and returns when they are on disk; lost are those of deleted groups.
// After an error some of the records may be there: whoever appends them again has them twice.
func (f *Folder) Append(lines []Line) (lost int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	touched := map[*writing]bool{}
	for _, l := range lines {
		w, err := f.writing(place{l.Group, l.Machine}, l.At)
		if err != nil {
			return lost, errors.Join(err, f.giveUp(touched))
		}
		if w == nil {
			lost++
			continue
		}
		w.pending.Write(l.Text)
		w.pending.WriteByte('\n')
		touched[w] = true
	}
	for w := range touched {
		if err := w.flush(f); err != nil {
			return lost, errors.Join(err, f.giveUp(touched))
		}
	}
	return lost, nil
}

// flush brings to disk what was appended.
func (w *writing) flush(f *Folder) error {
	n := int64(w.pending.Len())
	if n == 0 {
		return nil
	}
	if _, err := w.file.WriteAt(w.pending.Bytes(), w.size); err != nil {
		return fmt.Errorf("write log stream %s: %w", w.name, err)
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("write log stream %s: %w", w.name, err)
	}
	w.pending.Reset()
	w.size += n
	f.bytes += n
	return nil
}

// giveUp takes back what is not on disk for good. Streams are opened again by the next append.
func (f *Folder) giveUp(touched map[*writing]bool) error {
	return f.closeWritings(func(p place) bool { return touched[f.writes.current[p]] })
}

// closeWritings closes streams. The ends of lines that were not written whole go.
func (f *Folder) closeWritings(which func(place) bool) error {
	var errs []error
	for p, w := range f.writes.current {
		if !which(p) {
			continue
		}
		if w.pending.Len() > 0 {
			errs = append(errs, w.file.Truncate(w.size))
		}
		errs = append(errs, w.file.Close())
		delete(f.writes.current, p)
	}
	return errors.Join(errs...)
}

// writing is the stream for a record of this time; nil when the group was deleted.
func (f *Folder) writing(p place, at time.Time) (*writing, error) {
	w := f.writes.current[p]
	if w != nil && w.takes(at, f.StreamBytes) {
		return w, nil
	}
	if w != nil { // full
		if err := w.flush(f); err != nil {
			return nil, err
		}
		if err := f.closeWritings(func(q place) bool { return p == q }); err != nil {
			return nil, err
		}
	}
	g := f.groups[p.group]
	if g != nil && g.deleted {
		return nil, nil
	}
	if g == nil {
		var err error
		if g, err = f.make(p.group); err != nil {
			return nil, err
		}
	}
	if len(f.writes.current) >= maxOpen {
		if err := f.rest(); err != nil {
			return nil, err
		}
	}
	w, err := f.open(p.group, g, p.machine, at)
	if err != nil {
		return nil, fmt.Errorf("open a log stream of %s: %w", p.machine, err)
	}
	f.writes.current[p] = w
	return w, nil
}

// rest closes all streams that have nothing to write.
func (f *Folder) rest() error {
	return f.closeWritings(func(p place) bool { return f.writes.current[p].pending.Len() == 0 })
}

// takes tells whether a record of this time belongs into the stream.
func (w *writing) takes(at time.Time, most int64) bool {
	return w.stream.takes(at) && w.size+int64(w.pending.Len()) < most
}

func (s *stream) takes(at time.Time) bool {
	return at.Before(s.begin.Add(streamAge)) && !at.Before(s.begin.Add(-streamEarly))
}

// open goes on with the machine's newest stream when the record belongs there, or begins one.
func (f *Folder) open(group string, g *group, machine string, at time.Time) (*writing, error) {
	var last *stream
	prefix := Prefix(machine)
	for name, s := range g.streams {
		if strings.HasPrefix(name, prefix) && (last == nil || s.begin.After(last.begin)) {
			last = s
		}
	}
	if last != nil && last.takes(at) && last.size < f.StreamBytes {
		if w, err := f.reopen(last); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return w, err
		}
	}
	name := streamName(machine, at)
	begin, _ := beginOf(name)
	s := &stream{name: name, file: path.Join(g.dir, escape(name)+suffix), begin: begin}
	const newFile = os.O_RDWR | os.O_CREATE | os.O_EXCL
	file, err := f.root.OpenFile(s.file, newFile, 0o600)
	if errors.Is(err, fs.ErrNotExist) { // somebody has cleared up by hand
		if err = errors.Join(f.root.MkdirAll(g.dir, 0o700), f.describe(group, g)); err == nil {
			file, err = f.root.OpenFile(s.file, newFile, 0o600)
		}
	}
	if err != nil {
		return nil, err
	}
	g.streams[name] = s
	return &writing{stream: s, file: file}, nil
}

// reopen goes on after the last whole line: a crash may have left a piece of one.
func (f *Folder) reopen(s *stream) (*writing, error) {
	file, err := f.root.OpenFile(s.file, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	whole, err := wholeLines(file, s.size)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.bytes -= s.size - whole
	s.size = whole
	return &writing{stream: s, file: file}, nil
}

// wholeLines is where the last line ends.
func wholeLines(file io.ReaderAt, size int64) (int64, error) {
	buf := make([]byte, 64<<10)
	for end := size; end > 0; {
		from := max(0, end-int64(len(buf)))
		n, err := file.ReadAt(buf[:end-from], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		end = from
	}
	return 0, nil
}
