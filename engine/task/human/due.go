package human

import (
	"math"
	"regexp"
	"strconv"
	"time"

	"statehouse/engine/value"
)

// duration is ISO 8601: years, months, weeks and days by the calendar, the rest by the
// clock. Only the last part may have a fraction, and only seconds do here.
var duration = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$`)

// due reads a time or a duration from now.
func due(v value.Value, now time.Time) (*time.Time, error) {
	if v.Kind() != value.KindString {
		return nil, invalid("Due", "must be a string, not %s", a(v.Kind()))
	}
	if at, err := time.Parse(time.RFC3339Nano, v.Text()); err == nil {
		return &at, nil
	}
	at, ok := after(v.Text(), now)
	if !ok {
		return nil, invalid("Due", "must be an ISO 8601 duration such as P2D or PT4H, or a time such as 2030-01-31T17:00:00Z, not %s", short(v))
	}
	return &at, nil
}

func after(text string, now time.Time) (time.Time, bool) {
	part := duration.FindStringSubmatch(text)
	if part == nil || text == "P" || text[len(text)-1] == 'T' {
		return time.Time{}, false
	}
	var n [6]int
	for i := range n {
		if part[i+1] == "" {
			continue
		}
		x, err := strconv.Atoi(part[i+1])
		if err != nil || x > 1e6 {
			return time.Time{}, false
		}
		n[i] = x
	}
	seconds := 0.0
	if part[7] != "" {
		x, err := strconv.ParseFloat(dot(part[7]), 64)
		if err != nil || x > 1e9 || math.IsNaN(x) {
			return time.Time{}, false
		}
		seconds = x
	}
	at := now.AddDate(n[0], n[1], 7*n[2]+n[3])
	at = at.Add(time.Duration(n[4])*time.Hour + time.Duration(n[5])*time.Minute + time.Duration(seconds*float64(time.Second)))
	return at, at.Year() < 10000
}

func dot(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] == ',' {
			b[i] = '.'
		}
	}
	return string(b)
}
