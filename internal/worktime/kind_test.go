package worktime_test

import (
	"testing"
	"time"

	"clew.dev/clew/internal/worktime"
)

func TestKindOfDay(t *testing.T) {
	span := []worktime.Span{{"09:00", "18:00"}}
	calendar, err := worktime.New(worktime.Definition{
		Zone: "Asia/Shanghai", Holidays: "cn",
		Week: map[string][]worktime.Span{"mon": span, "tue": span, "wed": span, "thu": span, "fri": span},
		Days: map[string]worktime.Day{"2026-11-28": {}, "2026-11-27": {Off: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]worktime.DayKind{
		"2026-11-24": worktime.Workday, "2026-11-22": worktime.Weekend, "2026-11-27": worktime.Holiday, "2026-11-28": worktime.MakeUp,
		"2026-10-01": worktime.Holiday, "2026-10-10": worktime.MakeUp, "2026-10-11": worktime.Weekend,
	} {
		at, err := time.ParseInLocation(time.DateOnly, day, calendar.Zone())
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.Kind(at); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
		if got := calendar.Kind(at.Add(24*time.Hour - time.Second)); got != want {
			t.Errorf("%s, late: %s, want %s", day, got, want)
		}
	}
}

// TestAMinuteThatDoesNotExist: where clocks jump over midnight, a day that works
// until 24:00 works until the jump, and one that begins within the hour that is
// left out begins with the jump.
func TestAMinuteThatDoesNotExist(t *testing.T) {
	for _, c := range []struct{ zone, hours, from, until, work string }{
		{"America/Sao_Paulo", `"sat":[["23:59","24:00"]]`, "2018-11-03T23:00:00-03:00", "2018-11-04T06:00:00-02:00", "1m0s"},
		{"America/Sao_Paulo", `"sat":[["22:00","24:00"]],"sun":[["00:00","02:00"]]`, "2018-11-03T12:00:00-03:00", "2018-11-04T12:00:00-02:00", "3h0m0s"},
		{"America/Sao_Paulo", `"sun":[["00:30","02:00"]]`, "2018-11-03T12:00:00-03:00", "2018-11-04T12:00:00-02:00", "1h0m0s"},
		{"America/Sao_Paulo", `"sun":[["00:10","00:50"]]`, "2018-11-03T12:00:00-03:00", "2018-11-04T12:00:00-02:00", "0s"},
		{"America/Havana", `"sun":[["00:00","03:00"]]`, "2018-03-10T12:00:00-05:00", "2018-03-11T12:00:00-04:00", "2h0m0s"},
		{"Asia/Beirut", `"sat":[["20:00","24:00"]],"sun":[["00:00","01:30"]]`, "2018-03-24T12:00:00+02:00", "2018-03-25T12:00:00+03:00", "4h30m0s"},
		{"Europe/Berlin", `"sun":[["02:30","04:00"]]`, "2018-03-25T00:00:00+01:00", "2018-03-25T12:00:00+02:00", "1h0m0s"},
		{"Europe/Berlin", `"sun":[["02:30","04:00"]]`, "2018-10-28T00:00:00+02:00", "2018-10-28T12:00:00+01:00", "1h30m0s"},
	} {
		calendar := compile(t, `{"zone":"`+c.zone+`","week":{"mon":[["09:00","10:00"]],`+c.hours+`}}`)
		from, until := parse(t, c.from), parse(t, c.until)
		work := calendar.Between(from, until)
		if work.String() != c.work {
			t.Errorf("%s %s: %s, want %s", c.zone, c.hours, work, c.work)
		}
		if work > 0 && !calendar.Add(from, work).Before(until) {
			t.Errorf("%s %s: %s of work end at %s", c.zone, c.hours, work, calendar.Add(from, work))
		}
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
