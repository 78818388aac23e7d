package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// paged are the lists that are read page by page, each with at least three entries for its reader.
func (c *company) paged() map[string]caller {
	c.Helper()
	leader, boss := c.as("leader"), c.as("boss")
	var id string
	for i := range 4 {
		id = c.lead(leader, map[string]any{"company": fmt.Sprintf("页%d公司", i), "phone": fmt.Sprintf("1390000%04d", i), "owner": c.ids["s1"], "city": fmt.Sprintf("c%d", i)})
		c.push(clue(fmt.Sprint("m", i), fmt.Sprint("c", i), fmt.Sprintf("1380000%04d", i), nil))
		c.request(leader, map[string]any{"object": "lead", "action": "edit", "ids": []string{id}, "fields": map[string]any{"city": fmt.Sprint(i)}})
	}
	c.indexed()
	for i := range 3 {
		leader("PATCH", leads+"/"+id, map[string]any{"city": fmt.Sprint("d", i)}).want(c.T, "change", 200)
	}
	return map[string]caller{
		leads:                    leader,
		leads + "?sort=-company": leader,
		leads + "?filter=" + url.QueryEscape(`source="抖音" OR ISBLANK(source)`): leader,
		leads + "/" + id + "/thread":         leader,
		"/api/v1/inbox":                      c.as("s1"),
		"/api/v1/channels/douyin/deliveries": leader,
		operations:                           leader,
		"/api/v1/users":                      leader,
		"/api/v1/audit":                      boss,
		"/api/v1/search?objects=lead&q=" + url.QueryEscape("公司"): leader,
	}
}

func plus(path, more string) string {
	if strings.Contains(path, "?") {
		return path + "&" + more
	}
	return path + "?" + more
}

// TestPagesJoinWithoutGapOrDouble reads each list one by one and compares it with the list read at once.
func TestPagesJoinWithoutGapOrDouble(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		for path, by := range c.paged() {
			if strings.Contains(path, "/search") {
				continue // groups, each with a cursor of its own: TestSearch…
			}
			whole := by("GET", plus(path, "limit=50"), nil).want(t, path, 200).items(t)
			var single []map[string]any
			cursor := ""
			for range whole {
				page := by("GET", plus(path, "limit=1&cursor="+url.QueryEscape(cursor)), nil).want(t, path, 200)
				single = append(single, page.items(t)...)
				cursor, _ = page.json(t)["next_cursor"].(string)
				if cursor == "" {
					break
				}
			}
			if len(whole) < 3 || cursor != "" || fmt.Sprint(keysOf(single)) != fmt.Sprint(keysOf(whole)) {
				t.Errorf("%s: page by page %v, at once %v, then %q", path, keysOf(single), keysOf(whole), cursor)
			}
		}
	})
}

func keysOf(items []map[string]any) []string {
	found := make([]string, len(items))
	for i, item := range items {
		found[i] = fmt.Sprint(item["id"], item["seq"])
	}
	return found
}

// TestLimitsAreChecked: a limit outside of 1–500 (1–50 for a search) is refused, never taken for another.
func TestLimitsAreChecked(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		for path, by := range c.paged() {
			for _, limit := range []string{"0", "-1", "501", "1000000000", "99999999999999999999", "1.5", "1e2", "abc", "NaN", "0x10", "１０", "10;DROP TABLE account", "%00", "-0", "+5 5"} {
				got := by("GET", plus(path, "limit="+strings.ReplaceAll(url.QueryEscape(limit), "%2500", "%00")), nil)
				if got.status != 400 {
					t.Errorf("%s with limit %s: %d %.150s", path, limit, got.status, got.body)
				}
				problem(t, path+" limit "+limit, got.status, got.header, got.body)
			}
			by("GET", plus(path, "limit=1"), nil).want(t, path+" by one", 200)
		}
	})
}

// TestCursorsAreOursAndForThisListAlone: a cursor is sealed; one that was
// changed, made up, or taken from another list, order or person is refused.
func TestCursorsAreOursAndForThisListAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		lists := c.paged()
		given := map[string]string{}
		for path, by := range lists {
			page := by("GET", plus(path, "limit=1"), nil).want(t, path, 200).json(t)
			cursor, _ := page["next_cursor"].(string)
			if groups, ok := page["groups"].([]any); ok {
				cursor, _ = groups[0].(map[string]any)["next_cursor"].(string)
			}
			if cursor == "" {
				t.Errorf("%s has no second page", path)
			}
			given[path] = cursor
		}
		for path, by := range lists {
			if path == "/api/v1/users" {
				continue // a place among names that everybody knows
			}
			tries := map[string]string{
				"words": "abc", "JSON": `["x"]`, "base64": "WyIxIl0", "a quote": `' OR 1=1 --`, "a NUL": "a\x00b", "long": strings.Repeat("A", 5000), "no text": "\xff\xfe",
			}
			if own := given[path]; len(own) > 4 {
				tries["cut short"] = own[:len(own)-2]
				tries["longer"] = own + "AA"
				tries["one letter"] = flip(own, len(own)/2)
				tries["the first letter"] = flip(own, 0)
				tries["the last letter"] = flip(own, len(own)-2)
			}
			for other, cursor := range given {
				if other != path && !(strings.HasPrefix(other, leads) && other == path) {
					tries["of "+other] = cursor
				}
			}
			for what, cursor := range tries {
				got := by("GET", plus(path, "limit=1&cursor="+url.QueryEscape(cursor)), nil)
				if got.status != 400 && got.status != 422 {
					t.Errorf("%s with a cursor %s: %d %.200s", path, what, got.status, got.body)
				}
				problem(t, path+" cursor "+what, got.status, got.header, got.body)
			}
		}
	})
}

func flip(s string, at int) string {
	letter := "A"
	if s[at] == 'A' {
		letter = "B"
	}
	return s[:at] + letter + s[at+1:]
}

// TestALeadersCursorGivesASellerNothing: a cursor carries a place, no rights.
func TestALeadersCursorGivesASellerNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.more()
		for path := range c.paged() {
			if !strings.HasPrefix(path, leads) || strings.Contains(path, "/thread") {
				continue
			}
			cursor, _ := c.as("leader")("GET", plus(path, "limit=1"), nil).json(t)["next_cursor"].(string)
			got := c.as("s2")("GET", plus(path, "limit=50&cursor="+url.QueryEscape(cursor)), nil)
			if got.status != 400 && (got.status != 200 || len(got.items(t)) > 4) {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
			for _, item := range c.as("s2")("GET", path, nil).items(t) {
				if owner, _ := item["owner"].(map[string]any); owner["id"] != c.ids["s2"] {
					t.Errorf("%s: not his own: %v", path, item)
				}
			}
		}
	})
}

// TestParametersAreBounded: what one request may cost has an end (114).
func TestParametersAreBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		by := c.as("leader")
		many := func(n int, one, between string) string {
			return strings.TrimSuffix(strings.Repeat(one+between, n), between)
		}
		for what, path := range map[string]string{
			"a filter of 20,000 parts":   ask("filter", many(20_000, `score>1`, " OR ")),
			"a filter nested 5,000 deep": ask("filter", strings.Repeat("(", 5000)+"score>1"+strings.Repeat(")", 5000)),
			"NOT 5,000 times":            ask("filter", strings.Repeat("NOT ", 5000)+"ISBLANK(city)"),
			"minus 5,000 times":          ask("filter", "score>"+strings.Repeat("-", 5000)+"1"),
			"a list of 20,000":           ask("filter", `city IN (`+many(20_000, `"x"`, ",")+`)`),
			"REPT":                       ask("filter", `REPT("x",1000000000)="y"`),
			"5,000 sort fields":          ask("sort", many(5000, "score", ",")),
			"5,000 fields":               ask("fields", many(5000, "zzz", ",")),
			"expand 20 deep":             ask("expand", many(20, "person", ".")),
			"half a text":                ask("filter", `city="`),
			"a NUL":                      ask("filter", "city=\"a\x00b\""),
			"no UTF-8":                   ask("filter", "city=\"\xff\""),
			"two filters":                leads + "?filter=score%3E1&filter=score%3E2",
			"a number without end":       ask("filter", "score>"+strings.Repeat("9", 4000)),
			"a number of 1e999":          ask("filter", "score>1e999"),
			"by nothing":                 ask("filter", "score/0>1"),
			"a day that is none":         ask("filter", `created_at>DATE(99999,99,99)`),
		} {
			got := by("GET", path, nil)
			problem(t, what, got.status, got.header, got.body)
		}
	})
}

// TestSortAndFilterTakeNoSQL: an injected order, unit or function is refused
// by name, and what looks like SQL inside a text finds just that text (66–71).
func TestSortAndFilterTakeNoSQL(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		by := c.as("leader")
		c.lead(by, map[string]any{"company": `a%b_c\d'e"f`, "city": "' OR 1=1 --"})
		c.lead(by, map[string]any{"company": "aXbYcZd", "city": "x"})
		for _, sort := range []string{"if(1=2,sleep(1),sleep(3))", "company;DROP TABLE account", "company desc", "(SELECT 1)", "1", "company--", "rowid", "ctid", "created_at/**/", `"company"`, "-", ",", "-,-"} {
			got := by("GET", ask("sort", sort), nil)
			if got.status != 400 && got.status != 422 {
				t.Errorf("sort %q: %d %.200s", sort, got.status, got.body)
			}
			problem(t, "sort "+sort, got.status, got.header, got.body)
		}
		for _, group := range []string{"created_at:if(1,2)", "created_at:second", "company:day", "created_at:", "created_at:month,created_at:month,status", "status;DROP"} {
			got := by("GET", strings.Replace(ask("group", group), leads, leads+"/groups", 1), nil)
			if got.status != 400 && got.status != 422 {
				t.Errorf("group %q: %d %.200s", group, got.status, got.body)
			}
		}
		for filter, want := range map[string]int{
			`city="' OR 1=1 --"`: 1, `company="x' OR 'x'='x"`: 0, `CONTAINS(company,"%")`: 1, `CONTAINS(company,"_")`: 1, `CONTAINS(company,"\")`: 1,
			`CONTAINS(company,"a%b")`: 1, `CONTAINS(company,"a_b")`: 0, `company IN ("x","'); DROP TABLE account; --")`: 0,
		} {
			got := by("GET", ask("filter", filter), nil).want(t, filter, 200)
			if n := len(got.items(t)); n != want {
				t.Errorf("%s finds %d, want %d", filter, n, want)
			}
		}
	})
}
