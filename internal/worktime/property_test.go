package worktime_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/worktime"
)

// calendars lie in zones whose clocks jump, also at midnight and across a day.
func calendars(t testing.TB) []*worktime.Calendar {
	var list []*worktime.Calendar
	for _, zone := range []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"} {
		list = append(list,
			compile(t, `{"zone":"`+zone+`","holidays":"cn","week":{"mon":[["09:00","12:00"],["13:30","18:00"]],"wed":[["00:00","24:00"]],"sun":[["01:30","02:30"]]}}`),
			compile(t, `{"zone":"`+zone+`","week":{"mon":[["00:00","24:00"]],"tue":[["00:00","24:00"]],"sat":[["00:00","00:30"],["23:00","24:00"]],"sun":[["00:00","03:00"],["03:00","24:00"]]}}`))
	}
	return list
}

var (
	instants = rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(1_200_000_000, 1_900_000_000).Draw(t, "second"), rapid.Int64Range(0, 999_999).Draw(t, "micro")*1000).UTC()
	})
	amounts = rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(1, int64(400*time.Hour/time.Microsecond)).Draw(t, "amount")) * time.Microsecond
	})
)

func TestAddAndBetweenAgree(t *testing.T) {
	list := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		cal := rapid.SampledFrom(list).Draw(t, "calendar")
		from, amount := instants.Draw(t, "from"), amounts.Draw(t, "amount")
		to := cal.Add(from, amount)
		if got := cal.Between(from, to); got != amount {
			t.Fatalf("%s: Between(%s, %s) = %s, want %s", cal.Zone(), from, to, got, amount)
		}
		if !cal.IsWorking(to.Add(-1)) {
			t.Fatalf("%s: %s is not the earliest end", cal.Zone(), to)
		}
		past := cal.Add(from, -amount)
		if got := cal.Between(past, from); got != amount {
			t.Fatalf("%s: back to %s: Between = %s, want %s", cal.Zone(), past, got, amount)
		}
	})
}

func TestAddIsMonotonic(t *testing.T) {
	list := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		cal := rapid.SampledFrom(list).Draw(t, "calendar")
		a, amount, more := instants.Draw(t, "a"), amounts.Draw(t, "amount"), amounts.Draw(t, "more")
		b := a.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour, 30 * time.Hour}).Draw(t, "gap"))
		if cal.Add(b, amount).Before(cal.Add(a, amount)) {
			t.Fatalf("a later start ends earlier")
		}
		if !cal.Add(a, amount).Before(cal.Add(a, amount+more)) {
			t.Fatalf("a longer time ends no later")
		}
		if cal.Between(a, b) > b.Sub(a) {
			t.Fatalf("more working time than time")
		}
	})
}

func TestAddDaysLandsInHours(t *testing.T) {
	list := calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		cal := rapid.SampledFrom(list).Draw(t, "calendar")
		from, days := instants.Draw(t, "from"), rapid.IntRange(1, 40).Draw(t, "days")
		to := cal.AddDays(from, days)
		if !to.After(from) || !cal.IsWorking(to) && !cal.IsWorking(to.Add(-1)) {
			t.Fatalf("AddDays(%s, %d) = %s", from, days, to)
		}
	})
}

func BenchmarkYear(b *testing.B) {
	cal := compile(b, office)
	from := at(b, cal, "2025-06-01 10:00")
	until := from.AddDate(1, 0, 0)
	for b.Loop() {
		cal.Between(from, until)
	}
}

func TestYearIsFast(t *testing.T) {
	cal := compile(t, office)
	from := at(t, cal, "2025-06-01 10:00")
	until := from.AddDate(1, 0, 0)
	best := time.Hour // of several, so that a busy machine does not matter
	for range 50 {
		begin := time.Now()
		cal.Between(from, until)
		best = min(best, time.Since(begin))
	}
	if best > time.Millisecond {
		t.Errorf("a year's span took %s, want under 1ms", best)
	}
}
