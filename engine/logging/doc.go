// Package logging decides what is logged of an execution, and how it looks: which events a
// level has, the record of one event, and the patterns that choose among records. It is
// pure; package logfile keeps records, package courier brings them there.
package logging
