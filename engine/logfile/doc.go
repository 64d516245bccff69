// Package logfile keeps log groups in a folder: a group is a folder in it, a log stream a
// file of JSON lines in that, for everybody to read with the tools they have.
//
//	<dir>/%2Faws%2Fvendedlogs%2Fstates%2Forders/group.json
//	<dir>/%2Faws%2Fvendedlogs%2Fstates%2Forders/states%2FOrder-review%2F2026-11-22-19-00%2F5f0c2a9e.jsonl
//
// A stream holds the records of one state machine from one hour at most, and not much more
// than Config.StreamBytes of them; then the next one begins. Old streams are deleted by age
// and by the size of all. Appends are on disk when they return. What is read is what was
// appended before: never half a line.
//
// Records of a stream stand in the order in which they were delivered, which is that of their
// times but for some that were late.
package logfile
