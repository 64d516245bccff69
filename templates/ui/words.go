package ui

import (
	"fmt"
	"strconv"
	"time"
)

// Time is a moment, prepared for <time>: for machines, for people, and in full for who points at it.
type Time struct {
	ISO, Words, Full string
}

// Zero says that there is no moment to show.
func (t Time) Zero() bool { return t.ISO == "" }

// Ago says when at was, seen from now: "5 minutes ago", "yesterday 09:41", "3 May".
func Ago(now, at time.Time) Time {
	t := moment(at, now.Location())
	if at.IsZero() {
		return t
	}
	at = at.In(now.Location())
	d := now.Sub(at)
	switch {
	case d < 0:
		t.Words = day(now, at)
	case d < 10*time.Second:
		t.Words = "just now"
	case d < time.Minute:
		t.Words = plural(int(d/time.Second), "second") + " ago"
	case d < time.Hour:
		t.Words = plural(int(d/time.Minute), "minute") + " ago"
	case d < 12*time.Hour && days(at, now) == 0 || d < 6*time.Hour:
		t.Words = plural(int(d/time.Hour), "hour") + " ago"
	default:
		t.Words = day(now, at)
	}
	return t
}

// Clock says the time of day to the millisecond, as event lists need it, and the date when
// that is not the day of since: "09:41:05.120", "3 May 09:41:05.120".
func Clock(since, at time.Time) Time {
	return clock(since, at, "2 Jan 2006 15:04:05.000", "2 Jan 15:04:05.000")
}

// Entered is Clock in little room: "09:41:05.120", "3 May 09:41", "3 May 2027".
func Entered(since, at time.Time) Time {
	return clock(since, at, "2 Jan 2006", "2 Jan 15:04")
}

// clock says at in the zone of since, in the form for another year, another day, or the time alone.
func clock(since, at time.Time, year, date string) Time {
	t := moment(at, since.Location())
	if at.IsZero() {
		return t
	}
	at = at.In(since.Location())
	switch {
	case at.Year() != since.Year():
		t.Words = at.Format(year)
	case at.YearDay() != since.YearDay():
		t.Words = at.Format(date)
	default:
		t.Words = at.Format("15:04:05.000")
	}
	return t
}

// At says day and time: "today 09:41", "tomorrow 09:41", "Friday 09:41", "3 May 09:41".
func At(now, at time.Time) Time {
	t := moment(at, now.Location())
	if !at.IsZero() {
		t.Words = day(now, at.In(now.Location()))
	}
	return t
}

func moment(at time.Time, loc *time.Location) Time {
	if at.IsZero() {
		return Time{Words: "–"}
	}
	return Time{ISO: at.UTC().Format(time.RFC3339Nano), Full: at.In(loc).Format("Monday, 2 January 2006, 15:04:05 MST")}
}

func day(now, at time.Time) string {
	clock := at.Format("15:04")
	switch n := days(now, at); {
	case n == 0:
		return "today " + clock
	case n == 1:
		return "tomorrow " + clock
	case n == -1:
		return "yesterday " + clock
	case n > 1 && n < 7:
		return at.Format("Monday ") + clock
	case at.Year() == now.Year():
		return at.Format("2 January")
	}
	return at.Format("2 January 2006")
}

// days counts midnights from a to b.
func days(a, b time.Time) int {
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(noon(b.In(a.Location())).Sub(noon(a)) / (24 * time.Hour))
}

// Due is a deadline as a badge: red when it has passed, amber when it is near.
func Due(now, at time.Time) Badge {
	at = at.In(now.Location())
	left := at.Sub(now)
	switch n := days(now, at); {
	case left <= 0:
		return Badge{Class: "overdue", Icon: "triangle-alert", Label: "overdue " + rough(-left)}
	case left < 4*time.Hour:
		return Badge{Class: "due-soon", Icon: "clock", Label: "due in " + rough(nearest(left))}
	case n == 0:
		return Badge{Class: "due", Icon: "clock", Label: "due today"}
	case n == 1:
		return Badge{Class: "due", Icon: "clock", Label: "due tomorrow"}
	case n < 7:
		return Badge{Class: "idle", Icon: "clock", Label: "due " + at.Format("Monday")}
	case at.Year() == now.Year():
		return Badge{Class: "idle", Icon: "clock", Label: "due " + at.Format("2 Jan")}
	}
	return Badge{Class: "idle", Icon: "clock", Label: "due " + at.Format("2 Jan 2006")}
}

// nearest rounds to whole hours, or minutes of the last hour: a task due in two hours says so for a while.
func nearest(d time.Duration) time.Duration {
	if d < 55*time.Minute {
		return d.Round(time.Minute)
	}
	return d.Round(time.Hour)
}

// rough is a length of time in one unit: "20 min", "2 h", "3 days".
func rough(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "1 min"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + " days"
}

// Took is a measured length of time in its two largest units: "< 1 ms", "212 ms", "4 m 12 s", "2 d 3 h".
func Took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "< 1 ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Truncate(100*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
	case d < time.Hour:
		return fmt.Sprintf("%d m %d s", d/time.Minute, d%time.Minute/time.Second)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d m", d/time.Hour, d%time.Hour/time.Minute)
	}
	if h := d % (24 * time.Hour) / time.Hour; h > 0 {
		return fmt.Sprintf("%d d %d h", d/(24*time.Hour), h)
	}
	return fmt.Sprintf("%d d", d/(24*time.Hour))
}

// Number is a number as people read it: 11,500.
func Number[N int | int64](n N) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", Number(n/1000), n%1000)
}

// Count is a number with its noun: "1 event", "9 events".
func Count(n int64, noun string) string {
	return plural(int(n), noun)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Number(n) + " " + noun + "s"
}
