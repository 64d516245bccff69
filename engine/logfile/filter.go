package logfile

import (
	"container/heap"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"

	"statehouse/engine/logging"
)

// Query asks for records of a group, from all its streams or some, oldest first.
type Query struct {
	Group  string
	Stream func(name string) bool // nil: all
	Range  Range
	Match  func(line []byte) bool // nil: all
	Limit  int
	Bytes  int    // of the records of a page, at least one of them; 0: no bound
	Token  string // of the page before
}

// Page is a part of what was asked for. It may be empty although there is more.
type Page struct {
	Events []Event
	Next   string // "": that was all
}

// position is after which record the next page begins: those before it in the order of key,
// stream and offset were looked at.
type position struct {
	Key    int64  `json:"k"` // milliseconds
	Stream string `json:"s"`
	Offset int64  `json:"o"`
}

func (p position) token() string {
	text, _ := json.Marshal(p) // of plain fields
	return base64.RawURLEncoding.EncodeToString(text)
}

func parsePosition(token string) (p position, err error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(text, &p) != nil || p.Offset < 0 {
		return position{}, ErrToken
	}
	return p, nil
}

// after tells whether p comes after q.
func (p position) after(q position) bool {
	if p.Key != q.Key {
		return p.Key > q.Key
	}
	if p.Stream != q.Stream {
		return p.Stream > q.Stream
	}
	return p.Offset > q.Offset
}

// Filter reads records of a group, those of all streams in one order. ErrNotFound, ErrToken.
func (f *Folder) Filter(ctx context.Context, q Query) (Page, error) {
	begin := position{Key: -1 << 62}
	if q.Token != "" {
		var err error
		if begin, err = parsePosition(q.Token); err != nil {
			return Page{}, err
		}
	}
	streams, err := f.find(q.Group, func(s *stream) bool {
		return q.Range.may(s) && (q.Stream == nil || q.Stream(s.name)) && s.begin.Add(streamAge).UnixMilli() > begin.Key
	})
	if err != nil {
		return Page{}, err
	}
	m := merge{f: f}
	defer m.close()
	for _, s := range streams {
		m.heads = append(m.heads, &head{stream: s, key: s.begin.Add(-streamEarly).UnixMilli()})
	}
	heap.Init(&m)
	var p Page
	for size, seen := 0, 0; len(m.heads) > 0; {
		h := m.heads[0]
		if h.event.Text != "" {
			at := position{h.key, h.stream.name, h.event.Offset}
			if at.after(begin) {
				size += len(h.event.Text)
				matches := q.Range.has(h.event.At) && (q.Match == nil || q.Match([]byte(h.event.Text)))
				full := len(p.Events) == q.Limit || q.Bytes > 0 && size > q.Bytes && len(p.Events) > 0
				if matches && full {
					p.Next = begin.token()
					break
				}
				if !matches {
					size -= len(h.event.Text)
				} else {
					p.Events = append(p.Events, h.event)
				}
				begin = at
				if seen += len(h.event.Text); seen > budget {
					p.Next = begin.token()
					break
				}
			}
		}
		if err := m.advance(); err != nil {
			return Page{}, err
		}
		if ctx.Err() != nil {
			return Page{}, ctx.Err()
		}
	}
	slices.SortStableFunc(p.Events, func(a, b Event) int { return a.At.Compare(b.At) })
	return p, nil
}

// head is the next record of a stream. Its key never goes down within the stream, also when a
// record came late.
type head struct {
	stream stream
	reader *reader
	key    int64
	event  Event
}

// merge puts streams into one order. It is a heap of heads; streams are opened when it is
// their time.
type merge struct {
	f     *Folder
	heads []*head
}

func (m *merge) Len() int      { return len(m.heads) }
func (m *merge) Swap(i, j int) { m.heads[i], m.heads[j] = m.heads[j], m.heads[i] }
func (m *merge) Push(x any)    { m.heads = append(m.heads, x.(*head)) }

func (m *merge) Less(i, j int) bool {
	a, b := m.heads[i], m.heads[j]
	if a.key != b.key {
		return a.key < b.key
	}
	return a.stream.name < b.stream.name
}

func (m *merge) Pop() any {
	last := m.heads[len(m.heads)-1]
	m.heads = m.heads[:len(m.heads)-1]
	return last
}

// advance moves the first head on, or lets it go at the end of its stream.
func (m *merge) advance() error {
	h := m.heads[0]
	if h.reader == nil {
		var err error
		if h.reader, err = m.f.reader(h.stream, 0); err != nil {
			return err
		}
	}
	for h.reader != nil {
		line, offset, ok, err := h.reader.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		at, ok := logging.Time(line)
		if !ok {
			continue
		}
		h.key = max(h.key, at.UnixMilli())
		h.event = Event{h.stream.name, offset, at, string(line)}
		heap.Fix(m, 0)
		return nil
	}
	if h.reader != nil {
		h.reader.close()
	}
	heap.Pop(m)
	return nil
}

func (m *merge) close() {
	for _, h := range m.heads {
		if h.reader != nil {
			h.reader.close()
		}
	}
}
