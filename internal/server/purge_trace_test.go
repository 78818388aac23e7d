package server_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// canary is in everything that anybody says of the record that goes.
const canary = "金丝雀CANARY"

// TestNothingOfWhatWasPurgedIsLeft: a contact and a lead full of a word are
// written, talked of, edited one by one and in bulk, merged and deleted. A month
// later the word stands in no table, whatever the table.
func TestNothingOfWhatWasPurgedIsLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.app.Purge.Keep = server.Keeping(30, 30)
		admin := c.as("admin")
		lead := c.lead(admin, map[string]any{
			"company": canary, "contact": canary, "title": canary, "phone": "13700009999", "wechat": canary, "city": canary, "product": canary,
			"message": canary + " 急需样品", "tags": []string{canary}, "owner": c.ids["s1"],
		})
		person := admin("GET", leads+"/"+lead, nil).json(t)["person"].(map[string]any)["id"].(string)
		admin("PATCH", leads+"/"+lead, map[string]any{"city": canary + "2"}).want(t, "edit", 200)
		admin("POST", leads+"/"+lead+"/comments", map[string]any{"text": canary, "mentions": []string{c.ids["leader"]}}).want(t, "comment", 204)
		admin("POST", leads+"/"+lead+"/follow", nil)
		admin("PUT", "/api/v1/pins/lead/"+lead, nil)
		op := c.request(admin, map[string]any{"object": "lead", "action": "edit", "ids": []string{lead}, "fields": map[string]any{"product": canary + "3"}})
		c.ended(admin, op)
		admin("POST", leads+"/"+lead+"/convert", map[string]any{}).want(t, "convert", 201)
		made := admin("GET", leads+"/"+lead, nil).json(t)
		for _, object := range []string{"project", "organisation"} {
			id := made[object].(map[string]any)["id"].(string)
			admin("DELETE", "/api/v1/records/"+strings.Replace(object, "organisation", "company", 1)+"/"+id, nil).want(t, "delete what it became", 204)
		}
		other := c.lead(admin, map[string]any{"company": "别家", "phone": "13700008888", "owner": c.ids["s1"]})
		otherPerson := admin("GET", leads+"/"+other, nil).json(t)["person"].(map[string]any)["id"].(string)
		admin("POST", contacts+"/"+otherPerson+"/merge", map[string]any{"other": person, "fields": map[string]string{"name": "this", "company_name": "this", "wechat": "this", "title": "this", "city": "this"}}).want(t, "merge", 200)
		admin("DELETE", leads+"/"+lead, nil).want(t, "delete", 204)
		if len(c.traces()) == 0 {
			t.Fatal("the word is nowhere while it is there")
		}
		c.must(c.app.DB.SetOffset(70 * 24 * time.Hour))
		done, err := c.app.Purge.Sweep(t.Context())
		c.must(err)
		if done.Records != 4 {
			t.Errorf("%d records were purged, want the lead, its contact, company and project", done.Records)
		}
		for _, table := range []string{"conversion", "stage_visit", "clock_run", "pin", "recent", "follower"} {
			c.expectCount("SELECT COUNT(*) FROM "+table+" WHERE record='"+lead+"'", 0)
		}
		for _, trace := range c.traces() {
			t.Errorf("left in %s", trace)
		}
	})
}

// traces are the columns of tables that hold the word, "table.column ×rows".
func (c *company) traces() (found []string) {
	c.Helper()
	tables := map[string][]string{}
	list, columns := `SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_text%'`, `SELECT name FROM pragma_table_info($1)`
	if c.options.Database != "" {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema=current_schema()`
		columns = `SELECT column_name FROM information_schema.columns WHERE table_schema=current_schema() AND table_name=$1`
	}
	for _, table := range c.texts(list) {
		tables[table] = c.texts(columns, table)
	}
	for table, names := range tables {
		for _, name := range names {
			var n int64
			c.must(c.app.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
				return tx.QueryRow(fmt.Sprintf(`SELECT COUNT(*) FROM "%s" WHERE CAST("%s" AS TEXT) LIKE $1`, table, name), "%CANARY%").Scan(&n)
			}))
			if n > 0 && !strings.HasPrefix(table, "operation") && table != "match_key" {
				found = append(found, fmt.Sprintf("%s.%s ×%d", table, name, n))
			}
		}
	}
	sort.Strings(found)
	return found
}

// texts are the first column of what a statement gives.
func (c *company) texts(sql string, args ...any) (found []string) {
	c.Helper()
	c.must(c.app.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query(sql, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				return err
			}
			found = append(found, strings.TrimSpace(text))
		}
		return rows.Err()
	}))
	return found
}
