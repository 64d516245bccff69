package picture

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// subpicture is one half of a number picture (F&O 4.7.4), cut into its parts, character by
// character. The exponent part is nil when there is no exponent separator.
type subpicture struct {
	all, active, mantissa, exponent, whole, fraction []string
	prefix, suffix                                   string
}

// read cuts a sub-picture. Its active part reaches from the first to the last active
// character other than the exponent separator; code is set when there is none.
func (s *symbols) read(text string) (p subpicture, code string) {
	p.all = strings.Split(text, "")
	edge := func(c string) bool { return s.isActive(c) && c != s.exponent }
	first := slices.IndexFunc(p.all, edge)
	if first < 0 {
		return p, "D3085"
	}
	end := len(p.all)
	for !edge(p.all[end-1]) {
		end--
	}
	p.prefix, p.suffix = strings.Join(p.all[:first], ""), strings.Join(p.all[end:], "")
	p.active = p.all[first:end]
	p.mantissa = p.active
	// jsonata-js counts the exponent's place from the start of the prefix, and so cuts too
	// late behind one.
	if at := slices.Index(p.all[first:], s.exponent); at >= 0 && at+first <= end {
		p.mantissa = p.active[:min(at+first, len(p.active))]
		p.exponent = p.active[min(at+first+1, len(p.active)):]
	}
	p.whole = p.mantissa
	if at := slices.Index(p.mantissa, s.decimal); at >= 0 {
		p.whole, p.fraction = p.mantissa[:at], p.mantissa[at+1:]
	}
	return p, ""
}

// mistake checks the rules of F&O 4.7.3; of several broken rules jsonata-js names the last.
func (s *symbols) mistake(p subpicture) (code string) {
	all := strings.Join(p.all, "")
	point := slices.Index(p.all, s.decimal)
	rule := func(name string, broken bool) {
		if broken {
			code = name
		}
	}
	several := func(symbol string) bool { return strings.Index(all, symbol) != strings.LastIndex(all, symbol) }
	percent, perMille := strings.Contains(all, s.percent), strings.Contains(all, s.perMille)
	rule("D3081", several(s.decimal))
	rule("D3082", several(s.percent))
	rule("D3083", several(s.perMille))
	rule("D3084", percent && perMille)
	rule("D3085", !slices.ContainsFunc(p.mantissa, s.holdsDigit))
	rule("D3086", slices.ContainsFunc(p.active, func(c string) bool { return !s.isActive(c) }))
	if point >= 0 {
		rule("D3087", at(p.all, point-1) == s.grouping || at(p.all, point+1) == s.grouping)
	} else {
		rule("D3088", at(p.whole, len(p.whole)-1) == s.grouping)
	}
	rule("D3089", strings.Contains(all, s.grouping+s.grouping))
	if optional := slices.Index(p.whole, s.digit); optional >= 0 {
		rule("D3090", slices.ContainsFunc(p.whole[:optional], s.isDigit))
	}
	mandatory := false // F&O means digits behind any optional one, jsonata-js those behind the last
	for _, c := range slices.Backward(p.fraction) {
		if c == s.digit {
			rule("D3091", mandatory)
			break
		}
		mandatory = mandatory || s.isDigit(c)
	}
	rule("D3092", len(p.exponent) > 0 && (percent || perMille))
	rule("D3093", p.exponent != nil && (len(p.exponent) == 0 || s.count(p.exponent, s.isDigit) < len(p.exponent)))
	return code
}

// at is a character, empty beyond the ends.
func at(chars []string, i int) string {
	if i < 0 || i >= len(chars) {
		return ""
	}
	return chars[i]
}

func (s *symbols) count(chars []string, is func(string) bool) int {
	n := 0
	for _, c := range chars {
		if is(c) {
			n++
		}
	}
	return n
}

// form is an analysed sub-picture (F&O 4.7.4): how many digits, and where they are grouped.
type form struct {
	picture, prefix, suffix     string
	every                       int   // regular distance of the integer part's separators
	grouping, fractionGrouping  []int // digits to the right, and to the left, of each
	leastWhole, scaling         int
	leastFraction, mostFraction int
	exponentDigits              int
}

func (s *symbols) analyse(p subpicture) form {
	f := form{picture: strings.Join(p.all, ""), prefix: p.prefix, suffix: p.suffix}
	for at, c := range p.whole {
		if c == s.grouping {
			f.grouping = append(f.grouping, s.count(p.whole[at:], s.holdsDigit))
		}
	}
	f.every = regular(f.grouping)
	f.fractionGrouping = s.fractionGroups(p)
	f.leastWhole = s.count(p.whole, s.isDigit)
	f.scaling = f.leastWhole
	f.leastFraction = s.count(p.fraction, s.isDigit)
	f.mostFraction = s.count(p.fraction, s.holdsDigit)
	if f.leastWhole == 0 && f.mostFraction == 0 {
		if p.exponent != nil {
			f.leastFraction, f.mostFraction = 1, 1
		} else {
			f.leastWhole = 1
		}
	}
	if p.exponent != nil && f.leastWhole == 0 && slices.Contains(p.whole, s.digit) {
		f.leastWhole = 1
	}
	if f.leastWhole == 0 && f.leastFraction == 0 {
		f.leastFraction = 1
	}
	f.exponentDigits = s.count(p.exponent, s.isDigit)
	return f
}

// fractionGroups are the places of separators behind the point. After the first one
// jsonata-js looks for further ones in the integer part; so do we.
func (s *symbols) fractionGroups(p subpicture) []int {
	var places []int
	for at := slices.Index(p.fraction, s.grouping); at >= 0; {
		places = append(places, s.count(p.fraction[:min(at, len(p.fraction))], s.holdsDigit))
		from := min(at+1, len(p.whole))
		next := slices.Index(p.whole[from:], s.grouping)
		if next < 0 {
			break
		}
		at = from + next
	}
	return places
}

// group joins the digits and sets the separators.
func (s *symbols) group(f form, whole, fraction []string) []string {
	if f.every > 0 {
		whole = grouped(whole, f.every, s.grouping)
	}
	text := slices.Concat(whole, []string{s.decimal}, fraction)
	point := len(whole)
	if f.every == 0 {
		for _, digits := range f.grouping {
			place := point - digits
			if place < 0 { // before the number: jsonata-js counts from its end
				place = max(0, len(text)+place)
			}
			text = slices.Insert(text, min(place, len(text)), s.grouping)
			point++
		}
	}
	point = slices.Index(text, s.decimal)
	for _, digits := range f.fractionGrouping {
		text = slices.Insert(text, min(point+1+digits, len(text)), s.grouping)
	}
	return text
}

// scale finds the mantissa with that many digits before the point, and the power of ten.
func scale(f float64, digits int) (mantissa float64, exponent int) {
	if f == 0 || math.IsInf(f, 0) {
		return f, 0
	}
	most, least := Power(10, float64(digits)), Power(10, float64(digits-1))
	for ; f < least; exponent-- {
		f *= 10
	}
	for ; f > most; exponent++ {
		f /= 10
	}
	return f, exponent
}

// fixed is f with exactly that many decimals; from 1e21 on JavaScript writes an exponent.
func fixed(f float64, decimals int) string {
	if f >= 1e21 {
		return number(f)
	}
	return strconv.FormatFloat(f, 'f', decimals, 64)
}

// translate turns ASCII digits into those of the family.
func (s *symbols) translate(text string) []string {
	chars := strings.Split(text, "")
	for i, c := range chars {
		if c[0] >= '0' && c[0] <= '9' && s.zero != "0" && len(s.family) == 10 {
			chars[i] = s.family[c[0]-'0']
		}
	}
	return chars
}
