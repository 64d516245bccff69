// Package value holds JSON values that do not change.
//
// A Value keeps what encoding/json loses: the literal of a number and the order of an
// object's members. Reading is strict (RFC 8259, no duplicate keys, valid UTF-8, at most
// 1000 levels), because everything a person or a program sends us comes through here.
//
// Parse checks all of a text but takes nothing apart: an array or object sleeps in its text until
// somebody reads it, and so do the ones inside. Most of what passes through a workflow is handed
// on without anybody looking at it.
//
// Values share the text they were read from: a string is a slice of it, and a container
// whose text was already compact prints by returning that slice. The price is that a small
// value keeps the whole text alive; the texts of one execution are bounded, so it is paid.
package value
