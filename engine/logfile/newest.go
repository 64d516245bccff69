package logfile

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"statehouse/engine/logging"
)

// Newest asks for records of one state machine from all groups, newest first.
type Newest struct {
	Machine string // name
	Range   Range
	Match   func(line []byte) bool // nil: all
	Limit   int
	Token   string // of the page before
}

// Newest reads the newest records of a state machine, wherever they went. ErrToken.
func (f *Folder) Newest(ctx context.Context, q Newest) (Page, error) {
	before := position{Key: 1<<62 - 1}
	if q.Token != "" {
		var err error
		if before, err = parsePosition(q.Token); err != nil {
			return Page{}, err
		}
	}
	var p Page
	seen := int64(0)
	for _, s := range f.ofMachine(q.Machine, q.Range) {
		here := position{Key: s.begin.UnixMilli(), Stream: s.name, Offset: s.size}
		switch {
		case here.Key == before.Key && s.name == before.Stream:
			s.size = min(s.size, before.Offset)
		case !before.after(position{here.Key, s.name, 0}):
			continue
		}
		last := tail{limit: q.Limit - len(p.Events) + 1}
		err := f.lines(s, 0, func(line []byte, offset int64) bool {
			if at, ok := logging.Time(line); ok && q.Range.has(at) && (q.Match == nil || q.Match(line)) {
				last.add(Event{s.name, offset, at, string(line)})
			}
			return ctx.Err() == nil
		})
		if err != nil || ctx.Err() != nil {
			return Page{}, cmp.Or(err, ctx.Err())
		}
		slices.Reverse(last.events)
		for _, e := range last.events {
			if len(p.Events) == q.Limit {
				p.Next = before.token()
				return p, nil
			}
			p.Events = append(p.Events, e)
			before = position{here.Key, s.name, e.Offset}
		}
		before = position{here.Key, s.name, 0}
		if seen += s.size; seen > budget {
			p.Next = before.token()
			return p, nil
		}
	}
	return p, nil
}

// ofMachine are the streams of a state machine in all groups, newest first.
func (f *Folder) ofMachine(machine string, r Range) []stream {
	prefix := Prefix(machine)
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []stream
	for _, g := range f.groups {
		for name, s := range g.streams {
			if !g.deleted && strings.HasPrefix(name, prefix) && r.may(s) {
				list = append(list, *s)
			}
		}
	}
	slices.SortFunc(list, func(a, b stream) int { return order(b, a) })
	return list
}
