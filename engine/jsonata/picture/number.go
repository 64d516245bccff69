package picture

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// symbols are the characters of a number picture (F&O 4.7.1) and the words it can print.
// They are texts, because options may give longer ones; those never match in a picture.
type symbols struct {
	decimal, grouping, exponent, minus, percent, perMille, zero, digit, pattern string
	family                                                                      []string // the ten digits
}

func newSymbols(options map[string]string) symbols {
	or := func(name, standard string) string {
		if s, ok := options[name]; ok {
			return s
		}
		return standard
	}
	s := symbols{
		decimal: or("decimal-separator", "."), grouping: or("grouping-separator", ","), exponent: or("exponent-separator", "e"),
		minus: or("minus-sign", "-"), percent: or("percent", "%"), perMille: or("per-mille", "\u2030"),
		zero: or("zero-digit", "0"), digit: or("digit", "#"), pattern: or("pattern-separator", ";"),
	}
	if zero := []rune(s.zero); len(zero) > 0 {
		for i := range rune(10) {
			s.family = append(s.family, string(zero[0]+i))
		}
	}
	return s
}

func (s *symbols) isDigit(c string) bool { return slices.Contains(s.family, c) }

// holdsDigit tells whether a digit, mandatory or optional, may stand at c.
func (s *symbols) holdsDigit(c string) bool { return c == s.digit || s.isDigit(c) }

func (s *symbols) isActive(c string) bool {
	return s.holdsDigit(c) || c == s.decimal || c == s.exponent || c == s.grouping || c == s.pattern
}

// FormatNumber writes a number by a picture with one or two sub-pictures, as $formatNumber
// does. Options rename the symbols by their names in F&O ("decimal-separator", "zero-digit" …).
func FormatNumber(f float64, picture string, options map[string]string) (string, error) {
	if len(picture) > longestPicture {
		return "", ErrTooLong
	}
	s := newSymbols(options)
	texts := strings.Split(picture, s.pattern)
	if len(texts) > 2 {
		return "", &Error{Code: "D3080"}
	}
	var forms []form
	for _, text := range texts {
		p, code := s.read(text)
		if code == "" {
			code = s.mistake(p)
		}
		if code != "" {
			return "", &Error{Code: code}
		}
		forms = append(forms, s.analyse(p))
	}
	if len(forms) == 1 {
		negative := forms[0]
		negative.prefix = s.minus + negative.prefix
		forms = append(forms, negative)
	}
	if f >= 0 {
		return s.write(f, forms[0])
	}
	return s.write(f, forms[1])
}

// write lays a number out in its form: scale, round, pad, group.
func (s *symbols) write(f float64, form form) (string, error) {
	if strings.Contains(form.picture, s.percent) {
		f *= 100
	} else if strings.Contains(form.picture, s.perMille) {
		f *= 1000
	}
	f = math.Abs(f)
	exponent := 0
	if form.exponentDigits > 0 {
		f, exponent = scale(f, form.scaling)
	}
	left, right, _ := strings.Cut(fixed(Round(f, form.mostFraction), form.mostFraction), ".")
	whole := s.translate(strings.TrimLeft(left, "0"))
	fraction := s.translate(strings.TrimRight(right, "0"))
	whole = slices.Concat(s.zeros(form.leastWhole-len(whole)), whole)
	fraction = slices.Concat(fraction, s.zeros(form.leastFraction-len(fraction)))
	text := s.group(form, whole, fraction)
	if point := slices.Index(text, s.decimal); !strings.Contains(form.picture, s.decimal) || point == len(text)-1 {
		text = text[:max(0, len(text)-1)]
	}
	if form.exponentDigits > 0 {
		text = append(text, s.exponent)
		if exponent < 0 {
			text = append(text, s.minus)
		}
		power := s.translate(strings.TrimPrefix(strconv.Itoa(exponent), "-"))
		text = slices.Concat(text, s.zeros(form.exponentDigits-len(power)), power)
	}
	return form.prefix + strings.Join(text, "") + form.suffix, nil
}

func (s *symbols) zeros(n int) []string { return slices.Repeat([]string{s.zero}, max(0, n)) }
