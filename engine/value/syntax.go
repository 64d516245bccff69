package value

import (
	"fmt"
	"strings"
)

// SyntaxError says where a text stops being JSON. Line and Column count from 1, columns in
// UTF-16 units as editors do; Offset counts bytes from 0.
type SyntaxError struct {
	Offset, Line, Column int
	Msg                  string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at line %d, column %d", e.Msg, e.Line, e.Column)
}

// Place turns a byte offset into line and column, both from 1, columns in UTF-16 units.
func Place(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	line = 1 + strings.Count(before, "\n")
	column = 1
	for _, r := range before[strings.LastIndexByte(before, '\n')+1:] {
		column++
		if r > 0xFFFF {
			column++
		}
	}
	return line, column
}
