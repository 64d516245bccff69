package picture

import (
	"math"
	"strings"
	"unicode/utf8"
)

// part is a piece of a date/time picture (F&O 9.8.4): a literal, or a marker like [Y0001].
type part struct {
	literal   string
	component rune // 0 for a literal
	names     nameStyle
	zulu      bool // the modifier t: a zero offset is written Z
	integer   *integerPicture
	width     width
	digits    float64 // of a year, month or day: how many are written; -1 for all, NaN when unknown
}

type nameStyle int

const (
	noNames nameStyle = iota
	lowerNames
	upperNames
	titleNames
)

// width is what follows the comma of a marker; NaN when there is no bound.
type width struct{ min, max float64 }

const (
	numbered = "YMDdFWwXxHhmsf" // components that are integers
	zones    = "Zz"
)

// presentations are the first modifiers of markers that name none.
var presentations = map[string]string{
	"Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1", "h": "1",
	"P": "n", "m": "01", "s": "01", "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
}

// readTime reads a date/time picture into its parts.
func readTime(picture string) ([]part, error) {
	if len(picture) > longestPicture {
		return nil, ErrTooLong
	}
	var parts []part
	literal := func(text string) {
		if text != "" {
			parts = append(parts, part{literal: strings.ReplaceAll(text, "]]", "]")})
		}
	}
	for {
		open := strings.IndexByte(picture, '[')
		if open < 0 {
			literal(picture)
			return parts, nil
		}
		literal(picture[:open])
		picture = picture[open:]
		if strings.HasPrefix(picture, "[[") {
			literal("[")
			picture = picture[2:]
			continue
		}
		end := strings.IndexByte(picture, ']')
		if end < 0 {
			return nil, &Error{Code: "D3135"}
		}
		p, err := readMarker(strings.Join(strings.FieldsFunc(picture[1:end], isSpace), ""))
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
		picture = picture[end+1:]
	}
}

func isSpace(r rune) bool { return strings.ContainsRune(spaces, r) }

// readMarker reads the inside of a marker: a component, presentation modifiers and, after
// the last comma, a width.
func readMarker(marker string) (part, error) {
	p := part{width: width{math.NaN(), math.NaN()}, digits: math.NaN()}
	hasMax := false
	if comma := strings.LastIndexByte(marker, ','); comma > 0 {
		least, most, ranged := strings.Cut(marker[comma+1:], "-")
		p.width.min = bound(least)
		if ranged {
			p.width.max, hasMax = bound(most), most != "*"
		}
		marker = marker[:comma]
	}
	component, presentation := "", ""
	if marker != "" {
		_, n := utf8.DecodeRuneInString(marker)
		component, presentation = marker[:n], marker[n:]
	}
	second := byte(0)
	if n := len(presentation) - 1; n > 0 && strings.IndexByte("atco", presentation[n]) >= 0 {
		presentation, second = presentation[:n], presentation[n]
	}
	if presentation == "" {
		presentation = presentations[component]
	}
	if presentation == "" {
		return p, &Error{Code: "D3132", Value: component}
	}
	p.component = []rune(component)[0]
	p.zulu = second == 't'
	switch {
	case presentation[0] == 'n':
		p.names = lowerNames
	case strings.HasPrefix(presentation, "Nn"):
		p.names = titleNames
	case presentation[0] == 'N':
		p.names = upperNames
	case strings.Contains(numbered, component):
		return p, p.readNumber(presentation, second, hasMax)
	}
	if strings.Contains(zones, component) {
		var err error
		p.integer, err = readInteger(presentation)
		return p, err
	}
	return p, nil
}

func bound(text string) float64 {
	if text == "*" {
		return math.NaN()
	}
	return leadingInt(text)
}

// readNumber reads an integer's presentation and lets the width have its say.
func (p *part) readNumber(presentation string, second byte, hasMax bool) error {
	if second != 0 {
		presentation += ";" + string(second)
	}
	integer, err := readInteger(presentation)
	if err != nil {
		return err
	}
	p.integer = integer
	if integer.width < p.width.min {
		integer.width = p.width.min
	}
	if !strings.ContainsRune("YMD", p.component) {
		return nil
	}
	p.digits = -1
	if hasMax {
		p.digits, integer.width = p.width.max, p.width.max
	} else if w := integer.width + integer.optional; w >= 2 {
		p.digits = w
	}
	return nil
}
