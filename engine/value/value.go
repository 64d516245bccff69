package value

import "strings"

// Kind says what a value is.
type Kind uint8

// The kinds of values. Absent is the zero Value: nothing was there, not even null.
const (
	Absent Kind = iota
	Null
	Bool_
	Number_
	String_
	Array_
	Object_
)
