package picture

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// almostISO is what $toMillis lets through; what is no moment among it gives NaN.
var almostISO = regexp.MustCompile(`^\d{4}(-[01]\d)*(-[0-3]\d)*(T[0-2]\d:[0-5]\d:[0-5]\d)*(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`)

// iso is a moment: a year or more of a date, a time, and a zone, which an hour's offset
// needs the time for. Without a zone it is UTC.
var iso = regexp.MustCompile(`^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([+-]\d\d):?(\d\d))?)?Z?$`)

// ParseISO reads a moment in ISO 8601, as $toMillis does without a picture: milliseconds
// since 1970 in UTC, NaN for dates and times that do not exist (only a day up to the 31st may
// overflow into the next month). Anything else is the error D3110.
func ParseISO(text string) (float64, error) {
	if !almostISO.MatchString(text) {
		return 0, &Error{Code: "D3110", Value: text}
	}
	groups := iso.FindStringSubmatch(text)
	if groups == nil {
		return math.NaN(), nil
	}
	field := func(i int, missing float64) float64 {
		if groups[i] == "" {
			return missing
		}
		f, _ := strconv.ParseFloat(groups[i], 64)
		return f
	}
	year, month, dayOfMonth := field(1, 0), field(2, 1), field(3, 1)
	hour, minute, second := field(4, 0), field(5, 0), field(6, 0)
	milli, _ := strconv.ParseFloat((groups[7] + "000")[:3], 64)
	zoneHours, zoneMinutes := field(8, 0), field(9, 0)
	if strings.HasPrefix(groups[8], "-") {
		zoneMinutes = -zoneMinutes
	}
	midnightAfter := hour == 24 && minute+second+milli == 0
	if month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31 || hour > 23 && !midnightAfter || math.Abs(zoneHours) > 23 {
		return math.NaN(), nil
	}
	// 400 years are a whole number of weeks and days; adding them keeps utc from reading 0 to 99 as 1900 to 1999.
	const cycle = 146_097 * day
	return utc(year+400, month-1, dayOfMonth, hour, minute, second, milli) - cycle - (zoneHours*60+zoneMinutes)*60*1000, nil
}
