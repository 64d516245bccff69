// Package asl reads Amazon States Language: definition text in, a machine that can be
// executed and a list of diagnostics with source positions out.
//
// Text becomes a tree first (tokens.go, tree.go): JSON that remembers where every key and value
// stands, because a diagnostic points at text and engine/value has no positions. A reader then
// walks the tree once, fills the Machine and reports faults on the way; which fields a type of
// state has, in which query language, and which exclude each other is a table (fields.go). What
// concerns several states, such as targets, ends and reachability, is judged block by block
// (graph.go).
//
// Messages are AWS's words wherever they are known; what AWS leaves out and a person needs goes
// into Diagnostic.Hint. Locations are JSON pointers down to the field at fault, where AWS writes
// indexes in brackets and stops at the state for a field that does not belong there.
package asl
