package record_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/sqldb"
)

// reading runs fn with a person's reader.
func (c *company) reading(who string, fn func(r *record.Reader) error) {
	c.Helper()
	s := c.catalog.Current()
	roles := catalog.All[*access.Role](s, "role")
	grants := c.access.For(access.Principal{UserID: c.ids[who]}, access.Policy{Version: s.Version, Objects: s.Objects, Roles: roles, Zone: s.Zone()}, c.people.Directory())
	c.read(func(tx *sqldb.Tx) error {
		return fn(&record.Reader{Tx: tx, Snapshot: s, Directory: c.people.Directory(), Grants: grants})
	})
}

// list gives the companies of a listing's rows in their order, or its fault.
func (c *company) list(who string, l record.Listing) string {
	c.Helper()
	if l.Object == "" {
		l.Object = "lead"
	}
	out := ""
	c.reading(who, func(r *record.Reader) error {
		page, err := r.List(l)
		if err != nil {
			out = faults(err)
			return nil
		}
		var names []string
		for _, row := range page.Rows {
			names = append(names, fmt.Sprint(row.Values["t.lead.company"]))
		}
		out = strings.Join(names, " ")
		return nil
	})
	return out
}

// shop are seven leads of two people, with blanks, ties and odd values.
func (c *company) shop() (ids []string) {
	c.Helper()
	for i, one := range []map[string]any{
		{"company": "a", "owner": c.ids["ann"], "rank": "1", "amount": "100", "on": "2026-01-31", "hot": true, "status": "新", "tags": []any{"x", "y"}},
		{"company": "b", "owner": c.ids["ann"], "rank": "1", "amount": "20.5", "on": "2026-02-28", "status": "新"},
		{"company": "c", "owner": c.ids["bob"], "rank": "-0.001", "amount": "0", "on": "2025-12-31", "status": "成交"},
		{"company": "d", "owner": c.ids["bob"], "amount": "99999999999.99", "hot": false, "tags": []any{"y"}},
		{"company": "e", "rank": "1000000", "on": "2026-02-01", "status": "成交", "contact": `他说 "好" 'ok' \ %_`},
		{"company": "f", "owner": c.ids["ann"], "rank": "0.5", "contact": "第二\n行"},
		{"company": "g", "owner": c.ids["ann"], "contact": ""},
	} {
		c.clock.Advance(time.Duration(i) * 6 * time.Hour)
		ids = append(ids, c.create("lead", one).ID)
	}
	return ids
}

// TestListsAreSortedAsAsked: every kind of field, up and down, blanks last, ties
// by id, several keys.
func TestListsAreSortedAsAsked(t *testing.T) {
	onBoth(t, func(c *company) {
		c.shop()
		for _, one := range []struct{ sort, want string }{
			{"", "g f e d c b a"},
			{"created_at", "a b c d e f g"},
			{"-created_at", "g f e d c b a"},
			{"id", "a b c d e f g"},
			{"-updated_at", "g f e d c b a"},
			{"rank", "c f a b e d g"},
			{"-rank", "e b a f c g d"},
			{"-rank,company", "e a b f c d g"},
			{"on", "c a e b d f g"},
			{"amount", "c b a d e f g"},
			{"status,-company", "b a e c g f d"},
			{"hot", "d a b c e f g"},
			{" -company ", "g f e d c b a"},
			{"-company,", "g f e d c b a"},
		} {
			c.same(fmt.Sprintf("%q", one.sort), c.list("eve", record.Listing{Sort: one.sort}), one.want)
		}
	})
}

// TestListingsAreRefusedWithTheParameter: what cannot be sorted, read or counted
// by names its parameter, and a field that one may not see is unknown.
func TestListingsAreRefusedWithTheParameter(t *testing.T) {
	onBoth(t, func(c *company) {
		c.shop()
		for _, one := range []struct {
			name, who string
			listing   record.Listing
			want      string
		}{
			{"no such object", "eve", record.Listing{Object: "moon"}, "not_found"},
			{"an object that is not his", "ann", record.Listing{Object: "firm"}, "not_found"},
			{"nobody", "mallory", record.Listing{}, "not_found"},
			{"a field that there is not", "eve", record.Listing{Sort: "moon"}, "unknown_field: sort unknown_field"},
			{"a field that he may not see", "ann", record.Listing{Sort: "-amount"}, "unknown_field: sort unknown_field"},
			{"a list", "eve", record.Listing{Sort: "tags"}, "unknown_field: sort unknown_field"},
			{"two minus signs", "eve", record.Listing{Sort: "--company"}, "unknown_field: sort unknown_field"},
			{"a column by its physical name", "eve", record.Listing{Sort: "c_1"}, "unknown_field: sort unknown_field"},
			{"a column of the system", "eve", record.Listing{Sort: "deleted_at"}, "unknown_field: sort unknown_field"},
			{"SQL", "eve", record.Listing{Sort: "id; DROP TABLE account"}, "unknown_field: sort unknown_field"},
			{"commas alone", "eve", record.Listing{Sort: ",,"}, "bad_sort: sort out_of_range"},
			{"nine keys", "eve", record.Listing{Sort: strings.Repeat("company,", 9)}, "bad_sort: sort out_of_range"},
			{"an unknown field to read", "eve", record.Listing{Fields: []string{"company", "moon"}}, "unknown_field: fields unknown_field"},
			{"a hidden field to read", "ann", record.Listing{Fields: []string{"amount"}}, "unknown_field: fields unknown_field"},
			{"a hidden field in a filter", "ann", record.Listing{Filter: "amount > 5"}, "invalid_expression: filter unknown_field"},
			{"its label in a filter", "ann", record.Listing{Filter: "金额 > 5"}, "invalid_expression: filter unknown_field"},
			{"half an expression", "eve", record.Listing{Filter: "company ="}, "invalid_expression: filter syntax"},
			{"no condition", "eve", record.Listing{Filter: "company"}, "invalid_expression: filter wrong_type"},
			{"-1", "eve", record.Listing{Limit: -1}, "bad_limit: limit out_of_range"},
			{"501", "eve", record.Listing{Limit: record.MaxLimit + 1}, "bad_limit: limit out_of_range"},
			{"500", "eve", record.Listing{Limit: record.MaxLimit, Sort: "company"}, "a b c d e f g"},
		} {
			c.same(one.name, c.list(one.who, one.listing), one.want)
		}
	})
}

// TestFieldsOfAPage: those that were asked for, the ones of its order besides,
// which the next page needs, and none that may not be seen.
func TestFieldsOfAPage(t *testing.T) {
	onBoth(t, func(c *company) {
		c.shop()
		for _, one := range []struct {
			who    string
			l      record.Listing
			fields string
		}{
			{"eve", record.Listing{Fields: []string{"company", "rank"}}, "company rank"},
			{"eve", record.Listing{Fields: []string{"company", "created_at", "id"}, Sort: "-rank,hot"}, "company rank hot"},
			{"eve", record.Listing{Fields: []string{"company"}, Sort: "company,created_at"}, "company"},
			{"ann", record.Listing{Fields: []string{"*"}}, "all without amount"},
			{"ann", record.Listing{}, "all without amount"},
		} {
			one.l.Object = "lead"
			c.reading(one.who, func(r *record.Reader) error {
				page, err := r.List(one.l)
				var names []string
				for _, f := range page.Fields {
					names = append(names, f.Name)
				}
				got := strings.Join(names, " ")
				if len(names) == len(c.object("lead").Fields)-1 && !slices.Contains(names, "amount") {
					got = "all without amount"
				}
				c.same(fmt.Sprint(one.who, one.l.Fields, one.l.Sort), got, one.fields)
				for _, row := range page.Rows {
					if _, there := row.Values["t.lead.amount"]; there && one.who == "ann" {
						t.Errorf("%v came along", row.Values)
					}
				}
				return err
			})
		}
	})
}

// TestPagesJoin: of every size and order, each record once and in the order of
// the whole list, also when the same value stands many times.
func TestPagesJoin(t *testing.T) {
	onBoth(t, func(c *company) {
		c.shop()
		for _, sort := range []string{"", "company", "-rank", "rank,-company", "status", "-hot,amount", "on,-created_at", "amount"} {
			whole := c.list("eve", record.Listing{Sort: sort})
			for limit := 1; limit <= 8; limit++ {
				var seen []string
				var after []any
				for range 9 {
					c.reading("eve", func(r *record.Reader) error {
						page, err := r.List(record.Listing{Object: "lead", Sort: sort, Limit: limit, After: after, Count: true})
						for _, row := range page.Rows {
							seen = append(seen, fmt.Sprint(row.Values["t.lead.company"]))
						}
						if page.Count != 7 || page.More || len(page.Rows) > limit {
							t.Errorf("%q by %d: %d of %d", sort, limit, len(page.Rows), page.Count)
						}
						after = page.Next
						return err
					})
					if after == nil {
						break
					}
				}
				c.same(fmt.Sprintf("%q by %d", sort, limit), strings.Join(seen, " "), whole)
			}
		}
	})
}

// TestWhatIsNotHisIsNotThere: on every way of reading.
func TestWhatIsNotHisIsNotThere(t *testing.T) {
	onBoth(t, func(c *company) {
		ids := c.shop()
		o := c.object("lead")
		c.same("list", c.list("ann", record.Listing{Sort: "company"}), "a b f g")
		c.same("bob's", c.list("bob", record.Listing{Sort: "company"}), "c d")
		_, err := c.act(record.Delete, ids[0])
		c.must(err)
		c.same("after a deletion", c.list("ann", record.Listing{Sort: "company"}), "b f g")
		c.same("the deleted ones", c.list("ann", record.Listing{Deleted: true}), "a")
		c.same("not those of others", c.list("bob", record.Listing{Deleted: true}), "")
		c.reading("bob", func(r *record.Reader) error {
			for i, id := range append(ids, "absent", "") {
				_, err := r.Get(o, id)
				want := "not_found"
				if i == 2 || i == 3 {
					want = "<nil>"
				}
				c.refused(fmt.Sprint("get ", i), err, want)
			}
			readable, err := r.Readable(o, append(ids, "absent"))
			if len(readable) != 2 || readable[ids[2]].Values["t.lead.company"] != "c" {
				t.Errorf("readable: %v", readable)
			}
			whole, werr := r.Whole(o, ids)
			if len(whole) != 2 || whole[0].Values["t.lead.amount"] != nil {
				t.Errorf("whole: %v", whole)
			}
			deleted, derr := r.Deleted(o, ids)
			if len(deleted) != 0 {
				t.Errorf("deleted: %v", deleted)
			}
			n, terr := r.Total(o, query.Always{})
			c.same("total", n, 2)
			counted, more, cerr := r.Count("lead", `company = "a"`)
			c.same("count", fmt.Sprint(counted, more), "0 false")
			for _, err := range []error{err, werr, derr, terr, cerr} {
				c.must(err)
			}
			_, oerr := r.Object("lead", access.Delete)
			if fault.KindOf(oerr) != fault.Forbidden {
				t.Errorf("the right to delete: %v", oerr)
			}
			return nil
		})
		c.reading("ann", func(r *record.Reader) error {
			deleted, err := r.Deleted(o, ids)
			if len(deleted) != 1 || deleted[ids[0]].Values["t.lead.company"] != "a" {
				t.Errorf("her deleted one: %v", deleted)
			}
			none, nerr := r.Readable(o, nil)
			if len(none) != 0 {
				t.Errorf("nothing asked gave %v", none)
			}
			c.must(nerr)
			return err
		})
	})
}

// TestGroupsAddUpToTheList: by each field, each group's own filter finds just
// its records, and sums are exact.
func TestGroupsAddUpToTheList(t *testing.T) {
	onBoth(t, func(c *company) {
		c.shop()
		for _, by := range []string{
			"status", "owner", "hot", "rank", "company", "contact", "no", "on:day", "on:week", "on:month", "on:year",
			"created_at:day", "created_at:month", "status,owner", "on:month,hot", "hot, rank",
		} {
			c.reading("eve", func(r *record.Reader) error {
				groups, err := r.Groups(record.Grouping{Object: "lead", By: by, Sum: "amount,rank"})
				if err != nil {
					t.Errorf("%s: %v", by, err)
					return nil
				}
				total := int64(0)
				for _, g := range groups.Items {
					n, _, err := r.Count("lead", g.Filter)
					if err != nil || int64(n) != g.Count || g.Count == 0 {
						t.Errorf("%s: %v has %d, its filter %s finds %d: %v", by, g.Keys, g.Count, g.Filter, n, err)
					}
					total += g.Count
				}
				if total != 7 || groups.More {
					t.Errorf("%s adds up to %d", by, total)
				}
				return nil
			})
		}
	})
}

// TestGroupsAreCutByTheCompanysDays: a lead of 23:00 in London came on the next
// day in Shanghai, weeks begin on Monday, and what is blank stands last.
func TestGroupsAreCutByTheCompanysDays(t *testing.T) {
	onBoth(t, func(c *company) {
		for i, at := range []time.Time{
			time.Date(2026, 3, 8, 15, 59, 59, 0, time.UTC), // Sunday 23:59:59
			time.Date(2026, 3, 8, 16, 0, 0, 0, time.UTC),   // Monday 00:00
			time.Date(2026, 12, 31, 15, 59, 0, 0, time.UTC),
			time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC),
		} {
			c.clock.Advance(at.Sub(c.clock.Now()))
			c.create("lead", map[string]any{"company": fmt.Sprint(i), "next_due": at.Format(time.RFC3339)})
		}
		c.create("lead", map[string]any{"company": "blank"})
		for _, one := range []struct{ by, want string }{
			{"next_due:day", "2026-03-08=1 2026-03-09=1 2026-12-31=1 2027-01-01=1 <nil>=1"},
			{"next_due:week", "2026-03-02=1 2026-03-09=1 2026-12-28=2 <nil>=1"},
			{"next_due:month", "2026-03=2 2026-12=1 2027-01=1 <nil>=1"},
			{"next_due:year", "2026=3 2027=1 <nil>=1"},
			{"created_at:year", "2026=3 2027=2"},
		} {
			c.reading("eve", func(r *record.Reader) error {
				groups, err := r.Groups(record.Grouping{Object: "lead", By: one.by})
				var got []string
				for _, g := range groups.Items {
					got = append(got, fmt.Sprint(g.Keys[0], "=", g.Count))
				}
				c.same(one.by, strings.Join(got, " "), one.want)
				return err
			})
		}
	})
}

// TestGroupsAreRefusedWithTheirParameter: what makes no groups says where.
func TestGroupsAreRefusedWithTheirParameter(t *testing.T) {
	onBoth(t, func(c *company) {
		for _, one := range []struct {
			name, who string
			g         record.Grouping
			want      string
		}{
			{"nothing", "eve", record.Grouping{}, "bad_group: group out_of_range"},
			{"three levels", "eve", record.Grouping{By: "status,hot,owner"}, "bad_group: group out_of_range"},
			{"unknown", "eve", record.Grouping{By: "moon"}, "unknown_field: group unknown_field"},
			{"hidden", "ann", record.Grouping{By: "amount"}, "unknown_field: group unknown_field"},
			{"money", "eve", record.Grouping{By: "amount"}, "bad_group: group not_groupable"},
			{"tags", "eve", record.Grouping{By: "tags"}, "bad_group: group not_groupable"},
			{"a moment without a step", "eve", record.Grouping{By: "created_at"}, "bad_group: group not_groupable"},
			{"a step that there is not", "eve", record.Grouping{By: "on:decade"}, "bad_group: group not_groupable"},
			{"a step of a text", "eve", record.Grouping{By: "company:day"}, "bad_group: group not_groupable"},
			{"the id", "eve", record.Grouping{By: "id"}, "unknown_field: group unknown_field"},
			{"sum of a text", "eve", record.Grouping{By: "status", Sum: "company"}, "unknown_field: sum unknown_field"},
			{"sum of a hidden field", "ann", record.Grouping{By: "status", Sum: "amount"}, "unknown_field: sum unknown_field"},
			{"too many sums", "eve", record.Grouping{By: "status", Sum: "rank,rank,rank,rank,rank,rank"}, "bad_group: sum too_many"},
			{"a bad filter", "eve", record.Grouping{By: "status", Filter: "moon = 1"}, "invalid_expression: filter unknown_field"},
			{"an object that is not his", "ann", record.Grouping{Object: "firm", By: "name"}, "not_found"},
		} {
			if one.g.Object == "" {
				one.g.Object = "lead"
			}
			c.reading(one.who, func(r *record.Reader) error {
				_, err := r.Groups(one.g)
				c.refused(one.name, err, one.want)
				return nil
			})
		}
	})
}

// TestMoreGroupsThanShown: 500 are given and it is said that there are more.
func TestMoreGroupsThanShown(t *testing.T) {
	onBoth(t, func(c *company) {
		o := c.object("lead")
		c.must(c.db.Write(t.Context(), func(tx *sqldb.Tx) error {
			for i := range record.MostGroups + 1 {
				row := query.Row{ID: c.db.NewID(), Values: map[string]any{"t.lead.company": fmt.Sprintf("%04d", i)}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Revision: 1}
				sql, args, err := query.Insert(tx.Dialect(), o, row)
				if err != nil {
					return err
				}
				if _, err := tx.Exec(sql, args...); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, one := range []struct {
			filter string
			n      int
			more   bool
		}{{"", record.MostGroups, true}, {`company <> "0000"`, record.MostGroups, false}} {
			c.reading("eve", func(r *record.Reader) error {
				groups, err := r.Groups(record.Grouping{Object: "lead", By: "company", Filter: one.filter})
				if len(groups.Items) != one.n || groups.More != one.more {
					t.Errorf("%q: %d groups, more %v", one.filter, len(groups.Items), groups.More)
				}
				return err
			})
		}
	})
}
