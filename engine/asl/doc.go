// Package asl reads Amazon States Language: definition text in, a machine that can be
// executed and a list of diagnostics with source positions out.
//
// Reading goes through three representations, each with one reason to exist. tokens.go and
// tree.go make a JSON tree that remembers where every key and value stands, because a
// diagnostic points at text. The validate_*.go files judge that tree by tables of fields,
// one per state type and query language, and speak AWS's words. The parse_*.go files turn a
// tree without errors into the Machine that the interpreter walks; they decide nothing.
package asl
