package layout

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// element is one element of Graphviz's picture.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e *element) child(name string) *element {
	for i := range e.Children {
		if e.Children[i].XMLName.Local == name {
			return &e.Children[i]
		}
	}
	return nil
}

var (
	pathData  = regexp.MustCompile(`^[MCLHVZmclhvz0-9eE., +-]*$`)
	numbers   = regexp.MustCompile(`-?[0-9]+(?:\.[0-9]+)?`)
	className = regexp.MustCompile(`^[a-z0-9 ]+$`)
)

// redraw writes Graphviz's picture anew. Only numbers, classes that we gave and escaped names come
// through. Colours are the page's own where it has them; the fallbacks are those of its light theme.
func redraw(from string) (string, error) {
	var root element
	d := xml.NewDecoder(strings.NewReader(from))
	d.Strict = true
	if err := d.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read picture: %w", err)
	}
	box := numbers.FindAllString(root.attr("viewBox"), -1)
	graph := root.child("g")
	if len(box) != 4 || graph == nil {
		return "", errors.New("read picture: no graph in it")
	}
	shift := numbers.FindAllString(graph.attr("transform"), -1)
	if len(shift) < 2 {
		return "", errors.New("read picture: no place in it")
	}
	w := &picture{}
	w.f(`<svg class="thumb" xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" aria-hidden="true" focusable="false">`,
		box[2], box[3], box[2], box[3])
	w.f(`<g transform="translate(%s %s)" stroke-width="1" stroke-linecap="round" stroke-linejoin="round">`, shift[len(shift)-2], shift[len(shift)-1])
	for _, kind := range []string{"cluster", "edge", "node"} { // later ones lie on top
		for i := range graph.Children {
			w.group(&graph.Children[i], kind)
		}
	}
	w.f(`</g></svg>`)
	return w.String(), nil
}

// picture collects the new picture.
type picture struct{ strings.Builder }

func (w *picture) f(format string, args ...any) { fmt.Fprintf(&w.Builder, format, args...) }

// group draws one node, edge or cluster if it is of the kind that is being drawn.
func (w *picture) group(g *element, kind string) {
	class := g.attr("class")
	if first, _, _ := strings.Cut(class, " "); g.XMLName.Local != "g" || first != kind || !className.MatchString(class) {
		return
	}
	if strings.Contains(class, "anchor") {
		return
	}
	w.f(`<g class="%s">`, class)
	switch kind {
	case "cluster":
		w.cluster(g)
	case "edge":
		w.edge(g, class)
	case "node":
		w.node(g, class)
	}
	w.f(`</g>`)
}

func (w *picture) cluster(g *element) {
	if b, ok := bounds(g.child("polygon")); ok {
		w.f(`<rect x="%s" y="%s" width="%s" height="%s" rx="6" fill="var(--surface, #fff)" fill-opacity="0.5" stroke="var(--line-strong, #cfcbc3)" vector-effect="non-scaling-stroke"/>`,
			n(b.x), n(b.y), n(b.w), n(b.h))
	}
}

func (w *picture) edge(g *element, class string) {
	dash := ""
	if strings.Contains(class, "catch") {
		dash = ` stroke-dasharray="3 3"`
	}
	for i := range g.Children {
		c := &g.Children[i]
		switch c.XMLName.Local {
		case "path":
			if d := c.attr("d"); pathData.MatchString(d) {
				w.f(`<path d="%s" fill="none" stroke="var(--line-strong, #cfcbc3)" vector-effect="non-scaling-stroke"%s/>`, d, dash)
			}
		case "polygon":
			if p := c.attr("points"); pathData.MatchString(p) {
				w.f(`<polygon points="%s" fill="var(--line-strong, #cfcbc3)"/>`, p)
			}
		}
	}
}

// tones are the colours of the types, named as the page names them.
var tones = map[string][2]string{
	"task": {"running", "#1d5fd0"}, "parallel": {"running", "#1d5fd0"}, "map": {"running", "#1d5fd0"},
	"choice": {"caught", "#8f5400"}, "human": {"waiting", "#6d3bc2"},
	"succeed": {"succeeded", "#157347"}, "fail": {"failed", "#b3261e"},
}

func tone(class string) string {
	out := [2]string{"idle", "#67635b"}
	for word := range strings.FieldsSeq(class) {
		if t, ok := tones[word]; ok {
			out = t // a later word says more: "task human"
		}
	}
	return "var(--" + out[0] + ", " + out[1] + ")"
}

func (w *picture) node(g *element, class string) {
	if dot := g.child("ellipse"); dot != nil {
		if cx, cy, r := dot.attr("cx"), dot.attr("cy"), dot.attr("rx"); pathData.MatchString(cx + cy + r) {
			w.f(`<circle cx="%s" cy="%s" r="%s" fill="var(--line-strong, #cfcbc3)"/>`, cx, cy, r)
		}
		return
	}
	b, ok := bounds(g.child("polygon"))
	if !ok {
		return
	}
	w.f(`<rect class="box" x="%s" y="%s" width="%s" height="%s" rx="5" fill="var(--surface, #fff)" stroke="var(--line-strong, #cfcbc3)" vector-effect="non-scaling-stroke"/>`,
		n(b.x), n(b.y), n(b.w), n(b.h))
	side := b.h * 0.5
	gap := (b.h - side) / 2
	w.f(`<rect class="mark" x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s"/>`,
		n(b.x+gap), n(b.y+gap), n(side), n(side), n(side/3), tone(class))
	label := g.child("text")
	if label == nil {
		return
	}
	w.text(n(b.x+2*gap+side), label.attr("y"), label.Text)
}

// text writes the name of a state.
func (w *picture) text(x, y, name string) {
	name = strings.TrimSpace(name)
	if name == "" || !pathData.MatchString(x+y) {
		return
	}
	w.f(`<text x="%s" y="%s" font-family="Inter Variable, Inter, sans-serif" font-size="11" font-weight="500" fill="var(--text, #1d1c1a)">%s</text>`,
		x, y, html.EscapeString(name))
}

// frame is the rectangle around a shape.
type frame struct{ x, y, w, h float64 }

// bounds measures a polygon.
func bounds(p *element) (frame, bool) {
	if p == nil {
		return frame{}, false
	}
	list := numbers.FindAllString(p.attr("points"), -1)
	if len(list) < 4 {
		return frame{}, false
	}
	least, most := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for i, text := range list {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return frame{}, false
		}
		least[i%2], most[i%2] = min(least[i%2], v), max(most[i%2], v)
	}
	return frame{least[0], least[1], most[0] - least[0], most[1] - least[1]}, true
}

// n prints a number briefly.
func n(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}
