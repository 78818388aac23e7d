package query_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"github.com/cockroachdb/apd/v3"
	"pgregory.net/rapid"
)

// TestFiguresAgreeWithSums: groups by values and by the calendar of any zone, with
// every measure and its own condition, are what adding up in Go gives.
func TestFiguresAgreeWithSums(t *testing.T) {
	rows := rapid.Custom(func(t *rapid.T) []query.Row {
		out := make([]query.Row, 80)
		for i := range out {
			out[i] = drawRow(t, i)
			if m, ok := out[i].Values["crm.lead.budget"].(schema.Money); ok && i%3 == 0 {
				m.Currency = "USD"
				out[i].Values["crm.lead.budget"] = m
			}
			if i%9 == 0 {
				gone := now()
				out[i].DeletedAt = &gone
			}
		}
		return out
	}).Example(5)
	clewtest.Databases(t, func(outer *testing.T, db *sqldb.DB) {
		o, e := lead(), env(outer)
		store(outer, db, o, rows)
		rapid.Check(outer, func(t *rapid.T) {
			a := drawAggregate(t, e, o)
			want := summed(t, rows, a)
			got, err := groups(db, outer, a)
			if err != nil {
				t.Fatal(err)
			}
			for i, g := range got {
				line := figures(g.Keys, g.Currency, g.Values)
				if !slices.Contains(want, line) {
					t.Fatalf("%s\ngroup %d is\n%s\nwant one of\n%s", shownAggregate(a), i, line, strings.Join(want, "\n"))
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%s: %d groups, want %d:\n%s", shownAggregate(a), len(got), len(want), strings.Join(want, "\n"))
			}
		})
	})
}

func drawAggregate(t *rapid.T, e expr.Env, o *schema.Object) query.Aggregate {
	f := func(name string) *schema.Field { f, _ := o.Field(name); return f }
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	a := query.Aggregate{Object: o, Zone: zone}
	if rapid.Bool().Draw(t, "filtered") {
		a.Where = drawCondition(t, e, o, 1)
	}
	by := []query.GroupBy{{Field: f("source")}, {Field: f("vip")}, {Field: f("owner")}, {Field: f("score")}, {Field: f("company")}, {Field: f("visit")}, {System: "created_by"}}
	for _, bucket := range query.Buckets() {
		by = append(by, query.GroupBy{Field: f("visit"), Bucket: bucket}, query.GroupBy{Field: f("next_due"), Bucket: bucket}, query.GroupBy{System: "created_at", Bucket: bucket})
	}
	for range rapid.IntRange(0, 2).Draw(t, "levels") {
		a.Group = append(a.Group, rapid.SampledFrom(by).Draw(t, "by"))
	}
	measures := []query.Measure{
		{Kind: query.Count}, {Kind: query.Count, Field: f("tags")}, {Kind: query.Count, Field: f("budget")}, {Kind: query.Sum, Field: f("score")}, {Kind: query.Average, Field: f("rate")}, {Kind: query.Min, Field: f("rate")}, {Kind: query.Max, Field: f("score")},
		{Kind: query.Min, Field: f("next_due")}, {Kind: query.Max, Field: f("visit")}, {Kind: query.Sum, Field: f("budget")}, {Kind: query.Average, Field: f("budget")}, {Kind: query.Max, Field: f("budget")},
	}
	for range rapid.IntRange(1, 3).Draw(t, "measures") {
		m := rapid.SampledFrom(measures).Draw(t, "measure")
		if rapid.IntRange(0, 2).Draw(t, "own condition") == 0 {
			m.Where = drawCondition(t, e, o, 1)
		}
		a.Measures = append(a.Measures, m)
	}
	return a
}

func shownAggregate(a query.Aggregate) string {
	var b strings.Builder
	for _, m := range a.Measures {
		b.WriteString(string(m.Kind))
		if m.Field != nil {
			b.WriteString(" of " + m.Field.Name)
		}
		if m.Where != nil {
			b.WriteString(" where " + shown(m.Where))
		}
		b.WriteString("; ")
	}
	for _, g := range a.Group {
		fmt.Fprintf(&b, "by %s%s ", g.System, g.Bucket)
		if g.Field != nil {
			b.WriteString(g.Field.Name + " ")
		}
	}
	if a.Where != nil {
		b.WriteString("where " + shown(a.Where))
	}
	return b.String() + " in " + a.Zone.String()
}

// summed adds up in Go, without SQL.
func summed(t *rapid.T, rows []query.Row, a query.Aggregate) (lines []string) {
	split := slices.ContainsFunc(a.Measures, func(m query.Measure) bool { return m.Kind != query.Count && m.Field.Type == "currency" })
	members := map[string][]query.Row{}
	keys := map[string][]any{}
	for _, r := range rows {
		if r.DeletedAt != nil || a.Where != nil && !holds(t, a.Where, r) {
			continue
		}
		var key []any
		for _, g := range a.Group {
			key = append(key, keyOf(r, g, a.Zone))
		}
		currency := ""
		if m, ok := r.Values["crm.lead.budget"].(schema.Money); ok && split {
			currency = m.Currency
		}
		id := figures(key, currency, nil)
		members[id], keys[id] = append(members[id], r), append(key, currency)
	}
	if len(a.Group) == 0 && !split && len(members) == 0 {
		members["nobody"], keys["nobody"] = nil, []any{""}
	}
	for id, group := range members {
		last := len(keys[id]) - 1
		currency := keys[id][last].(string)
		var values []any
		for _, m := range a.Measures {
			values = append(values, measured(t, group, m, currency))
		}
		lines = append(lines, figures(keys[id][:last], currency, values))
	}
	slices.Sort(lines)
	return lines
}

func keyOf(r query.Row, g query.GroupBy, zone *time.Location) any {
	v := valueOf(r, g.Field, g.System)
	if g.Bucket == "" || v == nil {
		return v
	}
	day, isDate := v.(schema.Date)
	if !isDate {
		day = expr.DayOf(v.(time.Time), zone)
	}
	switch at, _ := time.Parse(time.DateOnly, string(day)); g.Bucket {
	case "year":
		return at.Format("2006")
	case "month":
		return at.Format("2006-01")
	case "week":
		return at.AddDate(0, 0, -(int(at.Weekday())+6)%7).Format(time.DateOnly)
	}
	return string(day)
}

func measured(t *rapid.T, group []query.Row, m query.Measure, currency string) any {
	var given []any
	count := int64(0)
	for _, r := range group {
		if m.Where != nil && !holds(t, m.Where, r) {
			continue
		}
		if count++; m.Field != nil {
			if v := r.Field(m.Field.ID); v != nil {
				given = append(given, v)
			}
		}
	}
	switch {
	case m.Kind == query.Count && m.Field == nil:
		return count
	case m.Kind == query.Count:
		return int64(len(given))
	case len(given) == 0:
		return nil
	}
	best := plainValue(given[0])
	sum := apd.New(0, 0)
	for _, v := range given {
		v = plainValue(v)
		if c := compareValues(v, best); m.Kind == query.Min && c < 0 || m.Kind == query.Max && c > 0 {
			best = v
		}
		if d, ok := v.(*apd.Decimal); ok {
			sum, _ = expr.Arithmetic("+", sum, d)
		}
	}
	if m.Kind == query.Average {
		sum, _ = expr.Arithmetic("/", sum, apd.New(int64(len(given)), 0))
	}
	if m.Kind == query.Sum || m.Kind == query.Average {
		best = sum
	}
	if d, ok := best.(*apd.Decimal); ok && m.Field.Type == "currency" {
		return schema.Money{Amount: d, Currency: currency}
	}
	return best
}

func plainValue(v any) any {
	if m, ok := v.(schema.Money); ok {
		return m.Amount
	}
	return v
}

// figures writes a group so that 1.50 and 1.5 are the same.
func figures(keys []any, currency string, values []any) string {
	text := func(v any) string {
		unit := ""
		if m, ok := v.(schema.Money); ok {
			v, unit = m.Amount, m.Currency
		}
		switch x := v.(type) {
		case *apd.Decimal:
			short, _ := new(apd.Decimal).Reduce(x)
			return short.Text('f') + unit
		case time.Time:
			return x.UTC().Format(time.RFC3339Nano)
		}
		return fmt.Sprint(v)
	}
	var parts []string
	for _, k := range keys {
		parts = append(parts, text(k))
	}
	parts = append(parts, currency, "→")
	for _, v := range values {
		parts = append(parts, text(v))
	}
	return strings.Join(parts, " | ")
}

// TestFiguresThatCannotBe are refused before the database is asked.
func TestFiguresThatCannotBe(t *testing.T) {
	o := lead()
	other := *field(t, o, "budget")
	other.ID, other.Name, other.Column = "crm.lead.cost", "cost", "c_30"
	count := []query.Measure{{Kind: query.Count}}
	for name, a := range map[string]query.Aggregate{
		"nothing measured":         {Object: o},
		"no object":                {Measures: count},
		"a sum of texts":           {Object: o, Measures: []query.Measure{{Kind: query.Sum, Field: field(t, o, "company")}}},
		"an average of days":       {Object: o, Measures: []query.Measure{{Kind: query.Average, Field: field(t, o, "visit")}}},
		"the least of tags":        {Object: o, Measures: []query.Measure{{Kind: query.Min, Field: field(t, o, "tags")}}},
		"the most of yes and no":   {Object: o, Measures: []query.Measure{{Kind: query.Max, Field: field(t, o, "vip")}}},
		"the most of texts":        {Object: o, Measures: []query.Measure{{Kind: query.Max, Field: field(t, o, "company")}}},
		"a sum of nothing":         {Object: o, Measures: []query.Measure{{Kind: query.Sum}}},
		"an unknown measure":       {Object: o, Measures: []query.Measure{{Kind: "median", Field: field(t, o, "score")}}},
		"two sorts of money":       {Object: o, Measures: []query.Measure{{Kind: query.Sum, Field: field(t, o, "budget")}, {Kind: query.Sum, Field: &other}}},
		"groups of a list":         {Object: o, Measures: count, Group: []query.GroupBy{{Field: field(t, o, "tags")}}},
		"days of a text":           {Object: o, Measures: count, Group: []query.GroupBy{{Field: field(t, o, "company"), Bucket: "day"}}},
		"an unknown step":          {Object: o, Measures: count, Group: []query.GroupBy{{Field: field(t, o, "visit"), Bucket: "quarter"}}},
		"a step with SQL in it":    {Object: o, Measures: count, Group: []query.GroupBy{{Field: field(t, o, "visit"), Bucket: "day' OR '1"}}},
		"days of whom made it":     {Object: o, Measures: count, Group: []query.GroupBy{{System: "created_by", Bucket: "day"}}},
		"an unknown system column": {Object: o, Measures: count, Group: []query.GroupBy{{System: "password"}}},
		"a nil condition":          {Object: o, Measures: count, Where: query.Or{nil}},
		"a nil own condition":      {Object: o, Measures: []query.Measure{{Kind: query.Count, Where: query.Not{}}}},
	} {
		for _, d := range []query.Dialect{sqldb.SQLiteDialect{}, sqldb.PostgresDialect{}} {
			if sql, _, err := a.Render(d); err == nil {
				t.Errorf("%s: %s", name, sql)
			}
		}
	}
}

// TestTheWidestNumbers: what a column can hold is compared and read exactly at
// both its ends, also beside numbers that it cannot hold.
func TestTheWidestNumbers(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		score, rate, budget := field(t, o, "score"), field(t, o, "rate"), field(t, o, "budget")
		var rows []query.Row
		for i, n := range []int64{math.MinInt64 + 1, math.MinInt64 + 2, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64} {
			rows = append(rows, query.Row{ID: fmt.Sprintf("r%d", i), CreatedAt: now(), UpdatedAt: now(), Revision: 1, Values: map[string]any{
				score.ID: schema.Scale(n, 0), rate.ID: schema.Scale(n, 4), budget.ID: schema.Money{Amount: schema.Scale(n, 2), Currency: "CNY"},
			}})
		}
		store(t, db, o, rows)
		read, err := selectRows(db, t, query.Select{Object: o, Fields: o.Fields, Sort: []query.Sort{{Field: score}}})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range read {
			want := rows[i]
			if r.ID != want.ID || r.Values[score.ID].(*apd.Decimal).Cmp(want.Values[score.ID].(*apd.Decimal)) != 0 || r.Values[rate.ID].(*apd.Decimal).Text('f') != want.Values[rate.ID].(*apd.Decimal).Text('f') {
				t.Errorf("%s is read as %v", want.ID, r.Values)
			}
		}
		for _, source := range []string{
			"评分 = 9223372036854775807", "评分 < 9223372036854775807", "评分 >= 9223372036854775807", "评分 > 9223372036854775808", "评分 < 9223372036854775808", "评分 <> 9223372036854775808", "评分 = -9223372036854775808", "评分 <= -9223372036854775808",
			"评分 > -9223372036854775809", "评分 > 9223372036854775806.5", "评分 + 1 > 9223372036854775807", "评分 - 1 < -9223372036854775808", "评分 * 评分 > 8507059173023461584739690778423 * 10000000", "-评分 = 9223372036854775808", "ABS(评分) > 9223372036854775807",
			"费率 = 922337203685477.5807", "费率 < -922337203685477.5807", "费率 * 10000 = 评分", "预算 * 100 = 评分", "预算 = 92233720368547758.07", "预算 < 92233720368547758.071", "预算 > 92233720368547758.069", "ROUND(费率, -3) = 922337203685000", "INT(费率) = -922337203685478",
			"ROUNDUP(预算, 0) = 92233720368547759", "MOD(评分, 10) = 7", "MOD(评分, -10) = -3", "MIN(评分, 费率) = 评分", "评分 / 8 > 1152921504606846975", "评分 IN (9223372036854775807, 0.5, 9223372036854775808)",
		} {
			agree(t, db, o, rows, time.UTC, source)
		}
	})
}

// TestNeverNeedsNoArguments: where nothing can be found, nothing is bound that the
// statement does not name: a team of nobody, asked for by ids or from a cursor.
func TestNeverNeedsNoArguments(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		store(t, db, o, []query.Row{{ID: "a", CreatedAt: now(), UpdatedAt: now(), Revision: 1, Values: map[string]any{}}})
		ids := query.In{System: "id", Values: []any{"a", "b", "c"}}
		in := input(query.Row{})
		in.Params["TEAM"] = []string{}
		nobody := compiled(t, o, "负责人 IN TEAM()")
		nobody.Input = in
		for name, s := range map[string]query.Select{
			"by ids":               {Where: query.And{ids, query.Never{}}},
			"by ids of a team":     {Where: query.And{nobody, ids}},
			"from a cursor":        {Where: query.Never{}, Sort: []query.Sort{{System: "created_at"}}, After: []any{"5", "x"}},
			"both":                 {Where: query.And{ids, nobody}, Sort: []query.Sort{{System: "created_at"}}, After: []any{"5", "x"}, Limit: 3},
			"by a field":           {Where: query.And{ids, nobody}, Sort: []query.Sort{{Field: field(t, o, "score")}}, After: []any{"5", "5", "x"}, Limit: 3},
			"among the deleted":    {Where: query.And{ids, nobody}, Deleted: true},
			"in a part that is so": {Where: query.And{ids, query.Or{nobody, query.And{query.System("id", "=", "a"), query.Never{}}}}},
		} {
			s.Object = o
			rows, err := selectRows(db, t, s)
			if err != nil || len(rows) != 0 {
				t.Errorf("%s: %v, %v", name, rows, err)
			}
			if n := counted(t, db, s, 0); n != 0 {
				t.Errorf("%s: counted %d", name, n)
			}
		}
	})
}
