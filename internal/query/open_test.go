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
)

// closing is the lead with a rule by which some are closed; the quote is there
// to be written as a literal.
func closing() *schema.Object {
	o := lead()
	source, _ := o.Field("source")
	source.Choices = append(source.Choices, schema.Choice{ID: "crm.o'brien", Name: "转介绍"})
	o.Closed = &schema.ClosedWhen{Field: "source", Choices: []string{"crm.lead.source.expo", "crm.o'brien"}}
	return o
}

// many are records of all sources, and of none, most of them closed.
func many(t testing.TB, o *schema.Object) []query.Row {
	source, score, owner, due := field(t, o, "source"), field(t, o, "score"), field(t, o, "owner"), field(t, o, "next_due")
	var rows []query.Row
	for i := range 3000 {
		values := map[string]any{owner.ID: fmt.Sprintf("u-%d", i%7)}
		switch {
		case i%20 == 1:
			values[source.ID] = "crm.lead.source.website"
		case i%20 == 2:
			values[source.ID] = "crm.lead.source.douyin"
		case i%20 == 3: // none
		case i%3 == 0:
			values[source.ID] = "crm.o'brien"
		default:
			values[source.ID] = "crm.lead.source.expo"
		}
		if i%5 > 0 {
			values[score.ID] = number(int64(i % 11))
		}
		if i%50 == 0 {
			values[due.ID] = now().Add(time.Duration(i) * time.Minute)
		}
		rows = append(rows, query.Row{
			ID: fmt.Sprintf("r%05d", i), CreatedAt: now().Add(time.Duration(i) * time.Minute), UpdatedAt: now(), Values: values,
		})
	}
	return rows
}

func compiled(t testing.TB, o *schema.Object, source string) query.Expr {
	t.Helper()
	e := env(t)
	e.Object = o
	p, err := expr.Compile(source, e, expr.Bool)
	if err != nil {
		t.Fatal(err)
	}
	return query.Expr{Program: p, Input: input(query.Row{})}
}

// However open records are asked for, the answer is what it would be without the
// rule, and what asks for open ones only uses the index over those.
func TestOpenRecordsByAnyWords(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		with := closing()
		without := *with
		without.Closed = nil
		store(t, db, with, many(t, with))
		for source, indexed := range map[string]bool{
			"NOT 来源 IN (展会, 转介绍)":              true,
			"NOT 来源 IN (转介绍, 展会)":              true,
			"来源 = 抖音":                          true,
			"来源 IN (抖音, 官网)":                   true,
			"NOT 来源 IN (展会)":                   false,
			"NOT 来源 = 展会":                      false,
			"来源 IN (抖音, 展会)":                   false,
			"来源 = 展会":                          false,
			"NOT 来源 IN (展会, 转介绍, 抖音)":          false,
			"NOT (来源 = 抖音)":                    false,
			"ISBLANK(来源)":                      false,
			"NOT 来源 IN (展会, 转介绍) OR 评分 > 9":    false,
			"评分 > 9 AND NOT 来源 IN (展会, 转介绍)":   true,
			"NOT (NOT 来源 IN (展会, 转介绍))":        false,
			"NOT (来源 = 抖音 OR 来源 IN (展会, 转介绍))": false,
		} {
			ask := func(o *schema.Object) query.Select {
				return query.Select{Object: o, Where: compiled(t, o, source), Sort: []query.Sort{{System: "created_at", Desc: true}}, Limit: 60}
			}
			got, want := idsOf(t, db, ask(with)), idsOf(t, db, ask(&without))
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d records, without the rule %d", source, len(got), len(want))
			}
			if plan := explain(t, db, ask(with)); indexed && !strings.Contains(plan, "_open") {
				t.Errorf("%s does not use the index over open records:\n%s", source, plan)
			}
		}
	})
}

func idsOf(t *testing.T, db *sqldb.DB, s query.Select) []string {
	t.Helper()
	rows, err := selectRows(db, t, s)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// A page in the order of a field that may be blank comes from two selections,
// from one where the filter settles which.
func TestHalvesOfAPage(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := closing()
		rows := many(t, o)
		store(t, db, o, rows)
		score, due := field(t, o, "score"), field(t, o, "next_due")
		for _, c := range []struct {
			filter string
			by     *schema.Field
			halves int
		}{
			{"评分 >= 0 OR ISBLANK(评分)", score, 2}, {"评分 > 3", score, 1}, {"3 < 评分", score, 1}, {"NOT ISBLANK(评分)", score, 1},
			{"ISBLANK(评分)", score, 1}, {"来源 = 抖音 AND NOT ISBLANK(下次时间)", due, 1}, {"NOT ISBLANK(评分)", due, 2},
			{"ISBLANK(下次时间) AND 评分 = 4", due, 1}, {"NOT (评分 > 3)", score, 2},
		} {
			for _, desc := range []bool{false, true} {
				s := query.Select{Object: o, Fields: o.Fields, Where: compiled(t, o, c.filter), Sort: []query.Sort{{Field: c.by, Desc: desc}}, Limit: 170}
				if got := len(s.Halves()); got != c.halves {
					t.Errorf("%s by %s: %d halves, want %d", c.filter, c.by.Name, got, c.halves)
				}
				checkPages(t, db, s, len(rows))
			}
		}
	})
}

// checkPages compares the list by pages with the list as one selection.
func checkPages(t *testing.T, db *sqldb.DB, s query.Select, most int) {
	t.Helper()
	all := s
	all.Limit = 0 // in one piece, blank last
	want := idsOf(t, db, all)
	var got []string
	for {
		page, err := selectRows(db, t, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			got = append(got, r.ID)
		}
		if len(page) < s.Limit || len(got) > most {
			break
		}
		s.After = s.Key(page[len(page)-1])
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v: %d by pages, %d in one piece, or in another order", s.Order(), len(got), len(want))
	}
}

func number(n int64) *apd.Decimal { return apd.New(n, 0) }
