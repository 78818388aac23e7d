package query_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// TestListUsesAnIndex asks both planners: the page of one owner's records
// must walk an index, not the table.
func TestListUsesAnIndex(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		owner := field(t, o, "owner")
		var rows []query.Row
		for i := range 2000 {
			rows = append(rows, query.Row{
				ID: fmt.Sprintf("r%05d", i), CreatedAt: now().Add(time.Duration(i) * time.Minute), UpdatedAt: now(),
				Values: map[string]any{owner.ID: fmt.Sprintf("u-%d", i%20)},
			})
		}
		store(t, db, o, rows)
		p, err := expr.Compile("来源=抖音 OR NOT 大客户", env(t), expr.Bool)
		if err != nil {
			t.Fatal(err)
		}
		s := query.Select{
			Object: o, Sort: []query.Sort{{System: "created_at", Desc: true}}, Limit: 51,
			Where: query.And{query.In{Field: owner, Values: []any{"u-3"}}, query.Expr{Program: p, Input: input(query.Row{})}},
		}
		for _, after := range [][]any{nil, s.Key(rows[1000])} {
			s.After = after
			plan := explain(t, db, s)
			if !strings.Contains(plan, indexOver(o, owner)) || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("after %v:\n%s", after, plan)
			}
		}
	})
}

// TestGroupsOfFewAreFoundByWhatTheyHave: of how many leads each owner is late is
// asked on every leader's home; few are, and no other may be looked at. An index
// in the order of the groups tempts a planner that keeps no account.
func TestGroupsOfFewAreFoundByWhatTheyHave(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := lead()
		owner, due := field(t, o, "owner"), field(t, o, "next_due")
		due.Ordered = true // so that there is an index
		var rows []query.Row
		for i := range 3000 {
			row := query.Row{
				ID: fmt.Sprintf("r%05d", i), CreatedAt: now().Add(time.Duration(i) * time.Minute), UpdatedAt: now(),
				Values: map[string]any{owner.ID: fmt.Sprintf("u-%d", i%20)},
			}
			if i%300 == 7 {
				row.Values[due.ID] = now()
			}
			rows = append(rows, row)
		}
		store(t, db, o, rows)
		p, err := expr.Compile("NOT ISBLANK(下次时间)", env(t), expr.Bool)
		if err != nil {
			t.Fatal(err)
		}
		mine := query.Or{query.In{Field: owner, Values: []any{"u-3", "u-7"}}, query.Compare{Field: owner, Op: expr.OpEqual}}
		for name, late := range map[string]query.Condition{
			"an expression": query.Expr{Program: p, Input: input(query.Row{})},
			"a comparison":  query.Compare{Field: due, Op: expr.OpUnequal},
		} {
			a := query.Aggregate{
				Object: o, Where: query.And{mine, late}, Group: []query.GroupBy{{Field: owner}},
				Measures: []query.Measure{{Kind: query.Count}},
			}
			if got := explain(t, db, a); !strings.Contains(got, due.Column+"_at") && !strings.Contains(got, due.Column+"_mine") {
				t.Errorf("%s: what is late is not found by it:\n%s", name, got)
			}
			found, err := groups(db, t, a)
			if err != nil || len(found) != 1 || fmt.Sprint(found[0].Keys, found[0].Values) != "[u-7] [10]" {
				t.Errorf("%s: %v, %v", name, found, err)
			}
		}
	})
}

func indexOver(o *schema.Object, f *schema.Field) string {
	for _, i := range o.Indexes() {
		if i.Columns[0] == f.Column {
			return i.Name
		}
	}
	return "no index"
}

func explain(t *testing.T, db *sqldb.DB, s interface {
	Render(query.Dialect) (string, []any, error)
}) string {
	t.Helper()
	var lines []string
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		sql, args, err := s.Render(tx.Dialect())
		if err != nil {
			return err
		}
		if _, server := tx.Postgres(); !server {
			return plan(tx, "EXPLAIN QUERY PLAN "+sql, args, func(rows *sqldb.Rows) error {
				var id, parent, unused int64
				var line string
				err := rows.Scan(&id, &parent, &unused, &line)
				lines = append(lines, line)
				return err
			})
		}
		if _, err := tx.Exec("ANALYZE o_1"); err != nil {
			return err
		}
		return plan(tx, "EXPLAIN "+sql, args, func(rows *sqldb.Rows) error {
			var line string
			err := rows.Scan(&line)
			lines = append(lines, line)
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func plan(tx *sqldb.Tx, sql string, args []any, read func(*sqldb.Rows) error) error {
	rows, err := tx.Query(sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
