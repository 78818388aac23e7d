package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	program "clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

const (
	smallBase = 150
	smallFill = 2400
)

// TestFilledCompany fills a small company and looks at it: what is counted
// beside the records agrees with them, and nothing that people wait for scans.
func TestFilledCompany(t *testing.T) {
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		at := place{dir: o.Dir, url: o.URL}
		makeDemo(t, at)
		if err := fill(t.Context(), at, smallFill); err != nil {
			t.Fatal(err)
		}
		app := open(t, at)
		multiplyDeals(t, app)
		lead, ok := app.Catalog.Current().Object("lead")
		if !ok {
			t.Fatal("no leads")
		}
		t.Run("consistent", func(t *testing.T) { checkFilled(t, app, lead) })
		if o.URL == "" {
			t.Run("in order", func(t *testing.T) { checkOrder(t, app, lead) })
		}
		t.Run("plans", func(t *testing.T) { checkPlans(t, app) })
	})
}

func open(t *testing.T, at place) *program.App {
	t.Helper()
	app, err := program.Open(t.Context(), program.Options{Data: at.dir, Database: at.url, Template: "crm", Demo: true, Listen: "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.DB.Close() })
	return app
}

func makeDemo(t *testing.T, at place) {
	t.Helper()
	app := open(t, at)
	if err := demo.Generate(t.Context(), demo.Company{
		DB: app.DB, Snapshot: app.Catalog.Current, Accounts: app.Accounts, Intake: app.Intake, Records: app.Records,
		Timer: app.Timer, Notify: app.Notify, Leads: smallBase,
	}); err != nil {
		t.Fatal(err)
	}
	if err := app.DB.Close(); err != nil {
		t.Fatal(err)
	}
}

// checkOrder: records that follow each other in time lie beside each other, as
// those of a company do, or a page of a list would be read from all over the file.
func checkOrder(t *testing.T, app *program.App, lead *schema.Object) {
	var apart, all int64
	err := app.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
		return tx.QueryRow("SELECT SUM(ABS(gap)>20), COUNT(*) FROM (SELECT rowid-LAG(rowid) OVER (ORDER BY created_at,id) AS gap FROM "+lead.Table+" WHERE id LIKE '%-7f%')").Scan(&apart, &all)
	})
	if err != nil {
		t.Fatal(err)
	}
	if apart*20 > all {
		t.Errorf("%d of %d records lie apart from the one before", apart, all)
	}
}

// checkFilled compares roll-ups, loads and threads with the records.
func checkFilled(t *testing.T, app *program.App, lead *schema.Object) {
	err := app.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{Object: lead, Fields: lead.Fields})
		if err != nil {
			return err
		}
		if len(rows) < smallFill*8/10 || len(rows) > smallFill {
			t.Errorf("%d leads, wanted about %d", len(rows), smallFill)
		}
		source, _ := lead.Field(lead.Health.Source)
		first, _ := lead.Field(lead.Health.FirstTouch)
		exact := metric.Count(rows, source, first, app.Catalog.Current().Zone())
		figures, err := metric.Read(tx, metric.Range{Object: lead.ID, From: "2000-01-01", To: "2100-01-01"})
		if err != nil {
			return err
		}
		got, want := figures.Total, exact.Total
		if got.Created != want.Created || got.Touched != want.Touched || got.Within24h != want.Within24h || got.Within30m != want.Within30m {
			t.Errorf("figures %+v, records %+v", got, want)
		}
		if off := got.Median.Seconds() / want.Median.Seconds(); off < 0.94 || off > 1.06 {
			t.Errorf("median %v, of the records %v", got.Median, want.Median)
		}
		for what, sql := range map[string]string{
			"threads that end elsewhere": fmt.Sprintf(`SELECT COUNT(*) FROM %s l WHERE thread_seq<>(
				SELECT COUNT(*) FROM thread_entry t WHERE t.record=l.id)`, lead.Table),
			"keys of nobody": fmt.Sprintf("SELECT COUNT(*) FROM match_key WHERE scope='%s' AND record NOT IN (SELECT id FROM %s)", lead.ID, lead.Table),
		} {
			var n int64
			if err := tx.QueryRow(sql).Scan(&n); err != nil {
				return err
			}
			if n != 0 {
				t.Errorf("%d %s", n, what)
			}
		}
		open, err := metric.OpenByOwner(tx, lead.ID)
		if err != nil {
			return err
		}
		for owner, n := range openOf(lead, rows) {
			if open[owner] != n {
				t.Errorf("%s has %d open, noted %d", owner, n, open[owner])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func openOf(lead *schema.Object, rows []query.Row) map[string]int64 {
	owner, _ := lead.Field(lead.OwnerField)
	status, _ := lead.Field(lead.Closed.Field)
	open := map[string]int64{}
	for _, row := range rows {
		closed := false
		for _, id := range lead.Closed.Choices {
			closed = closed || row.Values[status.ID] == id
		}
		if id, ok := row.Values[owner.ID].(string); ok && !closed {
			open[id]++
		}
	}
	return open
}

// waitedFor is what opens at a click.
func waitedFor(record string, deals map[string]string) []page {
	pages := append(lists(), dealPages(record, deals)...)
	for _, as := range []string{"sales", leader, "manager", "marketing", "admin"} {
		pages = append(pages, page{"home", as, "/api/v1/home"}, page{"inbox", as, "/api/v1/inbox"})
	}
	for _, part := range []string{"", "/thread", "/clocks", "/why", "/related"} {
		pages = append(pages, page{"record", "manager", "/api/v1/records/lead/" + record + part})
	}
	for _, words := range []string{"苏州", "有限公司", "sz", "zhang", "suzho", "1", "1380", "example", "exampl", "没有这家"} {
		for _, as := range []string{"sales", leader, "manager"} {
			pages = append(pages, page{"search", as, "/api/v1/search?" + url.Values{"q": {words}}.Encode()})
		}
	}
	return append(pages,
		page{"dashboard", "manager", "/api/v1/dashboards/lead-health"}, page{"dashboard", leader, "/api/v1/dashboards/lead-health"},
		page{"channels", "admin", "/api/v1/channels"}, page{"deliveries", "admin", "/api/v1/channels/douyin/deliveries"},
		page{"health", "admin", "/api/v1/health/status"})
}

// checkPlans asks for the plan of every query behind what is waited for.
func checkPlans(t *testing.T, app *program.App) {
	site := httptest.NewServer(app.Handler())
	defer site.Close()
	look, err := logInAll(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := look.get(t.Context(), "manager", leads, &found); err != nil || len(found.Items) == 0 {
		t.Fatal(err, len(found.Items))
	}
	type asked struct {
		sql  string
		args []any
	}
	var mu sync.Mutex
	seen := map[string]asked{}
	at := ""
	app.DB.Observe(func(sql string, args []any) {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(sql, "SELECT") {
			seen[at+sql] = asked{sql, args}
		}
	})
	for _, p := range waitedFor(found.Items[0].ID, firstDeals(t, look)) {
		at = p.name + " as " + p.as + ": "
		if err := look.get(t.Context(), p.as, p.path, nil); err != nil {
			t.Error(err)
		}
	}
	app.DB.Observe(nil)
	if len(seen) < 100 {
		t.Errorf("only %d queries were seen", len(seen))
	}
	for place, q := range seen {
		plan, err := planOf(t.Context(), app.DB, q.sql, q.args)
		if err != nil {
			t.Errorf("%s: %v", place, err)
		}
		if scans.MatchString(plan) {
			t.Errorf("%s scans:\n%s", place, plan)
		}
	}
}

// scans finds a scan of a table that grows with the company, in either
// database's words. The tables of people and configuration are small.
var scans = regexp.MustCompile(`(?m)(SCAN (o_[0-9]+|"o_[0-9]+"|thread_entry|delivery|delivery_key|inbox|outbox|clock_run|match_key|figure|response_time|search_document|stage_visit|conversion)( AS [a-z]+)?$` +
	`|Seq Scan on "?(o_[0-9]+|thread_entry|delivery|delivery_key|inbox|outbox|clock_run|match_key|figure|response_time|search_document|stage_visit|conversion)\b)`)

// planOf is a query's plan. A server is told to scan only where it must, which
// is what it finds by itself in a company of a million.
func planOf(ctx context.Context, db *sqldb.DB, sql string, args []any) (string, error) {
	var lines []string
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		lines = nil
		explain := "EXPLAIN QUERY PLAN "
		pg, server := tx.Postgres()
		if server {
			if _, err := pg.Exec(ctx, "SET LOCAL enable_seqscan=off"); err != nil {
				return err
			}
			explain = "EXPLAIN "
		}
		rows, err := tx.Query(explain+sql, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			var id, parent, unused int64
			dest := []any{&id, &parent, &unused, &line}
			if server {
				dest = []any{&line}
			}
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			lines = append(lines, line)
		}
		return rows.Err()
	})
	return strings.Join(lines, "\n"), err
}

func TestScansAreKnownByTheirWords(t *testing.T) {
	for plan, want := range map[string]bool{
		"SCAN o_5": true, "SCAN thread_entry AS e": true, "SCAN o_5 USING INDEX o_5_created": false, "SEARCH o_5 USING INDEX x (c=?)": false,
		"SCAN account": false, "  ->  Seq Scan on o_5  (cost=0.00..1.01 rows=1 width=32)": true, "->  Index Scan using o_5_created on o_5": false,
		"SCAN inbox USING COVERING INDEX inbox_unread": false, "Seq Scan on account  (cost": false,
	} {
		if got := scans.MatchString(plan); got != want {
			t.Errorf("%q: %t", plan, got)
		}
	}
}
