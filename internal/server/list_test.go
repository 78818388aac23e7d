package server_test

import (
	"bytes"
	"fmt"
	"net/url"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ask is a list's address with its parameters: "filter", text, "sort", text …
func ask(pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return leads + "?" + query.Encode()
}

func TestLists(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		const n = 330
		c.fill(n)
		leader := c.as("leader")
		t.Run("pages are complete", func(t *testing.T) { pagesAreComplete(t, leader, n) })
		t.Run("order", func(t *testing.T) { orderWithTiesAndBlanks(t, leader, n) })
		t.Run("cursors", func(t *testing.T) { cursorsBelongToTheirQuestion(t, c) })
		t.Run("refusals", func(t *testing.T) { listRefusals(t, leader) })
		t.Run("fields and count", func(t *testing.T) { fieldsAndCount(t, leader, n) })
	})
}

// fill makes n leads with few distinct cities and budgets, many blank.
func (c *company) fill(n int) {
	c.Helper()
	leader := c.as("leader")
	var items []any
	for i := range n {
		fields := map[string]any{"company": fmt.Sprintf("c%03d", i)}
		if i%3 > 0 {
			fields["city"] = []string{"苏州", "Aachen", "zz"}[i%7%3]
		}
		if i%5 > 1 {
			fields["budget"] = fmt.Sprint(i%11, ".5")
		}
		items = append(items, map[string]any{"op": "create", "fields": fields})
	}
	for _, one := range leader("POST", leads+"/batch", map[string]any{"items": items}).items(c.T) {
		if one["status"] != 201.0 {
			c.Fatalf("fill: %v", one)
		}
	}
}

// walk reads all pages of a question and gives a column of them.
func walk(t *testing.T, by caller, limit int, column string, pairs ...string) (ids []string, values []any) {
	t.Helper()
	cursor := ""
	for range 1000 {
		got := by("GET", ask(append(pairs, "limit", fmt.Sprint(limit), "cursor", cursor)...), nil).want(t, "page", 200)
		for _, item := range got.items(t) {
			ids = append(ids, item["id"].(string))
			values = append(values, item[column])
		}
		next, _ := got.json(t)["next_cursor"].(string)
		if next == "" {
			return ids, values
		}
		cursor = next
	}
	t.Fatal("the pages do not end")
	return nil, nil
}

func pagesAreComplete(t *testing.T, leader caller, n int) {
	for _, sort := range []string{"", "city", "-city", "budget,-city", "-budget", "-updated_at,company", "owner,score", "id", "phone"} {
		for _, limit := range []int{7, 110, 500} {
			ids, _ := walk(t, leader, limit, "id", "sort", sort)
			seen := map[string]bool{}
			for _, id := range ids {
				seen[id] = true
			}
			if len(ids) != n || len(seen) != n {
				t.Errorf("sort %q by %d: %d rows, %d distinct", sort, limit, len(ids), len(seen))
			}
			whole, _ := walk(t, leader, 500, "id", "sort", sort)
			if !cmp.Equal(whole, ids) {
				t.Errorf("sort %q: pages of %d give another order", sort, limit)
			}
		}
	}
}

func orderWithTiesAndBlanks(t *testing.T, leader caller, n int) {
	_, up := walk(t, leader, 100, "city", "sort", "city,company")
	_, down := walk(t, leader, 100, "city", "sort", "-city,company")
	text := func(v any) string {
		if v == nil {
			return ""
		}
		return v.(string)
	}
	filled := func(all []any) (texts []string, blanksTogether bool) {
		changes := 0
		for i, v := range all {
			if i > 0 && (v == nil) != (all[i-1] == nil) {
				changes++
			}
			if v != nil {
				texts = append(texts, text(v))
			}
		}
		return texts, changes == 1
	}
	a, together := filled(up)
	if !together || !sort.StringsAreSorted(a) {
		t.Errorf("up: %v", up)
	}
	b, together := filled(down)
	sort.Sort(sort.Reverse(sort.StringSlice(a)))
	if !together || !cmp.Equal(a, b) {
		t.Error("down is not the other way round")
	}
	_, names := walk(t, leader, 100, "company", "sort", "company")
	if len(names) != n || names[0] != "c000" || names[n-1] != fmt.Sprintf("c%03d", n-1) {
		t.Errorf("names from %v to %v", names[0], names[len(names)-1])
	}
}

func cursorsBelongToTheirQuestion(t *testing.T, c *company) {
	leader := c.as("leader")
	first := leader("GET", ask("sort", "city", "limit", "5"), nil).json(t)
	cursor := first["next_cursor"].(string)
	for _, other := range [][]string{
		{"sort", "-city"}, {"sort", ""}, {"sort", "city", "filter", "NOT ISBLANK(city)"}, {"sort", "city", "deleted", "1"},
	} {
		got := leader("GET", ask(append(other, "cursor", cursor)...), nil).want(t, fmt.Sprint(other), 400)
		if got.json(t)["code"] != "invalid_cursor" {
			t.Errorf("%v: %s", other, got.body)
		}
	}
	for _, forged := range []string{"x", cursor[:len(cursor)-2], strings.ToUpper(cursor), "%00"} {
		leader("GET", ask("sort", "city", "cursor", forged), nil).want(t, "forged", 400)
	}
	contacts := leader("GET", "/api/v1/records/contact?sort=city&cursor="+url.QueryEscape(cursor), nil)
	contacts.want(t, "another object", 400)
	marketing := c.as("marketing")("GET", ask("sort", "city", "cursor", cursor), nil)
	marketing.want(t, "another reader", 400)
}

func listRefusals(t *testing.T, leader caller) {
	for _, limit := range []string{"0", "501", "-1", "x", "1e3", "99999999999999999999"} {
		leader("GET", ask("limit", limit), nil).want(t, "limit "+limit, 400)
	}
	for _, sort := range []string{"nonsense", "-nonsense", "tags", "company desc", "company;id", "created_by", "1"} {
		leader("GET", ask("sort", sort), nil).want(t, "sort "+sort, 400)
	}
	for _, fields := range []string{"nonsense", "company,nonsense", "created_by"} {
		leader("GET", ask("fields", fields), nil).want(t, "fields "+fields, 400)
	}
	for filter, column := range map[string]float64{`company = `: 11, `nonsense = 1`: 1, `company = "a" AND NOPE(1)`: 19, `company + 1 = 2`: 9, `company`: 1} {
		got := leader("GET", ask("filter", filter), nil).want(t, filter, 422)
		errors, _ := got.json(t)["errors"].([]any)
		if len(errors) != 1 {
			t.Errorf("%s: %s", filter, got.body)
			continue
		}
		one := errors[0].(map[string]any)
		if one["path"] != "filter" || one["line"] != 1.0 || one["column"] != column || one["message"] == "" {
			t.Errorf("%s: %v", filter, one)
		}
	}
	deep := strings.Repeat("(", 5000) + "1=1" + strings.Repeat(")", 5000)
	leader("GET", ask("filter", deep), nil).want(t, "deep filter", 422)
}

func fieldsAndCount(t *testing.T, leader caller, n int) {
	items := leader("GET", ask("fields", "company,city", "sort", "budget", "limit", "2"), nil).items(t)
	for _, item := range items {
		var names []string
		for name := range item {
			names = append(names, name)
		}
		sort.Strings(names)
		if diff := cmp.Diff([]string{"city", "company", "created_at", "id", "updated_at"}, names); diff != "" {
			t.Errorf("fields: %s", diff)
		}
	}
	all := leader("GET", ask("fields", "*", "limit", "1"), nil)
	plain := leader("GET", ask("limit", "1"), nil)
	if !cmp.Equal(all.items(t), plain.items(t)) {
		t.Errorf("* differs: %s\n%s", all.body, plain.body)
	}
	if got := leader("GET", ask("count", "1", "limit", "1"), nil).json(t); got["count"] != float64(n) || got["count_more"] == true {
		t.Errorf("count = %v %v", got["count"], got["count_more"])
	}
	without := leader("GET", ask("limit", "1"), nil)
	if bytes.Contains(without.body, []byte(`"count"`)) {
		t.Error("counted unasked")
	}
	blank := leader("GET", ask("count", "1", "filter", "ISBLANK(city)"), nil).json(t)["count"].(float64)
	filled := leader("GET", ask("count", "1", "filter", "NOT ISBLANK(city)"), nil).json(t)["count"].(float64)
	if int(blank+filled) != n {
		t.Errorf("blank %v and filled %v", blank, filled)
	}
	quoted := leader("GET", ask("filter", `company = "a'; DROP TABLE x--"`), nil).items(t)
	if len(quoted) != 0 {
		t.Errorf("quoted: %v", quoted)
	}
}
