package query_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// turns are moments at which the clocks of some place were changed, by zone.
func turns() map[string][]string {
	return map[string][]string{
		"Asia/Shanghai":       {"1940-05-31T16:00:00Z", "1986-05-03T18:00:00Z", "1991-09-14T17:00:00Z", "2026-03-09T16:00:00Z"},
		"America/New_York":    {"2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"},
		"America/Sao_Paulo":   {"2018-11-04T03:00:00Z", "2019-02-17T02:00:00Z"},
		"Africa/Cairo":        {"2025-04-24T22:00:00Z", "2025-10-30T21:00:00Z"},
		"Australia/Lord_Howe": {"2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"},
		"Asia/Kathmandu":      {"1985-12-31T18:30:00Z"},
		"Pacific/Apia":        {"2011-12-30T10:00:00Z"},
	}
}

// turning are records around the moments: every quarter of an hour of four hours,
// and the days about them.
func turning(t *testing.T, o *schema.Object, moments []string) (rows []query.Row) {
	due, visit := field(t, o, "next_due"), field(t, o, "visit")
	for i, moment := range moments {
		at, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		for n := -8; n <= 8; n++ {
			rows = append(rows, query.Row{
				ID: fmt.Sprintf("m%d%+03d", i, n), CreatedAt: at.Add(time.Duration(n) * 90 * time.Minute), UpdatedAt: now(), Revision: 1,
				Values: map[string]any{due.ID: at.Add(time.Duration(n) * 15 * time.Minute), visit.ID: expr.DayOf(at.AddDate(0, 0, n/3), time.UTC)},
			})
		}
	}
	return rows
}

// TestClocksThatAreChanged: days, hours and steps of the calendar are the same in
// Go and on both databases where summer time begins or ends, also at midnight, in
// zones of half hours, and where a day was left out. (Midnight that comes twice is
// the first one in Go; that one is tested in package expr.)
func TestClocksThatAreChanged(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		rows := map[string][]query.Row{}
		var all []query.Row
		for name, moments := range turns() {
			rows[name] = turning(t, o, moments)
			for i := range rows[name] {
				rows[name][i].ID = name + " " + rows[name][i].ID
			}
			all = append(all, rows[name]...)
		}
		store(t, db, o, all)
		for name := range turns() {
			zone, err := time.LoadLocation(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, source := range []string{
				"下次时间 = 拜访日", "下次时间 < 拜访日", "下次时间 <= 拜访日", "下次时间 > 拜访日", "下次时间 >= 拜访日", "下次时间 <> 拜访日", "下次时间 IN (拜访日, TODAY())", "下次时间 = TODAY()", "下次时间 >= TODAY()", "下次时间 <> TODAY()",
				"HOUR(下次时间) = 0", "HOUR(下次时间) = 1", "HOUR(下次时间) > HOUR(创建时间)", "DAY(下次时间) = DAY(创建时间)", "WEEKDAY(下次时间) = 7", "MONTH(下次时间) <> MONTH(拜访日)", "YEAR(下次时间) = 2018",
				"STARTOFDAY(拜访日) <= 下次时间", "DATEDIFF(STARTOFDAY(拜访日), 下次时间, \"minute\") >= 60", "DATEDIFF(STARTOFDAY(拜访日), STARTOFDAY(拜访日 + 1), \"hour\") <> 24",
				"DATEDIFF(创建时间, 下次时间, \"day\") = 1", "DATEDIFF(下次时间, 创建时间, \"hour\") >= 3", "下次时间 - 拜访日 = 0", "DATEADD(拜访日, 1, \"month\") > 下次时间", "DATEADD(创建时间, 3, \"hour\") > 下次时间", "DATEADD(下次时间, -90, \"minute\") >= 创建时间",
				"DATEADD(下次时间, 7, \"day\") > STARTOFDAY(拜访日 + 7)", "DATEADD(下次时间, 2, \"month\") > STARTOFDAY(DATEADD(拜访日, 2, \"month\"))", "HOUR(DATEADD(下次时间, 3, \"day\")) = HOUR(下次时间)",
			} {
				agree(t, db, o, rows[name], zone, source)
			}
		}
	})
}

// agree compares the records for which a condition holds in Go and in the database.
func agree(t *testing.T, db *sqldb.DB, o *schema.Object, rows []query.Row, zone *time.Location, source string) {
	t.Helper()
	e := env(t)
	e.Object, e.Zone = o, zone
	p, err := expr.Compile(source, e, expr.Bool)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	if p.SQLProblem() != nil {
		t.Fatalf("%s: %v", source, p.SQLProblem())
	}
	in := input(query.Row{})
	in.Now = rows[len(rows)/2].CreatedAt
	var want []string
	ids := query.In{System: "id"}
	for _, r := range rows {
		in.Field = r.Field
		holds, err := p.Truth(in)
		if err != nil {
			t.Fatalf("%s on %s: %v", source, r.ID, err)
		}
		if holds {
			want = append(want, r.ID)
		}
		ids.Values = append(ids.Values, r.ID)
	}
	slices.Sort(want)
	in.Field = nil
	got := idsOf(t, db, query.Select{Object: o, Where: query.And{ids, query.Expr{Program: p, Input: in}}, Sort: []query.Sort{{System: "id"}}})
	if !slices.Equal(got, want) {
		t.Errorf("%s in %s\nin Go  %v\nin SQL %v", source, zone, want, got)
	}
}

// TestTheEndsOfTime: people write 9999-12-31 for "never", and importers 0001-01-01
// for "unknown"; both can be compared everywhere.
func TestTheEndsOfTime(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		due, visit := field(t, o, "next_due"), field(t, o, "visit")
		var rows []query.Row
		for i, day := range []schema.Date{"0001-01-01", "0001-01-02", "1899-12-31", "1970-01-01", "2026-03-10", "9999-12-30", "9999-12-31"} {
			at, err := time.Parse(time.DateOnly, string(day))
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, query.Row{
				ID: fmt.Sprintf("r%d", i), CreatedAt: now(), UpdatedAt: now(), Revision: 1,
				Values: map[string]any{visit.ID: day, due.ID: at.Add(15*time.Hour + 59*time.Minute)},
			})
		}
		rows = append(rows, query.Row{ID: "blank", CreatedAt: now(), UpdatedAt: now(), Revision: 1, Values: map[string]any{}})
		store(t, db, o, rows)
		for _, source := range []string{
			`下次时间 <= "9999-12-31"`, `下次时间 < "9999-12-31"`, `下次时间 = "9999-12-31"`, `下次时间 > "9999-12-31"`, `下次时间 <> "9999-12-31"`, `下次时间 >= "9999-12-30"`, `下次时间 > "9999-12-30"`, `NOT 下次时间 = "9999-12-31"`,
			`下次时间 = "0001-01-01"`, `下次时间 > "0001-01-01"`, `下次时间 <= "0001-01-01"`, `下次时间 IN ("0001-01-01", "9999-12-31")`, `下次时间 < "1900-01-01"`, `下次时间 = 拜访日`, `下次时间 > 拜访日`,
			`拜访日 <= "9999-12-31"`, `拜访日 = "9999-12-31"`, `拜访日 < "0001-01-02"`, `拜访日 > DATE(1, 1, 1)`, `拜访日 IN (DATE(9999, 12, 31), "1970-01-01")`, `YEAR(拜访日) = 1`, `YEAR(拜访日) = 9999`, `YEAR(下次时间) < 1900`, `MONTH(拜访日) = 12`,
			`WEEKDAY(拜访日) = 5`, `DATEDIFF("0001-01-01", 拜访日, "day") > 1000000`, `DATEDIFF(下次时间, NOW(), "hour") > 0`, `DATEDIFF(NOW(), 下次时间, "minute") > 4000000000`, `TODAY() - 拜访日 > 700000`, `拜访日 > TODAY() + 2000000`,
		} {
			agree(t, db, o, rows, zone(t), source)
			agree(t, db, o, rows, time.UTC, source)
		}
	})
}
