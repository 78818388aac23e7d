package expr

import (
	"time"

	"clew.dev/clew/internal/schema"
)

// DayOf is the calendar day of an instant in a zone.
func DayOf(t time.Time, zone *time.Location) schema.Date {
	return schema.Date(t.In(zone).Format(time.DateOnly))
}

// StartOf is the first instant of a day in a zone; ok is false for what is no date.
func StartOf(d schema.Date, zone *time.Location) (t time.Time, ok bool) {
	return startAfter(d, 0, zone)
}

// EndOf is the first instant after a day in a zone, also after the last day that
// can be written.
func EndOf(d schema.Date, zone *time.Location) (t time.Time, ok bool) {
	return startAfter(d, 1, zone)
}

func startAfter(d schema.Date, days int, zone *time.Location) (t time.Time, ok bool) {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}, false
	}
	return wall(day.AddDate(0, 0, days), zone), true
}

// wall is the instant at which a clock in the zone shows t. What the clocks left
// out when summer time began is read as if they had not been put forward yet, so
// that it comes after the gap: a day without midnight begins at one o'clock.
func wall(t time.Time, zone *time.Location) time.Time {
	out := zoned(t, zone)
	if shows := zoned(out, time.UTC); shows.Before(zoned(t, time.UTC)) {
		return out.Add(zoned(t, time.UTC).Sub(shows)).UTC()
	}
	return out.UTC()
}

// zoned is the same date and time of day in another zone.
func zoned(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// AddTo moves an instant by n units; days and longer keep the wall clock of
// the zone, and a month that is too short gives its last day. ok is false
// outside the years 1 to 9999.
func AddTo(t time.Time, n int64, unit string, zone *time.Location) (out time.Time, ok bool) {
	local := t.In(zone)
	switch unit {
	case "minute", "hour":
		step := time.Minute
		if unit == "hour" {
			step = time.Hour
		}
		for ; n > maxStep; n -= maxStep {
			local = local.Add(maxStep * step)
		}
		for ; n < -maxStep; n += maxStep {
			local = local.Add(-maxStep * step)
		}
		local = local.Add(time.Duration(n) * step)
	case "day":
		local = wall(zoned(local, time.UTC).AddDate(0, 0, int(n)), zone)
	case "week":
		local = wall(zoned(local, time.UTC).AddDate(0, 0, int(7*n)), zone)
	case "month":
		local = wall(addMonths(local, int(n)), zone)
	case "year":
		local = wall(addMonths(local, int(12*n)), zone)
	}
	out = local.UTC()
	return out, out.Year() >= 1 && out.Year() <= 9999
}

// maxStep keeps n hours within a time.Duration.
const maxStep = 2_000_000

// addMonths is what a clock shows n months after it shows t.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(t.Day(), last),
		t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// AddToDay moves a date by n days, weeks, months or years.
func AddToDay(d schema.Date, n int64, unit string) (schema.Date, bool) {
	t, ok := StartOf(d, time.UTC)
	if !ok {
		return "", false
	}
	t, ok = AddTo(t, n, unit, time.UTC)
	return DayOf(t, time.UTC), ok
}

// DaysBetween is the number of days from a to b.
func DaysBetween(a, b schema.Date) (int64, bool) {
	from, ok1 := StartOf(a, time.UTC)
	to, ok2 := StartOf(b, time.UTC)
	return (to.Unix() - from.Unix()) / 86400, ok1 && ok2
}

// Weekday is 1 for Monday to 7 for Sunday.
func Weekday(d schema.Date) (int64, bool) {
	t, ok := StartOf(d, time.UTC)
	if !ok {
		return 0, false
	}
	return int64(t.Weekday()+6)%7 + 1, true
}
