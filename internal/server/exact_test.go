package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// TestSumsOfMoneyAreExact adds up many amounts in two currencies, blanks among
// them, and compares with the same addition done in whole cents.
func TestSumsOfMoneyAreExact(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		const rows, unit = 100_000, 500
		lead, _ := c.app.Catalog.Current().Object("lead")
		budget, _ := lead.Field("budget")
		random := rand.New(rand.NewPCG(6, 2))
		cents, counts := map[string]int64{}, map[string]int64{}
		for range rows / unit {
			c.must(c.app.DB.Write(t.Context(), func(tx *sqldb.Tx) error {
				for range unit {
					amount, currency := random.Int64N(1_000_000_000_000)-300_000_000_000, []string{"CNY", "USD", ""}[random.IntN(3)]
					row := query.Row{ID: c.app.DB.NewID(), Values: map[string]any{}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Revision: 1}
					if currency != "" {
						row.Values[budget.ID] = schema.Money{Amount: apd.New(amount, -2), Currency: currency}
						cents[currency] += amount
						counts[currency]++
					}
					sql, args, err := query.Insert(tx.Dialect(), lead, row)
					if err != nil {
						return err
					}
					if _, err := tx.Exec(sql, args...); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		sums := c.sums(lead, budget)
		for currency, want := range cents {
			got, ok := sums[currency].Values[0].(schema.Money)
			if !ok || got.Amount.Cmp(apd.New(want, -2)) != 0 || got.Currency != currency {
				t.Errorf("%s adds up to %v, want %s", currency, got, apd.New(want, -2))
			}
			if n := sums[currency].Values[1]; n != counts[currency] {
				t.Errorf("%s has %v values, want %d", currency, n, counts[currency])
			}
		}
	})
}

// sums are the sum and the number of a field's values by currency.
func (c *company) sums(object *schema.Object, field *schema.Field) map[string]query.Group {
	c.Helper()
	aggregate := query.Aggregate{Object: object, Measures: []query.Measure{{Kind: query.Sum, Field: field}, {Kind: query.Count, Field: field}}}
	found := map[string]query.Group{}
	c.must(c.app.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
		sql, args, err := aggregate.Render(tx.Dialect())
		if err != nil {
			return err
		}
		rows, err := tx.Query(sql, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			group, err := aggregate.ScanGroup(rows, tx.Dialect())
			if err != nil {
				return err
			}
			found[group.Currency] = group
		}
		return rows.Err()
	}))
	return found
}

// TestARoutingDecidedAgainGivesTheOwner takes each routing from its entry in
// the thread, restores what it rested on and decides anew.
func TestARoutingDecidedAgainGivesTheOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		for i, fields := range []map[string]any{
			{"region": "华东"}, {"region": "华东", "source": "抖音"}, {"region": "华南"}, {}, {"region": "华东", "budget": "99999999999.99"},
			{"industry": "汽车零部件", "title": "采购总监", "region": "华东"}, {"region": "华东", "tags": []string{"a", "b"}},
		} {
			fields["phone"] = fmt.Sprintf("1370000%04d", i)
			c.lead(leader, fields)
		}
		for i := range 20 {
			c.arrive(100 + i)
		}
		entries := c.routings()
		if len(entries) != 27 {
			t.Fatalf("%d routings", len(entries))
		}
		for _, e := range entries {
			c.decidedAgain(e)
		}
	})
}

// routings are the routing entries of all leads.
func (c *company) routings() (found []thread.Entry) {
	c.Helper()
	for _, item := range c.as("leader")("GET", ask("limit", "500"), nil).items(c.T) {
		id := item["id"].(string)
		c.must(c.app.DB.Read(c.Context(), func(tx *sqldb.Tx) error {
			last, err := thread.LastOf(tx, []string{id}, "routed")
			if e, ok := last[id]; ok {
				if e.Params["owner"] != item["owner"].(map[string]any)["id"] {
					return errors.New("the entry names another owner than the lead")
				}
				found = append(found, e)
			}
			return err
		}))
	}
	return found
}

func (c *company) decidedAgain(e thread.Entry) {
	c.Helper()
	name, _ := e.Params["table"].(string)
	table, ok := catalog.Compiled[*reaction.RoutingTable](c.app.Catalog.Current(), "routing-table", name)
	if !ok {
		c.Fatalf("no table %q: %v", name, e.Params)
	}
	var recorded route.Recorded
	for _, part := range []struct{ from, into any }{{e.Params["recorded"], &recorded}, {e.Params["values"], &recorded.Values}} {
		raw, err := json.Marshal(part.from)
		c.must(err)
		c.must(json.Unmarshal(raw, part.into))
	}
	recorded.Now = e.At
	in, err := table.Table.Restore(recorded)
	c.must(err)
	got := route.Decide(table.Table, in)
	if got.Owner != e.Params["owner"] || got.Owner == "" || fmt.Sprint(got.Version) != fmt.Sprint(e.Params["version"]) {
		c.Errorf("decided again for %q by version %d, was %v by %v", got.Owner, got.Version, e.Params["owner"], e.Params["version"])
	}
}
