package server_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// spread makes n leads of several owners with statuses, cities, stars and budgets.
func (c *company) spread(n int) {
	c.Helper()
	leader := c.as("leader")
	var items []any
	for i := range n {
		fields := map[string]any{"company": fmt.Sprintf("g%03d", i), "owner": c.ids[fmt.Sprintf("s%d", i%7+1)]}
		if i%4 > 0 {
			fields["city"] = []string{"苏州", `a "quoted" city`, "zz"}[i%3]
		}
		if i%5 > 1 {
			fields["budget"] = map[string]any{"amount": fmt.Sprint(i%11, ".25"), "currency": []string{"CNY", "USD"}[i%2]}
		}
		if i%3 > 0 {
			fields["next_due"] = time.Date(2027, time.Month(1+i%14), 1+i%28, 15, 59, i%60, 0, time.UTC).Format(time.RFC3339)
		}
		items = append(items, map[string]any{"op": "create", "fields": fields})
	}
	for _, one := range leader("POST", leads+"/batch", map[string]any{"items": items}).items(c.T) {
		if one["status"] != 201.0 {
			c.Fatalf("spread: %v", one)
		}
	}
}

// groupsOf asks for groups: "group", text, "filter", text …
func groupsOf(t *testing.T, by caller, pairs ...string) []map[string]any {
	t.Helper()
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return by("GET", leads+"/groups?"+query.Encode(), nil).want(t, fmt.Sprint(pairs), 200).items(t)
}

// keyText is a key as the oracle writes it.
func keyText(v any) string {
	if m, ok := v.(map[string]any); ok {
		return fmt.Sprint(m["id"])
	}
	return fmt.Sprint(v)
}

// TestGroupsAgreeWithTheList counts the records that each person sees, one by
// one, and compares; each group's own filter finds just its records.
func TestGroupsAgreeWithTheList(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.spread(180)
		zone, err := time.LoadLocation("Asia/Shanghai")
		c.must(err)
		for _, who := range []string{"leader", "s1", "service"} {
			by := c.as(who)
			rows := records(t, by)
			for group, key := range map[string]func(map[string]any) string{
				"owner":          func(r map[string]any) string { return keyText(r["owner"]) },
				"city":           func(r map[string]any) string { return keyText(r["city"]) },
				"status":         func(r map[string]any) string { return keyText(r["status"]) },
				"next_due:day":   step(zone, "day"),
				"next_due:week":  step(zone, "week"),
				"next_due:month": step(zone, "month"),
				"next_due:year":  step(zone, "year"),
			} {
				want := map[string]float64{}
				for _, row := range rows {
					want[key(row)]++
				}
				got := map[string]float64{}
				for i, g := range groupsOf(t, by, "group", group) {
					text := keyText(g["keys"].([]any)[0])
					got[text] = g["count"].(float64)
					if i < 5 {
						if found := by("GET", ask("filter", g["filter"].(string), "count", "exact", "limit", "1"), nil).want(t, g["filter"].(string), 200).json(t); found["count"] != g["count"] {
							t.Errorf("%s by %s: %s finds %v of %v", who, group, g["filter"], found["count"], g["count"])
						}
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s by %s: %s", who, group, diff)
				}
			}
		}
	})
}

// records are all that somebody sees.
func records(t *testing.T, by caller) []map[string]any {
	t.Helper()
	var rows []map[string]any
	cursor := ""
	for {
		got := by("GET", ask("limit", "500", "cursor", cursor), nil)
		rows = append(rows, got.items(t)...)
		next, _ := got.json(t)["next_cursor"].(string)
		if next == "" {
			return rows
		}
		cursor = next
	}
}

func step(zone *time.Location, unit string) func(map[string]any) string {
	return func(r map[string]any) string {
		text, ok := r["next_due"].(string)
		if !ok {
			return "<nil>"
		}
		at, _ := time.Parse(time.RFC3339Nano, text)
		at = at.In(zone)
		switch unit {
		case "year":
			return at.Format("2006")
		case "month":
			return at.Format("2006-01")
		case "week":
			at = at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
		}
		return at.Format("2006-01-02")
	}
}

func TestGroupsOfTwoLevelsAndSums(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.spread(120)
		leader := c.as("leader")
		want, sums := map[string]float64{}, map[string]int64{}
		for _, row := range records(t, leader) {
			key := keyText(row["city"]) + "|" + keyText(row["owner"])
			want[key]++
			if m, ok := row["budget"].(map[string]any); ok {
				sums[key+"|"+m["currency"].(string)] += cents(t, m["amount"])
			}
		}
		got, added := map[string]float64{}, map[string]int64{}
		groups := groupsOf(t, leader, "group", "city,owner", "sum", "budget")
		for _, g := range groups {
			keys := g["keys"].([]any)
			key := keyText(keys[0]) + "|" + keyText(keys[1])
			got[key] = g["count"].(float64)
			for _, one := range g["sums"].(map[string]any)["budget"].([]any) {
				m := one.(map[string]any)
				added[key+"|"+m["currency"].(string)] = cents(t, m["amount"])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(sums, added); diff != "" {
			t.Error(diff)
		}
		if last := groups[len(groups)-1]["keys"].([]any)[0]; last != nil {
			t.Errorf("blank is not last: %v", last)
		}
		var names []string
		for _, g := range groupsOf(t, leader, "group", "owner") {
			names = append(names, fmt.Sprint(g["keys"].([]any)[0].(map[string]any)["label"]))
		}
		if !sort.StringsAreSorted(names) {
			t.Errorf("people are not in the order of their names: %v", names)
		}
	})
}

func cents(t *testing.T, amount any) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.ReplaceAll(fmt.Sprint(amount), ".", ""), 10, 64)
	if err != nil {
		t.Fatal(amount, err)
	}
	return n
}

// TestGroupsTellNoMoreThanTheList: hidden fields do not group, and what others
// have changes not a byte.
func TestGroupsTellNoMoreThanTheList(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		seller := c.as("s1")
		c.lead(seller, map[string]any{"company": "mine", "city": "苏州"})
		before := seller("GET", leads+"/groups?group=city", nil).body
		c.lead(c.as("leader"), map[string]any{"company": "theirs", "city": "canary-city"})
		if after := seller("GET", leads+"/groups?group=city", nil).body; string(after) != string(before) {
			t.Errorf("another's record shows: %s", after)
		}
		service := c.as("service")
		for query, want := range map[string]string{
			"group=budget": "unknown_field", "group=city&sum=budget": "unknown_field", "group=nothing": "unknown_field",
			"group=": "bad_group", "group=city,status,owner": "bad_group", "group=next_due": "bad_group", "group=city:month": "bad_group", "group=next_due:hour": "bad_group",
		} {
			got := service("GET", leads+"/groups?"+query, nil).want(t, query, 400)
			if code := got.json(t)["code"]; code != want {
				t.Errorf("%s: %v", query, code)
			}
		}
		service("GET", leads+"/groups?group=city&filter="+url.QueryEscape("预算 > 1"), nil).want(t, "hidden in the filter", 422)
		service("GET", "/api/v1/records/nothing/groups?group=city", nil).want(t, "no object", 404)
	})
}

func TestTheTeamIsAFilter(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.lead(c.as("s2"), map[string]any{"company": "of the team"})
		leader, marketing := c.as("leader"), c.as("marketing")
		count := func(by caller) any {
			return by("GET", ask("filter", "owner IN TEAM()", "count", "exact"), nil).want(t, "team", 200).json(t)["count"]
		}
		if a, b := count(leader), count(marketing); a != 1.0 || b != 0.0 {
			t.Errorf("leader %v, marketing %v", a, b)
		}
		raw, _ := json.Marshal(leader("GET", leads+"/groups?group=owner", nil).items(t))
		if !strings.Contains(string(raw), `"label":"`) {
			t.Errorf("people have no names: %s", raw)
		}
	})
}
