package layout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"statehouse/engine/asl"
)

// labelled is up to how many states a picture shows names. More of them, or frames around them,
// would make the names too small to read.
const labelled = 6

// DOT describes the definition as a graph: a node for each state, a cluster for each Parallel and
// Map, an edge for each way on. Classes say what is what; no attribute that could hold a link, an
// image or a file holds words of the definition.
func DOT(m *asl.Machine) string {
	d := &drawing{names: len(m.Root.States) <= labelled && flat(m.Root), ids: map[*asl.State]int{}}
	d.line(0, "digraph {")
	d.line(1, `graph [%s, compound=true, margin=0, pad=0.06, fontname="Helvetica", fontsize=10]`, d.ranks())
	if d.names {
		d.line(1, `node [shape=box, height=0.36, width=1.5, margin="0.32,0.05", fontname="Helvetica", fontsize=11]`)
	} else {
		d.line(1, `node [shape=box, height=0.3, width=0.3, fixedsize=true, label=" ", fontname="Helvetica", fontsize=8]`)
	}
	d.line(1, `edge [arrowsize=0.45, minlen=2]`)
	d.line(1, `start [class="start", shape=circle, label="", width=0.12, height=0.12, fixedsize=true]`)
	d.block(1, m.Root)
	if s := m.Root.States[m.Root.StartAt]; s != nil {
		d.edge(1, "start", "", d.enter(s), "start")
	}
	d.line(0, "}")
	return d.out.String()
}

// ranks says how the picture runs: downwards like the designer's canvas, and to the right when
// there are many states, because lists show pictures that are wider than high. An edge is twice
// ranksep long.
func (d *drawing) ranks() string {
	if d.names {
		return "rankdir=TB, nodesep=0.2, ranksep=0.13"
	}
	return "rankdir=LR, nodesep=0.13, ranksep=0.1"
}

// flat tells whether no state of a block holds others.
func flat(b *asl.Block) bool {
	for _, s := range b.States {
		if len(s.Blocks()) > 0 {
			return false
		}
	}
	return true
}

// drawing collects the lines of a graph.
type drawing struct {
	out   strings.Builder
	names bool
	ids   map[*asl.State]int
}

func (d *drawing) line(depth int, format string, args ...any) {
	d.out.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&d.out, format, args...)
	d.out.WriteByte('\n')
}

func (d *drawing) id(s *asl.State) int {
	n, ok := d.ids[s]
	if !ok {
		n = len(d.ids)
		d.ids[s] = n
	}
	return n
}

// end is where an edge touches a state: the node, or the cluster around an anchor.
type end struct{ node, cluster string }

// enter is where edges into a state arrive; leave is where they begin.
func (d *drawing) enter(s *asl.State) end { return d.touch(s, "i") }
func (d *drawing) leave(s *asl.State) end { return d.touch(s, "o") }

func (d *drawing) touch(s *asl.State, side string) end {
	id := strconv.Itoa(d.id(s))
	if len(s.Blocks()) == 0 {
		return end{node: "n" + id}
	}
	return end{node: side + id, cluster: "cluster_" + id}
}

func (d *drawing) block(depth int, b *asl.Block) {
	for _, name := range b.Order {
		d.state(depth, b.States[name])
	}
	for _, name := range b.Order {
		d.ways(depth, b, b.States[name])
	}
}

func (d *drawing) state(depth int, s *asl.State) {
	blocks := s.Blocks()
	if len(blocks) == 0 {
		label := ""
		if d.names {
			label = ", label=" + quote(short(s.Name))
		}
		d.line(depth, `n%d [class=%s%s]`, d.id(s), quote(class(s)), label)
		return
	}
	id := d.id(s)
	d.line(depth, "subgraph cluster_%d {", id)
	d.line(depth+1, `class=%s; label=""; margin=8`, quote(class(s)))
	d.line(depth+1, `i%d [class="anchor", style=invis, label="", width=0.01, height=0.01, fixedsize=true]`, id)
	d.line(depth+1, `o%d [class="anchor", style=invis, label="", width=0.01, height=0.01, fixedsize=true]`, id)
	for _, b := range blocks {
		d.block(depth+1, b)
		d.anchor(depth+1, s, b)
	}
	d.line(depth, "}")
}

// anchor hangs a block between the two anchors of its container, so that it lies between what
// comes before and what comes after.
func (d *drawing) anchor(depth int, s *asl.State, b *asl.Block) {
	const hidden = `%s -> %s [style=invis, minlen=1, weight=4]`
	id := d.id(s)
	if first := b.States[b.StartAt]; first != nil {
		d.line(depth, hidden, "i"+strconv.Itoa(id), d.enter(first).node)
	}
	for _, name := range b.Order {
		if last := b.States[name]; last.Next == "" && len(last.Choices) == 0 {
			d.line(depth, hidden, d.leave(last).node, "o"+strconv.Itoa(id))
		}
	}
}

// ways draws the edges out of a state, each target once.
func (d *drawing) ways(depth int, b *asl.Block, s *asl.State) {
	var seen []string
	way := func(to, kind string) {
		t := b.States[to]
		if t == nil || slices.Contains(seen, to) {
			return
		}
		seen = append(seen, to)
		from := d.leave(s)
		d.edge(depth, from.node, from.cluster, d.enter(t), kind)
	}
	way(s.Next, "next")
	for _, rule := range s.Choices {
		way(rule.Next, "choice")
	}
	way(s.Default, "default")
	for _, c := range s.Catch {
		way(c.Next, "catch")
	}
}

func (d *drawing) edge(depth int, from, tail string, to end, kind string) {
	attrs := "class=" + quote(kind)
	if tail != "" {
		attrs += ", ltail=" + tail
	}
	if to.cluster != "" {
		attrs += ", lhead=" + to.cluster
	}
	if tail != "" || to.cluster != "" {
		attrs += ", minlen=3" // the frame takes some of the length
	}
	d.line(depth, "%s -> %s [%s]", from, to.node, attrs)
}

// class is what a state looks like: its type, and human for a person's task.
func class(s *asl.State) string {
	c := strings.ToLower(string(s.Type))
	if strings.HasPrefix(s.Resource, "arn:aws:states:::human:") {
		c += " human"
	}
	return c
}

// short cuts a name to what fits into a small box.
func short(name string) string {
	const most = 26
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// quote makes a DOT string of words. DOT knows escapes of its own (\N, \G, \n): a backslash must
// stand for itself, and line breaks and other control characters become spaces.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '\\' || c == '"':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '&': // DOT reads entities
			b.WriteString("&amp;")
		case c < ' ' || c == 0x7f:
			b.WriteByte(' ')
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
