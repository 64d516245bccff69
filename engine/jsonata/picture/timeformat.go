package picture

import (
	"math"
	"strings"
)

var (
	months = strings.Fields("January February March April May June July August September October November December")
	days   = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
)

// iso8601 is the picture that stands in for none.
const iso8601 = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

// offset is a time zone as jsonata-js understands it: a number like 0530.
type offset struct{ hours, minutes float64 }

// readOffset splits ±hhmm. The hours of a negative offset are rounded down but its minutes
// keep their sign, so that -0530 is six and a half hours, as in jsonata-js.
func readOffset(timezone string) offset {
	n := leadingInt(timezone)
	return offset{math.Floor(n / 100), math.Mod(n, 100)}
}

// FormatTime writes a moment, in milliseconds since 1970 in UTC, by a date/time picture, as
// $fromMillis does. Without a picture it is ISO 8601 with milliseconds, without a time zone
// UTC; other zones are ±hhmm.
func FormatTime(millis float64, picture, timezone *string) (string, error) {
	if picture == nil {
		picture = new(iso8601)
	}
	parts, err := readTime(*picture)
	if err != nil {
		return "", err
	}
	var zone offset
	if timezone != nil {
		zone = readOffset(*timezone)
	}
	at := newDate(millis + (60*zone.hours+zone.minutes)*60*1000)
	var b strings.Builder
	for _, p := range parts {
		text, err := p.format(at, zone)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		if b.Len() > longest {
			return "", ErrTooLong
		}
	}
	return b.String(), nil
}

func (p part) format(at date, zone offset) (string, error) {
	switch p.component {
	case 0:
		return p.literal, nil
	case 'Z', 'z':
		return p.formatZone(zone)
	case 'P':
		return p.halfDay(at), nil
	case 'C', 'E':
		return "ISO", nil
	case 'f':
		return p.formatNumber(at.component('f'))
	}
	if !strings.ContainsRune(numbered, p.component) {
		return "undefined", nil // jsonata-js writes so what it does not know
	}
	n := at.component(p.component)
	if p.names != noNames {
		return p.name(n)
	}
	if p.component == 'Y' && p.digits != -1 {
		n = math.Mod(n, Power(10, p.digits))
	}
	return p.formatNumber(n)
}

// formatNumber writes an integer. Fractional seconds can be asked for by name; there is none.
func (p part) formatNumber(n float64) (string, error) {
	if p.integer == nil {
		return "", &Error{Code: "D3133", Value: string(p.component)}
	}
	return p.integer.format(n)
}

func (p part) name(n float64) (string, error) {
	var names []string
	switch p.component {
	case 'M', 'x':
		names = months
	case 'F':
		names = days
	default:
		return "", &Error{Code: "D3133", Value: string(p.component)}
	}
	name := "undefined"
	if n >= 1 {
		name = names[int(n)-1]
	}
	if float64(len(name)) > p.width.max {
		name = name[:max(0, int(p.width.max))]
	}
	return p.names.apply(name), nil
}

func (s nameStyle) apply(name string) string {
	switch s {
	case upperNames:
		return strings.ToUpper(name)
	case lowerNames:
		return strings.ToLower(name)
	case noNames, titleNames:
	}
	return name
}

func (p part) halfDay(at date) string {
	marker := "am"
	if at.valid && at.at.Hour() >= 12 {
		marker = "pm"
	}
	if p.names == upperNames {
		return strings.ToUpper(marker)
	}
	return marker
}

// formatZone writes an offset: with regular separators as one number, else by the count of
// digits as hours with minutes when there are some, or as hours and minutes.
func (p part) formatZone(zone offset) (string, error) {
	all := zone.hours*100 + zone.minutes
	var text string
	var err error
	switch digits := p.integer.width; {
	case p.integer.every > 0, digits == 3, digits == 4:
		text, err = p.integer.format(all)
	case digits == 1, digits == 2:
		text, err = p.integer.format(zone.hours)
		if err == nil && zone.minutes != 0 {
			var minutes string
			minutes, err = FormatInteger(zone.minutes, "00")
			text += ":" + minutes
		}
	default:
		shown := number(digits)
		if math.IsNaN(digits) {
			shown = ""
		}
		err = &Error{Code: "D3134", Value: shown}
	}
	if err != nil {
		return "", err
	}
	if all == 0 && p.zulu {
		return "Z", nil
	}
	if all >= 0 {
		text = "+" + text
	}
	if p.component == 'z' {
		text = "GMT" + text
	}
	return text, nil
}
