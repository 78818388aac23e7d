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
