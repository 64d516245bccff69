// Package layout draws a definition: as a DOT graph, and as a small SVG picture for lists.
//
// Graphviz places the boxes and routes the lines; the picture is then written anew from those
// places (svg.go), because the page needs classes and colours of its own, and because nothing
// but numbers and escaped names may come through into HTML.
//
// Graphviz cannot be used by two goroutines, grows with every picture, obeys no deadline and may
// not return. So it lives in a worker: a process of its own that runs the same binary (worker.go,
// renderer.go), draws one graph after the other, is replaced after some hundred, and is killed
// when the deadline of the one who asked has passed.
package layout
