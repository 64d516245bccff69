package asl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Refusal is the message of the InvalidDefinition error with which AWS refuses a definition, empty
// when nothing is wrong with it.
//
// Labels of Distributed Maps have a form of their own: where every other fault is quoted as
// "Invalid State Machine Definition: 'CODE: words at location'", all recorded refusals of a label
// show an exception of Python with its argument, and after it the definition with
// everything escaped that is not printable ASCII. The recordings are the truth, so the first fault
// decides which form the message has.
func Refusal(text string, list []Diagnostic) string { return refusal(text, list, Diagnostic.Plain) }

// Explanation is Refusal with what a person needs besides in brackets: hints, and where exactly
// the faults are.
func Explanation(text string, list []Diagnostic) string {
	return refusal(text, list, Diagnostic.String)
}

func refusal(text string, list []Diagnostic, print func(Diagnostic) string) string {
	for _, d := range list {
		if d.Severity != Error {
			continue
		}
		if d.Code == invalidLabel {
			return fmt.Sprintf("Error=ValueError Args=[%s] in definition '%s'.", pythonQuote(d.Message), printable(text))
		}
		return "Invalid State Machine Definition: '" + joined(list, print) + "'"
	}
	return ""
}

// pythonQuote writes a string as Python's repr does: in single quotes, or in double ones when that
// saves escaping; what cannot be printed becomes the shortest of \n, \xhh, \uhhhh and \Uhhhhhhhh.
func pythonQuote(s string) string {
	quote := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	var b strings.Builder
	b.WriteRune(quote)
	for _, c := range s {
		switch {
		case c == quote || c == '\\':
			b.WriteRune('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(c):
			b.WriteRune(c)
		case c <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, c)
		case c <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			fmt.Fprintf(&b, `\U%08x`, c)
		}
	}
	b.WriteRune(quote)
	return b.String()
}

// printable is the same JSON text with all but printable ASCII and white space escaped as \uhhhh.
func printable(json string) string {
	var b strings.Builder
	for _, c := range json {
		if c < 0x7f {
			b.WriteRune(c)
			continue
		}
		for _, unit := range utf16.Encode([]rune{c}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
