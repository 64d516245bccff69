package picture

import (
	"math"
	"time"
)

const (
	day       = 24 * 60 * 60 * 1000.0 // in milliseconds, as every time here
	farthest  = 8.64e15               // the last millisecond of JavaScript's Date, either way
	monthsPer = 12
)

// date is a moment in UTC that is split into its fields; valid is false beyond Date's range.
type date struct {
	millis float64
	valid  bool
	at     time.Time
}

func newDate(millis float64) date {
	millis = math.Trunc(millis)
	if math.IsNaN(millis) || math.Abs(millis) > farthest {
		return date{millis: math.NaN()}
	}
	return date{millis: millis, valid: true, at: time.UnixMilli(int64(millis)).UTC()}
}

// utc is JavaScript's Date.UTC: fields may overflow into the next larger one, month counts
// from 0, years 0 to 99 mean 1900 to 1999, and what no Date can hold is NaN.
func utc(year, month, dayOfMonth, hour, minute, second, milli float64) float64 {
	year, month = math.Trunc(year), math.Trunc(month)
	if year >= 0 && year <= 99 {
		year += 1900
	}
	year += math.Floor(month / monthsPer)
	month -= monthsPer * math.Floor(month/monthsPer)
	if !(math.Abs(year) < 400_000) || math.IsNaN(month) {
		return math.NaN()
	}
	first := float64(time.Date(int(year), time.Month(int(month)+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	clock := math.Trunc(hour)*3600_000 + math.Trunc(minute)*60_000 + math.Trunc(second)*1000 + math.Trunc(milli)
	return newDate(first + (math.Trunc(dayOfMonth)-1)*day + clock).millis
}

// midnight is the start of a day by its fields, with utc's reading of years below 100.
func midnight(year, month, dayOfMonth float64) float64 {
	return utc(year, month, dayOfMonth, 0, 0, 0, 0)
}

// firstWeek is the Monday of the week that has the month's first Thursday. For January that
// is the first week of the ISO 8601 year; F&O means months the same way.
func firstWeek(year, month float64) float64 {
	first := midnight(year, month, 1)
	weekday := weekdayOf(newDate(first))
	if weekday > 4 {
		return first + (8-weekday)*day
	}
	return first - (weekday-1)*day
}

// weekdayOf counts from Monday, 1, to Sunday, 7.
func weekdayOf(d date) float64 {
	if !d.valid {
		return math.NaN()
	}
	return float64((d.at.Weekday()+6)%7 + 1)
}

// component is the number of a marker's component; NaN for an invalid date.
func (d date) component(c rune) float64 {
	if !d.valid {
		return math.NaN()
	}
	year, month, dayOfMonth := float64(d.at.Year()), float64(d.at.Month()-1), float64(d.at.Day())
	switch c {
	case 'Y':
		return year
	case 'M':
		return month + 1
	case 'D':
		return dayOfMonth
	case 'd':
		return (midnight(year, month, dayOfMonth)-midnight(year, 0, 1))/day + 1
	case 'F':
		return weekdayOf(d)
	case 'W':
		return week(midnight(year, month, dayOfMonth), 52, firstWeek(year-1, 0), firstWeek(year, 0), firstWeek(year+1, 0))
	case 'w':
		return week(midnight(year, month, dayOfMonth), 4, firstWeek(before(year, month)), firstWeek(year, month), firstWeek(after(year, month)))
	case 'X':
		return year + neighbour(d.millis, firstWeek(year, 0), firstWeek(year+1, 0))
	case 'x':
		shifted := month + neighbour(d.millis, firstWeek(year, month), firstWeek(after(year, month)))
		return math.Mod(shifted+monthsPer, monthsPer) + 1
	case 'H':
		return float64(d.at.Hour())
	case 'h':
		return float64((d.at.Hour()+11)%12 + 1)
	case 'm':
		return float64(d.at.Minute())
	case 's':
		return float64(d.at.Second())
	case 'f':
		return float64(d.at.Nanosecond() / 1_000_000)
	}
	return math.NaN()
}

func before(year, month float64) (float64, float64) {
	if month == 0 {
		return year - 1, 11
	}
	return year, month - 1
}

func after(year, month float64) (float64, float64) {
	if month == 11 {
		return year + 1, 0
	}
	return year, month + 1
}

// week is the number of the week today lies in, of a period whose first week starts at this,
// and which has most weeks for sure; other days belong to the period before or after.
func week(today, most, previous, this, next float64) float64 {
	n := weeksBetween(this, today)
	switch {
	case n > most && today >= next:
		n = 1
	case n < 1:
		n = weeksBetween(previous, today)
	}
	return math.Floor(n)
}

func weeksBetween(start, end float64) float64 { return (end-start)/(7*day) + 1 }

// neighbour says whether a moment lies before this period (-1), in it or after it (1).
func neighbour(millis, start, end float64) float64 {
	switch {
	case millis < start:
		return -1
	case millis >= end:
		return 1
	}
	return 0
}
