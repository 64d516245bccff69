// Package teststate does one state by itself, with data that its caller makes up: the
// operation TestState. It decides what may be tested and with which mocks, lets the
// interpreter do the state (interp.Try), and says what became of its data on the way.
//
// The sentences are AWS's where a recording shows them. Where none does, ours say what is
// wrong and where.
package teststate
