package query_test

import (
	"encoding/json"
	"fmt"
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
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func field(t testing.TB, o *schema.Object, name string) *schema.Field {
	t.Helper()
	f, ok := o.Field(name)
	if !ok {
		t.Fatalf("no field %s", name)
	}
	return f
}

func decimals() cmp.Option {
	return cmp.Comparer(func(a, b *apd.Decimal) bool {
		if a == nil || b == nil {
			return a == b
		}
		return a.Cmp(b) == 0 && a.Exponent == b.Exponent
	})
}

// TestRowsComeBack: what is inserted or updated is what is read, of every field type.
func TestRowsComeBack(t *testing.T) {
	records, _ := readScenarios(t)
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		full, empty := records["full"], records["empty"]
		store(t, db, o, []query.Row{full, empty})
		check := func(want query.Row) {
			t.Helper()
			got, err := selectRows(db, t, query.Select{Object: o, Fields: o.Fields, Where: query.System("id", "=", want.ID), Deleted: want.DeletedAt != nil})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]query.Row{want}, got, decimals()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", want.ID, diff)
			}
		}
		check(full)
		check(empty)
		gone := now().Add(time.Hour)
		changed := full
		changed.ID, changed.Revision, changed.ThreadSeq, changed.DeletedAt = "empty", 2, 5, &gone
		update(t, db, o, changed, o.Fields)
		check(changed)
		blank := changed
		blank.Values, blank.DeletedAt = map[string]any{}, nil
		update(t, db, o, blank, o.Fields)
		check(blank)
	})
}

func update(t *testing.T, db *sqldb.DB, o *schema.Object, r query.Row, fields []*schema.Field) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		sql, args, err := query.Update(tx.Dialect(), o, r, fields)
		if err != nil {
			return err
		}
		_, err = tx.Exec(sql, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestPages: pages joined are the whole list, in the same order in Go and on
// both databases, for random orders over columns with blanks and ties.
func TestPages(t *testing.T) {
	rows := rapid.Custom(func(t *rapid.T) []query.Row {
		out := make([]query.Row, 50)
		for i := range out {
			out[i] = drawRow(t, i)
		}
		return out
	}).Example(3)
	clewtest.Databases(t, func(outer *testing.T, db *sqldb.DB) {
		o := lead()
		store(outer, db, o, rows)
		sortable := []query.Sort{{System: "created_at"}, {System: "id"}, {System: "updated_at"}}
		for _, f := range o.Fields {
			if f.Storage() != schema.TextList {
				sortable = append(sortable, query.Sort{Field: f})
			}
		}
		rapid.Check(outer, func(t *rapid.T) {
			s := query.Select{Object: o, Fields: o.Fields, Limit: rapid.IntRange(1, 20).Draw(t, "limit")}
			for range rapid.IntRange(0, 3).Draw(t, "levels") {
				level := rapid.SampledFrom(sortable).Draw(t, "sort")
				level.Desc = rapid.Bool().Draw(t, "desc")
				s.Sort = append(s.Sort, level)
			}
			want := orderedInGo(rows, s)
			var got []string
			for {
				page, err := selectRows(db, outer, s)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					got = append(got, r.ID)
				}
				if len(page) < s.Limit || len(got) > len(rows) {
					break
				}
				s.After = throughJSON(t, s.Key(page[len(page)-1]))
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%v\nwant %v\ngot  %v", s.Order(), want, got)
			}
		})
	})
}

func throughJSON(t *rapid.T, key []any) []any {
	b, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	var out []any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func orderedInGo(rows []query.Row, s query.Select) []string {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b query.Row) int {
		for _, level := range s.Order() {
			x, y := sortValue(a, level), sortValue(b, level)
			if x == nil || y == nil {
				if x == y {
					continue
				}
				if x == nil {
					return 1
				}
				return -1
			}
			c := compareValues(x, y)
			if level.Desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
	var ids []string
	for _, r := range sorted {
		ids = append(ids, r.ID)
	}
	return ids
}

func sortValue(r query.Row, s query.Sort) any {
	id := s.System
	if s.Field != nil {
		id = s.Field.ID
	}
	v := r.Field(id)
	if m, ok := v.(schema.Money); ok {
		return m.Amount
	}
	if v == "" {
		return nil
	}
	return v
}

func compareValues(x, y any) int {
	switch a := x.(type) {
	case *apd.Decimal:
		return a.Cmp(y.(*apd.Decimal))
	case time.Time:
		return a.Compare(y.(time.Time))
	case bool:
		return map[bool]int{true: 1}[a] - map[bool]int{true: 1}[y.(bool)]
	}
	return strings.Compare(fmt.Sprint(x), fmt.Sprint(y))
}

func TestConditions(t *testing.T) {
	records, _ := readScenarios(t)
	o := lead()
	f := func(name string) *schema.Field { return field(t, o, name) }
	n := func(s string) *apd.Decimal { d, _, _ := apd.NewFromString(s); return d }
	everyone := []any{}
	for i := range 3000 {
		everyone = append(everyone, fmt.Sprintf("u-%d", i))
	}
	cases := []struct {
		where query.Condition
		want  string
	}{
		{nil, "empty full other"},
		{query.And{}, "empty full other"},
		{query.Or{}, ""},
		{query.Not{Condition: query.Or{}}, "empty full other"},
		{query.And{query.Never{}, query.System("id", "=", "full")}, ""},
		{query.Or{query.Always{}, query.System("id", "=", "full")}, "empty full other"},
		{query.And{query.System("id", "<>", "full"), query.Or{query.And{query.System("id", "=", "x"), query.Never{}}, query.System("id", "=", "other")}}, "other"},
		{query.In{Field: f("owner"), Values: []any{"u-li"}}, "full"},
		{query.In{Field: f("owner"), Values: append(everyone, "u-li", "u-zhao", nil)}, "full other"},
		{query.In{Field: f("owner")}, ""},
		{query.Not{Condition: query.In{Field: f("owner"), Values: []any{"u-li"}}}, "empty other"},
		{query.In{Field: f("score"), Values: []any{n("7"), n("8.5")}}, "full"},
		{query.Where(f("budget"), ">", n("99.995")), "full"},
		{query.Where(f("budget"), "=", schema.Money{Amount: n("99.99"), Currency: "USD"}), "other"},
		{query.Where(f("vip"), "=", false), "other"},
		{query.Not{Condition: query.Where(f("vip"), "=", true)}, "empty other"},
		{query.Blank(f("tags")), "empty"},
		{query.Not{Condition: query.Blank(f("tags"))}, "full other"},
		{query.Has{Field: f("tags"), Value: "a,b"}, "full"},
		{query.Where(f("next_due"), "<", now()), "other"},
		{query.Where(f("visit"), ">=", schema.Date("2026-02-28")), "full"},
		{query.System("created_at", "<", now()), "empty full other"},
		{query.System("revision", "=", int64(1)), "empty full other"},
		{query.System("created_by", "=", "u-li"), "empty full other"},
	}
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		store(t, db, o, []query.Row{records["full"], records["other"], records["empty"]})
		for i, c := range cases {
			rows, err := selectRows(db, t, query.Select{Object: o, Where: c.where, Sort: []query.Sort{{System: "id"}}})
			if err != nil {
				t.Errorf("%d: %v", i, err)
				continue
			}
			var ids []string
			for _, r := range rows {
				ids = append(ids, r.ID)
			}
			if got := strings.Join(ids, " "); got != c.want {
				t.Errorf("%d: got %q, want %q", i, got, c.want)
			}
		}
	})
}

func TestRefused(t *testing.T) {
	o := lead()
	division, err := expr.Compile("预算/评分>1", env(t), expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]query.Select{
		"no object":       {},
		"unknown column":  {Object: o, Where: query.System("rowid", "=", "1")},
		"no comparison":   {Object: o, Where: query.System("id", "= 1 OR 1", "1")},
		"sort by a list":  {Object: o, Sort: []query.Sort{{Field: field(t, o, "tags")}}},
		"sort by unknown": {Object: o, Sort: []query.Sort{{System: "1; DROP TABLE o_1"}}},
		"a short key":     {Object: o, Sort: []query.Sort{{System: "created_at"}}, After: []any{"1"}},
		"a foreign key":   {Object: o, Sort: []query.Sort{{System: "created_at"}}, After: []any{"1 OR 1=1", "x"}},
		"not in SQL":      {Object: o, Where: query.Expr{Program: division}},
		"nil condition":   {Object: o, Where: query.And{nil}},
		"bad column":      {Object: o, Where: query.Blank(&schema.Field{Column: `c" OR 1=1`, Type: "text"})},
	} {
		for _, d := range []query.Dialect{sqldb.SQLiteDialect{}, sqldb.PostgresDialect{}} {
			if sql, _, err := s.Render(d); err == nil {
				t.Errorf("%s: %s", name, sql)
			}
		}
	}
}

// TestIndexFriendly: the everyday list is plain comparisons, and begins where the
// page before ended.
func TestIndexFriendly(t *testing.T) {
	o := lead()
	p, err := expr.Compile("来源=抖音 AND 创建时间 >= TODAY()-7 AND 预算>100", env(t), expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	s := query.Select{
		Object: o,
		Where: query.And{
			query.In{Field: field(t, o, "owner"), Values: []any{"u1", "u2"}},
			query.Expr{Program: p, Input: input(query.Row{})},
		},
		Sort: []query.Sort{{System: "created_at", Desc: true}}, After: []any{"5", "x"}, Limit: 51,
	}
	const columns = `SELECT "id", "created_at", "updated_at", "created_by", "deleted_at", "revision", "thread_seq" FROM "o_1" WHERE ("deleted_at" IS NULL AND `
	for _, c := range []struct {
		d    query.Dialect
		want string
	}{
		{sqldb.SQLiteDialect{}, columns + `("c_12" IN ($3, $4) AND ("c_1" = $5 AND "created_at" >= $6 AND "c_3" > $7)) AND ("created_at" <= $1 AND ("created_at" <> $1 OR "id" < $2))) ORDER BY "o_1"."created_at" DESC, "o_1"."id" DESC LIMIT 51`},
		{sqldb.PostgresDialect{}, columns + `("c_12" = ANY($3) AND ("c_1" = $4 AND "created_at" >= $5 AND "c_3" > $6::numeric)) AND ("created_at", "id") < ($1, $2)) ORDER BY "o_1"."created_at" DESC, "o_1"."id" DESC LIMIT 51`},
	} {
		got, _, err := s.Render(c.d)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// FuzzQuote: no identifier gets out of its quotes.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{`a`, `a"; DROP TABLE x--`, "\x00", `""`, `$1`, `?`, "名字", `\"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := query.Quote(s)
		inner := q[1 : len(q)-1]
		if q[0] != '"' || q[len(q)-1] != '"' || strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) || strings.Contains(q, "\x00") {
			t.Fatalf("%q becomes %s", s, q)
		}
		if strings.ReplaceAll(inner, `""`, `"`) != strings.ReplaceAll(s, "\x00", "") {
			t.Fatalf("%q does not come back from %s", s, q)
		}
	})
}

// Contract: records that are sought by ids are found by them on the embedded
// database, whatever else is asked, each once, in the order of the selection.
func TestSoughtByIDs(t *testing.T) {
	ids := []any{"b", "a", "b", nil}
	s := query.Select{Object: lead(), Where: query.And{query.System("deleted_at", "=", nil), query.In{System: "id", Values: ids}}, Limit: 5}
	text, args, err := s.Render(sqldb.SQLiteDialect{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, `json_each($1)) CROSS JOIN "o_`) || len(args) != 1 || args[0] != `["a","b"]` {
		t.Errorf("%s %v", text, args)
	}
	company := *field(t, lead(), "owner") // any column will do for a reference's
	company.Type = "reference"
	for _, c := range []struct {
		name   string
		values []any
		by     bool
	}{
		{"those of several companies", []any{"c", "a"}, true},
		{"those of one", []any{"c"}, false},
	} {
		s := query.Select{Object: lead(), Where: query.And{query.In{Field: &company, Values: c.values}}, Limit: 5}
		text, _, err := s.Render(sqldb.SQLiteDialect{})
		if err != nil || strings.Contains(text, `"`+company.Column+`" = sought`) != c.by {
			t.Errorf("%s: %s %v", c.name, text, err)
		}
	}
	one := query.Select{Object: lead(), Where: query.In{System: "id", Values: ids[:1]}}
	if text, _, err := one.Render(sqldb.SQLiteDialect{}); err != nil || !strings.Contains(text, `"id" = $1`) {
		t.Errorf("%s %v", text, err)
	}
}
