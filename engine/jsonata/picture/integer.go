package picture

import (
	"math"
	"slices"
	"strings"
)

// numbering is the way an integer picture counts.
type numbering int

const (
	decimal numbering = iota
	alphabetic
	romans
	worded
	sequence // any other first token: the recommendation leaves these to the implementation
)

type letterCase int

const (
	lower letterCase = iota
	upper
	title
)

// integerPicture is an integer's picture string (F&O 4.6.1), read. Width is the least number
// of digits and optional counts the #; both are NaN unless the numbering is decimal.
type integerPicture struct {
	numbering  numbering
	letters    letterCase
	ordinal    bool
	token      string // of a sequence
	zero       rune   // of the digit family
	width      float64
	optional   float64
	separators []separator // from right to left, when they repeat irregularly
	every      int         // digits between regular separators, 0 when irregular
	between    string      // the regular separator
}

// separator is a grouping sign with the number of digits to its right.
type separator struct {
	position int
	text     string
}

// readInteger reads a picture: the part after the last semicolon is the modifier.
func readInteger(picture string) (*integerPicture, error) {
	if len(picture) > longestPicture {
		return nil, ErrTooLong
	}
	p := &integerPicture{width: math.NaN(), optional: math.NaN()}
	token := picture
	if i := strings.LastIndexByte(picture, ';'); i >= 0 {
		token = picture[:i]
		p.ordinal = strings.HasPrefix(picture[i+1:], "o")
	}
	switch token {
	case "A":
		p.numbering, p.letters = alphabetic, upper
	case "a":
		p.numbering = alphabetic
	case "I":
		p.numbering, p.letters = romans, upper
	case "i":
		p.numbering = romans
	case "W":
		p.numbering, p.letters = worded, upper
	case "Ww":
		p.numbering, p.letters = worded, title
	case "w":
		p.numbering = worded
	default:
		return p, p.readDecimal(token)
	}
	return p, nil
}

// readDecimal reads digits of one family, # for optional digits, and anything else as
// grouping separators, from right to left.
func (p *integerPicture) readDecimal(token string) error {
	runes := []rune(token)
	slices.Reverse(runes)
	mandatory, optional := 0, 0
	for _, r := range runes {
		family := familyOf(r)
		switch {
		case family != 0 && p.zero != 0 && family != p.zero:
			return &Error{Code: "D3131"}
		case family != 0:
			p.zero = family
			mandatory++
		case r == '#':
			optional++
		default:
			p.separators = append(p.separators, separator{mandatory + optional, string(r)})
		}
	}
	if mandatory == 0 {
		p.numbering, p.token = sequence, token
		return nil
	}
	p.width, p.optional = float64(mandatory), float64(optional)
	if every := interval(p.separators); every > 0 {
		p.every, p.between, p.separators = every, p.separators[0].text, nil
	}
	return nil
}

// interval is the number of digits between separators that are equal and stand at
// regular distances, 0 for any others.
func interval(separators []separator) int {
	positions := make([]int, len(separators))
	for i, s := range separators {
		if s.text != separators[0].text {
			return 0
		}
		positions[i] = s.position
	}
	return regular(positions)
}

// regular is the greatest common divisor of positions when each of its first multiples is
// one of them, else 0.
func regular(positions []int) int {
	divisor := 0
	for _, p := range positions {
		for a, b := p, divisor; ; a, b = b, a%b {
			if b == 0 {
				divisor = a
				break
			}
		}
	}
	for i := range positions {
		if !slices.Contains(positions, (i+1)*divisor) {
			return 0
		}
	}
	return divisor
}

// zeros are the first digits of the decimal families that pictures may be written in.
var zeros = []rune{
	'0', 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
	0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
	0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

// familyOf is the zero of a digit's family, 0 for anything that is no digit.
func familyOf(r rune) rune {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return zero
		}
	}
	return 0
}

// FormatInteger writes a number, rounded down, by an integer picture, as $formatInteger does.
func FormatInteger(f float64, picture string) (string, error) {
	p, err := readInteger(picture)
	if err != nil {
		return "", err
	}
	return p.format(math.Floor(f))
}

func (p *integerPicture) format(f float64) (string, error) {
	text, err := p.magnitude(math.Abs(f))
	if err == nil && f < 0 {
		text = "-" + text
	}
	return text, err
}

// magnitude writes a whole number that is not negative.
func (p *integerPicture) magnitude(n float64) (string, error) {
	switch p.numbering {
	case alphabetic:
		if p.letters == upper {
			return letters(n, 'A'), nil
		}
		return letters(n, 'a'), nil
	case romans:
		text, err := roman(n)
		return p.cased(text), err
	case worded:
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return number(n), nil
		}
		return p.cased(inWords(n, p.ordinal)), nil
	case decimal:
		return p.digits(n)
	case sequence:
		return "", &Error{Code: "D3130", Value: p.token}
	}
	panic("unreachable")
}

func (p *integerPicture) cased(text string) string {
	switch p.letters {
	case upper:
		return strings.ToUpper(text)
	case lower:
		return strings.ToLower(text)
	case title:
	}
	return text
}

// digits writes n in the digit family with leading zeros, separators and the ordinal's ending.
func (p *integerPicture) digits(n float64) (string, error) {
	if p.width > longest {
		return "", ErrTooLong
	}
	text := []rune(number(n))
	if missing := p.width - float64(len(text)); missing > 0 {
		text = append(slices.Repeat([]rune{'0'}, int(missing)), text...)
	}
	for i := range text {
		text[i] += p.zero - '0'
	}
	text = p.group(text)
	if p.ordinal {
		text = append(text, []rune(ordinalEnding(text))...)
	}
	return string(text), nil
}

func (p *integerPicture) group(text []rune) []rune {
	if p.every > 0 {
		return grouped(text, p.every, []rune(p.between)...)
	}
	for _, s := range slices.Backward(p.separators) {
		at := len(text) - s.position
		if at < 0 {
			// jsonata-js counts a place before the number from its end, and so loses digits.
			text = append([]rune(s.text), text[max(0, len(text)+at):]...)
			continue
		}
		text = insert(text, at, s.text)
	}
	return text
}

// grouped sets a separator before every group of that many characters from the right, but not
// at the start.
func grouped[T any](text []T, every int, separator ...T) []T {
	var all []T
	for i, c := range text {
		if i > 0 && (len(text)-i)%every == 0 {
			all = append(all, separator...)
		}
		all = append(all, c)
	}
	return all
}

func insert(text []rune, at int, s string) []rune { return slices.Insert(text, at, []rune(s)...) }

func ordinalEnding(text []rune) string {
	if n := len(text); n < 2 || text[n-2] != '1' {
		switch text[n-1] {
		case '1':
			return "st"
		case '2':
			return "nd"
		case '3':
			return "rd"
		}
	}
	return "th"
}

// ParseInteger reads a number that was written by an integer picture, as $parseInteger does.
// The text is not checked against the picture: what it cannot read gives NaN.
func ParseInteger(text, picture string) (float64, error) {
	p, err := readInteger(picture)
	if err != nil {
		return 0, err
	}
	return p.parse(text)
}

func (p *integerPicture) parse(text string) (float64, error) {
	switch p.numbering {
	case alphabetic:
		if p.letters == upper {
			return fromLetters(text, 'A'), nil
		}
		return fromLetters(text, 'a'), nil
	case romans:
		if p.letters != upper {
			text = strings.ToUpper(text)
		}
		return fromRoman(text), nil
	case worded:
		return fromWords(strings.ToLower(text)), nil
	case decimal:
		return leadingInt(p.plain(text)), nil
	case sequence:
		return 0, &Error{Code: "D3130", Value: p.token}
	}
	panic("unreachable")
}

// plain is a decimal text without ending and separators, in ASCII digits. Regular separators
// are always read as commas, as in jsonata-js.
func (p *integerPicture) plain(text string) string {
	if p.ordinal {
		runes := []rune(text)
		text = string(runes[:max(0, len(runes)-2)])
	}
	if p.every > 0 {
		text = strings.ReplaceAll(text, ",", "")
	}
	for _, s := range p.separators {
		text = strings.ReplaceAll(text, s.text, "")
	}
	if p.zero == '0' {
		return text
	}
	return strings.Map(func(r rune) rune { return r - p.zero + '0' }, text)
}
