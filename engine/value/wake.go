package value

import (
	"sync"
	"sync/atomic"
)

// sleep is what a node needs that takes its items and members from its text when they are first
// needed.
type sleep struct {
	once  sync.Once
	spans []span        // of the text
	raw   bool          // nobody has looked at the text: there are no spans
	looks atomic.Uint32 // how often somebody looked for a key meanwhile
}

// sleeper is a node with its sleep, made in one piece.
type sleeper struct {
	node
	state sleep
}

func newSleeper(text string, spans []span) *node { return new(sleeper).fill(text, spans) }

// fill makes s the container that text is and spans[0] describes; without spans the text is raw.
func (s *sleeper) fill(text string, spans []span) *node {
	s.text, s.sleep = text, &s.state
	s.state.spans, s.state.raw = spans, spans == nil
	s.compact = spans != nil && !spans[0].loose
	return &s.node
}

// load wakes the content of a node that sleeps.
func (n *node) load() *node {
	if n.sleep != nil && n.sleep.looks.Load() < awake {
		n.wake()
	}
	return n
}

func (n *node) wake() {
	n.sleep.once.Do(func() {
		defer n.sleep.looks.Store(awake)
		spans := n.sleep.spans
		if n.sleep.raw {
			v, ok := look(n.text)
			if !ok {
				v = mustParse(n.text)
				n.items, n.members = v.node.items, v.node.members
				n.index.Store(v.node.index.Load())
				return
			}
			spans = v.node.sleep.spans
		}
		n.read(spans)
	})
}

// read takes the container apart that spans[0] describes. The containers inside sleep on.
func (n *node) read(spans []span) {
	r := reader{parser: parser{text: n.text, pos: 1}, spans: spans[1:]}
	if n.text[0] == '[' {
		n.items = make([]Value, spans[0].size)
		for i := range n.items {
			r.space()
			n.items[i] = r.next()
		}
		return
	}
	n.members = make([]Member, spans[0].size)
	for i := range n.members {
		m := &n.members[i]
		r.space()
		m.Key, _ = r.str()
		r.space()
		r.pos++
		r.space()
		m.Value = r.next()
	}
}

// reader reads what stands directly in a container whose text is known to be JSON.
type reader struct {
	parser
	spans []span    // that are still ahead
	nodes []sleeper // for the next containers
}

// next reads a value and goes beyond the comma or bracket that follows.
func (r *reader) next() Value {
	var v Value
	switch c := r.text[r.pos]; c {
	case '{':
		v = Value{kind: KindObject, node: r.container()}
	case '[':
		v = Value{kind: KindArray, node: r.container()}
	default:
		v, _ = r.value()
	}
	r.space()
	r.pos++
	return v
}

// container makes nodes for some siblings at once; few, since each keeps all of them alive.
func (r *reader) container() *node {
	if len(r.nodes) == 0 {
		const most = 32
		siblings := 0
		for i := 0; i < len(r.spans) && siblings < most; i += int(r.spans[i].count) {
			siblings++
		}
		r.nodes = make([]sleeper, siblings)
	}
	n := &r.nodes[0]
	r.nodes = r.nodes[1:]
	own := r.spans[0]
	end := r.pos + int(own.length)
	n.fill(r.text[r.pos:end], r.spans[:own.count:own.count])
	r.pos, r.spans = end, r.spans[own.count:]
	return &n.node
}
