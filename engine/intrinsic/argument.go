package intrinsic

import (
	"statehouse/engine/jsonpath"
	"statehouse/engine/value"
)

// Argument is one argument of a call: exactly one of its fields is set.
type Argument struct {
	Literal value.Value
	Path    *jsonpath.Path
	Call    *Call
}

// Arguments are the arguments as they were written.
func (c *Call) Arguments() []Argument {
	out := make([]Argument, len(c.args))
	for i, a := range c.args {
		out[i] = Argument{a.literal, a.path, a.call}
	}
	return out
}

// Pieces are what stands before, between and behind the placeholders of States.Format; nil
// when its template is no literal.
func (c *Call) Pieces() []string {
	if c.format == nil {
		return nil
	}
	return c.format.pieces
}
