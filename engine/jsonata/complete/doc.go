// Package complete helps people who write JSONata: it evaluates an expression against a sample,
// and lists what may be typed at a place in a text.
package complete
