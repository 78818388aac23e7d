package worktime_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/worktime"
)

const office = `{
  "zone": "Asia/Shanghai", "holidays": "cn",
  "week": {
    "mon": [["09:00","12:00"],["13:30","18:00"]], "tue": [["09:00","12:00"],["13:30","18:00"]],
    "wed": [["09:00","12:00"],["13:30","18:00"]], "thu": [["09:00","12:00"],["13:30","18:00"]],
    "fri": [["09:00","12:00"],["13:30","18:00"]]
  },
  "days": {"2026-11-27": "off", "2026-11-28": "work", "2026-12-24": [["09:00","12:00"]]}
}`

func compile(t testing.TB, document string) *worktime.Calendar {
	t.Helper()
	var def worktime.Definition
	if err := json.Unmarshal([]byte(document), &def); err != nil {
		t.Fatal(err)
	}
	cal, err := worktime.New(def)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func at(t testing.TB, cal *worktime.Calendar, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, cal.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestWorkdays(t *testing.T) {
	cal := compile(t, office)
	for day, works := range map[string]bool{
		"2025-09-28": true,  // Sunday, make-up day of National Day
		"2026-02-14": true,  // Saturday, make-up day of Spring Festival
		"2026-02-28": true,  // Saturday, make-up day of Spring Festival
		"2026-02-16": false, // Monday, Spring Festival
		"2026-02-21": false,
		"2026-03-02": true,
		"2026-03-07": false,
		"2026-11-27": false, // the document's own
		"2026-11-28": true,
		"2027-01-01": true, // no data: the week alone
	} {
		if got := cal.IsWorkday(at(t, cal, day+" 10:00")); got != works {
			t.Errorf("IsWorkday(%s) = %v, want %v", day, got, works)
		}
	}
}

func TestAdd(t *testing.T) {
	cal := compile(t, office)
	for _, c := range []struct {
		from   string
		amount time.Duration
		want   string
	}{
		{"2026-02-13 17:50", 2 * time.Hour, "2026-02-14 10:50"}, // over night into a make-up Saturday
		{"2026-02-14 17:50", 2 * time.Hour, "2026-02-24 10:50"}, // over the Spring Festival
		{"2026-03-03 11:45", 30 * time.Minute, "2026-03-03 13:45"},
		{"2026-03-03 11:45", 15 * time.Minute, "2026-03-03 12:00"},
		{"2026-03-03 12:30", 30 * time.Minute, "2026-03-03 14:00"},
		{"2026-03-03 22:00", 30 * time.Minute, "2026-03-04 09:30"},
		{"2026-03-06 17:40", 30 * time.Minute, "2026-03-09 09:10"},
		{"2026-03-03 12:30", 0, "2026-03-03 12:30"},
		{"2026-03-09 09:10", -30 * time.Minute, "2026-03-06 17:40"},
		{"2026-03-03 22:00", -30 * time.Minute, "2026-03-03 17:30"},
		{"2026-12-24 11:30", time.Hour, "2026-12-25 09:30"}, // a half day of the document's own
	} {
		got := cal.Add(at(t, cal, c.from), c.amount).Format("2006-01-02 15:04")
		if got != c.want {
			t.Errorf("Add(%s, %s) = %s, want %s", c.from, c.amount, got, c.want)
		}
	}
}

func TestAddDays(t *testing.T) {
	cal := compile(t, office)
	for _, c := range []struct {
		from string
		days int
		want string
	}{
		{"2026-03-03 10:15", 1, "2026-03-04 10:15"},
		{"2026-03-06 10:15", 1, "2026-03-09 10:15"},
		{"2026-02-13 10:15", 1, "2026-02-14 10:15"},
		{"2026-02-14 10:15", 1, "2026-02-24 10:15"},
		{"2026-03-03 23:15", 1, "2026-03-04 18:00"},
		{"2026-03-03 06:00", 1, "2026-03-04 09:00"},
		{"2026-03-03 12:30", 1, "2026-03-04 13:30"},
		{"2026-03-07 12:00", 3, "2026-03-11 13:30"},
		{"2026-03-07 12:00", 0, "2026-03-09 09:00"},
		{"2026-03-09 10:00", -1, "2026-03-06 10:00"},
	} {
		got := cal.AddDays(at(t, cal, c.from), c.days).Format("2006-01-02 15:04")
		if got != c.want {
			t.Errorf("AddDays(%s, %d) = %s, want %s", c.from, c.days, got, c.want)
		}
	}
}

func TestInstants(t *testing.T) {
	cal := compile(t, office)
	for text, works := range map[string]bool{
		"2026-03-03 08:59": false, "2026-03-03 09:00": true, "2026-03-03 12:00": false,
		"2026-03-03 13:30": true, "2026-03-03 18:00": false, "2026-02-16 10:00": false,
	} {
		if got := cal.IsWorking(at(t, cal, text)); got != works {
			t.Errorf("IsWorking(%s) = %v, want %v", text, got, works)
		}
	}
	for text, want := range map[string]string{
		"2026-03-03 10:00": "2026-03-03 10:00", "2026-03-03 12:00": "2026-03-03 13:30", "2026-02-14 18:00": "2026-02-24 09:00",
	} {
		if got := cal.Next(at(t, cal, text)).Format("2006-01-02 15:04"); got != want {
			t.Errorf("Next(%s) = %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{"2026-03-03 10:00": "2026-03-03 18:00", "2026-02-16 10:00": "2026-02-17 00:00"} {
		if got := cal.EndOfDay(at(t, cal, text)).Format("2006-01-02 15:04"); got != want {
			t.Errorf("EndOfDay(%s) = %s, want %s", text, got, want)
		}
	}
	if got := cal.Between(at(t, cal, "2026-03-04 09:30"), at(t, cal, "2026-03-03 17:30")); got != -time.Hour {
		t.Errorf("Between backwards = %s, want -1h", got)
	}
}

func TestMissing(t *testing.T) {
	cal := compile(t, office)
	if got := cal.Missing(at(t, cal, "2025-06-01 00:00"), at(t, cal, "2028-06-01 00:00")); !cmp.Equal(got, []int{2027, 2028}) {
		t.Errorf("Missing = %v", got)
	}
	edited := compile(t, `{"zone":"Asia/Shanghai","holidays":"cn","week":{"mon":[["09:00","18:00"]]},"days":{"2027-01-01":"off"}}`)
	if got := edited.Missing(at(t, edited, "2027-06-01 00:00"), at(t, edited, "2027-06-01 00:00")); got != nil {
		t.Errorf("Missing of an edited year = %v", got)
	}
	plain := compile(t, `{"zone":"UTC","week":{"mon":[["09:00","18:00"]]}}`)
	if got := plain.Missing(at(t, plain, "2027-06-01 00:00"), at(t, plain, "2027-06-01 00:00")); got != nil {
		t.Errorf("Missing without holidays = %v", got)
	}
}

func TestDefinitionFaults(t *testing.T) {
	for document, want := range map[string][]string{
		`{"zone":"Mars/Base","week":{"mon":[["09:00","18:00"]]}}`:                                       {"zone: unknown_zone"},
		`{"zone":"UTC","week":{}}`:                                                                      {"week: no_working_hours"},
		`{"zone":"UTC","week":{"mon":[["09:00","12:00"],["11:00","18:00"]],"tue":[["9:00","18:00"]]}}`:  {"week.mon: bad_hours", "week.tue: bad_hours", "week: no_working_hours"},
		`{"zone":"UTC","week":{"moon":[["09:00","12:00"]],"fri":[["00:00","24:00"]]}}`:                  {"week.moon: unknown_weekday"},
		`{"zone":"UTC","holidays":"xx","week":{"fri":[["00:00","24:00"]]},"days":{"2027-02-30":"off"}}`: {"holidays: unknown_holidays", "days.2027-02-30: bad_date"},
		`{"zone":"UTC","week":{"fri":[["00:00","24:00"]]},"days":{"2027-02-03":[["10:00","09:00"]]}}`:   {"days.2027-02-03: bad_hours"},
	} {
		var def worktime.Definition
		if err := json.Unmarshal([]byte(document), &def); err != nil {
			t.Fatal(err)
		}
		_, err := worktime.New(def)
		problem, ok := fault.As(err)
		if !ok {
			t.Errorf("%s: error %v is no fault", document, err)
			continue
		}
		var got []string
		for _, f := range problem.Fields {
			got = append(got, f.Path+": "+f.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: faults differ (-want +got)\n%s", document, diff)
		}
	}
}

func TestDayRoundTrip(t *testing.T) {
	for _, text := range []string{`"off"`, `"work"`, `[["09:00","12:00"]]`} {
		var day worktime.Day
		if err := json.Unmarshal([]byte(text), &day); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(day); err != nil || string(got) != text {
			t.Errorf("%s became %s, %v", text, got, err)
		}
	}
	var day worktime.Day
	if err := json.Unmarshal([]byte(`"maybe"`), &day); err == nil {
		t.Error("an unknown word is accepted")
	}
}
