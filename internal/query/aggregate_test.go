package query_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
)

func groups(db *sqldb.DB, t testing.TB, a query.Aggregate) ([]query.Group, error) {
	var out []query.Group
	err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		sql, args, err := a.Render(tx.Dialect())
		if err != nil {
			return err
		}
		rows, err := tx.Query(sql, args...)
		if err != nil {
			return fmt.Errorf("%s %v: %w", sql, args, err)
		}
		defer rows.Close()
		for rows.Next() {
			g, err := a.ScanGroup(rows, tx.Dialect())
			if err != nil {
				return err
			}
			out = append(out, g)
		}
		return rows.Err()
	})
	return out, err
}

func TestAggregates(t *testing.T) {
	records, _ := readScenarios(t)
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		twin := records["full"]
		twin.ID = "twin"
		store(t, db, o, []query.Row{records["full"], records["other"], records["empty"], twin})
		source, budget, score := field(t, o, "source"), field(t, o, "budget"), field(t, o, "score")
		d := func(s string) *apd.Decimal { x, _, _ := apd.NewFromString(s); return x }
		money := func(s, c string) schema.Money { return schema.Money{Amount: d(s), Currency: c} }
		for name, c := range map[string]struct {
			query query.Aggregate
			want  []query.Group
		}{
			"by choice": {
				query.Aggregate{Group: []query.GroupBy{{Field: source}}, Measures: []query.Measure{
					{Kind: query.Count}, {Kind: query.Count, Field: score}, {Kind: query.Sum, Field: score}, {Kind: query.Average, Field: score},
					{Kind: query.Count, Where: query.Where(score, ">", schema.Scale(0, 0))},
				}},
				[]query.Group{
					{Keys: []any{"crm.lead.source.douyin"}, Values: []any{int64(2), int64(2), d("14"), d("7"), int64(2)}},
					{Keys: []any{"crm.lead.source.website"}, Values: []any{int64(1), int64(1), d("-3"), d("-3"), int64(0)}},
					{Keys: []any{nil}, Values: []any{int64(1), int64(0), nil, nil, int64(0)}},
				},
			},
			"money by currency": {
				query.Aggregate{Where: query.Where(budget, "<>", nil), Measures: []query.Measure{{Kind: query.Sum, Field: budget}, {Kind: query.Max, Field: budget}}},
				[]query.Group{
					{Currency: "CNY", Values: []any{money("240001.00", "CNY"), money("120000.50", "CNY")}},
					{Currency: "USD", Values: []any{money("99.99", "USD"), money("99.99", "USD")}},
				},
			},
			"by day in the zone": {
				query.Aggregate{Zone: zone(t), Group: []query.GroupBy{{Field: field(t, o, "next_due"), Bucket: "day"}},
					Measures: []query.Measure{{Kind: query.Count}, {Kind: query.Min, Field: field(t, o, "next_due")}}},
				[]query.Group{
					{Keys: []any{"2026-03-09"}, Values: []any{int64(1), time.Date(2026, 3, 9, 15, 59, 59, 0, time.UTC)}},
					{Keys: []any{"2026-03-10"}, Values: []any{int64(2), time.Date(2026, 3, 10, 10, 0, 0, 0, time.UTC)}},
					{Keys: []any{nil}, Values: []any{int64(1), nil}},
				},
			},
			"by month and yes/no": {
				query.Aggregate{Group: []query.GroupBy{{Field: field(t, o, "visit"), Bucket: "month"}, {Field: field(t, o, "vip")}},
					Measures: []query.Measure{{Kind: query.Count}}, Limit: 2},
				[]query.Group{
					{Keys: []any{"2024-02", false}, Values: []any{int64(1)}},
					{Keys: []any{"2026-02", true}, Values: []any{int64(2)}},
				},
			},
		} {
			c.query.Object = o
			got, err := groups(db, t, c.query)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if diff := cmp.Diff(c.want, got, cmp.Comparer(func(a, b *apd.Decimal) bool { return a.Cmp(b) == 0 })); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// TestSumsAreExactOrFail: a sum never wraps and never loses a digit.
func TestSumsAreExactOrFail(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		score := field(t, o, "score")
		var rows []query.Row
		for i := range 3 {
			rows = append(rows, query.Row{ID: fmt.Sprint(i), CreatedAt: now(), UpdatedAt: now(), Values: map[string]any{
				score.ID: schema.Scale(math.MaxInt64/2, 0),
			}})
		}
		store(t, db, o, rows)
		sum := query.Aggregate{Object: o, Measures: []query.Measure{{Kind: query.Sum, Field: score}}}
		got, err := groups(db, t, sum)
		if err == nil && got[0].Values[0].(*apd.Decimal).Text('f') != "13835058055282163709" {
			t.Errorf("got %v", got)
		}
		sum.Where = query.System("id", "<", "2")
		if got, err = groups(db, t, sum); err != nil || got[0].Values[0].(*apd.Decimal).Text('f') != "9223372036854775806" {
			t.Errorf("got %v, %v", got, err)
		}
	})
}
