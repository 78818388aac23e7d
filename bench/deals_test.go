package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	program "clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// multiplyDeals copies companies, projects, contracts, payments and tickets in the
// tables, so that neither database thinks them small.
func multiplyDeals(t *testing.T, app *program.App) {
	t.Helper()
	for object, times := range map[string]int{"company": 60, "project": 300, "contract": 300, "payment": 200, "ticket": 100} {
		o, ok := app.Catalog.Current().Object(object)
		if !ok {
			t.Fatal("no " + object)
		}
		columns := []string{"created_at", "updated_at", "created_by", "deleted_at", "revision", "thread_seq"}
		values := slices.Clone(columns)
		for _, f := range o.Fields {
			if f.Unique {
				continue
			}
			value := f.Column
			if slices.Contains([]string{"company", "project", "contract"}, f.ObjectName) {
				value += "||'-'||(1+i%60)" // below a copy, too
			}
			columns, values = append(columns, f.Column), append(values, value)
			if f.Type == "currency" {
				columns, values = append(columns, f.Column+"_u"), append(values, f.Column+"_u")
			}
		}
		err := app.DB.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)
				INSERT INTO %s(id,%s) SELECT id||'-'||i,%s FROM %s, n`, times, o.Table, strings.Join(columns, ","), strings.Join(values, ","), o.Table))
			if err == nil {
				_, err = tx.Exec("ANALYZE " + o.Table)
			}
			return err
		})
		if err != nil {
			t.Fatal(object, err)
		}
	}
}

// firstDeals are a company, a project and a contract that have others below them.
func firstDeals(t *testing.T, look *readers) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, object := range []string{"company", "project", "contract", "payment"} {
		var found struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		if err := look.get(t.Context(), "manager", "/api/v1/records/"+object+"?limit=1", &found); err != nil || len(found.Items) == 0 {
			t.Fatal(object, err, len(found.Items))
		}
		ids[object] = found.Items[0].ID
	}
	return ids
}

// dealPages is what opens at a click between the lead and the payment.
func dealPages(lead string, ids map[string]string) []page {
	pages := []page{{"conversion", "manager", "/api/v1/records/lead/" + lead + "/convert"}}
	for _, object := range []string{"company", "project", "contract", "payment"} {
		for _, part := range []string{"", "/related", "/stages", "/thread"} {
			pages = append(pages, page{object, "manager", "/api/v1/records/" + object + "/" + ids[object] + part})
		}
	}
	const cards = "/api/v1/records/project?limit=20&sort=-stage_since&filter="
	for _, as := range []string{"sales", leader, "manager"} {
		pages = append(pages,
			page{"board's cards", as, cards + url.QueryEscape(`stage = "报价"`)},
			page{"board's cards", as, cards + url.QueryEscape(`stage = "已签约"`)})
	}
	for _, as := range []string{leader, "manager", "admin"} {
		pages = append(pages,
			page{"lead to cash", as, "/api/v1/cycles/lead-to-cash"},
			page{"lead to cash, a year", as, "/api/v1/cycles/lead-to-cash?from=2025-12-01&to=2026-11-30&earlier_from=2024-12-01&earlier_to=2025-11-30"},
			page{"reasons", as, "/api/v1/reasons/lead"}, page{"reasons", as, "/api/v1/reasons/project"})
	}
	return append(pages, page{"board", "sales", "/api/v1/records/project/board"}, page{"board", leader, "/api/v1/records/project/board"})
}
