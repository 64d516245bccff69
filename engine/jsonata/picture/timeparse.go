package picture

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// moment collects the components a text gave. A component that was there but could not be
// read, like an unknown month's name, is in found without a value.
type moment struct {
	value map[rune]float64
	found bool
}

// ParseTime reads a moment by a date/time picture, as $toMillis does: milliseconds since
// 1970 in UTC, NaN when the fields make no date. ok is false when the text does not follow
// the picture. Fields left of the most significant one given are now's, fields right of the
// least significant one are zero; a gap between them is the error D3136.
func ParseTime(text, picture string, now time.Time) (millis float64, ok bool, err error) {
	parts, err := readTime(picture)
	if err != nil {
		return 0, false, err
	}
	pattern, err := expression(parts)
	if err != nil {
		return 0, false, err
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return 0, false, nil // more than a thousand digits: no text has them
	}
	groups := re.FindStringSubmatch(text)
	if groups == nil {
		return 0, false, nil
	}
	m := moment{value: map[rune]float64{}}
	for i, p := range parts {
		if p.component == 0 {
			continue
		}
		m.found = true
		v, known, err := p.parse(groups[i+1])
		if err != nil {
			return 0, false, err
		}
		if known {
			m.value[p.component] = v
		}
	}
	if !m.found {
		return 0, false, nil
	}
	millis, err = m.millis(newDate(float64(now.UnixMilli())))
	return millis, err == nil, err
}

// expression is the regular expression that texts of the picture follow, a group for each part.
func expression(parts []part) (string, error) {
	var b strings.Builder
	b.WriteString("(?i)^")
	for _, p := range parts {
		piece, err := p.expression()
		if err != nil {
			return "", err
		}
		b.WriteString("(" + piece + ")")
	}
	b.WriteString("$")
	return b.String(), nil
}

func (p part) expression() (string, error) {
	switch {
	case p.component == 0:
		return regexp.QuoteMeta(p.literal), nil
	case p.component == 'Z' || p.component == 'z':
		zone := "[-+][0-9]+"
		if p.component == 'z' {
			zone = "GMT" + zone
		}
		if p.integer.every > 0 {
			zone += regexp.QuoteMeta(p.integer.between) + "[0-9]+"
		}
		return zone, nil
	case p.integer != nil:
		return p.integer.expression(p.digits)
	case strings.ContainsRune("MxFP", p.component):
		return "[a-zA-Z]+", nil
	}
	return "", &Error{Code: "D3133", Value: string(p.component)}
}

// expression matches an integer; digits above 0 fixes how many there are.
func (p *integerPicture) expression(digits float64) (string, error) {
	switch p.numbering {
	case alphabetic:
		return "[a-z]+", nil
	case romans:
		return "[mdclxvi]+", nil
	case worded:
		return "(?:" + wordAlternatives + ")+", nil
	case decimal:
		pattern := "[0-9]+"
		if digits > 0 {
			most := strconv.Itoa(int(digits))
			pattern = "[0-9]{" + strconv.Itoa(int(digits-p.optional)) + "," + most + "}"
		}
		if p.ordinal {
			pattern += "(?:th|st|nd|rd)"
		}
		return pattern, nil
	case sequence:
		return "", &Error{Code: "D3130", Value: p.token}
	}
	panic("unreachable")
}

// parse reads the text of one marker; known is false for a name that is none.
func (p part) parse(text string) (v float64, known bool, err error) {
	switch {
	case p.component == 'Z' || p.component == 'z':
		return p.parseZone(text), true, nil
	case p.integer != nil:
		v, err = p.integer.parse(text)
		return v, err == nil, err
	case p.component == 'F':
		v, known = p.lookUp(text, days)
	case p.component == 'P':
		v, known = halves[text]
	default:
		v, known = p.lookUp(text, months)
	}
	return v, known, nil
}

// halves are the words of P; other spellings match but mean nothing.
var halves = map[string]float64{"am": 0, "AM": 0, "pm": 1, "PM": 1}

// lookUp finds a name with its capital, shortened to the marker's greatest width.
func (p part) lookUp(text string, names []string) (float64, bool) {
	for i, name := range names {
		if p.width.max > 0 && float64(len(name)) > p.width.max {
			name = name[:int(p.width.max)]
		}
		if name == text {
			return float64(i + 1), true
		}
	}
	return 0, false
}

// parseZone is the offset in minutes. The minutes of a negative offset are added all the
// same, as in jsonata-js.
func (p part) parseZone(text string) float64 {
	if p.component == 'z' {
		text = text[len("GMT"):]
	}
	hours, minutes := text, "0"
	if p.integer.every > 0 {
		hours, minutes, _ = strings.Cut(text, p.integer.between)
	} else if len(text) > 3 {
		hours, minutes = text[:3], text[3:]
	}
	return leadingInt(hours)*60 + leadingInt(minutes)
}

// forms are the ways to give a date and a time, as sets of components. The values of the
// unwanted ones must be absent or zero.
const (
	dateComponents = "YXMxWwdD"
	timeComponents = "PHhmsf"
)

// given tells whether at least one of the wanted components is there with a value other than
// zero, and none of the others.
func (m moment) given(all, wanted string) bool {
	some := false
	for _, c := range all {
		if v := m.value[c]; v == 0 || math.IsNaN(v) {
			continue
		}
		if !strings.ContainsRune(wanted, c) {
			return false
		}
		some = true
	}
	return some
}

// millis fills the gaps and makes the moment. Weeks can be read but make no date; jsonata-js
// has not written that part either.
func (m moment) millis(now date) (float64, error) {
	dayOfYear := !m.given(dateComponents, "YMD") && m.given(dateComponents, "Yd")
	weekOfMonth := m.given(dateComponents, "Xxw")
	weekOfYear := !weekOfMonth && m.given(dateComponents, "XW")
	halfDays := !m.given(timeComponents, "Hmsf") && m.given(timeComponents, "Phmsf")
	order := "YMD"
	switch {
	case dayOfYear:
		order = "YD" // sic: a time of day after a day of the year is a gap for jsonata-js
	case weekOfMonth:
		order = "XxwF"
	case weekOfYear:
		order = "XWF"
	}
	if halfDays {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	if err := m.fill(order, now); err != nil {
		return 0, err
	}
	v := m.value
	month := 0.0
	if v['M'] > 0 {
		month = v['M'] - 1
	}
	dayOfMonth := v['D']
	switch {
	case dayOfYear:
		d := newDate(midnight(v['Y'], 0, 1) + (v['d']-1)*day)
		month, dayOfMonth = d.component('M')-1, d.component('D')
	case weekOfMonth, weekOfYear:
		return 0, &Error{Code: "D3136"}
	}
	hour := v['H']
	if halfDays {
		hour = v['h']
		if hour == 12 {
			hour = 0
		}
		hour += 12 * v['P']
	}
	zone := v['Z']
	if zone == 0 || math.IsNaN(zone) {
		zone = v['z']
	}
	return utc(v['Y'], month, dayOfMonth, hour, v['m'], v['s'], v['f']) - zone*60*1000, nil
}

// fill gives the missing components of order their values.
func (m moment) fill(order string, now date) error {
	started, ended := false, false
	for _, c := range order {
		_, given := m.value[c]
		switch {
		case given && ended:
			return &Error{Code: "D3136"}
		case given:
			started = true
		case started:
			ended = true
			m.value[c] = 0
			if c == 'M' || c == 'D' {
				m.value[c] = 1
			}
		case c == 'P':
			m.value[c] = 0 // morning, whatever the time is now
		default:
			m.value[c] = now.component(c)
		}
	}
	return nil
}
