package expr_test

import (
	"testing"
	"time"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
)

// zones are places whose clocks do what programs forget: summer time that begins
// at midnight, half hours, quarter hours, a day left out, and Shanghai's own
// summer times of the forties and eighties.
func zones() []string {
	return []string{
		"UTC", "Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "America/Havana",
		"America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kiritimati", "Europe/London",
	}
}

func place(t interface {
	Helper()
	Fatal(args ...any)
}, name string,
) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func drawDate(t *rapid.T, label string) schema.Date {
	day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 73_000).Draw(t, label))
	return schema.Date(day.Format(time.DateOnly))
}

// TestTheFirstInstantOfADay: the start of a day lies in it, and nothing of it is
// before, in every zone, also where the clocks go on at midnight.
func TestTheFirstInstantOfADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := place(t, rapid.SampledFrom(zones()).Draw(t, "zone"))
		day := drawDate(t, "day")
		first, ok := expr.StartOf(day, zone)
		if !ok {
			t.Fatalf("%s has no start", day)
		}
		checkStart(t, day, first, zone)
	})
}

// checkStart asks that first is the first instant whose day it is; a day that the
// place left out (Samoa's 30 December 2011) begins where the next one does.
func checkStart(t interface {
	Fatalf(format string, args ...any)
}, day schema.Date, first time.Time, zone *time.Location) {
	if got := expr.DayOf(first, zone); got != day && !(zone.String() == "Pacific/Apia" && day == "2011-12-30") {
		t.Fatalf("%s in %s begins on %s, at %s", day, zone, got, first.In(zone))
	}
	if got := expr.DayOf(first.Add(-time.Microsecond), zone); got >= day {
		t.Fatalf("%s in %s begins at %s, but a microsecond before is %s", day, zone, first.In(zone), got)
	}
}

// TestDaysWithoutMidnight are the days on which the clocks went from 24:00 to 01:00.
func TestDaysWithoutMidnight(t *testing.T) {
	for _, c := range []struct{ zone, day, first string }{
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"Africa/Cairo", "2025-04-25", "2025-04-25T01:00:00+03:00"},
		{"Asia/Beirut", "2024-03-31", "2024-03-31T01:00:00+03:00"},
		{"America/Havana", "2025-03-09", "2025-03-09T01:00:00-04:00"},
		{"America/Santiago", "2025-09-07", "2025-09-07T01:00:00-03:00"},
		{"Asia/Shanghai", "1940-06-01", "1940-06-01T01:00:00+09:00"},
		{"America/Havana", "2025-11-02", "2025-11-02T00:00:00-04:00"}, // midnight comes twice: the first
		{"Asia/Shanghai", "1986-05-04", "1986-05-04T00:00:00+08:00"},  // at two o'clock
		{"Asia/Shanghai", "2026-03-10", "2026-03-10T00:00:00+08:00"},
	} {
		zone := place(t, c.zone)
		first, ok := expr.StartOf(schema.Date(c.day), zone)
		if got := first.In(zone).Format(time.RFC3339); !ok || got != c.first {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got, c.first)
		}
		checkStart(t, schema.Date(c.day), first, zone)
	}
}

// TestEveryDayOfALifeBegins walks all days of 150 years in the company's usual zone.
func TestEveryDayOfALifeBegins(t *testing.T) {
	zone := place(t, "Asia/Shanghai")
	last := time.Time{}
	for day := schema.Date("1900-01-01"); day < "2050-01-01"; {
		first, _ := expr.StartOf(day, zone)
		checkStart(t, day, first, zone)
		if long := first.Sub(last); !last.IsZero() && (long < 23*time.Hour-6*time.Minute || long > 25*time.Hour) {
			t.Fatalf("the day before %s has %s", day, long)
		}
		last = first
		day, _ = expr.AddToDay(day, 1, "day")
	}
}

// TestDaysAddUp: going n days and coming back is where one was, and the distance is n.
func TestDaysAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := drawDate(t, "from")
		n := rapid.Int64Range(-40_000, 40_000).Draw(t, "n")
		to, ok := expr.AddToDay(from, n, "day")
		if !ok {
			t.Fatalf("%s %+d", from, n)
		}
		if between, ok := expr.DaysBetween(from, to); !ok || between != n {
			t.Fatalf("from %s %+d days is %s, between them are %d", from, n, to, between)
		}
		if back, ok := expr.AddToDay(to, -n, "day"); !ok || back != from {
			t.Fatalf("from %s %+d days and back is %s", from, n, back)
		}
		weeks, _ := expr.AddToDay(from, n, "week")
		if sevenfold, _ := expr.AddToDay(from, 7*n, "day"); weeks != sevenfold {
			t.Fatalf("%s + %d weeks is %s, not %s", from, n, weeks, sevenfold)
		}
		a, _ := expr.Weekday(from)
		b, _ := expr.Weekday(to)
		if (a+n%7+7-1)%7+1 != b {
			t.Fatalf("weekday %d %+d days is %d", a, n, b)
		}
	})
}

// TestMonthsKeepTheDay: n months on is the same day of the month, or its last.
func TestMonthsKeepTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := drawDate(t, "from")
		n := rapid.Int64Range(-1200, 1200).Draw(t, "n")
		to, ok := expr.AddToDay(from, n, "month")
		if !ok {
			t.Fatalf("%s %+d months", from, n)
		}
		a, b := day(t, from), day(t, to)
		if months := (b.Year()-a.Year())*12 + int(b.Month()-a.Month()); int64(months) != n {
			t.Fatalf("%s %+d months is %s, %d months away", from, n, to, months)
		}
		short := b.Day() < a.Day()
		if b.Day() > a.Day() || short && b.AddDate(0, 0, 1).Day() != 1 {
			t.Fatalf("%s %+d months is %s", from, n, to)
		}
		if years, _ := expr.AddToDay(from, n/12, "year"); n%12 == 0 && years != to {
			t.Fatalf("%s + %d years is %s, as months %s", from, n/12, years, to)
		}
	})
}

func day(t interface{ Fatal(args ...any) }, d schema.Date) time.Time {
	out, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestStepsOfTheClock: days keep what the clock shows, hours and minutes what has passed.
func TestStepsOfTheClock(t *testing.T) {
	for _, c := range []struct {
		zone, from string
		n          int64
		unit, want string
	}{
		{"Asia/Shanghai", "2026-01-31T09:00:00+08:00", 1, "month", "2026-02-28T09:00:00+08:00"},
		{"Asia/Shanghai", "2024-02-29T09:00:00+08:00", 1, "year", "2025-02-28T09:00:00+08:00"},
		{"Asia/Shanghai", "2024-02-29T09:00:00+08:00", -4, "year", "2020-02-29T09:00:00+08:00"},
		{"Asia/Shanghai", "2026-03-31T00:30:00+08:00", -1, "month", "2026-02-28T00:30:00+08:00"},
		{"Asia/Shanghai", "2026-12-31T23:59:59+08:00", 1, "day", "2027-01-01T23:59:59+08:00"},
		{"Asia/Shanghai", "1986-05-03T10:00:00+08:00", 1, "day", "1986-05-04T10:00:00+09:00"},
		{"America/New_York", "2026-03-07T09:00:00-05:00", 1, "day", "2026-03-08T09:00:00-04:00"},
		{"America/New_York", "2026-03-07T09:00:00-05:00", 24, "hour", "2026-03-08T10:00:00-04:00"},
		{"America/New_York", "2026-10-31T09:00:00-04:00", 1, "day", "2026-11-01T09:00:00-05:00"},
		{"America/New_York", "2026-10-31T09:00:00-04:00", 1440, "minute", "2026-11-01T08:00:00-05:00"},
		{"America/New_York", "2026-03-01T02:30:00-05:00", 1, "week", "2026-03-08T03:30:00-04:00"}, // 02:30 was left out
		{"America/Sao_Paulo", "2018-11-03T00:00:00-03:00", 1, "day", "2018-11-04T01:00:00-02:00"},
		{"Australia/Lord_Howe", "2026-10-03T12:00:00+10:30", 1, "day", "2026-10-04T12:00:00+11:00"},
		{"UTC", "2026-01-01T00:00:00Z", 90_000_000 / 1000, "hour", "2036-04-08T00:00:00Z"},
		{"UTC", "2026-06-01T00:00:00Z", -5_000_000, "hour", "1456-01-07T16:00:00Z"},
		{"UTC", "2026-06-01T00:00:00Z", 5_000_000, "minute", "2035-12-03T05:20:00Z"},
	} {
		zone := place(t, c.zone)
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		out, ok := expr.AddTo(from, c.n, c.unit, zone)
		if got := out.In(zone).Format(time.RFC3339); !ok || got != c.want {
			t.Errorf("%s %+d %s in %s is %s, want %s", c.from, c.n, c.unit, c.zone, got, c.want)
		}
	}
}

// TestHoursAndMinutesAreWhatPassed: they do not care about zones.
func TestHoursAndMinutesAreWhatPassed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := place(t, rapid.SampledFrom(zones()).Draw(t, "zone"))
		from := time.UnixMicro(rapid.Int64Range(-2e15, 4e15).Draw(t, "from")).UTC()
		n := rapid.Int64Range(-3_000_000, 3_000_000).Draw(t, "n")
		for unit, length := range map[string]int64{"minute": 60, "hour": 3600} {
			out, ok := expr.AddTo(from, n, unit, zone)
			if ok && (out.Unix()-from.Unix() != n*length || out.Nanosecond() != from.Nanosecond()) {
				t.Fatalf("%s %+d %s is %s", from, n, unit, out)
			}
			if !ok && out.Year() >= 1 && out.Year() <= 9999 {
				t.Fatalf("%s %+d %s is refused, but it is %s", from, n, unit, out)
			}
		}
	})
}

// TestTimeHasEnds: nothing leaves the years 1 to 9999, whatever the step.
func TestTimeHasEnds(t *testing.T) {
	for _, c := range []struct {
		from schema.Date
		n    int64
		unit string
		ok   bool
	}{
		{"9999-12-31", 0, "day", true}, {"9999-12-31", 1, "day", false}, {"0001-01-01", -1, "day", false}, {"0001-01-01", 0, "week", true},
		{"9999-12-01", 1, "month", false}, {"9998-12-31", 1, "year", true}, {"9999-01-01", 1, "year", false}, {"0001-06-30", -6, "month", false},
		{"2026-01-01", expr.MaxSteps, "year", false}, {"2026-01-01", -expr.MaxSteps, "year", false}, {"2026-01-01", expr.MaxSteps, "month", false},
		{"2026-01-01", expr.MaxSteps, "week", false}, {"2026-01-01", expr.MaxSteps, "day", false}, {"no date", 1, "day", false}, {"", 1, "day", false},
		{"2026-02-30", 1, "day", false}, {"2026-2-3", 1, "day", false},
	} {
		if got, ok := expr.AddToDay(c.from, c.n, c.unit); ok != c.ok {
			t.Errorf("%s %+d %s: %v (%s)", c.from, c.n, c.unit, ok, got)
		}
	}
	for _, n := range []int64{expr.MaxSteps, -expr.MaxSteps} {
		for _, unit := range []string{"minute", "hour", "day", "week", "month", "year"} {
			out, ok := expr.AddTo(time.Date(2026, 3, 10, 10, 30, 0, 0, time.UTC), n, unit, time.UTC)
			if inside := out.Year() >= 1 && out.Year() <= 9999; ok != inside {
				t.Errorf("%+d %s: %v, %s", n, unit, ok, out)
			}
		}
	}
	if _, ok := expr.DaysBetween("2026-01-01", "nonsense"); ok {
		t.Error("a distance to what is no date")
	}
	if _, ok := expr.Weekday("2026-13-01"); ok {
		t.Error("a weekday of what is no date")
	}
}
