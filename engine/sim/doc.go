// Package sim runs a state machine in memory, under a clock that jumps from one moment to
// the next, with mocked tasks: a year of waiting takes no time. Tests use it, and whoever
// wants to see what a definition would do.
package sim
