package query_test

import (
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
	"pgregory.net/rapid"
)

// holds says in Go whether a condition holds for a record: two-valued, false for
// every comparison with blank. It knows nothing of SQL.
func holds(t *rapid.T, c query.Condition, r query.Row) bool {
	switch c := c.(type) {
	case query.And:
		for _, part := range c {
			if !holds(t, part, r) {
				return false
			}
		}
		return true
	case query.Or:
		return slices.ContainsFunc(c, func(part query.Condition) bool { return holds(t, part, r) })
	case query.Not:
		return !holds(t, c.Condition, r)
	case query.Always:
		return true
	case query.Never:
		return false
	case query.Compare:
		return compares(valueOf(r, c.Field, c.System), c.Op, c.Value)
	case query.In:
		return slices.ContainsFunc(c.Values, func(v any) bool { return v != nil && compares(valueOf(r, c.Field, c.System), "=", v) })
	case query.Has:
		list, _ := r.Field(c.Field.ID).([]string)
		return slices.Contains(list, c.Value)
	case query.Expr:
		in := c.Input
		in.Field = r.Field
		ok, err := c.Program.Truth(in)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	t.Fatalf("a %T", c)
	return false
}

func valueOf(r query.Row, f *schema.Field, system string) any {
	switch {
	case f != nil:
		return r.Field(f.ID)
	case system == "deleted_at" && r.DeletedAt == nil, system == "created_by" && r.CreatedBy == "":
		return nil
	case system == "deleted_at":
		return *r.DeletedAt
	case system == "revision":
		return apd.New(r.Revision, 0)
	}
	return r.Field(system)
}

func compares(a any, op expr.Op, b any) bool {
	if n, ok := b.(int64); ok {
		b = apd.New(n, 0)
	}
	if a == nil || b == nil {
		return b == nil && (op == "=" && a == nil || op == "<>" && a != nil)
	}
	if m, ok := a.(schema.Money); ok {
		a = m.Amount
	}
	if m, ok := b.(schema.Money); ok {
		b = m.Amount
	}
	c := compareValues(a, b)
	return map[expr.Op]bool{"=": c == 0, "<>": c != 0, "<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[op]
}

// drawCondition draws a tree of conditions of every kind.
func drawCondition(t *rapid.T, env expr.Env, o *schema.Object, depth int) query.Condition {
	sub := func() query.Condition { return drawCondition(t, env, o, depth-1) }
	subs := func() (out []query.Condition) {
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			out = append(out, sub())
		}
		return out
	}
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth == 0 && kind < 4 {
		kind += 4
	}
	f := rapid.SampledFrom(o.Fields).Draw(t, "field")
	for f.Storage() == schema.TextList && kind != 7 {
		f = rapid.SampledFrom(o.Fields).Draw(t, "field")
	}
	op := rapid.SampledFrom([]expr.Op{"=", "<>", "<", "<=", ">", ">="}).Draw(t, "operator")
	switch kind {
	case 0:
		return query.And(subs())
	case 1:
		return query.Or(subs())
	case 2:
		return query.Not{Condition: sub()}
	case 3:
		return rapid.SampledFrom([]query.Condition{query.Always{}, query.Never{}}).Draw(t, "always or never")
	case 4:
		if f.Storage() == schema.Boolean {
			op = rapid.SampledFrom([]expr.Op{"=", "<>"}).Draw(t, "operator")
		}
		return query.Where(f, op, rapid.OneOf(rapid.Just[any](nil), rapid.Custom(func(t *rapid.T) any { return drawValue(t, f) })).Draw(t, "value"))
	case 5:
		var values []any
		for range rapid.IntRange(0, 4).Draw(t, "values") {
			values = append(values, rapid.OneOf(rapid.Just[any](nil), rapid.Custom(func(t *rapid.T) any { return drawValue(t, f) })).Draw(t, "value"))
		}
		return query.In{Field: f, Values: values}
	case 6:
		return rapid.SampledFrom([]query.Condition{
			query.System("id", op, "r030"), query.System("created_at", op, now()), query.System("revision", op, int64(1)), query.System("created_by", op, "u-li"), query.System("deleted_at", op, nil),
			query.In{System: "id", Values: []any{"r001", "r002", "r059", "r999", nil, "r001"}}, query.In{System: "id", Values: []any{"r003"}}, query.In{System: "id"},
		}).Draw(t, "system")
	case 7:
		list, _ := o.Field("tags")
		return query.Has{Field: list, Value: rapid.SampledFrom(words).Draw(t, "tag")}
	case 8:
		return query.Blank(f)
	}
	p, err := expr.Compile(drawExpression(t, expr.Bool, 2), env, expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	if p.SQLProblem() != nil {
		return query.Always{}
	}
	return query.Expr{Program: p, Input: input(query.Row{})}
}

// TestConditionTrees: any tree of conditions, in any order, page by page, gives
// exactly the records for which it holds in Go; the count and the complement agree.
func TestConditionTrees(t *testing.T) {
	rows := rapid.Custom(func(t *rapid.T) []query.Row {
		out := make([]query.Row, 60)
		for i := range out {
			out[i] = drawRow(t, i)
			if i%7 == 0 {
				gone := now()
				out[i].DeletedAt = &gone
			}
			if i%5 == 0 {
				out[i].CreatedBy = ""
			}
		}
		return out
	}).Example(11)
	clewtest.Databases(t, func(outer *testing.T, db *sqldb.DB) {
		o, e := lead(), env(outer)
		store(outer, db, o, rows)
		sortable := []query.Sort{{System: "created_at"}, {System: "id"}, {System: "created_by"}}
		for _, f := range o.Fields {
			if f.Storage() != schema.TextList {
				sortable = append(sortable, query.Sort{Field: f})
			}
		}
		rapid.Check(outer, func(t *rapid.T) {
			s := query.Select{Object: o, Fields: o.Fields, Limit: rapid.IntRange(5, 25).Draw(t, "limit"), Deleted: rapid.IntRange(0, 9).Draw(t, "deleted") == 0}
			s.Where = drawCondition(t, e, o, rapid.IntRange(0, 3).Draw(t, "depth"))
			for range rapid.IntRange(0, 2).Draw(t, "levels") {
				level := rapid.SampledFrom(sortable).Draw(t, "sort")
				level.Desc = rapid.Bool().Draw(t, "desc")
				s.Sort = append(s.Sort, level)
			}
			var live []query.Row
			for _, r := range rows {
				if (r.DeletedAt != nil) == s.Deleted {
					live = append(live, r)
				}
			}
			var chosen []query.Row
			for _, r := range live {
				if holds(t, s.Where, r) {
					chosen = append(chosen, r)
				}
			}
			want := orderedInGo(chosen, s)
			if got := allPages(t, outer, db, s, len(rows)); !slices.Equal(got, want) {
				t.Fatalf("%s\nby %v\nwant %v\ngot  %v", shown(s.Where), s.Order(), want, got)
			}
			if got := counted(outer, db, s, 0); got != len(want) {
				t.Fatalf("%s: counted %d, there are %d", shown(s.Where), got, len(want))
			}
			if got := counted(outer, db, s, 5); got != min(5, len(want)) {
				t.Fatalf("%s: counted %d up to 5, there are %d", shown(s.Where), got, len(want))
			}
			s.Where = query.Not{Condition: s.Where}
			if got := counted(outer, db, s, 0); got != len(live)-len(want) {
				t.Fatalf("NOT %s: counted %d, there are %d of %d", shown(s.Where), got, len(live)-len(want), len(live))
			}
		})
	})
}

// allPages joins the pages; each cursor goes through JSON, as in a link.
func allPages(t *rapid.T, outer *testing.T, db *sqldb.DB, s query.Select, most int) (ids []string) {
	for {
		page, err := selectRows(db, outer, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			ids = append(ids, r.ID)
		}
		if len(page) < s.Limit || len(ids) > most {
			return ids
		}
		s.After = throughJSON(t, s.Key(page[len(page)-1]))
	}
}

func counted(t *testing.T, db *sqldb.DB, s query.Select, limit int) (n int) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		sql, args, err := s.RenderCount(tx.Dialect(), limit)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(sql, args...).Scan(&n); err != nil {
			return fmt.Errorf("%s %v: %w", sql, args, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// shown writes a tree for a failure's message.
func shown(c query.Condition) string {
	list := func(parts []query.Condition, name string) string {
		var texts []string
		for _, part := range parts {
			texts = append(texts, shown(part))
		}
		return name + "(" + strings.Join(texts, ", ") + ")"
	}
	name := func(f *schema.Field, system string) string {
		if f != nil {
			return f.Name
		}
		return system
	}
	switch c := c.(type) {
	case query.And:
		return list(c, "And")
	case query.Or:
		return list(c, "Or")
	case query.Not:
		return "Not(" + shown(c.Condition) + ")"
	case query.Compare:
		return fmt.Sprintf("%s %s %v", name(c.Field, c.System), c.Op, c.Value)
	case query.In:
		return fmt.Sprintf("%s in %v", name(c.Field, c.System), c.Values)
	case query.Expr:
		return c.Program.Text("zh-CN")
	}
	return fmt.Sprintf("%T%v", c, c)
}

// TestPagesWhileRecordsCome: what was there when the list was opened is read once,
// whatever comes, goes or changes between two pages.
func TestPagesWhileRecordsCome(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		score := field(t, o, "score")
		made := func(i int, at time.Time) query.Row {
			r := query.Row{ID: fmt.Sprintf("r%03d", i), CreatedAt: at, UpdatedAt: at, Revision: 1, Values: map[string]any{}}
			if i%4 > 0 {
				r.Values[score.ID] = number(int64(i % 10))
			}
			return r
		}
		var rows []query.Row
		for i := range 60 {
			rows = append(rows, made(i, now().Add(time.Duration(i/3)*time.Second)))
		}
		store(t, db, o, rows)
		late := 1000
		for _, s := range []query.Select{
			{Object: o, Fields: o.Fields, Limit: 7, Sort: []query.Sort{{System: "created_at", Desc: true}}},
			{Object: o, Fields: o.Fields, Limit: 7, Sort: []query.Sort{{Field: score, Desc: true}}},
			{Object: o, Fields: o.Fields, Limit: 7, Sort: []query.Sort{{Field: score}, {System: "created_at"}}},
		} {
			seen := map[string]int{}
			for {
				page, err := selectRows(db, t, s)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					seen[r.ID]++
				}
				if len(page) < s.Limit {
					break
				}
				last := page[len(page)-1]
				s.After = s.Key(last)
				late++
				insertOne(t, db, o, made(late, now().Add(time.Hour)))
				remove(t, db, o, last) // the cursor's own record goes
			}
			for i := range 60 {
				id := fmt.Sprintf("r%03d", i)
				if seen[id] != 1 && !(seen[id] == 0 && gone(t, db, o, id)) {
					t.Errorf("%v: %s was read %d times", s.Order(), id, seen[id])
				}
			}
		}
	})
}

func insertOne(t *testing.T, db *sqldb.DB, o *schema.Object, r query.Row) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		sql, args, err := query.Insert(tx.Dialect(), o, r)
		if err != nil {
			return err
		}
		_, err = tx.Exec(sql, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, db *sqldb.DB, o *schema.Object, r query.Row) {
	t.Helper()
	at := now()
	r.DeletedAt = &at
	update(t, db, o, r, nil)
}

func gone(t *testing.T, db *sqldb.DB, o *schema.Object, id string) bool {
	t.Helper()
	rows, err := selectRows(db, t, query.Select{Object: o, Where: query.System("id", "=", id), Deleted: true})
	if err != nil {
		t.Fatal(err)
	}
	return len(rows) == 1
}
