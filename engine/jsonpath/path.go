// Package jsonpath reads values with JSONPath as AWS Step Functions does: the semantics of
// Jayway's json-path, which has quirks that definitions rely on (a slice has no step, '1'
// equals 1 in a filter), without its sloppy spellings, which are refused when a path is parsed.
//
// A path begins at the input ($), at the context object ($$) or at a variable ($name); the
// caller hands the document of that root to Get.
package jsonpath

import (
	"fmt"
)

// Root says which document a path begins at.
type Root uint8

// The roots of paths: $, $$ and $name.
const (
	Input Root = iota
	Context
	Variable
)

// SyntaxError says where a text stops being a path. Offset counts bytes.
type SyntaxError struct {
	Text   string
	Offset int
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("the path '%s' is not valid at character %d: %s", e.Text, e.Offset+1, e.Msg)
}

// MissingError is a definite path that leads nowhere. Reason is in Jayway's words, which AWS
// quotes: "Invalid path '$.x' : No results for path: $['x']".
type MissingError struct {
	Path   string
	Reason string
}

func (e *MissingError) Error() string { return "Invalid path '" + e.Path + "' : " + e.Reason }

// Path is a parsed path. It is immutable.
type Path struct {
	text     string
	root     Root
	variable string
	tokens   []token
	definite bool
}

// Root says which document the path begins at.
func (p *Path) Root() Root { return p.root }

// Variable is the name of a variable's path, without the dollar.
func (p *Path) Variable() string { return p.variable }

// Definite reports whether the path leads to one place; the others gather an array.
func (p *Path) Definite() bool { return p.definite }

// String is the path as it was written.
func (p *Path) String() string { return p.text }
