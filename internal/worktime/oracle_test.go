package worktime_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/worktime"
)

// plan is a calendar as somebody would keep it on paper: what each weekday and
// some single days are, in minutes of the day.
type plan struct {
	zone *time.Location
	week [7][][2]int
	days map[string][][2]int
}

// document writes the plan as a configuration document.
func (p plan) document() string {
	spans := func(list [][2]int) string {
		var out []string
		for _, s := range list {
			out = append(out, fmt.Sprintf(`["%02d:%02d","%02d:%02d"]`, s[0]/60, s[0]%60, s[1]/60, s[1]%60))
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	var week, days []string
	for i, name := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		week = append(week, fmt.Sprintf("%q:%s", name, spans(p.week[i])))
	}
	for day, list := range p.days {
		days = append(days, fmt.Sprintf("%q:%s", day, spans(list)))
	}
	slices.Sort(days)
	return fmt.Sprintf(`{"zone":%q,"week":{%s},"days":{%s}}`, p.zone, strings.Join(week, ","), strings.Join(days, ","))
}

// works looks the minute up on the wall clock.
func (p plan) works(t time.Time) bool {
	local := t.In(p.zone)
	spans, special := p.days[local.Format(time.DateOnly)]
	if !special {
		spans = p.week[local.Weekday()]
	}
	minute := local.Hour()*60 + local.Minute()
	return slices.ContainsFunc(spans, func(s [2]int) bool { return minute >= s[0] && minute < s[1] })
}

// plans draws weeks whose spans begin and end outside the hours in which clocks
// jump, Beirut's last before midnight among them, or fill the day.
func plans() *rapid.Generator[plan] {
	day := rapid.SampledFrom([][][2]int{
		{}, {}, {{0, 1440}}, {{540, 720}, {810, 1080}}, {{600, 615}}, {{240, 241}, {1319, 1320}}, {{480, 720}, {720, 1020}}, {{1200, 1440}},
	})
	return rapid.Custom(func(t *rapid.T) plan {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Asia/Kolkata", "Asia/Kathmandu"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		p := plan{zone: zone, days: map[string][][2]int{}}
		for i := range p.week {
			p.week[i] = day.Draw(t, "hours")
		}
		p.week[rapid.IntRange(0, 6).Draw(t, "certain")] = [][2]int{{540, 720}}
		for range rapid.IntRange(0, 3).Draw(t, "special") {
			p.days[season(t).AddDate(0, 0, rapid.IntRange(-4, 26).Draw(t, "day")).Format(time.DateOnly)] = day.Draw(t, "its hours")
		}
		return p
	})
}

// season is when clocks are moved: the autumn of 2018, when those of Berlin and
// New York go back and those of São Paulo jump over midnight, or the spring, when
// Berlin's and New York's jump, and Beirut's and Havana's over midnight.
func season(t *rapid.T) time.Time {
	return rapid.SampledFrom([]time.Time{
		time.Date(2018, 10, 24, 0, 0, 0, 0, time.UTC), time.Date(2018, 3, 8, 0, 0, 0, 0, time.UTC),
	}).Draw(t, "season")
}

// begin is a minute around the days when clocks are moved.
func begin(t *rapid.T) time.Time {
	return season(t).Add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(t, "minute")) * time.Minute)
}

func compiled(t *rapid.T, outer *testing.T, p plan) *worktime.Calendar {
	t.Helper()
	return compile(outer, p.document())
}

// TestEachMinuteIsAsTheWallClockSays: working or not, minute by minute over three days.
func TestEachMinuteIsAsTheWallClockSays(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		p := plans().Draw(t, "plan")
		cal, at := compiled(t, outer, p), begin(t)
		for range 3 * 24 * 60 {
			if got := cal.IsWorking(at); got != p.works(at) {
				t.Fatalf("%s: working %t, on the wall clock %t\n%s", at.In(p.zone), got, p.works(at), p.document())
			}
			at = at.Add(time.Minute)
		}
	})
}

// TestDurationsAreTheCountOfWorkingMinutes: Between counts them, Add finds the
// end, Next the first; all by walking minute by minute.
func TestDurationsAreTheCountOfWorkingMinutes(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		p := plans().Draw(t, "plan")
		cal, from := compiled(t, outer, p), begin(t)
		wanted := rapid.IntRange(1, 1500).Draw(t, "minutes")
		count, at, first := 0, from, time.Time{}
		for count < wanted {
			if p.works(at) {
				if first.IsZero() {
					first = at
				}
				count++
			}
			at = at.Add(time.Minute)
			if at.Sub(from) > 90*24*time.Hour { // three hours a week give 1,500 minutes in nine weeks
				t.Fatalf("no work in\n%s", p.document())
			}
		}
		if got := cal.Add(from, time.Duration(wanted)*time.Minute); !got.Equal(at) {
			t.Fatalf("%d minutes after %s: %s, want %s\n%s", wanted, from.In(p.zone), got.In(p.zone), at.In(p.zone), p.document())
		}
		if got := cal.Between(from, at); got != time.Duration(wanted)*time.Minute {
			t.Fatalf("between %s and %s: %s, want %d minutes\n%s", from.In(p.zone), at.In(p.zone), got, wanted, p.document())
		}
		if got := cal.Next(from); !got.Equal(first) {
			t.Fatalf("next after %s: %s, want %s\n%s", from.In(p.zone), got.In(p.zone), first.In(p.zone), p.document())
		}
	})
}

// TestBetweenAddsUp: a stretch is the sum of its parts, and backwards it is negative.
func TestBetweenAddsUp(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		p := plans().Draw(t, "plan")
		cal := compiled(t, outer, p)
		times := []time.Time{begin(t), begin(t), begin(t)}
		slices.SortFunc(times, time.Time.Compare)
		whole, parts := cal.Between(times[0], times[2]), cal.Between(times[0], times[1])+cal.Between(times[1], times[2])
		if whole != parts {
			t.Fatalf("%s in one, %s in two", whole, parts)
		}
		if back := cal.Between(times[2], times[0]); back != -whole {
			t.Fatalf("%s there, %s back", whole, back)
		}
	})
}

// TestTheYear2026 compares every day with the State Council's notice on the
// public holidays of 2026.
func TestTheYear2026(t *testing.T) {
	span := func(from, to string) (days []string) {
		day, err := time.Parse(time.DateOnly, "2026-"+from)
		if err != nil {
			t.Fatal(err)
		}
		for ; day.Format("01-02") <= to; day = day.AddDate(0, 0, 1) {
			days = append(days, day.Format("01-02"))
		}
		return days
	}
	off := slices.Concat(span("01-01", "01-03"), span("02-15", "02-23"), span("04-04", "04-06"), span("05-01", "05-05"),
		span("06-19", "06-21"), span("09-25", "09-27"), span("10-01", "10-07"))
	work := []string{"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}
	cal := compile(t, `{"zone":"Asia/Shanghai","holidays":"cn","week":{
		"mon":[["09:00","18:00"]],"tue":[["09:00","18:00"]],"wed":[["09:00","18:00"]],"thu":[["09:00","18:00"]],"fri":[["09:00","18:00"]]}}`)
	workdays := 0
	for day := time.Date(2026, 1, 1, 12, 0, 0, 0, cal.Zone()); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		name := day.Format("01-02")
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		want := slices.Contains(work, name) || !weekend && !slices.Contains(off, name)
		if got := cal.IsWorkday(day); got != want {
			t.Errorf("%s %s: working day %t, want %t", name, day.Weekday(), got, want)
		}
		if cal.IsWorking(day) != want {
			t.Errorf("%s at noon: %t", name, !want)
		}
		if want {
			workdays++
		}
	}
	if workdays != 248 {
		t.Errorf("%d working days", workdays)
	}
}

// TestTheEndOfADayIsTheLastInstantOfItsWork on plans drawn at random.
func TestTheEndOfADayIsTheLastInstantOfItsWork(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		p := plans().Draw(t, "plan")
		cal, at := compiled(t, outer, p), begin(t)
		if !cal.IsWorkday(at) {
			return
		}
		end := cal.EndOfDay(at)
		if !p.works(end.Add(-time.Second)) {
			t.Fatalf("%s: nobody works just before the end %s\n%s", at.In(p.zone), end.In(p.zone), p.document())
		}
		last := end.Add(-time.Second).In(p.zone).Format(time.DateOnly)
		if last != at.In(p.zone).Format(time.DateOnly) {
			t.Fatalf("the end of %s is on %s", at.In(p.zone), last)
		}
		for minute := end; minute.In(p.zone).Format(time.DateOnly) == last; minute = minute.Add(time.Minute) {
			if p.works(minute) {
				t.Fatalf("%s works after the end %s\n%s", minute.In(p.zone), end.In(p.zone), p.document())
			}
		}
	})
}
